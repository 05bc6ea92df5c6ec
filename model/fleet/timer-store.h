// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_FLEET_TIMER_STORE_H
#define IOTFLEET_FLEET_TIMER_STORE_H

#include "model/fleet/give-back.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <limits>
#include <utility>
#include <vector>

namespace ns3::iotfleet
{

/**
 * Timers of one turn of a TimerQueue's wheel that has not come yet, in no order. It only keeps
 * them.
 *
 * Timers come in bundles of one kind and tag, which then need not be stored with each: 8 bytes a
 * timer, plus 1 in 20 for the bundle; 16 where a turn has more kinds and tags than it keeps bundles
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

    void Add(const Entry& entry)
    {
        auto& bundle = BundleFor(entry);
        if (bundle.words.size() + 2 > bundle.words.capacity())
        {
            const size_t next = std::min(MANY, 2 * bundle.words.capacity());
            m_full.push_back(std::move(bundle));
            bundle.words = std::vector<uint64_t>();
            bundle.words.reserve(next);
        }
        if (bundle.isMixed)
        {
            bundle.words.push_back(uint64_t{entry.kind} << TIME_BITS | entry.time);
            bundle.words.push_back(uint64_t{entry.tag} << 32 | entry.row);
        }
        else
        {
            bundle.words.push_back(uint64_t{entry.row} << TIME_BITS | entry.time);
        }
        m_earliest = std::min(m_earliest, entry.time);
    }

    /// The smallest time of all entries; the largest number if there is none.
    uint64_t Earliest() const
    {
        return m_earliest;
    }

    /// Calls take(entry) for all entries and forgets them, giving back their room as it goes on.
    template <class Take>
    void Drain(Take&& take)
    {
        std::ranges::move(m_open, std::back_inserter(m_full));
        for (auto& bundle : m_full)
        {
            for (size_t i = 0; i < bundle.words.size(); i += bundle.isMixed ? 2 : 1)
            {
                take(Read(bundle, i));
            }
            GiveBack(bundle.words);
        }
        *this = {};
    }

    size_t MemoryBytes() const;

  private:
    static constexpr size_t BUNDLES = 4; ///< that are open at a time, besides the mixed one
    static constexpr size_t FEW = 16;    ///< words of a first bundle; the next ones double ...
    static constexpr size_t MANY = 126;  ///< ... up to so many
    static constexpr int TIME_BITS = 40;

    struct Bundle
    {
        uint16_t kind{0};
        uint16_t tag{0};
        bool isMixed{false};           ///< kinds and tags stand with the timers: two words each
        std::vector<uint64_t> words{}; ///< never more than were reserved
    };

    Bundle& BundleFor(const Entry& entry);

    static Entry Read(const Bundle& bundle, size_t i)
    {
        constexpr uint64_t TIME = (uint64_t{1} << TIME_BITS) - 1;
        const uint64_t word = bundle.words[i];
        if (!bundle.isMixed)
        {
            return {word & TIME, static_cast<uint32_t>(word >> TIME_BITS), bundle.kind, bundle.tag};
        }
        const uint64_t second = bundle.words[i + 1];
        return {word & TIME,
                static_cast<uint32_t>(second),
                static_cast<uint16_t>(word >> TIME_BITS),
                static_cast<uint16_t>(second >> 32)};
    }

    std::vector<Bundle>
        m_open; ///< those of a kind and tag, and last the mixed one, if there is one
    std::vector<Bundle> m_full;
    uint64_t m_earliest{std::numeric_limits<uint64_t>::max()};
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_FLEET_TIMER_STORE_H
