// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_WIRE_TS005_MULTICAST_SETUP_H
#define IOTFLEET_WIRE_TS005_MULTICAST_SETUP_H

#include "model/wire/app-command.h"

#include <array>
#include <bit>

/**
 * @file
 * TS005-1.0.0 and TS005-2.0.0, remote multicast set-up. Version 2 adds the StartMissed status bit.
 * Key derivation is in lorawan-keys.h. Times are GPS seconds modulo 2^32.
 */

namespace ns3::iotfleet::wire::ts005
{

inline constexpr uint8_t FPORT = 200;    ///< default port
inline constexpr uint8_t PACKAGE_ID = 2; ///< PackageIdentifier
inline constexpr uint8_t MAX_GROUPS = 4; ///< McGroupID has two bits

/** 0x01 downlink: asks which groups are defined (section 3.2). */
struct McGroupStatusReq
{
    static constexpr uint8_t CID = 0x01;
    static constexpr std::string_view NAME = "McGroupStatusReq";

    uint8_t reqGroupMask{0}; ///< bit i: asks for group i

    static void Fields(auto& m, auto& codec)
    {
        codec.Bits(m.reqGroupMask, 4);
        codec.Reserved(4);
    }

    bool operator==(const McGroupStatusReq&) const = default;
};

/** 0x01 uplink: the groups asked for that exist, as many as fit in the message. */
struct McGroupStatusAns
{
    static constexpr uint8_t CID = 0x01;
    static constexpr std::string_view NAME = "McGroupStatusAns";

    /** One group of the answer. */
    struct Group
    {
        uint8_t mcGroupId{0}; ///< 0 to 3
        uint32_t mcAddr{0};   ///< address of the group

        bool operator==(const Group&) const = default;
    };

    uint8_t ansGroupMask{0};                ///< bit i: group i is listed
    uint8_t nbTotalGroups{0};               ///< groups defined in the device, 0 to 4
    std::array<Group, MAX_GROUPS> groups{}; ///< the first popcount(ansGroupMask) entries count

    static void Fields(auto& m, auto& codec)
    {
        codec.Bits(m.ansGroupMask, 4);
        codec.Bits(m.nbTotalGroups, 3);
        codec.Reserved(1);
        const auto listed = static_cast<std::size_t>(std::popcount(m.ansGroupMask));
        for (std::size_t i = 0; i < m.groups.size(); i++)
        {
            if (i < listed)
            {
                codec.Bits(m.groups[i].mcGroupId, 2);
                codec.Reserved(6);
                codec.Bits(m.groups[i].mcAddr, 32);
            }
            else
            {
                codec.Require(m.groups[i] == Group{}, "more groups than AnsGroupMask has bits");
            }
        }
    }

    bool operator==(const McGroupStatusAns&) const = default;
};

/** 0x02 downlink: creates or changes a group (section 3.3). */
struct McGroupSetupReq
{
    static constexpr uint8_t CID = 0x02;
    static constexpr std::string_view NAME = "McGroupSetupReq";

    uint8_t mcGroupId{0}; ///< 0 to 3
    uint32_t mcAddr{0};
    std::array<uint8_t, 16> mcKeyEncrypted{}; ///< see EncryptMcKey()
    uint32_t minMcFCount{0};                  ///< next counter the server will use
    uint32_t maxMcFCount{0};                  ///< the group's key may not be used beyond

    static void Fields(auto& m, auto& codec)
    {
        codec.Bits(m.mcGroupId, 2);
        codec.Reserved(6);
        codec.Bits(m.mcAddr, 32);
        codec.Octets(m.mcKeyEncrypted);
        codec.Bits(m.minMcFCount, 32);
        codec.Bits(m.maxMcFCount, 32);
    }

    bool operator==(const McGroupSetupReq&) const = default;
};

/** 0x02 uplink: answer to it. */
struct McGroupSetupAns
{
    static constexpr uint8_t CID = 0x02;
    static constexpr std::string_view NAME = "McGroupSetupAns";

    uint8_t mcGroupId{0}; ///< 0 to 3
    bool idError{false};  ///< the device has no room for that group

    static void Fields(auto& m, auto& codec)
    {
        codec.Bits(m.mcGroupId, 2);
        codec.Bits(m.idError, 1);
        codec.Reserved(5);
    }

    bool operator==(const McGroupSetupAns&) const = default;
};

/** 0x03 downlink: deletes a group. */
struct McGroupDeleteReq
{
    static constexpr uint8_t CID = 0x03;
    static constexpr std::string_view NAME = "McGroupDeleteReq";

    uint8_t mcGroupId{0}; ///< 0 to 3

    static void Fields(auto& m, auto& codec)
    {
        codec.Bits(m.mcGroupId, 2);
        codec.Reserved(6);
    }

    bool operator==(const McGroupDeleteReq&) const = default;
};

/** 0x03 uplink: answer to it. */
struct McGroupDeleteAns
{
    static constexpr uint8_t CID = 0x03;
    static constexpr std::string_view NAME = "McGroupDeleteAns";

    uint8_t mcGroupId{0}; ///< 0 to 3
    bool mcGroupUndefined{false};

    static void Fields(auto& m, auto& codec)
    {
        codec.Bits(m.mcGroupId, 2);
        codec.Bits(m.mcGroupUndefined, 1);
        codec.Reserved(5);
    }

    bool operator==(const McGroupDeleteAns&) const = default;
};

/** 0x04 downlink: a class C window for a group (section 3.5). */
struct McClassCSessionReq
{
    static constexpr uint8_t CID = 0x04;
    static constexpr std::string_view NAME = "McClassCSessionReq";

    uint8_t mcGroupId{0};      ///< 0 to 3
    uint32_t sessionTime{0};   ///< start, GPS s
    uint8_t sessionTimeOut{0}; ///< 0 to 15: the window lasts at most 2^n s
    uint32_t dlFrequencyHz{0}; ///< Hz, multiple of 100
    uint8_t dr{0};             ///< data rate index

    static void Fields(auto& m, auto& codec)
    {
        codec.Bits(m.mcGroupId, 2);
        codec.Reserved(6);
        codec.Bits(m.sessionTime, 32);
        codec.Bits(m.sessionTimeOut, 4);
        codec.Reserved(4);
        codec.Scaled(m.dlFrequencyHz, 24, 100);
        codec.Bits(m.dr, 8);
    }

    bool operator==(const McClassCSessionReq&) const = default;
};

/** What McClassCSessionAns and McClassBSessionAns have in common; not a command itself. */
struct McSessionStatus
{
    uint8_t mcGroupId{0}; ///< 0 to 3
    bool drError{false};
    bool freqError{false};
    bool mcGroupUndefined{false};
    bool startMissed{false};               ///< version 2: the start lies in the past
    std::optional<uint32_t> timeToStart{}; ///< s, 24 bits; present exactly when there is no error

    /** @return whether the session was accepted. */
    bool IsAccepted() const
    {
        return !drError && !freqError && !mcGroupUndefined && !startMissed;
    }

    static void Fields(auto& m, auto& codec)
    {
        codec.Bits(m.mcGroupId, 2);
        codec.Bits(m.drError, 1);
        codec.Bits(m.freqError, 1);
        codec.Bits(m.mcGroupUndefined, 1);
        if (codec.Version() == PackageVersion::V2)
        {
            codec.Bits(m.startMissed, 1);
            codec.Reserved(2);
        }
        else
        {
            codec.Require(!m.startMissed, "status bit of version 2");
            codec.Reserved(3);
        }
        codec.Optional(m.timeToStart, m.IsAccepted(), 24);
    }

    bool operator==(const McSessionStatus&) const = default;
};

/** 0x04 uplink: answer to McClassCSessionReq. */
struct McClassCSessionAns
{
    static constexpr uint8_t CID = 0x04;
    static constexpr std::string_view NAME = "McClassCSessionAns";

    McSessionStatus status{};

    static void Fields(auto& m, auto& codec)
    {
        McSessionStatus::Fields(m.status, codec);
    }

    bool operator==(const McClassCSessionAns&) const = default;
};

/** 0x05 downlink: class B ping slots for a group (section 3.6). */
struct McClassBSessionReq
{
    static constexpr uint8_t CID = 0x05;
    static constexpr std::string_view NAME = "McClassBSessionReq";

    uint8_t mcGroupId{0};      ///< 0 to 3
    uint32_t sessionTime{0};   ///< start, GPS s, a multiple of 128
    uint8_t timeOut{0};        ///< 0 to 15: at most 128 * 2^n s
    uint8_t periodicity{0};    ///< 0 to 7: a ping slot every 0.96 * 2^p s
    uint32_t dlFrequencyHz{0}; ///< Hz, multiple of 100; 0 means the region's hopping
    uint8_t dr{0};             ///< data rate index

    static void Fields(auto& m, auto& codec)
    {
        codec.Bits(m.mcGroupId, 2);
        codec.Reserved(6);
        codec.Bits(m.sessionTime, 32);
        codec.Bits(m.timeOut, 4);
        codec.Bits(m.periodicity, 3);
        codec.Reserved(1);
        codec.Scaled(m.dlFrequencyHz, 24, 100);
        codec.Bits(m.dr, 8);
    }

    bool operator==(const McClassBSessionReq&) const = default;
};

/** 0x05 uplink: answer to McClassBSessionReq. */
struct McClassBSessionAns
{
    static constexpr uint8_t CID = 0x05;
    static constexpr std::string_view NAME = "McClassBSessionAns";

    McSessionStatus status{};

    static void Fields(auto& m, auto& codec)
    {
        McSessionStatus::Fields(m.status, codec);
    }

    bool operator==(const McClassBSessionAns&) const = default;
};

/// Commands a device sends.
using Uplink = std::variant<PackageVersionAns,
                            McGroupStatusAns,
                            McGroupSetupAns,
                            McGroupDeleteAns,
                            McClassCSessionAns,
                            McClassBSessionAns>;
/// Commands a device receives.
using Downlink = std::variant<PackageVersionReq,
                              McGroupStatusReq,
                              McGroupSetupReq,
                              McGroupDeleteReq,
                              McClassCSessionReq,
                              McClassBSessionReq>;

/** Reads a message from a device. */
DecodeResult<Uplink> DecodeUplink(PackageVersion version, std::span<const uint8_t> bytes);

/** Reads a message to a device. */
DecodeResult<Downlink> DecodeDownlink(PackageVersion version, std::span<const uint8_t> bytes);

} // namespace ns3::iotfleet::wire::ts005

#endif // IOTFLEET_WIRE_TS005_MULTICAST_SETUP_H
