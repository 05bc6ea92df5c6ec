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

/// FOpts holds at most this, bytes.
inline constexpr uint32_t MOST_OPTION_BYTES = 15;

/// A command in an uplink; sets are sums.
enum UplinkOption : uint8_t
{
    LINK_ADR_ANS = 1,
    LINK_CHECK_REQ = 2,
    DEVICE_TIME_REQ = 4,
    PING_SLOT_INFO_REQ = 8,
    REKEY_IND = 16, ///< LoRaWAN 1.1
    RX_PARAM_SETUP_ANS = 32,
};

/// A command in a downlink; sets are sums.
enum DownlinkOption : uint8_t
{
    LINK_CHECK_ANS = 2,
    DEVICE_TIME_ANS = 4,
    PING_SLOT_INFO_ANS = 8,
    REKEY_CONF = 16,
    RX_PARAM_SETUP_REQ = 32, ///< a question, answered by RX_PARAM_SETUP_ANS
};

namespace detail
{
/// Sizes with identifiers by bit (TS001-1.0.4 and LoRaWAN 1.1, section 5); a test compares them
/// with the encoder's.
inline constexpr std::array<uint8_t, 6> UPLINK_OPTION_BYTES{2, 1, 1, 2, 2, 2};
inline constexpr std::array<uint8_t, 6> DOWNLINK_OPTION_BYTES{0, 3, 6, 1, 2, 5};

constexpr uint32_t
OptionBytes(uint8_t options, const std::array<uint8_t, 6>& sizes)
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
    return uplinkOptions & (LINK_CHECK_ANS | DEVICE_TIME_ANS | PING_SLOT_INFO_ANS | REKEY_CONF);
}

} // namespace ns3::iotfleet

#endif // IOTFLEET_LORAWAN_MAC_OPTIONS_H
