// SPDX-License-Identifier: GPL-2.0-only

#include "helper/scenario-fields.h"

namespace ns3::iotfleet
{

namespace
{

constexpr double DAY_S = 86400;
constexpr auto ANY_NUMBER = std::numeric_limits<uint32_t>::max();

void
VisitFilter(ScenarioVisitor& v, FilterConfig& f)
{
    v.Texts({"site", "Sites; an empty list is no condition, here and below."}, f.sites);
    v.Texts({"group", "Groups of /fleet/groups."}, f.groups);
    v.Texts({"gateway",
             "Gateways: the one that heard the device best; \"unknown\" for devices not heard."},
            f.gateways);
    v.Texts({"hardware", "Hardware batches."}, f.hardware);
    v.Texts({"firmware", "Versions that the device is believed to run."}, f.firmware);
    v.Texts({"profile", "Device profiles."}, f.profiles);
    v.Texts({"name", "Patterns of device names, with * and ?."}, f.names);
    v.Integer({"data_rate_min", "Smallest data rate of the last uplink; null for any."},
              f.minDataRate,
              0,
              15);
    v.Integer({"data_rate_max", "Largest data rate of the last uplink; null for any."},
              f.maxDataRate,
              0,
              15);
}

void
VisitWait(ScenarioVisitor& v, WaitConfig& w)
{
    v.Object({"filter", "The other devices; everybody when left out."}, w.where, VisitFilter);
    v.Text({"version", "Version that they must be believed to run.", true}, w.version);
    v.Share({"share", "Share of them that must."}, w.share, {0, 1, true});
}

void
VisitWaveStart(ScenarioVisitor& v, WaveSpec& w)
{
    v.Text({"share_of",
            "What the share is of. all: devices that match the filter, taken already or not; left: "
            "those that no wave has taken; cumulative: all, and those taken already count towards "
            "it."},
           w.shareOf,
           {"all", "left", "cumulative"});
    v.Object({"filter", "Devices that the wave may take: all conditions hold."},
             w.filter,
             VisitFilter);
    v.Text({"for_each",
            "Makes one wave for each site, gateway and so on that has devices to take, called "
            "NAME-VALUE; share and count are then of each."},
           w.forEach,
           {"none", "site", "group", "gateway", "hardware", "profile", "firmware", "data-rate"});
    v.Quantity({"not_before", "Earliest start, from the beginning of the run."},
               UnitKind::DURATION,
               w.notBeforeS);
    v.Array({"wait_for", "Other devices that must run a version before the wave starts."},
            w.waitFor,
            VisitWait);
}

void
VisitWave(ScenarioVisitor& v, WaveSpec& w)
{
    v.Text({"name", "Name of the wave in the results."}, w.name);
    v.Share({"share",
             "Share of the devices. Exactly one of share and count; with a filter or for_each "
             "neither takes everybody who is left."},
            w.share,
            {0, 1, true});
    v.Integer({"count", "Number of devices."}, w.count, 1);
    VisitWaveStart(v, w);
    v.Quantity({"soak", "Wait after the wave's reports are in."}, UnitKind::DURATION, w.soakS);
    v.Share({"success_threshold", "Reported success needed to go on."}, w.successThreshold);
    v.Integer({"success_count", "The same as a number of devices; null for the share."},
              w.successCount);
    v.Share({"error_threshold", "Share of failures that stops the rollout when exceeded."},
            w.errorThreshold);
    v.Integer({"error_count", "The same as a number of devices; null for the share."},
              w.errorCount);
    v.Quantity({"timeout", "The wave ends then at the latest."},
               UnitKind::DURATION,
               w.timeoutS,
               POSITIVE);
    v.Flag({"stop_at_timeout",
            "Whether what is under way then stops; otherwise it goes on beside the next wave."},
           w.stopAtTimeout);
    v.Text({"advance",
            "When a wave ends well. reports: once all are in; successes: as soon as there are "
            "enough of them, while its other devices go on beside the next wave. The latter goes "
            "with none of pace, windows, in_progress_timeout, retry and budget."},
           w.advance,
           {"reports", "successes"});
    v.Text({"then", "What follows a good end: the next wave, or a pause for the operator."},
           w.then,
           {"continue", "pause"});
}

/** The two instants of the maintenance window, which RolloutSpec keeps flat. */
void
VisitWindow(ScenarioVisitor& v, RolloutSpec& r)
{
    v.Quantity({"start", "Time of the day at which it opens."},
               UnitKind::DURATION,
               r.windowStartS,
               {0, DAY_S});
    v.Quantity({"end", "Time of the day at which it closes."},
               UnitKind::DURATION,
               r.windowEndS,
               {0, DAY_S});
}

void
VisitLocalWindow(ScenarioVisitor& v, WindowConfig& w)
{
    v.Quantity({"start", "Local time of the day at which it opens.", true},
               UnitKind::DURATION,
               w.startS,
               {0, DAY_S});
    v.Quantity({"end", "Local time at which it closes; before the start: on the next day.", true},
               UnitKind::DURATION,
               w.endS,
               {0, DAY_S});
    v.Texts({"days", "Days on which it opens: mon to sun; an empty list for all."}, w.days);
}

void
VisitPace(ScenarioVisitor& v, PaceConfig& p)
{
    v.Number({"rate", "Devices offered the image per interval; 0 for all at once."},
             p.rate,
             NOT_NEGATIVE);
    v.Quantity({"interval", "The interval."}, UnitKind::DURATION, p.intervalS, POSITIVE);
    v.Number({"factor",
              "1 for a constant rate. Otherwise the rate is rate * factor^floor(progress / "
              "increase_every)."},
             p.factor,
             {1, 100});
    v.Integer({"increase_every", "Devices of progress after which the rate grows; 0 for never."},
              p.increaseEvery);
    v.Text({"increase_on",
            "What progress is: devices offered the image, or devices that reported success."},
           p.increaseOn,
           {"offered", "succeeded"});
    v.Number({"maximum", "Largest rate, devices per interval; 0 for none."},
             p.maximum,
             NOT_NEGATIVE);
    v.Integer({"concurrent", "Devices in progress at once; 0 for no limit."}, p.concurrent);
    v.Quantity({"jitter", "Each device is offered the image uniformly within this after its turn."},
               UnitKind::DURATION,
               p.jitterS);
}

void
VisitRetry(ScenarioVisitor& v, RetryConfig& r)
{
    v.Integer({"limit", "Further tries of a device that failed or timed out."}, r.limit, 0, 250);
    v.Text({"on", "Who gets further tries."}, r.on, {"any", "failed", "timed-out"});
    v.Quantity({"wait", "Wait before the first further try."}, UnitKind::DURATION, r.waitS);
    v.Number({"factor", "Growth of the wait from try to try."}, r.factor, {1, 100});
    v.Quantity({"longest", "Longest such wait."}, UnitKind::DURATION, r.longestS);
}

void
VisitPenalty(ScenarioVisitor& v, PenaltyConfig& p)
{
    v.Integer({"failures", "Failures of a device that put it into the penalty box; 0 for none."},
              p.failures);
    v.Quantity({"within", "Time within which they must fall."},
               UnitKind::DURATION,
               p.withinS,
               POSITIVE);
    v.Quantity({"time", "How long it is offered nothing."}, UnitKind::DURATION, p.timeS);
}

void
VisitBudget(ScenarioVisitor& v, BudgetConfig& b)
{
    v.Texts({"by",
             "What makes a group: fleet, site, group, gateway, hardware, profile, firmware, "
             "data-rate; several for each combination of them."},
            b.by);
    v.Integer({"max_unavailable", "Devices of a group that may be unavailable at once."},
              b.maxUnavailable,
              1);
    v.Share({"max_unavailable_share", "The same as a share of the group, rounded down."},
            b.maxUnavailableShare,
            {0, 1, true});
    v.Integer({"min_available", "Devices of a group that must stay available."}, b.minAvailable);
    v.Share({"min_available_share", "The same as a share of the group, rounded up."},
            b.minAvailableShare);
}

void
VisitGates(ScenarioVisitor& v, GateConfig& g)
{
    v.Share({"battery",
             "Smallest battery level of a device that is taken: as it reported last "
             "(DevStatusAns), or else "
             "as the inventory has it."},
            g.battery);
    v.Text({"power", "mains: only devices whose profile has no battery."},
           g.power,
           {"any", "mains"});
}

void
VisitStopRule(ScenarioVisitor& v, StopRuleConfig& r)
{
    v.Text({"count_of",
            "Devices counted: those that reported any failure, those of them that refused the "
            "image or rolled back, those that timed out, or all of these."},
           r.countOf,
           {"failed", "rejected", "rolled-back", "timed-out", "all"});
    v.Share({"share", "Stops when they are at least this share of the finished devices."},
            r.share,
            {0, 1, true});
    v.Integer({"count", "Stops when they are at least so many."}, r.count, 1);
    v.Integer({"minimum", "Finished devices without which nothing is judged."}, r.minimum, 1);
    v.Integer({"minimum_offered", "Devices offered the image without which nothing is judged."},
              r.minimumOffered,
              0,
              ANY_NUMBER);
    v.Quantity({"within", "With count: only those of the last so long; 0 s for all."},
               UnitKind::DURATION,
               r.withinS);
    v.Text({"over", "Devices of all waves so far, or of the present one."},
           r.over,
           {"rollout", "wave"});
    v.Text({"do", "What happens."}, r.action, {"abort", "pause", "roll-back"});
}

void
VisitAction(ScenarioVisitor& v, ActionConfig& a)
{
    v.Quantity({"at", "When, from the beginning of the run.", true}, UnitKind::DURATION, a.atS);
    v.Text({"do", "What the operator does.", true},
           a.action,
           {"pause", "resume", "abort", "roll-back"});
}

void
VisitRollBack(ScenarioVisitor& v, RolloutSpec& r)
{
    v.Text({"to",
            "Version of an image of /firmware/images that devices go back to. It travels in a new "
            "manifest with a higher sequence number, as the version TO+rollback. Empty for none."},
           r.rollBackTo);
    v.Quantity({"timeout", "The roll-back ends then at the latest."},
               UnitKind::DURATION,
               r.rollBackTimeoutS,
               POSITIVE);
}

void
VisitDynamic(ScenarioVisitor& v, DynamicConfig& d)
{
    v.PresenceFlag({"enabled",
                    "Whether devices that come after the last wave, and match the filter of any "
                    "wave, make up further ones; true when the block is written."},
                   d.enabled);
    v.Integer({"size", "Such a wave starts when so many are there."}, d.size, 1);
    v.Quantity({"wait", "Or when the first of them has waited so long; 0 s for never."},
               UnitKind::DURATION,
               d.waitS);
    v.Quantity({"until", "The rollout is over then; 0 s for never."}, UnitKind::DURATION, d.untilS);
}

void
VisitDispatch(ScenarioVisitor& v, RolloutSpec& r)
{
    v.Object({"window", "Hours UTC outside of which no wave starts."}, r, VisitWindow);
    v.Array({"windows",
             "Hours in the local time of a device's site outside of which it is offered nothing; "
             "always when left out."},
            r.windows,
            VisitLocalWindow);
    v.Object({"gates", "Devices that are not taken at all."}, r.gates, VisitGates);
    v.Object({"pace", "How fast the devices of a wave are offered the image."}, r.pace, VisitPace);
    v.Quantity({"in_progress_timeout",
                "A device without a report so long after its offer counts as timed out; 0 s for "
                "never."},
               UnitKind::DURATION,
               r.inProgressTimeoutS);
    v.Object({"retry", "Further tries."}, r.retry, VisitRetry);
    v.Object({"penalty", "Devices that fail too often are left alone for a time."},
             r.penalty,
             VisitPenalty);
    v.Array({"budget",
             "How many devices of a group may be unavailable together: from the offer "
             "until they report, a silent one until it is heard of."},
            r.budgets,
            VisitBudget);
}

} // namespace

void
VisitRollout(ScenarioVisitor& v, RolloutSpec& r)
{
    v.PresenceFlag({"enabled", "Whether there is a rollout; true when the block is written."},
                   r.enabled);
    v.Quantity({"start", "When the rollout begins."}, UnitKind::DURATION, r.startS);
    v.Quantity({"disclosure",
                "When everybody learns of the vulnerability that the image fixes: "
                "exposure_device_days counts from here; null for the start of the first wave."},
               UnitKind::DURATION,
               r.disclosureS);
    v.Text({"order", "Order in which devices are taken into waves."},
           r.order,
           {"random", "site", "data-rate", "battery"});
    v.Array({"waves", "Waves of the rollout; one of everybody when left out."}, r.waves, VisitWave);
    v.Object({"dynamic", "Devices that come after the last wave."}, r.dynamic, VisitDynamic);
    v.Text({"unreported", "How a device counts that has not reported in time."},
           r.unreported,
           {"failure", "success", "ignore", "pending"});
    v.Text({"on_error", "What happens when a wave misses its thresholds."},
           r.onError,
           {"pause", "abort", "roll-back"});
    v.Array({"stop_when", "What else stops the rollout."}, r.stopRules, VisitStopRule);
    v.Quantity({"resume_after", "A pause that no hand made ends after this; 0 s for never."},
               UnitKind::DURATION,
               r.resumeAfterS);
    v.Array({"actions", "What the operator does by hand."}, r.actions, VisitAction);
    v.Object({"roll_back", "Where devices go back to."}, r, VisitRollBack);
    v.Flag({"require_enrolled", "Whether only devices seen enrolled are taken."},
           r.requireEnrolled);
    VisitDispatch(v, r);
}

} // namespace ns3::iotfleet
