// SPDX-License-Identifier: GPL-2.0-only
#include "model/wire/ts004-fragmentation.h"

namespace ns3::iotfleet::wire::ts004
{

DecodeResult<Uplink>
DecodeUplink(PackageVersion version, std::span<const uint8_t> bytes)
{
    return DecodeSequence<Uplink>(version, bytes);
}

DecodeResult<Downlink>
DecodeDownlink(PackageVersion version, std::span<const uint8_t> bytes)
{
    auto result = DecodeSequence<Downlink>(version, bytes);
    const bool hasFragment =
        !result.commands.empty() && std::holds_alternative<DataFragment>(result.commands.back());
    if (hasFragment && result.commands.size() > 1)
    {
        result.error = DecodeError{std::string(DataFragment::NAME),
                                   0,
                                   0,
                                   "DataFragment must be the only command of its message"};
    }
    return result;
}

} // namespace ns3::iotfleet::wire::ts004
