// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_ANALYSIS_REPORT_DEVICE_REPLAY_H
#define IOTFLEET_ANALYSIS_REPORT_DEVICE_REPLAY_H

#include "analysis/report/device-state.h"
#include "analysis/results-reader.h"
#include "model/record/device-event.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace ns3::iotfleet::analysis
{

/// A row of table `device_event` of one run, 16 bytes.
struct TimedEvent
{
    double tS{0};
    uint32_t device{0};
    DeviceEvent event{DeviceEvent::ENROLLED};
};

/// @return the events of devices 0 to `devices` - 1 of a run in the order of time; events of a name
/// that this program does not know are left out. Empty if the run kept none.
std::vector<TimedEvent> ReadDeviceEvents(const ResultsReader& reader,
                                         int64_t runId,
                                         size_t devices);

/**
 * Follows the state that the report shows of each device through its events; after the last event
 * it is GetReportState() of the device's row. A byte per device.
 */
class DeviceReplay
{
  public:
    /// All devices begin outside the network: idle, healthy, not enrolled.
    explicit DeviceReplay(size_t devices);

    /// Takes the next event of a device.
    void Apply(uint32_t device, DeviceEvent event);

    ReportState GetState(uint32_t device) const;

  private:
    std::vector<uint8_t> m_flags;
};

/**
 * Instants at which the map is shown: evenly spaced ones and, between them, ones that follow the
 * events, so that hours in which nothing happens pass quickly and a session does not pass in one
 * step.
 *
 * @param events in the order of time.
 * @param endS end of the run, always the last frame.
 * @return ascending, at most about 180, the first 0.
 */
std::vector<double> MakeFrames(std::span<const TimedEvent> events, double endS);

} // namespace ns3::iotfleet::analysis

#endif // IOTFLEET_ANALYSIS_REPORT_DEVICE_REPLAY_H
