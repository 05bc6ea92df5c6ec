// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_LORAWAN_MAC_OPTIONS_H
#define IOTFLEET_LORAWAN_MAC_OPTIONS_H

#include <array>
#include <cstddef>
#include <cstdint>

/**
 * @file
 * MAC commands that travel in the FOpts of simulated frames, as sets of bits: what they weigh and
 * what they answer. Their bytes are made for captures only (FrameEncoder). LinkADRReq is not among
 * them: DownlinkFrame has members for it.
 */
namespace ns3::iotfleet
{

/// A command in an uplink; sets are sums.
enum UplinkOption : uint8_t
{
    LINK_ADR_ANS = 1,
    DEVICE_TIME_REQ = 4,
    PING_SLOT_INFO_REQ = 8,
};

/// A command in a downlink; sets are sums.
enum DownlinkOption : uint8_t
{
    DEVICE_TIME_ANS = 4,
    PING_SLOT_INFO_ANS = 8,
};

namespace detail
{
/// Sizes with identifiers by bit (TS001-1.0.4 section 5); a test compares them with the encoder's.
inline constexpr std::array<uint8_t, 4> UPLINK_OPTION_BYTES{2, 0, 1, 2};
inline constexpr std::array<uint8_t, 4> DOWNLINK_OPTION_BYTES{0, 0, 6, 1};

constexpr uint32_t
OptionBytes(uint8_t options, const std::array<uint8_t, 4>& sizes)
{
    uint32_t bytes = 0;
    for (size_t bit = 0; bit < sizes.size(); ++bit)
    {
        bytes += (options >> bit & 1) != 0 ? sizes[bit] : 0U;
    }
    return bytes;
}
} // namespace detail

/// Bytes of FOpts of a set of UplinkOption.
constexpr uint32_t
UplinkOptionBytes(uint8_t options)
{
    return detail::OptionBytes(options, detail::UPLINK_OPTION_BYTES);
}

/// Bytes of FOpts of a set of DownlinkOption.
constexpr uint32_t
DownlinkOptionBytes(uint8_t options)
{
    return detail::OptionBytes(options, detail::DOWNLINK_OPTION_BYTES);
}

/// The set of DownlinkOption that answers a set of UplinkOption.
constexpr uint8_t
AnswersTo(uint8_t uplinkOptions)
{
    return uplinkOptions & (DEVICE_TIME_ANS | PING_SLOT_INFO_ANS);
}

} // namespace ns3::iotfleet

#endif // IOTFLEET_LORAWAN_MAC_OPTIONS_H
