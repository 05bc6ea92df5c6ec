// SPDX-License-Identifier: GPL-2.0-only
// The knobs of LorawanNetwork as ns-3 attributes. Defaults are those of LorawanConfig.
#include "model/fleet/config-attribute.h"
#include "model/lorawan/lorawan-network.h"

namespace ns3::iotfleet
{

namespace
{

using Attributes = ConfigAttributes<LorawanNetwork, LorawanConfig>;

constexpr AttributeRange POWERS_DBM{-30, 36};

void
AddRadio(Attributes& add)
{
    add.Number("DeviceTxPower",
               "Conducted power of the devices, dBm",
               POWERS_DBM,
               &LorawanConfig::deviceTxPowerDbm);
    add.Number("GatewayTxPower",
               "Most that a gateway transmits, dBm; the region may allow less",
               POWERS_DBM,
               &LorawanConfig::gatewayTxPowerDbm);
    add.Duration("GatewayStatsInterval",
                 "Between two reports of a gateway; two without one, and the server takes it "
                 "for offline.",
                 AttributeRange{1e-3},
                 &LorawanConfig::gatewayStatsIntervalS);
    add.Number("DeviceAntennaGain",
               "Gain of the devices' antennas, dBi.",
               AttributeRange::Any(),
               &LorawanConfig::deviceAntennaGainDbi);
    add.Number("DeviceNoiseFigure",
               "Noise figure of devices, dB",
               AttributeRange::NotNegative(),
               &LorawanConfig::deviceNoiseFigureDb);
    add.Number("GatewayNoiseFigure",
               "Noise figure of gateways, dB",
               AttributeRange::NotNegative(),
               &LorawanConfig::gatewayNoiseFigureDb);
    add.Flag("WindowsDeafen",
             "Whether class A receive windows, too, keep devices from receiving in class B and C.",
             &LorawanConfig::windowsDeafen);
}

void
AddPropagation(Attributes& add)
{
    add.Enum("Fading",
             "Variation of the loss from frame to frame.",
             FADING_NAMES,
             &LorawanConfig::fading);
    add.Number("FadingDeviation",
               "Standard deviation of Gaussian fading from frame to frame, dB",
               AttributeRange::NotNegative(),
               &LorawanConfig::fadingDb);
    add.Number("FrameLoss",
               "Extra loss of any frame, probability",
               AttributeRange::Share(),
               &LorawanConfig::frameLoss);
    add.Number("InterferenceReach",
               "Frames this far below the noise still interfere, dB",
               AttributeRange::NotNegative(),
               &LorawanConfig::interferenceReachDb);
    add.Number("Shadowing",
               "Standard deviation of the static shadowing of a link, dB",
               AttributeRange::NotNegative(),
               &LorawanConfig::shadowingDb);
    add.Number("BuildingLoss",
               "Mean penetration loss of indoor devices, dB",
               AttributeRange::NotNegative(),
               &LorawanConfig::buildingLossDb);
    add.Number("BuildingSpread",
               "Standard deviation of that loss, dB",
               AttributeRange::NotNegative(),
               &LorawanConfig::buildingSpreadDb);
    add.Count("MaxLinks",
              "Gateways remembered per device",
              {1, LinkTable::MOST_LINKS},
              &LorawanConfig::maxLinks);
}

void
AddMac(Attributes& add)
{
    add.Flag("Version11", "LoRaWAN 1.1 instead of 1.0.4.", &LorawanConfig::version11);
    add.Flag("Adr", "Whether the server adapts data rates and powers.", &LorawanConfig::adr);
    add.Number("AdrMargin",
               "Installation margin of that adaptation, dB",
               AttributeRange::NotNegative(),
               &LorawanConfig::adrMarginDb);
    add.Flag("DeviceDutyCycle",
             "Whether devices keep the duty cycle of their sub-bands.",
             &LorawanConfig::deviceDutyCycle);
    add.Enum("DutyCycleRule",
             "How long a gateway keeps off a sub-band: period (starts ToA/share apart), pause "
             "(ToA/share of silence), none (not enforced).",
             DUTY_CYCLE_RULE_NAMES,
             &LorawanConfig::dutyCycleRule);
    add.Duration("DedupWindow",
                 "How long the server waits for copies of an uplink",
                 AttributeRange::NotNegative(),
                 &LorawanConfig::dedupWindowS);
    add.Count("ConfirmedRetries",
              "Transmissions of a confirmed uplink at most",
              {1, 15},
              &LorawanConfig::confirmedRetries);
    add.Count("SubBand",
              "Fixed-channel plans: sub-band of eight channels; 0 = all",
              {0, 8},
              &LorawanConfig::subBand);
}

void
AddClassB(Attributes& add)
{
    add.Number("BeaconLoss",
               "Extra probability that a beacon is missed",
               AttributeRange::Share(),
               &LorawanConfig::classBBeaconLoss);
    add.Number("AssumedDrift",
               "Class B: drift that devices widen their windows for, ppm",
               AttributeRange::NotNegative(),
               &LorawanConfig::classBAssumedDriftPpm);
    add.Number("PingWindowGrowth",
               "Class B: most that a ping slot's window grows, symbols",
               AttributeRange::NotNegative(),
               &LorawanConfig::classBPingSymbols);
    add.Number("BeaconWindowGrowth",
               "Class B: most that a beacon's window grows, symbols",
               AttributeRange::NotNegative(),
               &LorawanConfig::classBBeaconSymbols);
    add.Duration("BeaconSearch",
                 "Class B: least time that a device searches its first beacon",
                 AttributeRange::NotNegative(),
                 &LorawanConfig::classBSearchS);
    add.Duration("BeaconSearchPause",
                 "Class B: rest after a search in vain",
                 AttributeRange::NotNegative(),
                 &LorawanConfig::classBSearchPauseS);
}

void
AddClocks(Attributes& add)
{
    add.Number("ClockDrift",
               "Standard deviation of the devices' clock drift, ppm",
               AttributeRange::NotNegative(),
               &LorawanConfig::clockDriftPpm);
    add.Enum("ClockSyncMethod",
             "How devices set their clocks: not at all, by DeviceTimeReq, or by a ClockSyncAgent.",
             CLOCK_SYNC_NAMES,
             &LorawanConfig::clockSync);
    add.Duration("ClockSync",
                 "Devices set their clock this often",
                 {1},
                 &LorawanConfig::clockSyncS);
}

void
AddJoin(Attributes& add)
{
    constexpr auto JOIN = &LorawanConfig::join;
    add.Number("JoinServerRate",
               "Join requests per second that the join server handles",
               AttributeRange::NotNegative(),
               JOIN,
               &JoinConfig::serverRate);
    add.Count("JoinServerQueue",
              "Join requests that wait at most; more are dropped",
              AttributeRange::NotNegative(),
              JOIN,
              &JoinConfig::serverQueue);
    add.Duration("JoinServerDelay",
                 "Latency of the join server besides queueing",
                 AttributeRange::NotNegative(),
                 JOIN,
                 &JoinConfig::serverDelayS);
    add.Flag("JoinLoramacBackoff",
             "Whether the airtime credits of joins are granted as LoRaMac-node does.",
             JOIN,
             &JoinConfig::loramacBackoff);
    add.Duration("JoinRetryMin",
                 "Shortest time to the next join request",
                 AttributeRange::NotNegative(),
                 JOIN,
                 &JoinConfig::retryMinS);
    add.Duration("JoinRetryMax",
                 "Longest first wait for it; doubled at each try",
                 AttributeRange::NotNegative(),
                 JOIN,
                 &JoinConfig::retryMaxS);
    add.Flag("JoinCfList",
             "Whether a join-accept carries a CFList (33 bytes instead of 17).",
             JOIN,
             &JoinConfig::cfList);
    add.Count(
        "LinkLostAfter",
        "Uplinks without a downlink after which a device that can lower its data rate no more "
        "joins anew; 0 = never",
        {0, 255},
        JOIN,
        &JoinConfig::linkLostUplinks);
}

void
AddPacing(Attributes& add)
{
    constexpr auto PACING = &LorawanConfig::pacing;
    const auto duration = [&](const char* name, const char* help, double PacingConfig::*member) {
        add.Duration(name, help, AttributeRange::NotNegative(), PACING, member);
    };
    add.Enum("Pacing",
             "When the next multicast frame goes to the gateways: gateway (duty cycle alone), "
             "interval, airtime (a multiple of an estimate).",
             PACING_KIND_NAMES,
             PACING,
             &PacingConfig::kind);
    duration("PacingInterval", "Pacing interval: fixed spacing", &PacingConfig::intervalS);
    add.Number("PacingAirtimeFactor",
               "Pacing airtime: spacing in units of the estimate",
               AttributeRange::NotNegative(),
               PACING,
               &PacingConfig::airtimeFactor);
    add.Count("PacingAirtimeExtra",
              "Pacing airtime: bytes that the estimate adds to the application payload",
              {0, 255},
              PACING,
              &PacingConfig::airtimeExtraBytes);
    add.Flag("PacingAirtimeCrc",
             "Pacing airtime: whether the estimate counts a payload CRC.",
             PACING,
             &PacingConfig::airtimeCrc);
    add.Enum("PacingAirtimeLdro",
             "Pacing airtime: low data rate optimisation in the estimate.",
             LDRO_ESTIMATE_NAMES,
             PACING,
             &PacingConfig::airtimeLdro);
    duration("PacingTick",
             "The server looks at its schedule this often; 0 s = always",
             &PacingConfig::tickS);
    duration("PacingTickPhase",
             "From the start of the schedule to the first look",
             &PacingConfig::tickPhaseS);
    duration("PacingTickExtraMin", "Least that a tick takes longer", &PacingConfig::tickExtraMinS);
    duration("PacingTickExtraMax", "Most that a tick takes longer", &PacingConfig::tickExtraMaxS);
    duration("PacingSendTime",
             "How much longer a tick takes in which a frame is handed over",
             &PacingConfig::sendTimeS);
}

void
AddWindows(Attributes& add)
{
    constexpr auto WINDOWS = &LorawanConfig::windows;
    add.Count("Rx1Delay",
              "From the end of an uplink to RX1, whole seconds; RX2 opens a second later",
              {1, 15},
              WINDOWS,
              &ReceiveWindowConfig::rx1DelayS);
    add.Flag("Rx1DelayByCommand",
             "Whether devices are told that delay by RXTimingSetupReq; otherwise the join-accept "
             "has it.",
             WINDOWS,
             &ReceiveWindowConfig::rx1DelayByCommand);
    add.Count("Rx1DataRateOffset",
              "RX1DROffset; the region says which there are",
              {0, 7},
              WINDOWS,
              &ReceiveWindowConfig::rx1Offset);
    add.Count("Rx2DataRate",
              "Data rate of RX2 after the join; 255 = the region's",
              {0, 255},
              WINDOWS,
              &ReceiveWindowConfig::rx2DataRate);
    add.Count("Rx2Frequency",
              "Frequency of RX2, Hz, told by RXParamSetupReq; 0 = the region's",
              AttributeRange::NotNegative(),
              WINDOWS,
              &ReceiveWindowConfig::rx2FrequencyHz);
}

void
AddMacCommands(Attributes& add)
{
    add.Duration("DeviceStatusInterval",
                 "Least time between two DevStatusReq to a device; 0 s = none",
                 AttributeRange::NotNegative(),
                 &LorawanConfig::macCommands,
                 &MacCommandConfig::deviceStatusS);
    add.Count("MaxDutyCycle",
              "DutyCycleReq: devices send 1/2^n of the time at most; 0 = they are not told",
              {0, 15},
              &LorawanConfig::macCommands,
              &MacCommandConfig::maxDutyCycle);
    add.Count("PingSlotFrequency",
              "PingSlotChannelReq: frequency of ping slots, Hz; 0 = the region's",
              AttributeRange::NotNegative(),
              &LorawanConfig::macCommands,
              &MacCommandConfig::pingFrequencyHz);
    add.Count("PingSlotDataRate",
              "PingSlotChannelReq: data rate of ping slots; 255 = the region's",
              {0, 255},
              &LorawanConfig::macCommands,
              &MacCommandConfig::pingDataRate);
}

} // namespace

TypeId
LorawanNetwork::AddAttributes(TypeId tid)
{
    Attributes add(tid, &LorawanNetwork::m_config);
    AddRadio(add);
    AddPropagation(add);
    AddMac(add);
    AddClassB(add);
    AddClocks(add);
    AddJoin(add);
    AddPacing(add);
    AddWindows(add);
    AddMacCommands(add);
    return tid;
}

} // namespace ns3::iotfleet
