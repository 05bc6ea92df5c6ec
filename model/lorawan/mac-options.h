// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_LORAWAN_MAC_OPTIONS_H
#define IOTFLEET_LORAWAN_MAC_OPTIONS_H

#include "model/fleet/battery-code.h"

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

/// A set of UplinkOption or of DownlinkOption.
using MacOptions = uint16_t;

/// A command in an uplink; sets are sums.
enum UplinkOption : MacOptions
{
    LINK_ADR_ANS = 1,
    LINK_CHECK_REQ = 2,
    DEVICE_TIME_REQ = 4,
    PING_SLOT_INFO_REQ = 8,
    REKEY_IND = 16, ///< LoRaWAN 1.1
    RX_PARAM_SETUP_ANS = 32,
    DEV_STATUS_ANS = 64,
    DUTY_CYCLE_ANS = 128,
    RX_TIMING_SETUP_ANS = 256,
    PING_SLOT_CHANNEL_ANS = 512,
};

/// A command in a downlink; sets are sums.
enum DownlinkOption : MacOptions
{
    LINK_CHECK_ANS = 2,
    DEVICE_TIME_ANS = 4,
    PING_SLOT_INFO_ANS = 8,
    REKEY_CONF = 16,
    RX_PARAM_SETUP_REQ = 32, ///< a question, answered by RX_PARAM_SETUP_ANS
    DEV_STATUS_REQ = 64,     ///< a question, answered by DEV_STATUS_ANS
    DUTY_CYCLE_REQ = 128,
    RX_TIMING_SETUP_REQ = 256,
    PING_SLOT_CHANNEL_REQ = 512, ///< class B
};

/// Commands by which the server begins, and which the device answers under the same bit.
inline constexpr MacOptions SERVER_REQUESTS = RX_PARAM_SETUP_REQ | DEV_STATUS_REQ | DUTY_CYCLE_REQ |
                                              RX_TIMING_SETUP_REQ | PING_SLOT_CHANNEL_REQ;

/// Those that set something (besides RX2, which has room of its own), repeated until the answer.
inline constexpr MacOptions SETTINGS = DUTY_CYCLE_REQ | RX_TIMING_SETUP_REQ | PING_SLOT_CHANNEL_REQ;

/// Answers that are repeated in all uplinks until a class A downlink comes (TS001-1.0.4
/// sections 5.4 and 5.7).
inline constexpr MacOptions SENT_UNTIL_HEARD = RX_PARAM_SETUP_ANS | RX_TIMING_SETUP_ANS;

/// Answers of the device that are sent once: in the next uplink, and in its repetitions.
inline constexpr MacOptions SENT_ONCE =
    LINK_ADR_ANS | DEV_STATUS_ANS | DUTY_CYCLE_ANS | PING_SLOT_CHANNEL_ANS;

/// What DevStatusAns says (TS001-1.0.4 section 5.5).
struct DeviceStatus
{
    uint8_t battery{BATTERY_UNKNOWN}; ///< see battery-code.h
    int8_t marginDb{0}; ///< signal to noise ratio of the request at the device, -32 to 31
};

/// NewChannelReq and its answer, each for one channel, bytes. Frames have a set of channels for
/// them (bit n: the nth of MacCommandConfig::channels).
inline constexpr uint32_t NEW_CHANNEL_REQ_BYTES = 6;
inline constexpr uint32_t NEW_CHANNEL_ANS_BYTES = 2;

namespace detail
{
/// Sizes with identifiers by bit (TS001-1.0.4 and LoRaWAN 1.1, section 5); a test compares them
/// with the encoder's.
inline constexpr std::array<uint8_t, 10> UPLINK_OPTION_BYTES{2, 1, 1, 2, 2, 2, 3, 1, 1, 2};
inline constexpr std::array<uint8_t, 10> DOWNLINK_OPTION_BYTES{0, 3, 6, 1, 2, 5, 1, 2, 2, 5};

constexpr uint32_t
OptionBytes(MacOptions options, const std::array<uint8_t, 10>& sizes)
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
UplinkOptionBytes(MacOptions options)
{
    return detail::OptionBytes(options, detail::UPLINK_OPTION_BYTES);
}

/// Bytes of FOpts of a set of DownlinkOption.
constexpr uint32_t
DownlinkOptionBytes(MacOptions options)
{
    return detail::OptionBytes(options, detail::DOWNLINK_OPTION_BYTES);
}

/// The set of DownlinkOption that answers a set of UplinkOption.
constexpr MacOptions
AnswersTo(MacOptions uplinkOptions)
{
    return uplinkOptions & (LINK_CHECK_ANS | DEVICE_TIME_ANS | PING_SLOT_INFO_ANS | REKEY_CONF);
}

} // namespace ns3::iotfleet

#endif // IOTFLEET_LORAWAN_MAC_OPTIONS_H
