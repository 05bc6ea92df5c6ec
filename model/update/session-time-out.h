// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_UPDATE_SESSION_TIME_OUT_H
#define IOTFLEET_UPDATE_SESSION_TIME_OUT_H

#include <array>
#include <cstdint>
#include <string_view>

/**
 * @file
 * Time-outs of multicast sessions: an exponent n of four bits for 2^n seconds (class C) or 2^n
 * beacon periods of 128 s (class B) (TS005-2.0.0, McClassCSessionReq and McClassBSessionReq).
 */
namespace ns3::iotfleet
{

inline constexpr uint8_t LONGEST_TIME_OUT = 15; ///< exponent

/// How an operator chooses the time-out: long enough for what it foresees, or as ChirpStack does.
inline constexpr std::array<std::string_view, 2> TIME_OUT_RULE_NAMES{"predicted", "chirpstack"};

/// Least n with 2^n >= `units`; more than LONGEST_TIME_OUT where no time-out is long enough.
uint32_t TimeOutExponent(double units);

/// @name A session of `frames` as ChirpStack 4 reckons it where it is to calculate the time-out
/// (chirpstack/src/storage/fuota.rs, get_multicast_timeout). Gateways that take turns, status
/// requests and the duty cycle are not in it.
///@{

/// Beacon periods: ping slots for all frames, and one period more.
double ChirpstackClassBPeriods(uint32_t frames, uint8_t pingPeriodicity);

/// Seconds: the server's spacing of frames, once for each and once more.
double ChirpstackClassCSeconds(uint32_t frames, double spacingS);
///@}

} // namespace ns3::iotfleet

#endif // IOTFLEET_UPDATE_SESSION_TIME_OUT_H
