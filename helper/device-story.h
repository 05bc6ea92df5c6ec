// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_HELPER_DEVICE_STORY_H
#define IOTFLEET_HELPER_DEVICE_STORY_H

#include "model/fleet/device-states.h"
#include "model/record/device-event.h"

#include <optional>

namespace ns3::iotfleet
{

struct Scenario;

/// Fleets up to this size keep the instants of each device unless the scenario says otherwise:
/// about five rows of 26 bytes a device.
inline constexpr uint64_t MAX_DEVICES_WITH_EVENTS{200000};

/// @return whether a run of `devices` devices fills the table `device_event`.
bool KeepsDeviceEvents(const Scenario& scenario, uint64_t devices);

/**
 * What a step of a state machine means in the story of its device.
 *
 * @param runsTarget whether the device runs the image that the rollout installs.
 * @return nothing for steps that the story leaves out.
 */
std::optional<DeviceEvent> ClassifyStep(Machine machine, uint8_t from, uint8_t to, bool runsTarget);

} // namespace ns3::iotfleet

#endif // IOTFLEET_HELPER_DEVICE_STORY_H
