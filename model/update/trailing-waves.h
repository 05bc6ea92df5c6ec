// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_UPDATE_TRAILING_WAVES_H
#define IOTFLEET_UPDATE_TRAILING_WAVES_H

#include "model/fleet/device-list.h"
#include "model/fleet/device-registry.h"
#include "model/update/failure-book.h"
#include "model/update/rollout-config.h"
#include "model/update/wave-counts.h"

#include <functional>
#include <vector>

namespace ns3::iotfleet
{

/// A wave that has let the next one start while devices of its own are still at work.
struct TrailingWave
{
    size_t record{0};     ///< its place among the rollout's waves
    WaveConfig config{};  ///< its thresholds
    DeviceList members{}; ///< all of them
    Tick deadline{0};     ///< who is silent then counts as unreported
};

/**
 * The waves of a rollout that end early (WaveConfig::advanceEarly), until all their devices have
 * come to an end. It counts; the Rollout judges.
 *
 * Cost: O(members of such waves) a count; the list of members is shared (DeviceList).
 */
class TrailingWaves
{
  public:
    void Add(TrailingWave wave)
    {
        m_waves.push_back(std::move(wave));
    }

    bool IsEmpty() const
    {
        return m_waves.empty();
    }

    /**
     * Counts each wave, up to the first one that `judge` does not let pass, and forgets those whose
     * devices have all come to an end.
     * @param now the instant
     * @param registry what the operator believes
     * @param failures how devices failed; nullptr: nobody knows
     * @param judge whether a wave with these counts may go on
     * @return whether all may
     */
    bool Count(Tick now,
               const DeviceRegistry& registry,
               const FailureBook* failures,
               const std::function<bool(const TrailingWave&, const WaveCounts&)>& judge);

    /// The distributor will do nothing more for a wave: who is silent now counts as unreported.
    void Close(size_t record, Tick now);

    /// Forgets all waves.
    /// @return their devices that are not believed to be updated
    std::vector<DeviceId> TakeUnfinished(const DeviceRegistry& registry);

    /// Bytes that the waves hold; lists of members are shared out among those who hold them.
    size_t MemoryBytes() const;

  private:
    std::vector<TrailingWave> m_waves; ///< oldest first
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_UPDATE_TRAILING_WAVES_H
