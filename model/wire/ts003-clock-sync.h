// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_WIRE_TS003_CLOCK_SYNC_H
#define IOTFLEET_WIRE_TS003_CLOCK_SYNC_H

#include "model/wire/app-command.h"

/**
 * @file
 * TS003-1.0.0 and TS003-2.0.0, application layer clock synchronisation. Both versions have the
 * same encodings; version 2 allows several commands in one message and renames
 * ForceDeviceResyncReq to ForceDeviceResyncCmd. Times are GPS seconds modulo 2^32.
 */

namespace ns3::iotfleet::wire::ts003
{

inline constexpr uint8_t FPORT = 202;    ///< default port
inline constexpr uint8_t PACKAGE_ID = 1; ///< PackageIdentifier

/** 0x01 uplink: the device tells its clock and asks for a correction (section 3.2). */
struct AppTimeReq
{
    static constexpr uint8_t CID = 0x01;
    static constexpr std::string_view NAME = "AppTimeReq";

    uint32_t deviceTime{0};  ///< device clock, GPS s
    uint8_t tokenReq{0};     ///< 0 to 15, counts requests
    bool ansRequired{false}; ///< an answer is wanted even when the clock is right

    static void Fields(auto& m, auto& codec)
    {
        codec.Bits(m.deviceTime, 32);
        codec.Bits(m.tokenReq, 4);
        codec.Bits(m.ansRequired, 1);
        codec.Reserved(3);
    }

    bool operator==(const AppTimeReq&) const = default;
};

/** 0x01 downlink: the correction to add to the device's clock. */
struct AppTimeAns
{
    static constexpr uint8_t CID = 0x01;
    static constexpr std::string_view NAME = "AppTimeAns";

    int32_t timeCorrection{0}; ///< s, to be added to the clock
    uint8_t tokenAns{0};       ///< token of the request, 0 to 15

    static void Fields(auto& m, auto& codec)
    {
        codec.Bits(m.timeCorrection, 32);
        codec.Bits(m.tokenAns, 4);
        codec.Reserved(4);
    }

    bool operator==(const AppTimeAns&) const = default;
};

/** 0x02 downlink: sets how often the device sends AppTimeReq. */
struct DeviceAppTimePeriodicityReq
{
    static constexpr uint8_t CID = 0x02;
    static constexpr std::string_view NAME = "DeviceAppTimePeriodicityReq";

    uint8_t period{0}; ///< 0 to 15: every 128 * 2^period +- rand(30) s

    static void Fields(auto& m, auto& codec)
    {
        codec.Bits(m.period, 4);
        codec.Reserved(4);
    }

    bool operator==(const DeviceAppTimePeriodicityReq&) const = default;
};

/** 0x02 uplink: answer, with the device's clock. */
struct DeviceAppTimePeriodicityAns
{
    static constexpr uint8_t CID = 0x02;
    static constexpr std::string_view NAME = "DeviceAppTimePeriodicityAns";

    bool notSupported{false}; ///< the device keeps its own periodicity
    uint32_t time{0};         ///< device clock, GPS s

    static void Fields(auto& m, auto& codec)
    {
        codec.Bits(m.notSupported, 1);
        codec.Reserved(7);
        codec.Bits(m.time, 32);
    }

    bool operator==(const DeviceAppTimePeriodicityAns&) const = default;
};

/** 0x03 downlink, not answered: send AppTimeReq that often (version 1: ForceDeviceResyncReq). */
struct ForceDeviceResyncCmd
{
    static constexpr uint8_t CID = 0x03;
    static constexpr std::string_view NAME = "ForceDeviceResyncCmd";

    uint8_t nbTransmissions{1}; ///< 0 to 7

    static void Fields(auto& m, auto& codec)
    {
        codec.Bits(m.nbTransmissions, 3);
        codec.Reserved(5);
    }

    bool operator==(const ForceDeviceResyncCmd&) const = default;
};

/// Name of the same command in version 1.
using ForceDeviceResyncReq = ForceDeviceResyncCmd;

/// Commands a device sends.
using Uplink = std::variant<PackageVersionAns, AppTimeReq, DeviceAppTimePeriodicityAns>;
/// Commands a device receives.
using Downlink =
    std::variant<PackageVersionReq, AppTimeAns, DeviceAppTimePeriodicityReq, ForceDeviceResyncCmd>;

/** Reads a message from a device. */
DecodeResult<Uplink> DecodeUplink(PackageVersion version, std::span<const uint8_t> bytes);

/** Reads a message to a device. */
DecodeResult<Downlink> DecodeDownlink(PackageVersion version, std::span<const uint8_t> bytes);

} // namespace ns3::iotfleet::wire::ts003

#endif // IOTFLEET_WIRE_TS003_CLOCK_SYNC_H
