// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_FLEET_NUMBER_TABLE_H
#define IOTFLEET_FLEET_NUMBER_TABLE_H

#include "ns3/abort.h"

#include <cstdint>
#include <vector>

namespace ns3::iotfleet
{

/**
 * Numbers of which a fleet knows few different ones, such as group addresses and instants of
 * sessions: rows hold a number's place in this table, which takes half the room. 0 has place 0.
 *
 * Cost of PlaceOf: O(numbers), the newest first.
 */
class NumberTable
{
  public:
    using Place = uint16_t;

    /// Place of a number, which gets one if it has none. At most 65,536 numbers; it aborts beyond.
    Place PlaceOf(uint32_t number)
    {
        for (size_t i = m_numbers.size(); i-- > 0;)
        {
            if (m_numbers[i] == number)
            {
                return static_cast<Place>(i);
            }
        }
        NS_ABORT_MSG_IF(m_numbers.size() > UINT16_MAX, "more than 65,536 different numbers");
        m_numbers.push_back(number);
        return static_cast<Place>(m_numbers.size() - 1);
    }

    uint32_t Get(Place place) const
    {
        return m_numbers[place];
    }

  private:
    std::vector<uint32_t> m_numbers{0};
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_FLEET_NUMBER_TABLE_H
