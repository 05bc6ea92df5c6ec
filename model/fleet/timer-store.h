// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_FLEET_TIMER_STORE_H
#define IOTFLEET_FLEET_TIMER_STORE_H

#include "model/fleet/types.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <vector>

namespace ns3::iotfleet
{

/**
 * Timers of one turn of a TimerQueue's wheel that has not come yet, in no order. It only keeps
 * them.
 *
 * Timers come in bundles of one kind and tag, which then need not be stored with each: 8 bytes a
 * timer, plus 1 in 20 for the bundle; 12 where a turn has more kinds and tags than it keeps bundles
 * for, and for rows from 2^24 on. Bundles are small at first and never copied, so that little of
 * them is slack.
 */
class TimerStore
{
  public:
    /// A timer without its turn.
    struct Entry
    {
        uint64_t time; ///< since the turn began, below 2^40
        uint32_t row;
        uint16_t kind; ///< 0..255
        uint16_t tag;
    };

    void Add(const Entry& entry);

    /// The smallest time of all entries; the largest number if there is none.
    uint64_t Earliest() const
    {
        return m_earliest;
    }

    size_t Size() const
    {
        return m_size;
    }

    /// Gives all entries away, and their room as it goes on.
    void Drain(const std::function<void(const Entry&)>& take);

    size_t MemoryBytes() const;

  private:
    static constexpr size_t BUNDLES = 4; ///< that are open at a time
    static constexpr size_t FEW = 14;    ///< timers of a first bundle ...
    static constexpr size_t MANY = 112;  ///< ... and of the next ones
    static constexpr size_t NARROW = 8;  ///< bytes of a row below 2^24 and of time
    static constexpr size_t WIDE = 12;   ///< of any row, time, kind and tag

    struct Bundle
    {
        uint16_t kind{0};
        uint16_t tag{0};
        uint16_t width{NARROW};
        std::vector<uint8_t> bytes{}; ///< never more than were reserved
    };

    Bundle& BundleFor(const Entry& entry);
    static void Append(Bundle& bundle, const Entry& entry);
    static Entry Read(const Bundle& bundle, size_t at);

    std::vector<Bundle>
        m_open; ///< those of a kind and tag, and last the mixed one, if there is one
    std::vector<Bundle> m_full;
    uint64_t m_earliest{std::numeric_limits<uint64_t>::max()};
    size_t m_size{0};
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_FLEET_TIMER_STORE_H
