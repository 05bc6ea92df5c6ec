// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_WIRE_LORAWAN_MAC_DOWNLINK_H
#define IOTFLEET_WIRE_LORAWAN_MAC_DOWNLINK_H

#include "model/wire/app-command.h"

/**
 * @file
 * MAC commands that devices receive; see lorawan-mac-commands.h.
 */

namespace ns3::iotfleet::wire::mac
{

/** 0x01 answers ResetInd. */
struct ResetConf
{
    static constexpr uint8_t CID = 0x01;
    static constexpr std::string_view NAME = "ResetConf";

    uint8_t minor{1}; ///< minor version of the network, 4 bits

    static void Fields(auto& m, auto& codec)
    {
        codec.Bits(m.minor, 4);
        codec.Reserved(4);
    }

    bool operator==(const ResetConf&) const = default;
};

/** 0x02 how well it was heard. */
struct LinkCheckAns
{
    static constexpr uint8_t CID = 0x02;
    static constexpr std::string_view NAME = "LinkCheckAns";

    uint8_t margin{0}; ///< dB above the demodulation floor, 0 to 254
    uint8_t gwCnt{0};  ///< gateways that received the request

    static void Fields(auto& m, auto& codec)
    {
        codec.Bits(m.margin, 8);
        codec.Bits(m.gwCnt, 8);
    }

    bool operator==(const LinkCheckAns&) const = default;
};

/** 0x03 sets data rate, power, channels and repetitions. */
struct LinkADRReq
{
    static constexpr uint8_t CID = 0x03;
    static constexpr std::string_view NAME = "LinkADRReq";

    uint8_t txPower{15};   ///< TXPower index; 15: keep
    uint8_t dataRate{15};  ///< data rate; 15: keep
    uint16_t chMask{0};    ///< channels of the group that ChMaskCntl names
    uint8_t nbTrans{0};    ///< transmissions of an unconfirmed uplink, 0: keep
    uint8_t chMaskCntl{0}; ///< 0 to 7, see the region

    static void Fields(auto& m, auto& codec)
    {
        codec.Bits(m.txPower, 4);
        codec.Bits(m.dataRate, 4);
        codec.Bits(m.chMask, 16);
        codec.Bits(m.nbTrans, 4);
        codec.Bits(m.chMaskCntl, 3);
        codec.Reserved(1);
    }

    bool operator==(const LinkADRReq&) const = default;
};

/** 0x04 limits the device's aggregated duty cycle. */
struct DutyCycleReq
{
    static constexpr uint8_t CID = 0x04;
    static constexpr std::string_view NAME = "DutyCycleReq";

    uint8_t maxDutyCycle{0}; ///< 0 to 15: 1 / 2^n

    static void Fields(auto& m, auto& codec)
    {
        codec.Bits(m.maxDutyCycle, 4);
        codec.Reserved(4);
    }

    bool operator==(const DutyCycleReq&) const = default;
};

/** 0x05 sets RX2 and the RX1 offset. */
struct RXParamSetupReq
{
    static constexpr uint8_t CID = 0x05;
    static constexpr std::string_view NAME = "RXParamSetupReq";

    uint8_t rx2DataRate{0};
    uint8_t rx1DrOffset{0};  ///< 0 to 7
    uint32_t frequencyHz{0}; ///< RX2, Hz, a multiple of 100

    static void Fields(auto& m, auto& codec)
    {
        codec.Bits(m.rx2DataRate, 4);
        codec.Bits(m.rx1DrOffset, 3);
        codec.Reserved(1);
        codec.Scaled(m.frequencyHz, 24, 100);
    }

    bool operator==(const RXParamSetupReq&) const = default;
};

/** 0x06 asks for battery and margin. */
struct DevStatusReq
{
    static constexpr uint8_t CID = 0x06;
    static constexpr std::string_view NAME = "DevStatusReq";

    static void Fields(auto&, auto&)
    {
    }

    bool operator==(const DevStatusReq&) const = default;
};

/** 0x07 creates or changes a channel. */
struct NewChannelReq
{
    static constexpr uint8_t CID = 0x07;
    static constexpr std::string_view NAME = "NewChannelReq";

    uint8_t chIndex{0};
    uint32_t frequencyHz{0}; ///< Hz, a multiple of 100; 0 disables
    uint8_t minDr{0};
    uint8_t maxDr{0};

    static void Fields(auto& m, auto& codec)
    {
        codec.Bits(m.chIndex, 8);
        codec.Scaled(m.frequencyHz, 24, 100);
        codec.Bits(m.minDr, 4);
        codec.Bits(m.maxDr, 4);
    }

    bool operator==(const NewChannelReq&) const = default;
};

/** 0x08 sets the delay of RX1. */
struct RXTimingSetupReq
{
    static constexpr uint8_t CID = 0x08;
    static constexpr std::string_view NAME = "RXTimingSetupReq";

    uint8_t delay{1}; ///< s, 0 to 15; 0 means 1

    static void Fields(auto& m, auto& codec)
    {
        codec.Bits(m.delay, 4);
        codec.Reserved(4);
    }

    bool operator==(const RXTimingSetupReq&) const = default;
};

/** 0x09 sets dwell times and the largest EIRP (some regions). */
struct TxParamSetupReq
{
    static constexpr uint8_t CID = 0x09;
    static constexpr std::string_view NAME = "TxParamSetupReq";

    uint8_t maxEirp{0};            ///< code 0 to 15: 8 to 36 dBm
    bool uplinkDwellTime{false};   ///< 400 ms limit
    bool downlinkDwellTime{false}; ///< 400 ms limit

    static void Fields(auto& m, auto& codec)
    {
        codec.Bits(m.maxEirp, 4);
        codec.Bits(m.uplinkDwellTime, 1);
        codec.Bits(m.downlinkDwellTime, 1);
        codec.Reserved(2);
    }

    bool operator==(const TxParamSetupReq&) const = default;
};

/** 0x0a moves RX1 of a channel to another frequency. */
struct DlChannelReq
{
    static constexpr uint8_t CID = 0x0a;
    static constexpr std::string_view NAME = "DlChannelReq";

    uint8_t chIndex{0};
    uint32_t frequencyHz{0}; ///< Hz, a multiple of 100

    static void Fields(auto& m, auto& codec)
    {
        codec.Bits(m.chIndex, 8);
        codec.Scaled(m.frequencyHz, 24, 100);
    }

    bool operator==(const DlChannelReq&) const = default;
};

/** 0x0b answers RekeyInd. */
struct RekeyConf
{
    static constexpr uint8_t CID = 0x0b;
    static constexpr std::string_view NAME = "RekeyConf";

    uint8_t minor{1}; ///< minor version of the network, 4 bits

    static void Fields(auto& m, auto& codec)
    {
        codec.Bits(m.minor, 4);
        codec.Reserved(4);
    }

    bool operator==(const RekeyConf&) const = default;
};

/** 0x0c LoRaWAN 1.1: sets ADR_ACK_LIMIT and ADR_ACK_DELAY. */
struct ADRParamSetupReq
{
    static constexpr uint8_t CID = 0x0c;
    static constexpr std::string_view NAME = "ADRParamSetupReq";

    uint8_t delayExp{5}; ///< ADR_ACK_DELAY = 2^n
    uint8_t limitExp{6}; ///< ADR_ACK_LIMIT = 2^n

    static void Fields(auto& m, auto& codec)
    {
        codec.Bits(m.delayExp, 4);
        codec.Bits(m.limitExp, 4);
    }

    bool operator==(const ADRParamSetupReq&) const = default;
};

/** 0x0d time at the end of the uplink that asked. */
struct DeviceTimeAns
{
    static constexpr uint8_t CID = 0x0d;
    static constexpr std::string_view NAME = "DeviceTimeAns";

    uint32_t seconds{0}; ///< GPS s
    uint8_t fraction{0}; ///< 1/256 s

    static void Fields(auto& m, auto& codec)
    {
        codec.Bits(m.seconds, 32);
        codec.Bits(m.fraction, 8);
    }

    bool operator==(const DeviceTimeAns&) const = default;
};

/** 0x0e LoRaWAN 1.1: rejoin now. */
struct ForceRejoinReq
{
    static constexpr uint8_t CID = 0x0e;
    static constexpr std::string_view NAME = "ForceRejoinReq";

    uint8_t dataRate{0};
    uint8_t rejoinType{0}; ///< 0 or 2
    uint8_t maxRetries{0}; ///< 0 to 7
    uint8_t period{0};     ///< 0 to 7: every 32 * 2^n s + rand(32)

    static void Fields(auto& m, auto& codec)
    {
        codec.Bits(m.dataRate, 4);
        codec.Bits(m.rejoinType, 3);
        codec.Reserved(1);
        codec.Bits(m.maxRetries, 3);
        codec.Bits(m.period, 3);
        codec.Reserved(2);
    }

    bool operator==(const ForceRejoinReq&) const = default;
};

/** 0x0f LoRaWAN 1.1: sets how often rejoin type 0 is sent. */
struct RejoinParamSetupReq
{
    static constexpr uint8_t CID = 0x0f;
    static constexpr std::string_view NAME = "RejoinParamSetupReq";

    uint8_t maxCountN{0}; ///< every 2^(n+4) uplinks
    uint8_t maxTimeN{0};  ///< every 2^(n+10) s

    static void Fields(auto& m, auto& codec)
    {
        codec.Bits(m.maxCountN, 4);
        codec.Bits(m.maxTimeN, 4);
    }

    bool operator==(const RejoinParamSetupReq&) const = default;
};

/** 0x10 answers PingSlotInfoReq. */
struct PingSlotInfoAns
{
    static constexpr uint8_t CID = 0x10;
    static constexpr std::string_view NAME = "PingSlotInfoAns";

    static void Fields(auto&, auto&)
    {
    }

    bool operator==(const PingSlotInfoAns&) const = default;
};

/** 0x11 Class B: sets channel and data rate of ping slots. */
struct PingSlotChannelReq
{
    static constexpr uint8_t CID = 0x11;
    static constexpr std::string_view NAME = "PingSlotChannelReq";

    uint32_t frequencyHz{0}; ///< Hz, a multiple of 100; 0: the default
    uint8_t dataRate{0};

    static void Fields(auto& m, auto& codec)
    {
        codec.Scaled(m.frequencyHz, 24, 100);
        codec.Bits(m.dataRate, 4);
        codec.Reserved(4);
    }

    bool operator==(const PingSlotChannelReq&) const = default;
};

/** 0x13 Class B: sets the beacon's frequency. */
struct BeaconFreqReq
{
    static constexpr uint8_t CID = 0x13;
    static constexpr std::string_view NAME = "BeaconFreqReq";

    uint32_t frequencyHz{0}; ///< Hz, a multiple of 100; 0: the default

    static void Fields(auto& m, auto& codec)
    {
        codec.Scaled(m.frequencyHz, 24, 100);
    }

    bool operator==(const BeaconFreqReq&) const = default;
};

/** 0x20 answers DeviceModeInd. */
struct DeviceModeConf
{
    static constexpr uint8_t CID = 0x20;
    static constexpr std::string_view NAME = "DeviceModeConf";

    uint8_t deviceClass{0}; ///< 0 class A, 2 class C

    static void Fields(auto& m, auto& codec)
    {
        codec.Bits(m.deviceClass, 8);
    }

    bool operator==(const DeviceModeConf&) const = default;
};

} // namespace ns3::iotfleet::wire::mac

#endif // IOTFLEET_WIRE_LORAWAN_MAC_DOWNLINK_H
