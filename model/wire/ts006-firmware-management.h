// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_WIRE_TS006_FIRMWARE_MANAGEMENT_H
#define IOTFLEET_WIRE_TS006_FIRMWARE_MANAGEMENT_H

#include "model/wire/app-command.h"

/**
 * @file
 * TS006-1.0.0, firmware management protocol. Times are GPS seconds modulo 2^32. There is one
 * version; the version argument of the common functions makes no difference here.
 */

namespace ns3::iotfleet::wire::ts006
{

inline constexpr uint8_t FPORT = 203;    ///< default port
inline constexpr uint8_t PACKAGE_ID = 4; ///< PackageIdentifier

inline constexpr uint32_t REBOOT_NOW = 0;                     ///< reboot time or countdown
inline constexpr uint32_t CANCEL_REBOOT_TIME = 0xffffffff;    ///< DevRebootTimeReq
inline constexpr uint32_t CANCEL_REBOOT_COUNTDOWN = 0xffffff; ///< DevRebootCountdownReq

/** 0x01 downlink: asks for versions (section 3.2). */
struct DevVersionReq
{
    static constexpr uint8_t CID = 0x01;
    static constexpr std::string_view NAME = "DevVersionReq";

    static void Fields(auto&, auto&)
    {
    }

    bool operator==(const DevVersionReq&) const = default;
};

/** 0x01 uplink: what runs, on what. */
struct DevVersionAns
{
    static constexpr uint8_t CID = 0x01;
    static constexpr std::string_view NAME = "DevVersionAns";

    uint32_t fwVersion{0};
    uint32_t hwVersion{0};

    static void Fields(auto& m, auto& codec)
    {
        codec.Bits(m.fwVersion, 32);
        codec.Bits(m.hwVersion, 32);
    }

    bool operator==(const DevVersionAns&) const = default;
};

/** 0x02 downlink: reboot at a time (section 3.3). */
struct DevRebootTimeReq
{
    static constexpr uint8_t CID = 0x02;
    static constexpr std::string_view NAME = "DevRebootTimeReq";

    uint32_t rebootTime{0}; ///< GPS s, REBOOT_NOW or CANCEL_REBOOT_TIME

    static void Fields(auto& m, auto& codec)
    {
        codec.Bits(m.rebootTime, 32);
    }

    bool operator==(const DevRebootTimeReq&) const = default;
};

/** 0x02 uplink: the reboot time the device has accepted; 0 when its clock is not set. */
struct DevRebootTimeAns
{
    static constexpr uint8_t CID = 0x02;
    static constexpr std::string_view NAME = "DevRebootTimeAns";

    uint32_t rebootTime{0}; ///< GPS s

    static void Fields(auto& m, auto& codec)
    {
        codec.Bits(m.rebootTime, 32);
    }

    bool operator==(const DevRebootTimeAns&) const = default;
};

/** 0x03 downlink: reboot after a time (section 3.4). */
struct DevRebootCountdownReq
{
    static constexpr uint8_t CID = 0x03;
    static constexpr std::string_view NAME = "DevRebootCountdownReq";

    uint32_t countdown{0}; ///< s, 24 bits; REBOOT_NOW or CANCEL_REBOOT_COUNTDOWN

    static void Fields(auto& m, auto& codec)
    {
        codec.Bits(m.countdown, 24);
    }

    bool operator==(const DevRebootCountdownReq&) const = default;
};

/** 0x03 uplink: the countdown the device has accepted. */
struct DevRebootCountdownAns
{
    static constexpr uint8_t CID = 0x03;
    static constexpr std::string_view NAME = "DevRebootCountdownAns";

    uint32_t countdown{0}; ///< s, 24 bits

    static void Fields(auto& m, auto& codec)
    {
        codec.Bits(m.countdown, 24);
    }

    bool operator==(const DevRebootCountdownAns&) const = default;
};

/** 0x04 downlink: asks for the state of the upgrade image (section 3.5). */
struct DevUpgradeImageReq
{
    static constexpr uint8_t CID = 0x04;
    static constexpr std::string_view NAME = "DevUpgradeImageReq";

    static void Fields(auto&, auto&)
    {
    }

    bool operator==(const DevUpgradeImageReq&) const = default;
};

/** State of the upgrade image in a device (table 10). */
enum class UpImageStatus : uint8_t
{
    NONE = 0,           ///< no image is present
    CORRUPT = 1,        ///< damaged, or its signature is wrong
    WRONG_HARDWARE = 2, ///< authentic, but for other hardware
    VALID = 3,          ///< can be installed
};

/** 0x04 uplink: that state; the next version is present exactly when it is VALID. */
struct DevUpgradeImageAns
{
    static constexpr uint8_t CID = 0x04;
    static constexpr std::string_view NAME = "DevUpgradeImageAns";

    UpImageStatus upImageStatus{UpImageStatus::NONE};
    std::optional<uint32_t> nextFirmwareVersion{};

    static void Fields(auto& m, auto& codec)
    {
        codec.Bits(m.upImageStatus, 2);
        codec.Reserved(6);
        codec.Optional(m.nextFirmwareVersion, m.upImageStatus == UpImageStatus::VALID, 32);
    }

    bool operator==(const DevUpgradeImageAns&) const = default;
};

/** 0x05 downlink: deletes the upgrade image (section 3.6). */
struct DevDeleteImageReq
{
    static constexpr uint8_t CID = 0x05;
    static constexpr std::string_view NAME = "DevDeleteImageReq";

    uint32_t firmwareToDeleteVersion{0};

    static void Fields(auto& m, auto& codec)
    {
        codec.Bits(m.firmwareToDeleteVersion, 32);
    }

    bool operator==(const DevDeleteImageReq&) const = default;
};

/** 0x05 uplink: answer to it; nothing was deleted when a bit is set. */
struct DevDeleteImageAns
{
    static constexpr uint8_t CID = 0x05;
    static constexpr std::string_view NAME = "DevDeleteImageAns";

    bool errorNoValidImage{false};   ///< there is no valid image
    bool errorInvalidVersion{false}; ///< the valid image has another version

    static void Fields(auto& m, auto& codec)
    {
        codec.Bits(m.errorNoValidImage, 1);
        codec.Bits(m.errorInvalidVersion, 1);
        codec.Reserved(6);
    }

    bool operator==(const DevDeleteImageAns&) const = default;
};

/// Commands a device sends.
using Uplink = std::variant<PackageVersionAns,
                            DevVersionAns,
                            DevRebootTimeAns,
                            DevRebootCountdownAns,
                            DevUpgradeImageAns,
                            DevDeleteImageAns>;
/// Commands a device receives.
using Downlink = std::variant<PackageVersionReq,
                              DevVersionReq,
                              DevRebootTimeReq,
                              DevRebootCountdownReq,
                              DevUpgradeImageReq,
                              DevDeleteImageReq>;

/** Reads a message from a device. */
DecodeResult<Uplink> DecodeUplink(PackageVersion version, std::span<const uint8_t> bytes);

/** Reads a message to a device. */
DecodeResult<Downlink> DecodeDownlink(PackageVersion version, std::span<const uint8_t> bytes);

} // namespace ns3::iotfleet::wire::ts006

#endif // IOTFLEET_WIRE_TS006_FIRMWARE_MANAGEMENT_H
