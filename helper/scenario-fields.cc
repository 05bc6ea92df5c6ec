// SPDX-License-Identifier: GPL-2.0-only

#include "helper/scenario-fields.h"

namespace ns3::iotfleet
{

namespace
{

void
VisitDetector(ScenarioVisitor& v, DetectorSpec& d)
{
    v.Quantity({"window", "Length of an observation window."},
               UnitKind::DURATION,
               d.windowS,
               POSITIVE);
    v.Share({"true_positive_rate",
             "Probability of an alarm, per whole window of a compromised device; p becomes "
             "1 - (1 - p)^s where it was compromised during the last share s of the window."},
            d.truePositiveRate);
    v.Share({"false_positive_rate", "Probability of an alarm, per window and clean device."},
            d.falsePositiveRate);
    v.Quantity({"latency", "Time from the end of a window to the alarm."},
               UnitKind::DURATION,
               d.latencyS);
    v.Integer({"k", "Alarms needed for a quarantine."}, d.k, 1);
    v.Integer({"n", "Windows within which k alarms must fall."}, d.n, 1);
    v.Quantity({"start", "When the first window begins."}, UnitKind::DURATION, d.startS);
}

void
VisitThreat(ScenarioVisitor& v, ThreatSpec& t)
{
    v.Quantity({"at", "When the devices are compromised."}, UnitKind::DURATION, t.atS);
    v.Share({"share", "Random share of all devices. Exactly one of share, count and devices."},
            t.share,
            {0, 1, true});
    v.Integer({"count", "Number of random devices."}, t.count, 1);
    v.Texts({"devices", "Names of devices."}, t.devices);
    v.Flag({"ignores_commands", "Whether the devices ignore commands."}, t.ignoresCommands);
    v.Flag({"lies", "Whether the devices report the target version and install nothing."},
           t.liesInReports);
}

void
VisitStop(ScenarioVisitor& v, StopSpec& s)
{
    v.Text({"when", "What ends the run; duration ends it in any case."},
           s.when,
           {"duration", "rollout-finished", "all-updated"});
    v.Quantity({"linger", "How long the run goes on afterwards."}, UnitKind::DURATION, s.lingerS);
}

void
VisitPcap(ScenarioVisitor& v, RecordSpec& r)
{
    v.Text({"gateway", "Name of the gateway whose frames are captured; null for none."},
           r.pcapGateway);
    v.Path({"file", "Capture file (LoRaTap) to write."}, r.pcapFile, PathRole::OUTPUT);
}

void
VisitRecord(ScenarioVisitor& v, RecordSpec& r)
{
    v.Flag({"transitions", "Whether every change of a device's state is kept."}, r.transitions);
    v.Text({"events",
            "Whether the few instants that matter in each device's life are kept, which the map of "
            "the report plays; `auto` keeps them for fleets of up to 200,000 devices."},
           r.events,
           {"auto", "all", "none"});
    v.Quantity({"progress", "Spacing of progress rows; 0 s for duration / 500."},
               UnitKind::DURATION,
               r.progressS);
    v.Flag({"devices", "Whether a row per device is kept."}, r.devices);
    v.Object({"pcap", "Packet capture."}, r, VisitPcap);
}

void
VisitAccess(ScenarioVisitor& v, Scenario& s)
{
    v.Object({"lorawan", "LoRaWAN access network.", true}, s.lorawan, VisitLorawan);
}

} // namespace

void
VisitQuarantine(ScenarioVisitor& v, QuarantineSpec& q)
{
    v.PresenceFlag({"enabled", "Whether there is quarantine; true when the block is written."},
                   q.enabled);
    v.Object({"detector", "What raises alarms on the operator's side."}, q.detector, VisitDetector);
    v.Text({"level",
            "restricted: firmware only; blocked: nothing; rekey: blocked and its group rekeyed "
            "without it."},
           q.level,
           {"restricted", "blocked", "rekey"});
    v.Quantity({"probation", "Quiet time after a verified update until the release."},
               UnitKind::DURATION,
               q.probationS);
    v.Quantity({"release_after", "Releases a quiet device without update; 0 s for never."},
               UnitKind::DURATION,
               q.falseReleaseS);
}

void
VisitScenario(ScenarioVisitor& v, Scenario& s)
{
    uint64_t format = SCENARIO_FORMAT;
    v.Integer({"schema", "Version of the scenario format.", true},
              format,
              SCENARIO_FORMAT,
              SCENARIO_FORMAT);
    v.Text({"name", "Name of the scenario; the file's stem when left out."}, s.name);
    v.Text({"description", "What one learns from the scenario."}, s.description);
    v.Integer({"seed", "Seed of all random draws."}, s.seed, 1, LARGEST_SEED);
    v.Quantity({"duration", "Simulated time."}, UnitKind::DURATION, s.durationS, POSITIVE);
    v.Object({"stop", "What ends the run before its duration."}, s.stop, VisitStop);
    v.Object({"fleet", "The devices.", true}, s.fleet, VisitFleet);
    v.Object({"access", "The networks, one block each.", true}, s, VisitAccess);
    v.Object({"firmware", "Firmware images and the target."}, s.firmware, VisitFirmware);
    v.Object({"distribution", "How an image is carried to devices."},
             s.distribution,
             VisitDistribution);
    v.Object({"rollout", "Waves and gates; no rollout when left out."}, s.rollout, VisitRollout);
    v.Object({"quarantine", "Detectors and levels; no quarantine when left out."},
             s.quarantine,
             VisitQuarantine);
    v.Array({"threats", "Devices that are compromised."}, s.threats, VisitThreat);
    v.Array({"faults", "What breaks."}, s.faults, VisitFault);
    v.Object({"costs", "What an operator pays for a unit of each quantity."}, s.costs, VisitCosts);
    v.Object({"record", "What the results keep."}, s.record, VisitRecord);
    v.Array({"expect", "What metrics must be, judged by `check` and in the report."},
            s.expect,
            VisitExpect);
}

} // namespace ns3::iotfleet
