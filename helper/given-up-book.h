// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_HELPER_GIVEN_UP_BOOK_H
#define IOTFLEET_HELPER_GIVEN_UP_BOOK_H

#include "model/fleet/types.h"
#include "model/record/results-database.h"

#include <vector>

namespace ns3::iotfleet
{

/**
 * Remembers of the devices that the update service gave up which of them the operator believes
 * updated later, and when. It writes nothing.
 *
 * Memory: a bit a device once one is given up, 16 bytes for each that was given up wrongly.
 */
class GivenUpBook
{
  public:
    /// The device is given up, perhaps not for the first time.
    void GiveUp(DeviceId device);

    /// The operator believes the device updated; nothing happens if it was not given up.
    void Believe(DeviceId device, double nowS);

    /// In the order of time.
    const std::vector<GivenUpCorrection>& Corrections() const
    {
        return m_corrections;
    }

  private:
    std::vector<bool> m_isGivenUp; ///< by device; as long as it has to be
    std::vector<GivenUpCorrection> m_corrections;
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_HELPER_GIVEN_UP_BOOK_H
