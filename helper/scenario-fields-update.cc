// SPDX-License-Identifier: GPL-2.0-only

#include "helper/scenario-fields.h"
#include "model/update/session-time-out.h"

namespace ns3::iotfleet
{

namespace
{

void
VisitDefect(ScenarioVisitor& v, DefectSpec& d)
{
    v.Share({"probability", "Share of the devices that the defect hits."}, d.probability);
    v.Text({"effect",
            "crash: fails its trial and reverts; silent-brick: installs and is never heard again; "
            "boot-loop: restarts until the boot loader goes back to the old image."},
           d.effect,
           {"none", "crash", "silent-brick", "boot-loop"});
    v.Text({"hardware", "Only devices of this hardware batch; empty for all."}, d.hardware);
}

void
VisitImageManifest(ScenarioVisitor& v, ImageSpec& i)
{
    v.Integer({"sequence", "Sequence number of the SUIT manifest."}, i.sequence);
    v.Text({"vendor",
            "Vendor name in the manifest. Devices that run the image are of its vendor and class, "
            "and refuse images of others."},
           i.vendor);
    v.Text({"class", "Device class in the manifest, as vendor; neither selects whom a wave takes."},
           i.deviceClass);
    v.Flag({"fixes",
            "Whether devices that run the image are safe from /threats. Left out: those with the "
            "target image are, those with any other are not."},
           i.fixesVulnerability);
    v.Flag({"manifest", "Whether a SUIT envelope precedes the image."}, i.manifest);
    v.Text({"tamper", "What is wrong with the manifest."},
           i.tamper,
           {"none", "signature", "digest", "vendor", "class", "sequence"});
    v.Object({"defect",
              "What the image does to devices; the operator does not know. More ways: /faults."},
             i.defect,
             VisitDefect);
}

void
VisitImage(ScenarioVisitor& v, ImageSpec& i)
{
    v.Text({"version", "Version of the image.", true}, i.version);
    v.Path(
        {"file", "The image as a file; its size and digest count. Exactly one of file and size."},
        i.file,
        PathRole::INPUT);
    // A file has its own size; the written one must not contradict it.
    std::optional<double> size;
    if (!i.file && i.sizeBytes > 0)
    {
        size = static_cast<double>(i.sizeBytes);
    }
    v.Quantity({"size", "Size of an image without a file."}, UnitKind::SIZE, size, {1, 16e6});
    i.sizeBytes = static_cast<uint64_t>(size.value_or(0));
    VisitImageManifest(v, i);
}

void
VisitPayload(ScenarioVisitor& v, PayloadSpec& p)
{
    v.Text({"kind",
            "full: the image; compressed: one smaller form for all; delta: the difference to one "
            "version, so that each version in the field has sessions of its own."},
           p.kind,
           {"full", "compressed", "delta"});
    v.Share({"compressed_ratio",
             "Size of the compressed image, as a share; null to compress its file (Zstandard 19)."},
            p.compressedRatio,
            {0, 1, true});
    v.Share(
        {"delta_ratio",
         "Size of a delta, as a share of the image; null to make it of both files (Zstandard 19, "
         "as zstd --patch-from)."},
        p.deltaRatio,
        {0, 1, true});
    v.Texts({"from", "Versions that get a delta; empty for all that run in the fleet."}, p.from);
    v.Text({"otherwise", "delta: what devices of other versions get."},
           p.otherwise,
           {"full", "compressed"});
}

void
VisitRepair(ScenarioVisitor& v, RepairSpec& r)
{
    v.Integer({"multicast_rounds", "Rounds of further coded fragments after the first pass."},
              r.multicastRounds,
              0,
              100);
    v.Share({"redundancy_step", "Coded fragments of a round, as a share of the uncoded ones."},
            r.redundancyStep,
            {0, 10});
    v.Flag({"unicast", "Whether devices still incomplete then get fragments by unicast."},
           r.unicast);
    v.Integer({"unicast_limit", "Devices served by unicast at most."}, r.unicastLimit);
    v.Share({"success_threshold", "Share of complete devices that ends the repair."},
            r.successThreshold);
    v.Quantity({"status_timeout",
                "How long to wait for status answers; 0 s for the longest answer delay + 60 s."},
               UnitKind::DURATION,
               r.statusTimeoutS);
    v.Share(
        {"quantile", "Share of the answers that a round is to satisfy; 1 for the worst of them."},
        r.quantile);
}

void
VisitSession(ScenarioVisitor& v, DistributionSpec& d)
{
    v.Text({"policy",
            "How devices are divided into sessions. ALL: one session at the slowest common data "
            "rate; BASELINE: one at the region's slowest; FASTEST: one a data rate, fastest "
            "first; THRESHOLD: the same until devices have waited `threshold`; PER-GATEWAY: one a "
            "gateway; LADDER: one session, data rate after data rate; CAROUSEL: one session that "
            "sends in windows until enough devices are complete; UNICAST: none, each device for "
            "itself."},
           d.policy,
           {"ALL",
            "BASELINE",
            "FASTEST",
            "THRESHOLD",
            "PER-GATEWAY",
            "LADDER",
            "CAROUSEL",
            "UNICAST"});
    v.Quantity({"threshold", "THRESHOLD: waiting time after which devices are pooled."},
               UnitKind::DURATION,
               d.thresholdS);
    v.Text({"class", "LoRaWAN class of the session."}, d.sessionClass, {"B", "C"});
    v.Text({"ts004", "Version of fragmented data block transport."}, d.ts004, {"1.0.0", "2.0.0"});
    v.Integer({"data_rate", "Multicast data rate; null for what the members hear."},
              d.dataRate,
              0,
              15);
    v.SizesByDataRate({"fragment_size",
                       "Fragment payload: one size, or an object of sizes by data rate; null for "
                       "the largest that the data rate allows. One that a fixed data_rate does not "
                       "carry is refused; where a session's data rate is chosen at run time, a "
                       "size that it does not carry is cut to the largest that it does."},
                      d.fragmentBytes,
                      d.fragmentBytesByDataRate);
    v.Share({"redundancy", "Coded fragments of the first pass, as a share of the uncoded ones."},
            d.redundancy,
            {0, 10});
    v.Quantity({"data_rate_margin", "Link margin kept when the data rate is chosen."},
               UnitKind::LOSS,
               d.dataRateMarginDb);
    v.Text({"gateways",
            "simulcast: all gateways at once; staggered: one after the other; list: those of "
            "`gateway_names`; set-cover: few that reach all members at the session's data rate "
            "with the margin, by what uplinks told; single: the one that reaches most. The last "
            "three at once."},
           d.gatewayMode,
           {"simulcast", "staggered", "list", "set-cover", "single"});
    v.Integer({"ping_periodicity", "Multicast class B: a ping slot every 0.96 s * 2^n."},
              d.pingPeriodicity,
              0,
              7);
    v.Quantity({"frequency",
                "Frequency of multicast sessions, which the session request tells; null for the "
                "region's RX2 channel (class C) or ping slots (class B)."},
               UnitKind::CARRIER,
               d.frequencyHz,
               POSITIVE);
    v.Text({"session_timeout",
            "For how long members are told to listen, as a power of two of seconds (class C) or "
            "beacon periods (class B). predicted: what the fragments, repair rounds and answers "
            "take at the duty cycle and pacing, with a fifth more; chirpstack: its "
            "calculate_multicast_timeout, the server's spacing or ping slots for all fragments and "
            "one more. What does not fit goes out in further windows."},
           d.timeOutRule,
           {"predicted", "chirpstack"});
    v.Integer({"session_timeout_exponent",
               "The exponent of that power of two itself, in place of `session_timeout`."},
              d.timeOut,
              0,
              LONGEST_TIME_OUT);
}

void
VisitSetup(ScenarioVisitor& v, DistributionSpec& d)
{
    v.Quantity({"pooling", "Wait before the set-up of a session."}, UnitKind::DURATION, d.poolingS);
    v.Quantity({"start_margin", "Time from the last set-up message to the start."},
               UnitKind::DURATION,
               d.startMarginS);
    v.Quantity(
        {"setup_timeout",
         "Each stage of the set-up before the session request (the group, then the fragments; both "
         "together for a carousel) ends then without the missing devices."},
        UnitKind::DURATION,
        d.setupTimeoutS,
        POSITIVE);
    v.Integer({"setup_retries", "Repetitions of each unanswered set-up message."},
              d.setupRetries,
              0,
              1000);
    v.Quantity({"session_gap", "Pause between the sessions of one policy."},
               UnitKind::DURATION,
               d.sessionGapS);
    v.Integer({"block_ack_delay", "TS004: devices answer within 2^(n+4) s."},
              d.blockAckDelay,
              0,
              7);
    v.Flag({"status_request", "Whether the server asks for FragSessionStatusAns."},
           d.statusRequest);
    v.Object({"repair", "What happens after the first pass."}, d.repair, VisitRepair);
    v.Quantity({"report_timeout", "Silence after which a device counts as unreported."},
               UnitKind::DURATION,
               d.reportTimeoutS,
               POSITIVE);
}

void
VisitDeviceSide(ScenarioVisitor& v, DistributionSpec& d)
{
    v.Quantity({"device_setup_delay", "Time to prepare the flash before a set-up is answered."},
               UnitKind::DURATION,
               d.fragSetupDelayS);
    v.Flag({"close_when_done", "Whether a device leaves the session once it is complete."},
           d.closeWhenDone);
    v.Integer({"redundancy_memory",
               "Lost fragments that a device can hold while decoding; 0 for its profile's."},
              d.redundancyMemory);
    v.Text({"reboot", "device: by itself; command: when TS006 says so."},
           d.rebootBy,
           {"device", "command"});
    v.Quantity({"reboot_spread", "Jitter of that reboot."}, UnitKind::DURATION, d.rebootSpreadS);
    v.Text({"confirm", "What lets a device keep the new image."},
           d.confirmBy,
           {"self-test", "server-contact"});
    v.Quantity({"trial", "Time under trial before the image is kept or rolled back."},
               UnitKind::DURATION,
               d.trialS);
}

} // namespace

void
VisitFirmware(ScenarioVisitor& v, FirmwareSpec& f)
{
    v.Array({"images", "Firmware images that exist."}, f.images, VisitImage);
    v.Text({"target", "Version that the rollout installs; empty for that of the last image."},
           f.target);
    v.Object({"payload", "In which form the target travels."}, f.payload, VisitPayload);
}

void
VisitDistribution(ScenarioVisitor& v, DistributionSpec& d)
{
    VisitSession(v, d);
    VisitStrategy(v, d.strategy);
    VisitSetup(v, d);
    VisitDeviceSide(v, d);
}

} // namespace ns3::iotfleet
