// SPDX-License-Identifier: GPL-2.0-only
#include "model/wire/ts003-clock-sync.h"

namespace ns3::iotfleet::wire::ts003
{

DecodeResult<Uplink>
DecodeUplink(PackageVersion version, std::span<const uint8_t> bytes)
{
    return DecodeSequence<Uplink>(version, bytes);
}

DecodeResult<Downlink>
DecodeDownlink(PackageVersion version, std::span<const uint8_t> bytes)
{
    return DecodeSequence<Downlink>(version, bytes);
}

} // namespace ns3::iotfleet::wire::ts003
