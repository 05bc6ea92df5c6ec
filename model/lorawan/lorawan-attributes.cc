// SPDX-License-Identifier: GPL-2.0-only
// The knobs of LorawanNetwork as ns-3 attributes. Defaults are those of LorawanConfig.
#include "model/fleet/config-attribute.h"
#include "model/lorawan/lorawan-network.h"

#include "ns3/boolean.h"
#include "ns3/double.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

namespace ns3::iotfleet
{

TypeId
LorawanNetwork::AddAttributes(TypeId tid)
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
        MakeUintegerChecker<uint32_t>(1, 255));
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
    tid.AddAttribute(
        "ClockDrift",
        "Standard deviation of the devices' clock drift, ppm.",
        DoubleValue(defaults.clockDriftPpm),
        MakeConfigAccessor<DoubleValue>(&LorawanNetwork::m_config, &LorawanConfig::clockDriftPpm),
        MakeDoubleChecker<double>(0));
    tid.AddAttribute(
        "ClockSync",
        "Devices correct their clock this often, seconds.",
        DoubleValue(defaults.clockSyncS),
        MakeConfigAccessor<DoubleValue>(&LorawanNetwork::m_config, &LorawanConfig::clockSyncS),
        MakeDoubleChecker<double>(1));
    return tid;
}

} // namespace ns3::iotfleet
