// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_WIRE_TS004_FRAGMENTATION_H
#define IOTFLEET_WIRE_TS004_FRAGMENTATION_H

#include "model/wire/app-command.h"

#include <array>

/**
 * @file
 * TS004-1.0.0 and TS004-2.0.0, fragmented data block transport: the commands. The two versions
 * differ in FragSessionSetupReq, FragSessionSetupAns and FragSessionStatusAns; one struct serves
 * both, and fields that a version does not have must be zero there.
 * The code itself is in ts004-parity.h, keys and MIC in lorawan-keys.h.
 */

namespace ns3::iotfleet::wire::ts004
{

inline constexpr uint8_t FPORT = 201;    ///< default port
inline constexpr uint8_t PACKAGE_ID = 3; ///< PackageIdentifier

/// Bytes of a DataFragment before its data: identifier, index and number.
inline constexpr std::size_t DATA_FRAGMENT_OVERHEAD_BYTES = 3;

/** 0x01 downlink, unicast or multicast: asks for the state of a session (section 3.2). */
struct FragSessionStatusReq
{
    static constexpr uint8_t CID = 0x01;
    static constexpr std::string_view NAME = "FragSessionStatusReq";

    bool participants{false}; ///< true: all answer; false: only those that miss fragments
    uint8_t fragIndex{0};     ///< session, 0 to 3

    static void Fields(auto& m, auto& codec)
    {
        codec.Bits(m.participants, 1);
        codec.Bits(m.fragIndex, 2);
        codec.Reserved(5);
    }

    bool operator==(const FragSessionStatusReq&) const = default;
};

/**
 * 0x01 uplink: state of a session.
 *
 * Version 1 sends the counters first and the status last; version 2 sends the status first and
 * nothing else when the session does not exist (the other fields must be zero then).
 */
struct FragSessionStatusAns
{
    static constexpr uint8_t CID = 0x01;
    static constexpr std::string_view NAME = "FragSessionStatusAns";

    uint16_t nbFragReceived{0}; ///< coded, uncoded and repeated fragments received, 14 bits
    uint8_t fragIndex{0};       ///< session, 0 to 3
    uint8_t missingFrag{0};     ///< independent fragments still needed, at most 255
    bool memoryError{false};    ///< NotEnoughMatrixMemory (1.0.0), MemoryError (2.0.0)
    /// Version 2: block complete but its MIC is wrong. A device says so with missingFrag = 0 only
    /// (TS004-2.0.0 section 3.2); what others send is read and written as it is.
    bool micError{false};
    bool sessionDoesNotExist{false}; ///< version 2

    static void Fields(auto& m, auto& codec)
    {
        if (codec.Version() == PackageVersion::V1)
        {
            codec.Require(!m.micError && !m.sessionDoesNotExist, "status bit of version 2");
            Counters(m, codec);
            codec.Bits(m.memoryError, 1);
            codec.Reserved(7);
            return;
        }
        codec.Bits(m.memoryError, 1);
        codec.Bits(m.micError, 1);
        codec.Bits(m.sessionDoesNotExist, 1);
        codec.Reserved(5);
        if (!m.sessionDoesNotExist)
        {
            Counters(m, codec);
        }
    }

    bool operator==(const FragSessionStatusAns&) const = default;

  private:
    static void Counters(auto& m, auto& codec)
    {
        codec.Bits(m.nbFragReceived, 14);
        codec.Bits(m.fragIndex, 2);
        codec.Bits(m.missingFrag, 8);
    }
};

/** 0x02 downlink: defines a session (section 3.3); 10 bytes in version 1, 16 in version 2. */
struct FragSessionSetupReq
{
    static constexpr uint8_t CID = 0x02;
    static constexpr std::string_view NAME = "FragSessionSetupReq";

    using Mic = std::array<uint8_t, 4>; ///< in the order of the air

    uint8_t mcGroupBitMask{0}; ///< bit i: fragments may come from multicast group i
    uint8_t fragIndex{0};      ///< session, 0 to 3
    uint16_t nbFrag{0};        ///< M, uncoded fragments
    uint8_t fragSize{0};       ///< bytes per fragment
    uint8_t blockAckDelay{0};  ///< 0 to 7: answers are delayed by rand(0,1) * 2^(delay+4) s
    uint8_t fragAlgo{0};       ///< FragmentationMatrix (1.0.0), FragAlgo (2.0.0); 0 to 7
    bool ackReception{false};  ///< version 2: send FragDataBlockReceivedReq when complete
    uint8_t padding{0};        ///< bytes to cut from the end of the last fragment
    std::array<uint8_t, 4> descriptor{}; ///< free for the application
    uint16_t sessionCnt{0};              ///< version 2: replay protection, counts up
    Mic mic{};                           ///< version 2: see DataBlockMic()

    static void Fields(auto& m, auto& codec)
    {
        const bool v2 = codec.Version() == PackageVersion::V2;
        codec.Bits(m.mcGroupBitMask, 4);
        codec.Bits(m.fragIndex, 2);
        codec.Reserved(2);
        codec.Bits(m.nbFrag, 16);
        codec.Bits(m.fragSize, 8);
        codec.Bits(m.blockAckDelay, 3);
        codec.Bits(m.fragAlgo, 3);
        codec.Require(v2 || (!m.ackReception && m.sessionCnt == 0 && m.mic == Mic{}),
                      "field of version 2");
        codec.Bits(m.ackReception, 1);
        codec.Reserved(1);
        codec.Bits(m.padding, 8);
        codec.Octets(m.descriptor);
        if (v2)
        {
            codec.Bits(m.sessionCnt, 16);
            codec.Octets(m.mic);
        }
    }

    bool operator==(const FragSessionSetupReq&) const = default;
};

/** 0x02 uplink: accepted when no error bit is set. */
struct FragSessionSetupAns
{
    static constexpr uint8_t CID = 0x02;
    static constexpr std::string_view NAME = "FragSessionSetupAns";

    bool fragAlgoUnsupported{false}; ///< EncodingUnsupported (1.0.0)
    bool notEnoughMemory{false};
    bool fragIndexUnsupported{false}; ///< FragSessionIndexNotSupported (1.0.0)
    bool wrongDescriptor{false};
    bool sessionCntReplay{false}; ///< version 2
    uint8_t fragIndex{0};         ///< session, 0 to 3

    static void Fields(auto& m, auto& codec)
    {
        codec.Bits(m.fragAlgoUnsupported, 1);
        codec.Bits(m.notEnoughMemory, 1);
        codec.Bits(m.fragIndexUnsupported, 1);
        codec.Bits(m.wrongDescriptor, 1);
        if (codec.Version() == PackageVersion::V2)
        {
            codec.Bits(m.sessionCntReplay, 1);
            codec.Reserved(1);
        }
        else
        {
            codec.Require(!m.sessionCntReplay, "status bit of version 2");
            codec.Reserved(2);
        }
        codec.Bits(m.fragIndex, 2);
    }

    /** @return whether the session was set up. */
    bool IsAccepted() const
    {
        return !fragAlgoUnsupported && !notEnoughMemory && !fragIndexUnsupported &&
               !wrongDescriptor && !sessionCntReplay;
    }

    bool operator==(const FragSessionSetupAns&) const = default;
};

/** 0x03 downlink: deletes a session. */
struct FragSessionDeleteReq
{
    static constexpr uint8_t CID = 0x03;
    static constexpr std::string_view NAME = "FragSessionDeleteReq";

    uint8_t fragIndex{0}; ///< session, 0 to 3

    static void Fields(auto& m, auto& codec)
    {
        codec.Bits(m.fragIndex, 2);
        codec.Reserved(6);
    }

    bool operator==(const FragSessionDeleteReq&) const = default;
};

/** 0x03 uplink: answer to it. */
struct FragSessionDeleteAns
{
    static constexpr uint8_t CID = 0x03;
    static constexpr std::string_view NAME = "FragSessionDeleteAns";

    uint8_t fragIndex{0}; ///< session, 0 to 3
    bool sessionDoesNotExist{false};

    static void Fields(auto& m, auto& codec)
    {
        codec.Bits(m.fragIndex, 2);
        codec.Bits(m.sessionDoesNotExist, 1);
        codec.Reserved(5);
    }

    bool operator==(const FragSessionDeleteAns&) const = default;
};

/** 0x04 uplink, version 2: the block is complete (sent when AckReception was set). */
struct FragDataBlockReceivedReq
{
    static constexpr uint8_t CID = 0x04;
    static constexpr std::string_view NAME = "FragDataBlockReceivedReq";
    static constexpr auto SINCE = PackageVersion::V2;

    uint8_t fragIndex{0}; ///< session, 0 to 3
    bool micError{false}; ///< the MIC does not match, the block is discarded

    static void Fields(auto& m, auto& codec)
    {
        codec.Bits(m.fragIndex, 2);
        codec.Bits(m.micError, 1);
        codec.Reserved(5);
    }

    bool operator==(const FragDataBlockReceivedReq&) const = default;
};

/** 0x04 downlink, version 2: acknowledges it. */
struct FragDataBlockReceivedAns
{
    static constexpr uint8_t CID = 0x04;
    static constexpr std::string_view NAME = "FragDataBlockReceivedAns";
    static constexpr auto SINCE = PackageVersion::V2;

    uint8_t fragIndex{0}; ///< session, 0 to 3

    static void Fields(auto& m, auto& codec)
    {
        codec.Bits(m.fragIndex, 2);
        codec.Reserved(6);
    }

    bool operator==(const FragDataBlockReceivedAns&) const = default;
};

/**
 * 0x08 downlink: one fragment; the only command of its message.
 *
 * It does not own its data: the view points to the caller's buffer, or into the message decoded.
 */
struct DataFragment
{
    static constexpr uint8_t CID = 0x08;
    static constexpr std::string_view NAME = "DataFragment";

    uint16_t n{1};        ///< fragment number, 1 to 16383
    uint8_t fragIndex{0}; ///< session, 0 to 3
    std::span<const uint8_t> data{};

    static void Fields(auto& m, auto& codec)
    {
        codec.Bits(m.n, 14);
        codec.Bits(m.fragIndex, 2);
        codec.Rest(m.data);
    }
};

/// Commands a device sends.
using Uplink = std::variant<PackageVersionAns,
                            FragSessionStatusAns,
                            FragSessionSetupAns,
                            FragSessionDeleteAns,
                            FragDataBlockReceivedReq>;
/// Commands a device receives.
using Downlink = std::variant<PackageVersionReq,
                              FragSessionStatusReq,
                              FragSessionSetupReq,
                              FragSessionDeleteReq,
                              FragDataBlockReceivedAns,
                              DataFragment>;

/** Reads a message from a device. */
DecodeResult<Uplink> DecodeUplink(PackageVersion version, std::span<const uint8_t> bytes);

/** Reads a message to a device. A DataFragment in it points into `bytes`. */
DecodeResult<Downlink> DecodeDownlink(PackageVersion version, std::span<const uint8_t> bytes);

} // namespace ns3::iotfleet::wire::ts004

#endif // IOTFLEET_WIRE_TS004_FRAGMENTATION_H
