// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_WIRE_LORAWAN_MAC_COMMANDS_H
#define IOTFLEET_WIRE_LORAWAN_MAC_COMMANDS_H

#include "model/wire/lorawan-mac-downlink.h"
#include "model/wire/lorawan-mac-uplink.h"

/**
 * @file
 * MAC commands of LoRaWAN 1.0.x and 1.1 (TS001-1.0.4 section 5 and 12, LoRaWAN 1.1 section 5).
 *
 * They are described, counted, encoded and decoded like the commands of the application packages:
 * Encode(command, PackageVersion::V1, payload) with a payload for port 0; its View() goes into
 * FOpts (at most 15 bytes) or, as it is, into FRMPayload on FPort 0. The version argument of the
 * common functions makes no difference here.
 */

namespace ns3::iotfleet::wire::mac
{

/// Commands a device sends.
using Uplink = std::variant<ResetInd,
                            LinkCheckReq,
                            LinkADRAns,
                            DutyCycleAns,
                            RXParamSetupAns,
                            DevStatusAns,
                            NewChannelAns,
                            RXTimingSetupAns,
                            TxParamSetupAns,
                            DlChannelAns,
                            RekeyInd,
                            ADRParamSetupAns,
                            DeviceTimeReq,
                            RejoinParamSetupAns,
                            PingSlotInfoReq,
                            PingSlotChannelAns,
                            BeaconFreqAns,
                            DeviceModeInd>;

/// Commands a device receives.
using Downlink = std::variant<ResetConf,
                              LinkCheckAns,
                              LinkADRReq,
                              DutyCycleReq,
                              RXParamSetupReq,
                              DevStatusReq,
                              NewChannelReq,
                              RXTimingSetupReq,
                              TxParamSetupReq,
                              DlChannelReq,
                              RekeyConf,
                              ADRParamSetupReq,
                              DeviceTimeAns,
                              ForceRejoinReq,
                              RejoinParamSetupReq,
                              PingSlotInfoAns,
                              PingSlotChannelReq,
                              BeaconFreqReq,
                              DeviceModeConf>;

/** Reads MAC commands from a device; as the standard asks, use those before an error. */
DecodeResult<Uplink> DecodeUplink(std::span<const uint8_t> bytes);

/** Reads MAC commands to a device; as the standard asks, use those before an error. */
DecodeResult<Downlink> DecodeDownlink(std::span<const uint8_t> bytes);

} // namespace ns3::iotfleet::wire::mac

#endif // IOTFLEET_WIRE_LORAWAN_MAC_COMMANDS_H
