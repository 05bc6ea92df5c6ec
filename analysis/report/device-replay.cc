// SPDX-License-Identifier: GPL-2.0-only
#include "analysis/report/device-replay.h"

#include <algorithm>
#include <cmath>

namespace ns3::iotfleet::analysis
{

namespace
{

constexpr size_t EVEN_FRAMES{60};
constexpr size_t EVENT_FRAMES{120};

enum Flag : uint8_t
{
    ENROLLED = 1,
    UNDER_WAY = 2,
    UPDATED = 4,
    FAILED = 8,
    COMPROMISED = 16,
    FAULTY = 32,
    BRICKED = 64,
    HELD = 128
};

constexpr uint8_t ILL = COMPROMISED | FAULTY | BRICKED;

/// What an event does to the flags of its device.
struct Change
{
    uint8_t cleared;
    uint8_t set;
};

Change
ChangeOf(DeviceEvent event)
{
    switch (event)
    {
    case DeviceEvent::ENROLLED:
        return {0, ENROLLED};
    case DeviceEvent::UNENROLLED:
        return {ENROLLED, 0};
    case DeviceEvent::NOTIFIED:
    case DeviceEvent::RECEIVED:
        return {FAILED, UNDER_WAY};
    case DeviceEvent::UPDATED:
        return {UNDER_WAY | FAILED, UPDATED};
    case DeviceEvent::REVERTED:
        return {UNDER_WAY | FAILED | UPDATED, 0};
    case DeviceEvent::FAILED:
    case DeviceEvent::ROLLED_BACK:
        return {UNDER_WAY, FAILED};
    case DeviceEvent::WITHDRAWN:
        return {UNDER_WAY | FAILED, 0};
    case DeviceEvent::COMPROMISED:
        return {ILL, COMPROMISED};
    case DeviceEvent::FAULTY:
        return {ILL, FAULTY};
    case DeviceEvent::BRICKED:
        return {ILL, BRICKED};
    case DeviceEvent::RECOVERED:
        return {ILL, 0};
    case DeviceEvent::QUARANTINED:
        return {0, HELD};
    case DeviceEvent::RELEASED:
        return {HELD, 0};
    case DeviceEvent::COUNT:
        break;
    }
    return {0, 0};
}

} // namespace

std::vector<TimedEvent>
ReadDeviceEvents(const ResultsReader& reader, int64_t runId, size_t devices)
{
    std::vector<TimedEvent> events;
    reader.ForEachDeviceEvent(runId, [&](const DeviceEventRow& row) {
        const auto event = FindDeviceEvent(row.event);
        if (event && row.deviceId < devices)
        {
            events.push_back({row.tS, row.deviceId, *event});
        }
    });
    return events;
}

DeviceReplay::DeviceReplay(size_t devices)
    : m_flags(devices, 0)
{
}

void
DeviceReplay::Apply(uint32_t device, DeviceEvent event)
{
    const Change change = ChangeOf(event);
    uint8_t& flags = m_flags[device];
    flags = static_cast<uint8_t>((flags & ~change.cleared) | change.set);
}

ReportState
DeviceReplay::GetState(uint32_t device) const
{
    const uint8_t flags = m_flags[device];
    if (flags & BRICKED)
    {
        return ReportState::BRICKED;
    }
    if (flags & COMPROMISED)
    {
        return flags & HELD ? ReportState::COMPROMISED_HELD : ReportState::COMPROMISED;
    }
    if (flags & (FAULTY | FAILED))
    {
        return ReportState::FAILED;
    }
    if (flags & HELD)
    {
        return ReportState::QUARANTINED;
    }
    if (!(flags & ENROLLED))
    {
        return ReportState::NOT_ENROLLED;
    }
    if (flags & UPDATED)
    {
        return ReportState::UPDATED;
    }
    return flags & UNDER_WAY ? ReportState::IN_PROGRESS : ReportState::WAITING;
}

std::vector<double>
MakeFrames(std::span<const TimedEvent> events, double endS)
{
    std::vector<double> frames{0};
    for (size_t i = 1; i <= EVEN_FRAMES; ++i)
    {
        frames.push_back(endS * static_cast<double>(i) / EVEN_FRAMES);
    }
    for (size_t i = 1; i <= EVENT_FRAMES && !events.empty(); ++i)
    {
        const size_t last = (events.size() - 1) * i / EVENT_FRAMES;
        frames.push_back(std::min(endS, std::ceil(events[last].tS)));
    }
    std::ranges::sort(frames);
    // Frames that follow each other within a thousandth of the run look alike.
    std::vector<double> kept{0};
    for (const double frame : frames)
    {
        if (frame - kept.back() >= endS / 2000 && frame < endS)
        {
            kept.push_back(frame);
        }
    }
    if (endS > 0)
    {
        kept.push_back(endS);
    }
    return kept;
}

} // namespace ns3::iotfleet::analysis
