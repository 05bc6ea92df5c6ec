// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_HELPER_PAYLOAD_SPEC_H
#define IOTFLEET_HELPER_PAYLOAD_SPEC_H

#include <optional>
#include <string>
#include <vector>

namespace ns3::iotfleet
{

/// `/firmware/payload`: in which form the target image travels.
struct PayloadSpec
{
    std::string kind{"full"};              ///< "full", "compressed" or "delta"
    std::optional<double> compressedRatio; ///< `compressed_ratio`: of the image; else from its file
    std::optional<double> deltaRatio;      ///< `delta_ratio`: of the image; else from both files
    std::vector<std::string> from; ///< versions that get a delta; empty = all that run in the fleet
    std::string otherwise{"full"}; ///< delta: what devices of other versions get
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_HELPER_PAYLOAD_SPEC_H
