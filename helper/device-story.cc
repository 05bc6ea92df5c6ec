// SPDX-License-Identifier: GPL-2.0-only
#include "helper/device-story.h"

#include "helper/scenario.h"

namespace ns3::iotfleet
{

namespace
{

std::optional<DeviceEvent>
ClassifyEnrolment(Enrolment from, Enrolment to)
{
    if (to == Enrolment::ENROLLED)
    {
        return DeviceEvent::ENROLLED;
    }
    return from == Enrolment::ENROLLED ? std::optional(DeviceEvent::UNENROLLED) : std::nullopt;
}

std::optional<DeviceEvent>
ClassifyUpdate(UpdateState from, UpdateState to, bool runsTarget)
{
    switch (to)
    {
    case UpdateState::NOTIFIED:
        return DeviceEvent::NOTIFIED;
    case UpdateState::VERIFYING:
        return DeviceEvent::RECEIVED;
    case UpdateState::CONFIRMED:
        return runsTarget ? DeviceEvent::UPDATED : DeviceEvent::REVERTED;
    case UpdateState::ROLLED_BACK:
        return DeviceEvent::ROLLED_BACK;
    case UpdateState::FAILED:
        return DeviceEvent::FAILED;
    case UpdateState::IDLE:
        return from == UpdateState::CONFIRMED ? std::nullopt
                                              : std::optional(DeviceEvent::WITHDRAWN);
    case UpdateState::RECEIVING:
    case UpdateState::INSTALLING:
    case UpdateState::TRIAL:
        break;
    }
    return std::nullopt;
}

std::optional<DeviceEvent>
ClassifyHealth(Health from, Health to)
{
    switch (to)
    {
    case Health::COMPROMISED:
        return DeviceEvent::COMPROMISED;
    case Health::FAULTY:
        return DeviceEvent::FAULTY;
    case Health::BRICKED:
        return DeviceEvent::BRICKED;
    case Health::HEALTHY:
    case Health::VULNERABLE:
        break;
    }
    const bool wasWell = from == Health::HEALTHY || from == Health::VULNERABLE;
    return wasWell ? std::nullopt : std::optional(DeviceEvent::RECOVERED);
}

bool
IsHeld(Access level)
{
    return level == Access::RESTRICTED || level == Access::BLOCKED;
}

std::optional<DeviceEvent>
ClassifyAccess(Access from, Access to)
{
    if (IsHeld(from) == IsHeld(to))
    {
        return std::nullopt;
    }
    return IsHeld(to) ? DeviceEvent::QUARANTINED : DeviceEvent::RELEASED;
}

} // namespace

bool
KeepsDeviceEvents(const Scenario& scenario, uint64_t devices)
{
    const auto& wanted = scenario.record.events;
    return wanted == "all" || (wanted == "auto" && devices <= MAX_DEVICES_WITH_EVENTS);
}

std::optional<DeviceEvent>
ClassifyStep(Machine machine, uint8_t from, uint8_t to, bool runsTarget)
{
    switch (machine)
    {
    case Machine::ENROLMENT:
        return ClassifyEnrolment(static_cast<Enrolment>(from), static_cast<Enrolment>(to));
    case Machine::UPDATE:
        return ClassifyUpdate(static_cast<UpdateState>(from),
                              static_cast<UpdateState>(to),
                              runsTarget);
    case Machine::HEALTH:
        return ClassifyHealth(static_cast<Health>(from), static_cast<Health>(to));
    case Machine::ACCESS:
        break;
    }
    return ClassifyAccess(static_cast<Access>(from), static_cast<Access>(to));
}

} // namespace ns3::iotfleet
