// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_UPDATE_ROLLOUT_H
#define IOTFLEET_UPDATE_ROLLOUT_H

#include "model/fleet/counter-random.h"
#include "model/fleet/device-registry.h"
#include "model/update/distributor.h"
#include "model/update/rollout-config.h"
#include "model/update/rollout-gate.h"
#include "model/update/rollout-order.h"

#include "ns3/event-id.h"
#include "ns3/nstime.h"
#include "ns3/object.h"
#include "ns3/traced-callback.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ns3::iotfleet
{

/// How a wave ended.
enum class WaveDecision : uint8_t
{
    RUNNING,
    ADVANCE, ///< the next wave may start
    FINISH,  ///< it was the last
    PAUSE,
    ABORT,
};

/// As in the database, table `wave`.
inline constexpr std::array<std::string_view, 5> WAVE_DECISION_NAMES{"running",
                                                                     "advance",
                                                                     "finish",
                                                                     "pause",
                                                                     "abort"};

/// One wave that has started.
struct WaveRecord
{
    uint32_t wave{0}; ///< 1, 2, ...
    std::string name;
    Tick started{0};
    std::optional<Tick> ended;
    WaveCounts counts; ///< at the end; while it runs: when last looked at
    WaveDecision decision{WaveDecision::RUNNING};
    std::string reason; ///< plain words with numbers
};

/**
 * Brings an image to the fleet wave by wave and stops when too much goes wrong. It reads the
 * registry, never the fleet, and leaves the air to a Distributor. Its gates see results as late as
 * the operator does, so that devices in flight can still be harmed after it has stopped.
 *
 * A wave takes, in the order of the policy, devices in scope that no wave has taken, that are
 * enrolled (unless told otherwise), not blocked, and not believed to run the image already. Devices
 * that enrol later therefore join later waves. A share counts all devices taken so far or eligible
 * now.
 *
 * Cost: O(wave) when failures have come in, at most once a CheckInterval (stretched to 1 ms a
 * device for large waves); 2 bytes a device.
 */
class Rollout : public Object
{
  public:
    /// Signature of the trace sources.
    using WaveTracedCallback = void (*)(const WaveRecord& wave);

    static TypeId GetTypeId();

    Rollout();
    ~Rollout() override;

    /// Sets waves and all scalar knobs (which are attributes as well).
    void Configure(const RolloutConfig& config);

    /// What it reads and drives; all must outlive it. The inventory is for the orders that need it.
    void SetRegistry(DeviceRegistry* registry);
    void SetDistributor(Distributor* distributor);
    void SetInventory(InventoryColumns inventory);
    void SetRandom(const CounterRandom& random);

    /// Replaces the order or the gate that the configuration names.
    void SetOrder(std::unique_ptr<WaveOrder> order);
    void SetGate(std::unique_ptr<RolloutGate> gate);

    /**
     * Lets the rollout begin at its start time (attribute Start), or at once if that is past.
     * @param image the target
     * @param scope devices that it is for; empty = every row of the registry
     */
    void Start(ImageId image, std::vector<DeviceId> scope = {});

    /**
     * The operator has looked and goes on after a pause. A wave that was stopped midway is offered
     * again to those of its devices that are not UPDATED; otherwise the next wave starts.
     */
    void Resume();

    /// The operator stops the rollout for good.
    void Abort(const std::string& reason);

    /// Counts and judges the current wave now instead of at the next check.
    void Check();

    ImageId Target() const
    {
        return m_image;
    }

    /// Waves that have started, in order; the last may still run.
    const std::vector<WaveRecord>& Waves() const
    {
        return m_records;
    }

    /// Wave that took the device last, 1, 2, ...; nothing if none has.
    std::optional<uint32_t> WaveOf(DeviceId device) const;

    /// Start of the first wave.
    std::optional<Tick> StartedAt() const;

    /// When the rollout finished or aborted.
    std::optional<Tick> EndedAt() const
    {
        return m_ended;
    }

    bool IsPaused() const;

  protected:
    void DoDispose() override;

  private:
    /// What the rollout waits for.
    enum class Phase : uint8_t
    {
        IDLE,    ///< its start, an open window or devices to take
        RUNNING, ///< reports
        SOAKING,
        PAUSED,
        ENDED,
    };

    void SetOrderName(std::string name);
    std::string GetOrderName() const;
    void SetUnreportedName(std::string name);
    std::string GetUnreportedName() const;
    void SetOnErrorName(std::string name);
    std::string GetOnErrorName() const;

    MaintenanceWindow Window() const;
    void Begin();
    void StartNextWave();
    void OpenWave(const WaveConfig& wave);
    void StartWave(std::vector<DeviceId> devices);
    bool IsEligible(DeviceId device) const;
    std::vector<DeviceId> Candidates() const;
    size_t Take(const WaveConfig& wave, size_t candidates) const;
    const WaveConfig& CurrentWave() const;

    void OnDistributed(uint32_t wave);
    void OnTimer();
    void Look();
    void Arm();
    Tick CheckSpacing() const;
    bool HasNews();
    WaveCounts Count() const;
    bool StopIfBad();
    void ReportsAreIn();
    void EndSoak();
    void Stop(const std::string& reason, ErrorAction action);
    void CloseWave(WaveDecision decision, std::string reason);
    void EndRollout(const WaveRecord& last);

    Time m_start;
    Time m_windowStart;
    Time m_windowEnd;
    Time m_checkInterval;
    WaveOrderKind m_orderKind{WaveOrderKind::RANDOM};
    UnreportedPolicy m_unreported{UnreportedPolicy::FAILURE};
    ErrorAction m_onError{ErrorAction::ABORT};
    bool m_requireEnrolled{true};
    std::vector<WaveConfig> m_waves;

    DeviceRegistry* m_registry{nullptr};
    Distributor* m_distributor{nullptr};
    InventoryColumns m_inventory;
    CounterRandom m_random;
    std::unique_ptr<WaveOrder> m_order;
    std::unique_ptr<RolloutGate> m_gate;

    ImageId m_image{NO_IMAGE};
    std::vector<DeviceId> m_scope;
    std::vector<uint16_t> m_waveOf; ///< by DeviceId; 0 = not taken
    size_t m_taken{0};
    size_t m_nextWave{0}; ///< index into m_waves of the wave after the current one
    std::vector<WaveRecord> m_records;
    std::vector<DeviceId> m_members; ///< of the current wave, ascending
    Phase m_phase{Phase::IDLE};
    bool m_stoppedMidway{false};
    bool m_distributed{false}; ///< the distributor has done what it can for this wave
    bool m_timedOut{false};
    Tick m_deadline{0};               ///< end of the wave's time or of its soak
    std::array<uint32_t, 2> m_seen{}; ///< registry-wide failures when last looked at
    std::optional<Tick> m_ended;
    EventId m_event;

    TracedCallback<const WaveRecord&> m_waveStarted;
    TracedCallback<const WaveRecord&> m_waveEnded;
    TracedCallback<const WaveRecord&> m_rolloutEnded;
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_UPDATE_ROLLOUT_H
