// SPDX-License-Identifier: GPL-2.0-only
#include "helper/scenario-checks-lorawan.h"

#include "model/lorawan/region.h"

namespace ns3::iotfleet
{

namespace
{

/// Ordinary uplinks must fit the data rate, where it is given: by size and by dwell time.
void
CheckTelemetrySizes(const Scenario& scenario, const RefuseHandler& refuse)
{
    const auto& region = GetRegion(scenario.lorawan.region);
    for (size_t i = 0; i < scenario.fleet.groups.size(); ++i)
    {
        const auto& group = scenario.fleet.groups[i];
        const auto* rate = group.dataRate ? region.FindDataRate(*group.dataRate) : nullptr;
        if (rate == nullptr || !rate->uplink || group.telemetry.periodS <= 0)
        {
            continue;
        }
        const uint32_t most = region.MaxAppPayload(rate->index, true);
        if (group.telemetry.sizeBytes > most)
        {
            refuse("/fleet/groups/" + std::to_string(i) + "/telemetry/size",
                   "found " + std::to_string(group.telemetry.sizeBytes) + " B, expected at most " +
                       std::to_string(most) + " B, which data rate " + std::to_string(rate->index) +
                       " of " + std::string(region.name) + " carries");
        }
    }
}

/// What only the TS003 package can do, with another method.
void
CheckClockSync(const Scenario& scenario, const RefuseHandler& refuse)
{
    const auto& sync = scenario.lorawan.clockSync;
    const auto check = [&](bool given, const char* key) {
        if (given && sync.method != "ts003")
        {
            refuse(std::string("/access/lorawan/clock_sync/") + key,
                   "found a value with method \"" + sync.method +
                       "\", expected none: only method \"ts003\" has it");
        }
    };
    check(sync.answerRequired, "answer_required");
    check(sync.periodicity.has_value(), "periodicity");
    check(sync.resyncAtS.has_value(), "resync_at");
}

} // namespace

void
CheckLorawanDetails(const Scenario& scenario, const RefuseHandler& refuse)
{
    CheckTelemetrySizes(scenario, refuse);
    CheckClockSync(scenario, refuse);
}

} // namespace ns3::iotfleet
