// SPDX-License-Identifier: GPL-2.0-only

#include "helper/scenario-fields.h"

namespace ns3::iotfleet
{

void
VisitCosts(ScenarioVisitor& v, CostSpec& c)
{
    v.Text({"currency", "Label of all prices and costs."}, c.currency);
    v.Number({"air_hour", "Price of an hour of downlink airtime of the campaign."},
             c.airHour,
             NOT_NEGATIVE);
    v.Number({"data_mb", "Price of 10^6 bytes of payload that gateways send for the campaign."},
             c.dataMb,
             NOT_NEGATIVE);
    v.Number({"battery_year",
              "Price of a year of one device's battery life. At most one of battery_year and "
              "battery."},
             c.batteryYear,
             NOT_NEGATIVE);
    v.Number({"battery", "Price of the energy in one full battery, or of replacing it."},
             c.battery,
             NOT_NEGATIVE);
    v.Number({"truck_roll", "Price of a visit to one device."}, c.truckRoll, NOT_NEGATIVE);
    v.Text({"truck_roll_for",
            "Which devices are visited: the bricked ones, or also those whose update failed."},
           c.truckRollFor,
           {"bricked", "bricked-or-failed"});
    v.Number({"operator_hour",
              "Price of an hour of a person; needs operator_per_wave or operator_per_failure."},
             c.operatorHour,
             NOT_NEGATIVE);
    v.Quantity({"operator_per_wave", "Time that a person spends on each wave that has started."},
               UnitKind::DURATION,
               c.operatorPerWaveS);
    v.Quantity({"operator_per_failure",
                "Time that a person spends on each device that failed, rolled back or bricked."},
               UnitKind::DURATION,
               c.operatorPerFailureS);
}

void
VisitExpect(ScenarioVisitor& v, ExpectSpec& e)
{
    v.Text({"metric", "Name of a metric (iot-fleet schema metrics).", true}, e.metric);
    v.Number({"min", "Smallest accepted value, in the metric's unit."}, e.min, ANY_VALUE);
    v.Number({"max", "Largest accepted value, in the metric's unit."}, e.max, ANY_VALUE);
    v.Share({"quantile",
             "The bounds are asked of this quantile over the runs (0.5: median, 0: smallest), not "
             "of every run."},
            e.quantile);
    v.Text({"baseline",
            "File of `check --write-baseline`, from the scenario's folder: the mean over the runs "
            "must lie within its band."},
           e.baseline);
    v.Share({"tolerance", "Half the width of that band as a share of the baseline's mean."},
            e.tolerance,
            NOT_NEGATIVE);
}

} // namespace ns3::iotfleet
