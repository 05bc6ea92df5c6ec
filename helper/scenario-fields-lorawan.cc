// SPDX-License-Identifier: GPL-2.0-only

#include "helper/scenario-fields.h"

namespace ns3::iotfleet
{

namespace
{

void
VisitGatewaySettings(ScenarioVisitor& v, GatewaySpec& g)
{
    v.Quantity({"antenna_gain", "Gain of the gateway's antenna."},
               UnitKind::GAIN,
               g.antennaGainDbi,
               ANY_VALUE);
    v.Quantity({"feeder_loss", "Loss between the gateway and its antenna."},
               UnitKind::LOSS,
               g.feederLossDb);
    v.Text({"backhaul", "Name of the backhaul in /access/lorawan/backhauls."}, g.backhaul);
}

void
VisitGatewayPlacement(ScenarioVisitor& v, GatewayPlan& p)
{
    v.Text({"kind", "hex: one in the middle, then rings; grid: rows; point: all in one place."},
           p.kind,
           {"hex", "grid", "point"});
    v.Object({"center", "Middle of the area."}, p.center, VisitPosition);
    v.Quantity({"spacing", "Distance to the nearest neighbours."},
               UnitKind::LENGTH,
               p.spacingM,
               POSITIVE);
}

void
VisitBackhaul(ScenarioVisitor& v, BackhaulSpec& b)
{
    v.Quantity({"delay", "One-way delay."}, UnitKind::DURATION, b.delayS);
    v.Quantity({"jitter", "Uniform delay added to each datagram."}, UnitKind::DURATION, b.jitterS);
    v.Share({"loss", "Probability that a datagram is lost."}, b.loss);
    v.Quantity({"rate", "Data rate of the link."}, UnitKind::DATA_RATE, b.rateBps, POSITIVE);
}

void
VisitOutage(ScenarioVisitor& v, OutageSpec& o)
{
    v.Text({"gateway", "Name of the gateway whose backhaul is down; \"*\" for all.", true},
           o.gateway);
    v.Quantity({"start", "When the outage begins.", true}, UnitKind::DURATION, o.startS);
    v.Quantity({"end", "When it is over.", true}, UnitKind::DURATION, o.endS, POSITIVE);
}

void
VisitPathLoss(ScenarioVisitor& v, PropagationSpec& p)
{
    v.Text({"model", "Path loss model."}, p.model, {"log-distance", "okumura-hata"});
    v.Number({"exponent", "log-distance: path loss exponent."}, p.exponent, POSITIVE);
    v.Quantity({"reference_loss", "log-distance: loss at reference_distance."},
               UnitKind::LOSS,
               p.referenceLossDb);
    v.Quantity({"reference_distance", "log-distance: distance of reference_loss."},
               UnitKind::LENGTH,
               p.referenceDistanceM,
               POSITIVE);
    v.Text({"environment", "okumura-hata: kind of terrain."},
           p.environment,
           {"urban", "suburban", "open"});
    v.Text({"city_size", "okumura-hata: size of the city."},
           p.citySize,
           {"small", "medium", "large"});
}

void
VisitPropagation(ScenarioVisitor& v, PropagationSpec& p)
{
    VisitPathLoss(v, p);
    v.Quantity({"shadowing", "Standard deviation of the static loss per device and gateway."},
               UnitKind::LOSS,
               p.shadowingDb);
    v.Quantity({"building_penetration", "Mean extra loss of indoor devices."},
               UnitKind::LOSS,
               p.buildingLossDb);
    v.Quantity({"building_penetration_spread", "Standard deviation of building_penetration."},
               UnitKind::LOSS,
               p.buildingSpreadDb);
    v.Text({"fading", "Variation of the loss from frame to frame."},
           p.fading,
           {"none", "gaussian", "rayleigh"});
    v.Quantity({"fading_deviation", "gaussian fading: standard deviation."},
               UnitKind::LOSS,
               p.fadingDb);
    v.Share({"frame_loss", "Extra probability that any frame is lost."}, p.frameLoss);
    v.Quantity({"interference_reach", "Links this far below the noise floor still interfere."},
               UnitKind::LOSS,
               p.interferenceReachDb);
}

void
VisitJoin(ScenarioVisitor& v, JoinSpec& j)
{
    v.Quantity({"server_rate", "Join requests that the join server handles."},
               UnitKind::FREQUENCY,
               j.serverRate,
               POSITIVE);
    v.Integer({"server_queue", "Join requests that wait at most; more are dropped."},
              j.serverQueue);
    v.Quantity({"server_delay", "Latency of an answer besides queueing."},
               UnitKind::DURATION,
               j.serverDelayS);
    v.Text({"backoff", "spec: LoRaWAN retransmission back-off; loramac-node: as that stack does."},
           j.backoff,
           {"spec", "loramac-node"});
    v.Quantity({"retry_min", "Shortest time to the next join request."},
               UnitKind::DURATION,
               j.retryMinS,
               POSITIVE);
    v.Quantity({"retry_max", "Longest first wait; doubled at each try up to one hour."},
               UnitKind::DURATION,
               j.retryMaxS,
               POSITIVE);
    v.Flag({"cf_list", "Whether join-accepts carry a channel list (33 instead of 17 bytes)."},
           j.cfList);
    v.Integer({"link_lost_after",
               "Uplinks without any downlink after which a device that can lower its data rate no "
               "more, nor raise its power, takes its link for lost and joins anew; from half of "
               "them on its uplinks carry LinkCheckReq. null for never."},
              j.linkLostUplinks,
              1,
              255);
}

void
VisitClockSync(ScenarioVisitor& v, ClockSyncSpec& c)
{
    v.Text({"method",
            "none: clocks are right when a device is switched on, and drift from then on; "
            "device-time: the MAC command DeviceTimeReq rides on an uplink once a period; ts003: "
            "messages of the TS003 package, in whole seconds. Groups whose clock_drift is 0 never "
            "ask."},
           c.method,
           {"none", "device-time", "ts003"});
    v.Quantity({"period", "How often a device sets its clock."},
               UnitKind::DURATION,
               c.periodS,
               POSITIVE);
    v.Flag({"answer_required", "ts003: devices want an answer even when their clock is right."},
           c.answerRequired);
    v.Integer({"periodicity",
               "ts003: the operator tells devices to ask every 128 s * 2^n instead of `period` "
               "(DeviceAppTimePeriodicityReq); null for not."},
              c.periodicity,
              0,
              15);
    v.Quantity({"resync_at",
                "ts003: when the operator orders every enrolled device to ask at once "
                "(ForceDeviceResyncCmd); null for never."},
               UnitKind::DURATION,
               c.resyncAtS);
    v.Integer({"resync_transmissions", "ts003: requests that this order asks for at most."},
              c.resyncTransmissions,
              1,
              7);
}

void
VisitPacing(ScenarioVisitor& v, PacingSpec& p)
{
    v.Text({"kind",
            "gateway: as fast as the duty cycle allows; interval: fixed spacing; airtime: spacing "
            "from an estimate of the time on air."},
           p.kind,
           {"gateway", "interval", "airtime"});
    v.Quantity({"interval", "interval: spacing of frames."},
               UnitKind::DURATION,
               p.intervalS,
               POSITIVE);
    v.Number({"airtime_factor", "airtime: spacing in units of the estimate."},
             p.airtimeFactor,
             POSITIVE);
    v.Size({"airtime_extra",
            "airtime: bytes added to the application payload (a fragment and its 3 bytes of "
            "header) in the estimate; 13 B is the whole frame."},
           p.airtimeExtraBytes);
    v.Flag({"airtime_crc", "airtime: whether the estimate counts a CRC."}, p.airtimeCrc);
    v.Text({"airtime_ldro", "airtime: low data rate optimisation in the estimate."},
           p.airtimeLdro,
           {"auto", "on", "off"});
    v.Quantity({"tick", "Poll tick of the server's loop; 0 s for none."},
               UnitKind::DURATION,
               p.tickS);
    v.Quantity({"tick_phase", "From the start of a schedule to the loop's first look at it."},
               UnitKind::DURATION,
               p.tickPhaseS);
    v.Quantity({"tick_extra_min", "Smallest extra length of a tick."},
               UnitKind::DURATION,
               p.tickExtraMinS);
    v.Quantity({"tick_extra_max", "Largest extra length of a tick; uniform between the two."},
               UnitKind::DURATION,
               p.tickExtraMaxS);
    v.Quantity({"send_time", "How much longer a tick takes in which a frame is handed over."},
               UnitKind::DURATION,
               p.sendTimeS);
}

void
VisitReceiveWindows(ScenarioVisitor& v, ReceiveWindowsSpec& w)
{
    v.Quantity({"rx1_delay",
                "From the end of an uplink to RX1 in whole seconds; RX2 opens a second later."},
               UnitKind::DURATION,
               w.rx1DelayS,
               {1, 15});
    v.Text({"rx1_delay_by",
            "join-accept: devices are told rx1_delay as they join; command: they join with the "
            "region's delay, and are told by RXTimingSetupReq, repeated until its answer."},
           w.rx1DelayBy,
           {"join-accept", "command"});
    v.Integer({"rx1_offset", "RX1DROffset: how much slower RX1 is than the uplink."},
              w.rx1Offset,
              0,
              7);
    v.Integer({"rx2_data_rate", "Data rate of RX2; null for the region's."}, w.rx2DataRate, 0, 15);
    v.Quantity({"rx2_frequency",
                "Frequency of RX2, told to devices that join by RXParamSetupReq; null for the "
                "region's."},
               UnitKind::CARRIER,
               w.rx2FrequencyHz,
               POSITIVE);
}

void
VisitChannel(ScenarioVisitor& v, ChannelSpec& c)
{
    v.Quantity({"frequency", "Centre of the channel.", true},
               UnitKind::CARRIER,
               c.frequencyHz,
               POSITIVE);
    v.Integer({"min_data_rate", "Slowest data rate of the channel."}, c.minDataRate, 0, 15);
    v.Integer({"max_data_rate", "Fastest data rate of the channel."}, c.maxDataRate, 0, 15);
}

void
VisitMacCommands(ScenarioVisitor& v, MacCommandsSpec& c)
{
    v.Quantity({"device_status_interval",
                "DevStatusReq: the server asks each device for battery and margin this often, with "
                "a downlink after an uplink; what it answers counts for the rollout's battery gate "
                "and order. null for never."},
               UnitKind::DURATION,
               c.deviceStatusS,
               POSITIVE);
    v.Integer({"max_duty_cycle",
               "DutyCycleReq: devices that join are told to send 1/2^n of the time at most, in all "
               "sub-bands together, besides the law's share of each. 0: they are not told."},
              c.maxDutyCycle,
              0,
              15);
    v.Quantity({"ping_slot_frequency",
                "PingSlotChannelReq: frequency of ping slots of devices of class B outside "
                "sessions, told after they join; null for the region's."},
               UnitKind::CARRIER,
               c.pingFrequencyHz,
               POSITIVE);
    v.Integer({"ping_slot_data_rate",
               "PingSlotChannelReq: data rate of these slots; null for the region's."},
              c.pingDataRate,
              0,
              15);
    v.Array({"channels",
             "NewChannelReq: uplink channels besides the region's and those of the CFList, told to "
             "devices that join; regions with dynamic channels (EU868)."},
            c.channels,
            VisitChannel);
}

void
VisitRadio(ScenarioVisitor& v, LorawanSpec& l)
{
    v.Quantity(
        {"device_tx_power",
         "Conducted power of the devices; null for what is usual: 14 dBm in EU868, 20 dBm in "
         "US915. With device_antenna_gain at most what may be radiated: 16 dBm, 30 dBm."},
        UnitKind::POWER_DBM,
        l.deviceTxPowerDbm,
        {-30, 36});
    v.Quantity({"gateway_tx_power", "Radiated power of gateways; null for the region's limit."},
               UnitKind::POWER_DBM,
               l.gatewayTxPowerDbm,
               {-30, 36});
    v.Quantity({"device_antenna_gain", "Gain of the devices' antennas."},
               UnitKind::GAIN,
               l.deviceAntennaGainDbi,
               ANY_VALUE);
    v.Quantity({"gateway_noise_figure", "Noise figure of gateways."},
               UnitKind::LOSS,
               l.gatewayNoiseFigureDb);
    v.Quantity({"device_noise_figure", "Noise figure of devices."},
               UnitKind::LOSS,
               l.deviceNoiseFigureDb);
}

void
VisitMac(ScenarioVisitor& v, LorawanSpec& l)
{
    v.Flag({"device_duty_cycle", "Whether devices keep the duty cycle of their sub-bands."},
           l.deviceDutyCycle);
    v.Text(
        {"duty_cycle_rule",
         "period: a frame may start every time on air / share; hour: the same, and no hour holds "
         "more than the share, so that it can be a frame less (EN 300 220-1 to the letter); "
         "pause: after a frame of that time on air the band rests for time on air * (1 / "
         "share); none: gateways do not enforce it, as where the server's pacing alone spaces "
         "frames."},
        l.dutyCycleRule,
        {"period", "hour", "pause", "none"});
    v.Text({"class_a_preempts",
            "What of an uplink keeps the device from hearing class B and C: transmission: its time "
            "on air; windows: all until its second receive window is over."},
           l.classAPreempts,
           {"transmission", "windows"});
    v.Quantity({"dedup_window", "How long the server waits for copies of an uplink."},
               UnitKind::DURATION,
               l.dedupWindowS);
    v.Integer({"confirmed_retries", "Transmissions of a confirmed uplink at most."},
              l.confirmedRetries,
              1,
              15);
    v.Integer({"sub_band", "US915: sub-band of eight channels, 1 to 8; 0 for all channels."},
              l.subBand,
              0,
              8);
    v.Quantity({"assumed_drift",
                "Class B: devices widen their windows as for a clock that drifts this much."},
               UnitKind::DRIFT,
               l.assumedDriftPpm);
    v.Share({"beacon_loss", "Extra probability that a device misses a beacon."},
            l.classBBeaconLoss);
}

} // namespace

void
VisitGateway(ScenarioVisitor& v, GatewaySpec& g)
{
    v.Text({"name", "Name of the gateway; gw-1, gw-2 and so on when left out."}, g.name);
    VisitPosition(v, g.position);
    VisitGatewaySettings(v, g);
}

void
VisitGatewayPlan(ScenarioVisitor& v, GatewayPlan& p)
{
    v.Integer({"count", "How many gateways.", true}, p.count, 1, 100000);
    v.Object({"placement", "Where the gateways stand."}, p, VisitGatewayPlacement);
    v.Quantity({"height", "Height of the antennas above ground."},
               UnitKind::LENGTH,
               p.common.position.z,
               POSITIVE);
    VisitGatewaySettings(v, p.common);
}

void
VisitLorawan(ScenarioVisitor& v, LorawanSpec& l)
{
    v.Text({"region", "Regional parameters (RP002)."}, l.region, {"EU868", "US915"});
    v.Text({"version", "LoRaWAN version of the link layer."}, l.version, {"1.0.4", "1.1"});
    v.Gateways({"gateways",
                "Gateways: a list, {\"csv\": FILE} with columns id, x, y (metres) and optionally "
                "z, antenna_gain (dBi), backhaul, or {\"count\": N, ...} to place them.",
                true},
               l.gateways);
    v.Map({"backhauls", "IP links between gateways and the network server, by name."},
          l.backhauls,
          VisitBackhaul);
    v.Quantity({"gateway_stats_interval",
                "Spacing of the reports that tell the server that a gateway lives; it takes the "
                "gateway for offline after two of them, and loses what it sends until then."},
               UnitKind::DURATION,
               l.gatewayStatsIntervalS,
               POSITIVE);
    v.Text({"backhaul_model", "ip: links of ns-3 with queues; delay: delay and loss alone."},
           l.backhaulModel,
           {"ip", "delay"});
    v.Array({"outages", "When backhauls are down."}, l.outages, VisitOutage);
    v.Object({"propagation", "Loss between devices and gateways."},
             l.propagation,
             VisitPropagation);
    v.Object({"join", "Over-the-air activation and the join server."}, l.join, VisitJoin);
    v.Object({"clock_sync", "How devices set their clocks, by which they open sessions."},
             l.clockSync,
             VisitClockSync);
    v.Object({"pacing", "When the server hands the next multicast frame to the gateways."},
             l.pacing,
             VisitPacing);
    v.Object(
        {"receive_windows",
         "Class A windows of devices that have joined. Delay, offset and data rate are told by "
         "the join-accept."},
        l.receiveWindows,
        VisitReceiveWindows);
    v.Object({"mac_commands", "What the network server asks devices by MAC commands."},
             l.macCommands,
             VisitMacCommands);
    v.Flag({"adr", "Whether the server adapts the devices' data rates."}, l.adr);
    v.Quantity({"adr_margin", "Installation margin of that adaptation."},
               UnitKind::LOSS,
               l.adrMarginDb);
    VisitRadio(v, l);
    VisitMac(v, l);
}

} // namespace ns3::iotfleet
