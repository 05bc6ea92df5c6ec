// SPDX-License-Identifier: GPL-2.0-only

#include "helper/scenario-fields.h"

#include <algorithm>
#include <array>
#include <utility>

namespace ns3::iotfleet
{

namespace
{

template <class... Keys>
constexpr uint32_t
Bits(Keys... keys)
{
    return (static_cast<uint32_t>(keys) | ...);
}

using K = FaultKey;

constexpr uint32_t OUTAGE = Bits(K::START, K::END, K::MTBF, K::MTTR);

constexpr std::array FAULT_KINDS{
    FaultKind{"gateway-outage", Bits(K::GATEWAY) | OUTAGE},
    FaultKind{"backhaul-outage", Bits(K::GATEWAY) | OUTAGE},
    FaultKind{"join-server-outage", OUTAGE},
    FaultKind{"distribution-outage", OUTAGE},
    FaultKind{"distribution-overload", Bits(K::START, K::END, K::RATE)},
    FaultKind{"power-loss", Bits(K::START, K::END, K::POWER, K::TARGET)},
    FaultKind{"crash", Bits(K::IMAGE, K::TARGET)},
    FaultKind{"silent-brick", Bits(K::IMAGE, K::TARGET)},
    FaultKind{"boot-loop", Bits(K::IMAGE, K::LOOP, K::TARGET)},
    FaultKind{"cannot-join", Bits(K::IMAGE, K::REVERT_AFTER, K::TARGET)},
    FaultKind{"slow-leak", Bits(K::IMAGE, K::LEAK, K::TARGET)},
    FaultKind{"flaky-reporter", Bits(K::START, K::END, K::REPORT, K::TARGET)},
    FaultKind{"lying-reporter", Bits(K::START, K::TARGET)},
    FaultKind{"device-loss", Bits(K::START, K::END, K::SPREAD, K::MTBF, K::TARGET)},
    FaultKind{"battery-empty", Bits(K::BATTERY, K::TARGET)},
    FaultKind{"clock-fault", Bits(K::START, K::CLOCK, K::TARGET)},
};

/// Whether a fault has a key: those of its kind; all while no kind is known, as in the schema.
bool
Has(const FaultSpec& fault, FaultKey key)
{
    const auto* kind = FindFaultKind(fault.kind);
    return kind == nullptr || kind->Has(key);
}

void
VisitWithin(ScenarioVisitor& v, FaultTargetSpec& t)
{
    v.Quantity({"x", "East of the origin."}, UnitKind::LENGTH, t.withinX, ANY_VALUE);
    v.Quantity({"y", "North of the origin."}, UnitKind::LENGTH, t.withinY, ANY_VALUE);
    v.Quantity({"radius", "Radius of the circle; null for anywhere."},
               UnitKind::LENGTH,
               t.withinRadiusM,
               POSITIVE);
}

void
VisitTarget(ScenarioVisitor& v, FaultTargetSpec& t)
{
    v.Share({"share", "Which devices: each one that passes the filters, with this probability."},
            t.share);
    v.Texts({"devices", "Filter: names of devices; empty for all."}, t.devices);
    v.Text({"site", "Filter: only devices of this site; empty for all."}, t.site);
    v.Text({"group", "Filter: only devices of this group; empty for all."}, t.group);
    v.Text({"hardware", "Filter: only devices of this hardware batch; empty for all."}, t.hardware);
    v.Text({"profile", "Filter: only devices of this profile; empty for all."}, t.profile);
    v.Object({"within", "Filter: only devices in a circle."}, t, VisitWithin);
    v.Text({"cluster", "Whose luck is shared: devices of a site, hardware batch or group."},
           t.cluster,
           {"none", "site", "hardware", "group"});
    v.Share({"correlation",
             "Of two devices of a cluster; each cluster draws its own share from a beta "
             "distribution with mean share and variance share (1 - share) correlation."},
            t.correlation);
}

void
VisitTimes(ScenarioVisitor& v, FaultSpec& f)
{
    if (Has(f, K::GATEWAY))
    {
        v.Text({"gateway", "Name of the gateway; \"*\" for each."}, f.gateway);
    }
    if (Has(f, K::START))
    {
        v.Quantity({"start", "When the fault begins."}, UnitKind::DURATION, f.startS);
    }
    if (Has(f, K::END))
    {
        v.Quantity({"end", "When it is over; null for the end of the run."},
                   UnitKind::DURATION,
                   f.endS);
    }
}

/// How often, how far apart, how fast.
void
VisitRates(ScenarioVisitor& v, FaultSpec& f)
{
    if (Has(f, K::MTBF))
    {
        v.Quantity({"mtbf",
                    "Outages: again and again at random between start and end, mean time from a "
                    "repair to the next failure (exponential); null for one outage. device-loss: "
                    "mean time from the start to a device's loss (exponential)."},
                   UnitKind::DURATION,
                   f.mtbfS,
                   POSITIVE);
    }
    if (Has(f, K::MTTR))
    {
        v.Quantity({"mttr", "Outages with mtbf: mean time from a failure to its repair."},
                   UnitKind::DURATION,
                   f.mttrS,
                   POSITIVE);
    }
    if (Has(f, K::SPREAD))
    {
        v.Quantity({"spread", "device-loss: each device uniformly within this after the start."},
                   UnitKind::DURATION,
                   f.spreadS);
    }
    if (Has(f, K::RATE))
    {
        v.Quantity({"rate", "distribution-overload: messages that the server hands out at most."},
                   UnitKind::FREQUENCY,
                   f.ratePerS,
                   POSITIVE);
    }
}

void
VisitPowerLoss(ScenarioVisitor& v, FaultSpec& f)
{
    v.Share({"probability", "power-loss: probability of each attempt to install."}, f.probability);
    v.Share({"brick_share",
             "power-loss: share of the losses that brick; null for the profile's slots to decide: "
             "with one slot all, with two none."},
            f.brickShare);
}

void
VisitLoop(ScenarioVisitor& v, FaultSpec& f)
{
    v.Integer({"resets", "boot-loop: starts that fail until the boot loader acts."},
              f.resets,
              1,
              1000);
    v.Quantity({"reset_time",
                "boot-loop: time from a start to the watchdog's reset; null for the watchdog's "
                "30 s."},
               UnitKind::DURATION,
               f.resetTimeS);
    v.Flag({"reverts",
            "boot-loop: whether the boot loader then goes back to the old image; a device without "
            "one is bricked."},
           f.reverts);
}

void
VisitLeak(ScenarioVisitor& v, FaultSpec& f)
{
    v.Quantity({"mean", "slow-leak: mean time from the confirmation to the failure."},
               UnitKind::DURATION,
               f.meanS,
               POSITIVE);
    v.Number({"shape", "slow-leak: shape of the Weibull distribution; 1 is exponential."},
             f.shape,
             {0.1, 100});
    v.Text({"then",
            "slow-leak: what the failure is: the device resets and leaks anew, falls silent, or "
            "is bricked."},
           f.then,
           {"reset", "mute", "brick"});
}

void
VisitReport(ScenarioVisitor& v, FaultSpec& f)
{
    v.Share({"lost", "flaky-reporter: probability that a report is lost."}, f.lost);
    v.Share({"late", "flaky-reporter: probability that it comes late."}, f.late);
    v.Quantity({"delay", "flaky-reporter: mean delay of a late report (exponential)."},
               UnitKind::DURATION,
               f.delayS);
    v.Share({"wrong", "flaky-reporter: probability that it names an image that does not run."},
            f.wrong);
}

void
VisitBattery(ScenarioVisitor& v, FaultSpec& f)
{
    v.Share({"empty_level", "battery-empty: share of the full battery at which devices stop."},
            f.emptyLevel);
    v.Quantity({"check", "battery-empty: a device dies at most this late."},
               UnitKind::DURATION,
               f.checkS,
               POSITIVE);
}

void
VisitClock(ScenarioVisitor& v, FaultSpec& f)
{
    v.Quantity({"offset",
                "clock-fault: clocks jump by this, ahead if positive, until they are next set "
                "right."},
               UnitKind::DURATION,
               f.offsetS,
               ANY_VALUE);
    v.Quantity({"drift", "clock-fault: clocks drift by this more from then on."},
               UnitKind::DRIFT,
               f.driftPpm,
               ANY_VALUE);
}

void
VisitBadImage(ScenarioVisitor& v, FaultSpec& f)
{
    if (Has(f, K::IMAGE))
    {
        v.Text({"image", "Version of the bad image; empty for whichever is installed."}, f.image);
    }
    if (Has(f, K::LOOP))
    {
        VisitLoop(v, f);
    }
    if (Has(f, K::REVERT_AFTER))
    {
        v.Quantity({"revert_after",
                    "cannot-join: the device goes back to the old image after this long without "
                    "network; null for never. With confirm \"server-contact\" the trial ends it."},
                   UnitKind::DURATION,
                   f.revertAfterS,
                   POSITIVE);
    }
    if (Has(f, K::LEAK))
    {
        VisitLeak(v, f);
    }
}

} // namespace

std::span<const FaultKind>
FaultKinds()
{
    return FAULT_KINDS;
}

const FaultKind*
FindFaultKind(std::string_view name)
{
    const auto* kind = std::ranges::find(FAULT_KINDS, name, &FaultKind::name);
    return kind == FAULT_KINDS.end() ? nullptr : kind;
}

void
VisitFault(ScenarioVisitor& v, FaultSpec& f)
{
    v.Text({"kind", "What breaks; each kind has keys of its own, see doc/faults.md.", true},
           f.kind,
           {"gateway-outage",
            "backhaul-outage",
            "join-server-outage",
            "distribution-outage",
            "distribution-overload",
            "power-loss",
            "crash",
            "silent-brick",
            "boot-loop",
            "cannot-join",
            "slow-leak",
            "flaky-reporter",
            "lying-reporter",
            "device-loss",
            "battery-empty",
            "clock-fault"});
    VisitTimes(v, f);
    VisitRates(v, f);
    VisitBadImage(v, f);
    const std::initializer_list<std::pair<FaultKey, void (*)(ScenarioVisitor&, FaultSpec&)>> parts{
        {K::POWER, VisitPowerLoss},
        {K::REPORT, VisitReport},
        {K::BATTERY, VisitBattery},
        {K::CLOCK, VisitClock},
    };
    for (const auto& [key, visit] : parts)
    {
        if (Has(f, key))
        {
            visit(v, f);
        }
    }
    if (Has(f, K::TARGET))
    {
        VisitTarget(v, f.target);
    }
}

} // namespace ns3::iotfleet
