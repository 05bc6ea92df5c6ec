// SPDX-License-Identifier: GPL-2.0-only

#ifndef IOTFLEET_HELPER_SCENARIO_FIELDS_H
#define IOTFLEET_HELPER_SCENARIO_FIELDS_H

#include "helper/scenario-visitor.h"

/**
 * @file
 * @ingroup iotfleet-helper
 * The list of all keys of a scenario file: name, type, unit, range, and what it means.
 */

namespace ns3::iotfleet
{

/** Version of the scenario format that this program reads. */
inline constexpr uint64_t SCENARIO_FORMAT = 1;

/** ns-3's generators take seeds of 32 bits, of which the largest is refused. */
inline constexpr uint64_t LARGEST_SEED = 4294967294;

/** How to place a number of gateways: `/access/lorawan/gateways` as an object with `count`. */
struct GatewayPlan
{
    uint64_t count{1};
    std::string kind{"hex"}; //!< "hex" (centre first, then rings), "grid" or "point"
    PositionM center;
    double spacingM{3000}; //!< distance to the nearest neighbours
    GatewaySpec common;    //!< settings of all; `name` is their prefix
};

/** Visits the whole file. */
void VisitScenario(ScenarioVisitor& v, Scenario& scenario);

/** Visits `/fleet`. */
void VisitFleet(ScenarioVisitor& v, FleetSpec& fleet);

/** Visits `/access/lorawan`. */
void VisitLorawan(ScenarioVisitor& v, LorawanSpec& lorawan);

/** Visits one gateway of a list. */
void VisitGateway(ScenarioVisitor& v, GatewaySpec& gateway);

/** Visits gateways given by their number. */
void VisitGatewayPlan(ScenarioVisitor& v, GatewayPlan& plan);

/** Visits `/firmware`. */
void VisitFirmware(ScenarioVisitor& v, FirmwareSpec& firmware);

/** Visits `/distribution`. */
void VisitDistribution(ScenarioVisitor& v, DistributionSpec& distribution);

/** Visits the keys of `/distribution` that choose a strategy. */
void VisitStrategy(ScenarioVisitor& v, StrategyConfig& strategy);

/** Visits `/rollout`. */
void VisitRollout(ScenarioVisitor& v, RolloutSpec& rollout);

/** Visits `/quarantine`. */
void VisitQuarantine(ScenarioVisitor& v, QuarantineSpec& quarantine);

/** Visits `/costs`. */
void VisitCosts(ScenarioVisitor& v, CostSpec& costs);

/** Visits one entry of `/expect`. */
void VisitExpect(ScenarioVisitor& v, ExpectSpec& expect);

/** Visits one fault of `/faults`: the keys of its kind, or all while the kind is not known. */
void VisitFault(ScenarioVisitor& v, FaultSpec& fault);

/** Visits the keys `x`, `y` and `z` of a point. */
void VisitPosition(ScenarioVisitor& v, PositionM& position);

} // namespace ns3::iotfleet

#endif // IOTFLEET_HELPER_SCENARIO_FIELDS_H
