// SPDX-License-Identifier: GPL-2.0-only
// The knobs of LorawanNetwork as ns-3 attributes. Defaults are those of LorawanConfig.
#include "model/fleet/config-attribute.h"
#include "model/lorawan/lorawan-network.h"

#include "ns3/boolean.h"
#include "ns3/double.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <type_traits>

namespace ns3::iotfleet
{

namespace
{

/// A default as an attribute takes it.
template <class Enum, size_t N>
StringValue
Name(const std::array<std::string_view, N>& names, Enum value)
{
    return StringValue(std::string(names[static_cast<size_t>(value)]));
}

} // namespace

TypeId
LorawanNetwork::AddAttributes(TypeId tid)
{
    AddRadioAttributes(tid);
    AddMacAttributes(tid);
    AddJoinAttributes(tid);
    AddPacingAttributes(tid);
    AddWindowAttributes(tid);
    return tid;
}

void
LorawanNetwork::AddRadioAttributes(TypeId& tid)
{
    const LorawanConfig defaults;
    tid.AddAttribute("DeviceTxPower",
                     "Conducted power of the devices, dBm.",
                     DoubleValue(defaults.deviceTxPowerDbm),
                     MakeConfigAccessor<DoubleValue>(&LorawanNetwork::m_config,
                                                     &LorawanConfig::deviceTxPowerDbm),
                     MakeDoubleChecker<double>(-30, 36));
    tid.AddAttribute("GatewayTxPower",
                     "Most that a gateway transmits, dBm; the region may allow less.",
                     DoubleValue(defaults.gatewayTxPowerDbm),
                     MakeConfigAccessor<DoubleValue>(&LorawanNetwork::m_config,
                                                     &LorawanConfig::gatewayTxPowerDbm),
                     MakeDoubleChecker<double>(-30, 36));
    tid.AddAttribute("GatewayStatsInterval",
                     "Seconds between two reports of a gateway; two without one, and the server "
                     "takes it for offline.",
                     DoubleValue(defaults.gatewayStatsIntervalS),
                     MakeConfigAccessor<DoubleValue>(&LorawanNetwork::m_config,
                                                     &LorawanConfig::gatewayStatsIntervalS),
                     MakeDoubleChecker<double>(1e-3));
    tid.AddAttribute("DeviceAntennaGain",
                     "Gain of the devices' antennas, dBi.",
                     DoubleValue(defaults.deviceAntennaGainDbi),
                     MakeConfigAccessor<DoubleValue>(&LorawanNetwork::m_config,
                                                     &LorawanConfig::deviceAntennaGainDbi),
                     MakeDoubleChecker<double>());
    tid.AddAttribute("DeviceNoiseFigure",
                     "Noise figure of devices, dB.",
                     DoubleValue(defaults.deviceNoiseFigureDb),
                     MakeConfigAccessor<DoubleValue>(&LorawanNetwork::m_config,
                                                     &LorawanConfig::deviceNoiseFigureDb),
                     MakeDoubleChecker<double>(0));
    tid.AddAttribute("GatewayNoiseFigure",
                     "Noise figure of gateways, dB.",
                     DoubleValue(defaults.gatewayNoiseFigureDb),
                     MakeConfigAccessor<DoubleValue>(&LorawanNetwork::m_config,
                                                     &LorawanConfig::gatewayNoiseFigureDb),
                     MakeDoubleChecker<double>(0));
    tid.AddAttribute(
        "Fading",
        "Fading from frame to frame: none, gaussian or rayleigh.",
        Name(FADING_NAMES, defaults.fading),
        MakeConfigNameAccessor(&LorawanNetwork::m_config, &LorawanConfig::fading, FADING_NAMES),
        MakeStringChecker());
    tid.AddAttribute(
        "FadingDeviation",
        "Standard deviation of Gaussian fading from frame to frame, dB.",
        DoubleValue(defaults.fadingDb),
        MakeConfigAccessor<DoubleValue>(&LorawanNetwork::m_config, &LorawanConfig::fadingDb),
        MakeDoubleChecker<double>(0));
    tid.AddAttribute(
        "FrameLoss",
        "Extra loss of any frame, probability.",
        DoubleValue(defaults.frameLoss),
        MakeConfigAccessor<DoubleValue>(&LorawanNetwork::m_config, &LorawanConfig::frameLoss),
        MakeDoubleChecker<double>(0, 1));
    tid.AddAttribute(
        "WindowsDeafen",
        "Whether class A receive windows, too, keep devices from receiving in class B and C.",
        BooleanValue(defaults.windowsDeafen),
        MakeConfigAccessor<BooleanValue>(&LorawanNetwork::m_config, &LorawanConfig::windowsDeafen),
        MakeBooleanChecker());
    tid.AddAttribute("InterferenceReach",
                     "Frames this far below the noise still interfere, dB.",
                     DoubleValue(defaults.interferenceReachDb),
                     MakeConfigAccessor<DoubleValue>(&LorawanNetwork::m_config,
                                                     &LorawanConfig::interferenceReachDb),
                     MakeDoubleChecker<double>(0));
    tid.AddAttribute(
        "Shadowing",
        "Standard deviation of the static shadowing of a link, dB.",
        DoubleValue(defaults.shadowingDb),
        MakeConfigAccessor<DoubleValue>(&LorawanNetwork::m_config, &LorawanConfig::shadowingDb),
        MakeDoubleChecker<double>(0));
    tid.AddAttribute(
        "BuildingLoss",
        "Mean penetration loss of indoor devices, dB.",
        DoubleValue(defaults.buildingLossDb),
        MakeConfigAccessor<DoubleValue>(&LorawanNetwork::m_config, &LorawanConfig::buildingLossDb),
        MakeDoubleChecker<double>(0));
    tid.AddAttribute("BuildingSpread",
                     "Standard deviation of that loss, dB.",
                     DoubleValue(defaults.buildingSpreadDb),
                     MakeConfigAccessor<DoubleValue>(&LorawanNetwork::m_config,
                                                     &LorawanConfig::buildingSpreadDb),
                     MakeDoubleChecker<double>(0));
    tid.AddAttribute(
        "MaxLinks",
        "Gateways remembered per device.",
        UintegerValue(defaults.maxLinks),
        MakeConfigAccessor<UintegerValue>(&LorawanNetwork::m_config, &LorawanConfig::maxLinks),
        MakeUintegerChecker<uint32_t>(1, LinkTable::MOST_LINKS));
}

void
LorawanNetwork::AddMacAttributes(TypeId& tid)
{
    const LorawanConfig defaults;
    tid.AddAttribute(
        "Version11",
        "LoRaWAN 1.1 instead of 1.0.4.",
        BooleanValue(defaults.version11),
        MakeConfigAccessor<BooleanValue>(&LorawanNetwork::m_config, &LorawanConfig::version11),
        MakeBooleanChecker());
    tid.AddAttribute(
        "Adr",
        "Whether the server adapts data rates and powers.",
        BooleanValue(defaults.adr),
        MakeConfigAccessor<BooleanValue>(&LorawanNetwork::m_config, &LorawanConfig::adr),
        MakeBooleanChecker());
    tid.AddAttribute(
        "AdrMargin",
        "Installation margin of that adaptation, dB.",
        DoubleValue(defaults.adrMarginDb),
        MakeConfigAccessor<DoubleValue>(&LorawanNetwork::m_config, &LorawanConfig::adrMarginDb),
        MakeDoubleChecker<double>(0));
    tid.AddAttribute("DeviceDutyCycle",
                     "Whether devices keep the duty cycle of their sub-bands.",
                     BooleanValue(defaults.deviceDutyCycle),
                     MakeConfigAccessor<BooleanValue>(&LorawanNetwork::m_config,
                                                      &LorawanConfig::deviceDutyCycle),
                     MakeBooleanChecker());
    tid.AddAttribute("DutyCycleRule",
                     "How long a gateway keeps off a sub-band: period (starts ToA/share apart), "
                     "pause (ToA/share of silence), none (not enforced).",
                     Name(DUTY_CYCLE_RULE_NAMES, defaults.dutyCycleRule),
                     MakeConfigNameAccessor(&LorawanNetwork::m_config,
                                            &LorawanConfig::dutyCycleRule,
                                            DUTY_CYCLE_RULE_NAMES),
                     MakeStringChecker());
    tid.AddAttribute(
        "DedupWindow",
        "How long the server waits for copies of an uplink, seconds.",
        DoubleValue(defaults.dedupWindowS),
        MakeConfigAccessor<DoubleValue>(&LorawanNetwork::m_config, &LorawanConfig::dedupWindowS),
        MakeDoubleChecker<double>(0));
    tid.AddAttribute("ConfirmedRetries",
                     "Transmissions of a confirmed uplink at most.",
                     UintegerValue(defaults.confirmedRetries),
                     MakeConfigAccessor<UintegerValue>(&LorawanNetwork::m_config,
                                                       &LorawanConfig::confirmedRetries),
                     MakeUintegerChecker<uint32_t>(1, 15));
    tid.AddAttribute(
        "SubBand",
        "Fixed-channel plans: sub-band of eight channels, 1..8; 0 = all.",
        UintegerValue(defaults.subBand),
        MakeConfigAccessor<UintegerValue>(&LorawanNetwork::m_config, &LorawanConfig::subBand),
        MakeUintegerChecker<uint32_t>(0, 8));
    tid.AddAttribute("BeaconLoss",
                     "Extra probability that a beacon is missed.",
                     DoubleValue(defaults.classBBeaconLoss),
                     MakeConfigAccessor<DoubleValue>(&LorawanNetwork::m_config,
                                                     &LorawanConfig::classBBeaconLoss),
                     MakeDoubleChecker<double>(0, 1));
    tid.AddAttribute("AssumedDrift",
                     "Class B: drift that devices widen their windows for, ppm.",
                     DoubleValue(defaults.classBAssumedDriftPpm),
                     MakeConfigAccessor<DoubleValue>(&LorawanNetwork::m_config,
                                                     &LorawanConfig::classBAssumedDriftPpm),
                     MakeDoubleChecker<double>(0));
    tid.AddAttribute("PingWindowGrowth",
                     "Class B: most that a ping slot's window grows, symbols.",
                     DoubleValue(defaults.classBPingSymbols),
                     MakeConfigAccessor<DoubleValue>(&LorawanNetwork::m_config,
                                                     &LorawanConfig::classBPingSymbols),
                     MakeDoubleChecker<double>(0));
    tid.AddAttribute("BeaconWindowGrowth",
                     "Class B: most that a beacon's window grows, symbols.",
                     DoubleValue(defaults.classBBeaconSymbols),
                     MakeConfigAccessor<DoubleValue>(&LorawanNetwork::m_config,
                                                     &LorawanConfig::classBBeaconSymbols),
                     MakeDoubleChecker<double>(0));
    tid.AddAttribute(
        "BeaconSearch",
        "Class B: least time that a device searches its first beacon, seconds.",
        DoubleValue(defaults.classBSearchS),
        MakeConfigAccessor<DoubleValue>(&LorawanNetwork::m_config, &LorawanConfig::classBSearchS),
        MakeDoubleChecker<double>(0));
    tid.AddAttribute("BeaconSearchPause",
                     "Class B: rest after a search in vain, seconds.",
                     DoubleValue(defaults.classBSearchPauseS),
                     MakeConfigAccessor<DoubleValue>(&LorawanNetwork::m_config,
                                                     &LorawanConfig::classBSearchPauseS),
                     MakeDoubleChecker<double>(0));
    tid.AddAttribute(
        "ClockDrift",
        "Standard deviation of the devices' clock drift, ppm.",
        DoubleValue(defaults.clockDriftPpm),
        MakeConfigAccessor<DoubleValue>(&LorawanNetwork::m_config, &LorawanConfig::clockDriftPpm),
        MakeDoubleChecker<double>(0));
    tid.AddAttribute("ClockSyncMethod",
                     "How devices set their clocks: none, device-time (DeviceTimeReq) or ts003 (by "
                     "a ClockSyncAgent).",
                     Name(CLOCK_SYNC_NAMES, defaults.clockSync),
                     MakeConfigNameAccessor(&LorawanNetwork::m_config,
                                            &LorawanConfig::clockSync,
                                            CLOCK_SYNC_NAMES),
                     MakeStringChecker());
    tid.AddAttribute(
        "ClockSync",
        "Devices set their clock this often, seconds.",
        DoubleValue(defaults.clockSyncS),
        MakeConfigAccessor<DoubleValue>(&LorawanNetwork::m_config, &LorawanConfig::clockSyncS),
        MakeDoubleChecker<double>(1));
}

void
LorawanNetwork::AddJoinAttributes(TypeId& tid)
{
    const JoinConfig defaults;
    const auto join = [](auto member) {
        using Value = std::conditional_t<
            std::is_same_v<decltype(member), bool JoinConfig::*>,
            BooleanValue,
            std::conditional_t<std::is_same_v<decltype(member), double JoinConfig::*>,
                               DoubleValue,
                               UintegerValue>>;
        return MakeConfigAccessor<Value>(&LorawanNetwork::m_config, &LorawanConfig::join, member);
    };
    tid.AddAttribute("JoinServerRate",
                     "Join requests per second that the join server handles.",
                     DoubleValue(defaults.serverRate),
                     join(&JoinConfig::serverRate),
                     MakeDoubleChecker<double>(0));
    tid.AddAttribute("JoinServerQueue",
                     "Join requests that wait at most; more are dropped.",
                     UintegerValue(defaults.serverQueue),
                     join(&JoinConfig::serverQueue),
                     MakeUintegerChecker<uint32_t>());
    tid.AddAttribute("JoinServerDelay",
                     "Latency of the join server besides queueing, seconds.",
                     DoubleValue(defaults.serverDelayS),
                     join(&JoinConfig::serverDelayS),
                     MakeDoubleChecker<double>(0));
    tid.AddAttribute("JoinLoramacBackoff",
                     "Whether the airtime credits of joins are granted as LoRaMac-node does.",
                     BooleanValue(defaults.loramacBackoff),
                     join(&JoinConfig::loramacBackoff),
                     MakeBooleanChecker());
    tid.AddAttribute("JoinRetryMin",
                     "Shortest time to the next join request, seconds.",
                     DoubleValue(defaults.retryMinS),
                     join(&JoinConfig::retryMinS),
                     MakeDoubleChecker<double>(0));
    tid.AddAttribute("JoinRetryMax",
                     "Longest first wait for it, seconds; doubled at each try.",
                     DoubleValue(defaults.retryMaxS),
                     join(&JoinConfig::retryMaxS),
                     MakeDoubleChecker<double>(0));
    tid.AddAttribute("JoinCfList",
                     "Whether a join-accept carries a CFList (33 bytes instead of 17).",
                     BooleanValue(defaults.cfList),
                     join(&JoinConfig::cfList),
                     MakeBooleanChecker());
}

void
LorawanNetwork::AddPacingAttributes(TypeId& tid)
{
    const PacingConfig defaults;
    const auto seconds = [](double PacingConfig::*member) {
        return MakeConfigAccessor<DoubleValue>(&LorawanNetwork::m_config,
                                               &LorawanConfig::pacing,
                                               member);
    };
    tid.AddAttribute("Pacing",
                     "When the next multicast frame goes to the gateways: gateway (duty cycle "
                     "alone), interval, airtime (a multiple of an estimate).",
                     Name(PACING_KIND_NAMES, defaults.kind),
                     MakeConfigNameAccessor(&LorawanNetwork::m_config,
                                            &LorawanConfig::pacing,
                                            &PacingConfig::kind,
                                            PACING_KIND_NAMES),
                     MakeStringChecker());
    tid.AddAttribute("PacingInterval",
                     "Pacing interval: fixed spacing, seconds.",
                     DoubleValue(defaults.intervalS),
                     seconds(&PacingConfig::intervalS),
                     MakeDoubleChecker<double>(0));
    tid.AddAttribute("PacingAirtimeFactor",
                     "Pacing airtime: spacing in units of the estimate.",
                     DoubleValue(defaults.airtimeFactor),
                     seconds(&PacingConfig::airtimeFactor),
                     MakeDoubleChecker<double>(0));
    tid.AddAttribute("PacingAirtimeExtra",
                     "Pacing airtime: bytes that the estimate adds to the application payload.",
                     UintegerValue(defaults.airtimeExtraBytes),
                     MakeConfigAccessor<UintegerValue>(&LorawanNetwork::m_config,
                                                       &LorawanConfig::pacing,
                                                       &PacingConfig::airtimeExtraBytes),
                     MakeUintegerChecker<uint32_t>(0, 255));
    tid.AddAttribute("PacingAirtimeCrc",
                     "Pacing airtime: whether the estimate counts a payload CRC.",
                     BooleanValue(defaults.airtimeCrc),
                     MakeConfigAccessor<BooleanValue>(&LorawanNetwork::m_config,
                                                      &LorawanConfig::pacing,
                                                      &PacingConfig::airtimeCrc),
                     MakeBooleanChecker());
    tid.AddAttribute("PacingAirtimeLdro",
                     "Pacing airtime: low data rate optimisation in the estimate: auto, on, off.",
                     Name(LDRO_ESTIMATE_NAMES, defaults.airtimeLdro),
                     MakeConfigNameAccessor(&LorawanNetwork::m_config,
                                            &LorawanConfig::pacing,
                                            &PacingConfig::airtimeLdro,
                                            LDRO_ESTIMATE_NAMES),
                     MakeStringChecker());
    tid.AddAttribute("PacingTick",
                     "The server looks at its schedule this often, seconds; 0 = always.",
                     DoubleValue(defaults.tickS),
                     seconds(&PacingConfig::tickS),
                     MakeDoubleChecker<double>(0));
    tid.AddAttribute("PacingTickPhase",
                     "From the start of the schedule to the first look, seconds.",
                     DoubleValue(defaults.tickPhaseS),
                     seconds(&PacingConfig::tickPhaseS),
                     MakeDoubleChecker<double>(0));
    tid.AddAttribute("PacingTickExtraMin",
                     "Least that a tick takes longer, seconds.",
                     DoubleValue(defaults.tickExtraMinS),
                     seconds(&PacingConfig::tickExtraMinS),
                     MakeDoubleChecker<double>(0));
    tid.AddAttribute("PacingTickExtraMax",
                     "Most that a tick takes longer, seconds.",
                     DoubleValue(defaults.tickExtraMaxS),
                     seconds(&PacingConfig::tickExtraMaxS),
                     MakeDoubleChecker<double>(0));
    tid.AddAttribute("PacingSendTime",
                     "How much longer a tick takes in which a frame is handed over, seconds.",
                     DoubleValue(defaults.sendTimeS),
                     seconds(&PacingConfig::sendTimeS),
                     MakeDoubleChecker<double>(0));
}

void
LorawanNetwork::AddWindowAttributes(TypeId& tid)
{
    const ReceiveWindowConfig defaults;
    const auto window = [](auto member) {
        return MakeConfigAccessor<UintegerValue>(&LorawanNetwork::m_config,
                                                 &LorawanConfig::windows,
                                                 member);
    };
    tid.AddAttribute("Rx1Delay",
                     "From the end of an uplink to RX1, whole seconds; RX2 opens a second later.",
                     UintegerValue(defaults.rx1DelayS),
                     window(&ReceiveWindowConfig::rx1DelayS),
                     MakeUintegerChecker<uint8_t>(1, 15));
    tid.AddAttribute("Rx1DataRateOffset",
                     "RX1DROffset; the region says which there are.",
                     UintegerValue(defaults.rx1Offset),
                     window(&ReceiveWindowConfig::rx1Offset),
                     MakeUintegerChecker<uint8_t>(0, 7));
    tid.AddAttribute("Rx2DataRate",
                     "Data rate of RX2 after the join; 255: the region's.",
                     UintegerValue(defaults.rx2DataRate),
                     window(&ReceiveWindowConfig::rx2DataRate),
                     MakeUintegerChecker<uint8_t>());
    tid.AddAttribute("Rx2Frequency",
                     "Frequency of RX2, Hz, told by RXParamSetupReq; 0: the region's.",
                     UintegerValue(defaults.rx2FrequencyHz),
                     window(&ReceiveWindowConfig::rx2FrequencyHz),
                     MakeUintegerChecker<uint32_t>());
}

} // namespace ns3::iotfleet
