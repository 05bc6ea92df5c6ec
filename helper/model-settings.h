// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_HELPER_MODEL_SETTINGS_H
#define IOTFLEET_HELPER_MODEL_SETTINGS_H

#include "helper/scenario.h"
#include "model/lifecycle/clock-sync-config.h"
#include "model/lorawan/lorawan-config.h"
#include "model/quarantine/detector.h"
#include "model/quarantine/quarantine-config.h"
#include "model/update/rollout-config.h"
#include "model/update/update-config.h"

namespace ns3::iotfleet
{

/**
 * The knobs of all models as ns-3's attribute system has them: their defaults, changed by
 * Config::SetDefault() and by the environment variable NS_ATTRIBUTE_DEFAULT.
 *
 * A scenario starts from them, so that a key that nobody wrote is what the attribute says. Knobs
 * that are no scenario key are taken from here as well.
 */
struct ModelSettings
{
    LorawanConfig lorawan;
    ClockSyncConfig clockSync; ///< of ClockSyncService; the devices' part of ClockSyncAgent
    UpdateConfig update;       ///< of UpdateService; the devices' part of UpdateAgent
    RolloutConfig rollout;
    DetectorConfig detector;
    QuarantineConfig quarantine;

    /// What new objects would have now; makes one of each class to ask it.
    static ModelSettings Now();
};

/// Sets every member of the scenario that stands for an attribute to the attribute's value.
void StartFrom(Scenario& scenario, const ModelSettings& settings);

/// Attributes have changed meanwhile: members that still are as `before` become as `now`. Members
/// that differ were set by the user and stay.
void FollowAttributes(Scenario& scenario, const ModelSettings& before, const ModelSettings& now);

/**
 * To be called once the scenario says how clocks are set: the attributes of ClockSyncAgent and
 * ClockSyncService are for method "ts003" alone, and `period` is the agent's there, the network's
 * elsewhere.
 *
 * @param scenario its /access/lorawan/clock_sync is put right
 * @param settings the attributes that it started from
 */
void SettleClockSync(Scenario& scenario, const ModelSettings& settings);

} // namespace ns3::iotfleet

#endif // IOTFLEET_HELPER_MODEL_SETTINGS_H
