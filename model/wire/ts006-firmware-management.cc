// SPDX-License-Identifier: GPL-2.0-only
#include "model/wire/ts006-firmware-management.h"

namespace ns3::iotfleet::wire::ts006
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

} // namespace ns3::iotfleet::wire::ts006
