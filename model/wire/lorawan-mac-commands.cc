// SPDX-License-Identifier: GPL-2.0-only
#include "model/wire/lorawan-mac-commands.h"

namespace ns3::iotfleet::wire::mac
{

DecodeResult<Uplink>
DecodeUplink(std::span<const uint8_t> bytes)
{
    return DecodeSequence<Uplink>(PackageVersion::V1, bytes);
}

DecodeResult<Downlink>
DecodeDownlink(std::span<const uint8_t> bytes)
{
    return DecodeSequence<Downlink>(PackageVersion::V1, bytes);
}

} // namespace ns3::iotfleet::wire::mac
