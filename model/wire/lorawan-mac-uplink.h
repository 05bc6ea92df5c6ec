// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_WIRE_LORAWAN_MAC_UPLINK_H
#define IOTFLEET_WIRE_LORAWAN_MAC_UPLINK_H

#include "model/wire/app-command.h"

/**
 * @file
 * MAC commands that devices send; see lorawan-mac-commands.h.
 */

namespace ns3::iotfleet::wire::mac
{

/** 0x01 LoRaWAN 1.1, ABP devices: the device has reset. */
struct ResetInd
{
    static constexpr uint8_t CID = 0x01;
    static constexpr std::string_view NAME = "ResetInd";

    uint8_t minor{1}; ///< minor version, 4 bits

    static void Fields(auto& m, auto& codec)
    {
        codec.Bits(m.minor, 4);
        codec.Reserved(4);
    }

    bool operator==(const ResetInd&) const = default;
};

/** 0x02 asks whether the network hears the device. */
struct LinkCheckReq
{
    static constexpr uint8_t CID = 0x02;
    static constexpr std::string_view NAME = "LinkCheckReq";

    static void Fields(auto&, auto&)
    {
    }

    bool operator==(const LinkCheckReq&) const = default;
};

/** 0x03 answers LinkADRReq; nothing changes unless all three are set. */
struct LinkADRAns
{
    static constexpr uint8_t CID = 0x03;
    static constexpr std::string_view NAME = "LinkADRAns";

    bool channelMaskAck{false};
    bool dataRateAck{false};
    bool powerAck{false};

    static void Fields(auto& m, auto& codec)
    {
        codec.Bits(m.channelMaskAck, 1);
        codec.Bits(m.dataRateAck, 1);
        codec.Bits(m.powerAck, 1);
        codec.Reserved(5);
    }

    bool operator==(const LinkADRAns&) const = default;
};

/** 0x04 answers DutyCycleReq. */
struct DutyCycleAns
{
    static constexpr uint8_t CID = 0x04;
    static constexpr std::string_view NAME = "DutyCycleAns";

    static void Fields(auto&, auto&)
    {
    }

    bool operator==(const DutyCycleAns&) const = default;
};

/** 0x05 answers RXParamSetupReq; nothing changes unless all three are set. */
struct RXParamSetupAns
{
    static constexpr uint8_t CID = 0x05;
    static constexpr std::string_view NAME = "RXParamSetupAns";

    bool channelAck{false};
    bool rx2DataRateAck{false};
    bool rx1DrOffsetAck{false};

    static void Fields(auto& m, auto& codec)
    {
        codec.Bits(m.channelAck, 1);
        codec.Bits(m.rx2DataRateAck, 1);
        codec.Bits(m.rx1DrOffsetAck, 1);
        codec.Reserved(5);
    }

    bool operator==(const RXParamSetupAns&) const = default;
};

/** 0x06 battery and margin of the last DevStatusReq. */
struct DevStatusAns
{
    static constexpr uint8_t CID = 0x06;
    static constexpr std::string_view NAME = "DevStatusAns";

    uint8_t battery{255};  ///< 0 external, 1 to 254 level, 255 unknown
    int8_t radioStatus{0}; ///< SNR of the request, dB, -32 to 31

    static void Fields(auto& m, auto& codec)
    {
        codec.Bits(m.battery, 8);
        codec.Signed(m.radioStatus, 6);
        codec.Reserved(2);
    }

    bool operator==(const DevStatusAns&) const = default;
};

/** 0x07 answers NewChannelReq. */
struct NewChannelAns
{
    static constexpr uint8_t CID = 0x07;
    static constexpr std::string_view NAME = "NewChannelAns";

    bool channelFrequencyOk{false};
    bool dataRateRangeOk{false};

    static void Fields(auto& m, auto& codec)
    {
        codec.Bits(m.channelFrequencyOk, 1);
        codec.Bits(m.dataRateRangeOk, 1);
        codec.Reserved(6);
    }

    bool operator==(const NewChannelAns&) const = default;
};

/** 0x08 answers RXTimingSetupReq. */
struct RXTimingSetupAns
{
    static constexpr uint8_t CID = 0x08;
    static constexpr std::string_view NAME = "RXTimingSetupAns";

    static void Fields(auto&, auto&)
    {
    }

    bool operator==(const RXTimingSetupAns&) const = default;
};

/** 0x09 answers TxParamSetupReq. */
struct TxParamSetupAns
{
    static constexpr uint8_t CID = 0x09;
    static constexpr std::string_view NAME = "TxParamSetupAns";

    static void Fields(auto&, auto&)
    {
    }

    bool operator==(const TxParamSetupAns&) const = default;
};

/** 0x0a answers DlChannelReq. */
struct DlChannelAns
{
    static constexpr uint8_t CID = 0x0a;
    static constexpr std::string_view NAME = "DlChannelAns";

    bool channelFrequencyOk{false};
    bool uplinkFrequencyExists{false};

    static void Fields(auto& m, auto& codec)
    {
        codec.Bits(m.channelFrequencyOk, 1);
        codec.Bits(m.uplinkFrequencyExists, 1);
        codec.Reserved(6);
    }

    bool operator==(const DlChannelAns&) const = default;
};

/** 0x0b LoRaWAN 1.1: the device uses its new session. */
struct RekeyInd
{
    static constexpr uint8_t CID = 0x0b;
    static constexpr std::string_view NAME = "RekeyInd";

    uint8_t minor{1}; ///< minor version, 4 bits

    static void Fields(auto& m, auto& codec)
    {
        codec.Bits(m.minor, 4);
        codec.Reserved(4);
    }

    bool operator==(const RekeyInd&) const = default;
};

/** 0x0c answers ADRParamSetupReq. */
struct ADRParamSetupAns
{
    static constexpr uint8_t CID = 0x0c;
    static constexpr std::string_view NAME = "ADRParamSetupAns";

    static void Fields(auto&, auto&)
    {
    }

    bool operator==(const ADRParamSetupAns&) const = default;
};

/** 0x0d asks for the time. */
struct DeviceTimeReq
{
    static constexpr uint8_t CID = 0x0d;
    static constexpr std::string_view NAME = "DeviceTimeReq";

    static void Fields(auto&, auto&)
    {
    }

    bool operator==(const DeviceTimeReq&) const = default;
};

/** 0x0f answers RejoinParamSetupReq. */
struct RejoinParamSetupAns
{
    static constexpr uint8_t CID = 0x0f;
    static constexpr std::string_view NAME = "RejoinParamSetupAns";

    bool timeOk{false};

    static void Fields(auto& m, auto& codec)
    {
        codec.Bits(m.timeOk, 1);
        codec.Reserved(7);
    }

    bool operator==(const RejoinParamSetupAns&) const = default;
};

/** 0x10 Class B: tells the device's ping slot periodicity. */
struct PingSlotInfoReq
{
    static constexpr uint8_t CID = 0x10;
    static constexpr std::string_view NAME = "PingSlotInfoReq";

    uint8_t periodicity{7}; ///< 0 to 7: a slot every 0.96 * 2^p s

    static void Fields(auto& m, auto& codec)
    {
        codec.Bits(m.periodicity, 3);
        codec.Reserved(5);
    }

    bool operator==(const PingSlotInfoReq&) const = default;
};

/** 0x11 answers PingSlotChannelReq. */
struct PingSlotChannelAns
{
    static constexpr uint8_t CID = 0x11;
    static constexpr std::string_view NAME = "PingSlotChannelAns";

    bool channelFrequencyOk{false};
    bool dataRateOk{false};

    static void Fields(auto& m, auto& codec)
    {
        codec.Bits(m.channelFrequencyOk, 1);
        codec.Bits(m.dataRateOk, 1);
        codec.Reserved(6);
    }

    bool operator==(const PingSlotChannelAns&) const = default;
};

/** 0x13 answers BeaconFreqReq. */
struct BeaconFreqAns
{
    static constexpr uint8_t CID = 0x13;
    static constexpr std::string_view NAME = "BeaconFreqAns";

    bool beaconFrequencyOk{false};

    static void Fields(auto& m, auto& codec)
    {
        codec.Bits(m.beaconFrequencyOk, 1);
        codec.Reserved(7);
    }

    bool operator==(const BeaconFreqAns&) const = default;
};

/** 0x20 LoRaWAN 1.1: the device changes its class. */
struct DeviceModeInd
{
    static constexpr uint8_t CID = 0x20;
    static constexpr std::string_view NAME = "DeviceModeInd";

    uint8_t deviceClass{0}; ///< 0 class A, 2 class C

    static void Fields(auto& m, auto& codec)
    {
        codec.Bits(m.deviceClass, 8);
    }

    bool operator==(const DeviceModeInd&) const = default;
};

} // namespace ns3::iotfleet::wire::mac

#endif // IOTFLEET_WIRE_LORAWAN_MAC_UPLINK_H
