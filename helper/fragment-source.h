// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_HELPER_FRAGMENT_SOURCE_H
#define IOTFLEET_HELPER_FRAGMENT_SOURCE_H

#include "helper/scenario.h"
#include "model/fleet/firmware-catalog.h"
#include "model/update/update-service.h"

#include <map>
#include <vector>

namespace ns3::iotfleet
{

/**
 * The bytes of the fragments that sessions send: envelope and content of the image, cut, padded
 * with zeros and combined as TS004 says. For captures; the simulation itself needs no byte of an
 * image.
 *
 * Keeps every image asked for in memory. An uncoded fragment costs a copy, a coded one about M/2 of
 * them.
 */
class FragmentSource
{
  public:
    /// Both must outlive the object.
    FragmentSource(const Scenario& scenario, const FirmwareCatalog& catalog)
        : m_scenario(scenario),
          m_catalog(catalog)
    {
    }

    /**
     * @param transfer how the image is cut
     * @param n fragment number from 1; above `nbFrag` it is coded
     * @return `fragSize` bytes
     * @throws std::runtime_error if the image's file cannot be read
     */
    std::vector<uint8_t> Fragment(const TransferContent& transfer, uint16_t n);

  private:
    const std::vector<uint8_t>& Block(ImageId image);

    const Scenario& m_scenario;
    const FirmwareCatalog& m_catalog;
    std::map<ImageId, std::vector<uint8_t>> m_blocks;
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_HELPER_FRAGMENT_SOURCE_H
