// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_ANALYSIS_REPORT_HEXAGON_TIMELINE_H
#define IOTFLEET_ANALYSIS_REPORT_HEXAGON_TIMELINE_H

#include "analysis/report/device-replay.h"
#include "analysis/report/device-summary.h"
#include "analysis/report/hexagons.h"

#include <array>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace ns3::iotfleet::analysis
{

/**
 * How many devices in each state stand in each hexagon at each frame. Only the frames at which a
 * count changes are kept, so its size follows cells and frames and not the fleet. It knows the
 * states at the end alone where a run kept no events.
 */
class HexagonTimeline
{
  public:
    /// A count from a frame on until the next change.
    struct Change
    {
        uint32_t frame{0};
        uint32_t count{0};
    };

    struct Cell
    {
        double xM{0}; ///< of its centre
        double yM{0};
        std::array<std::vector<Change>, REPORT_STATES> states; ///< indexed by ReportState
    };

    /// `radiusM`: of the hexagons. `points`: indexed by device id.
    HexagonTimeline(double radiusM, std::span<const DevicePoint> points);

    /// Counts the states at the end of the run in frame 0, the only one.
    void CountEnd();

    /// Counts the states at each frame; `events` in the order of time.
    void Replay(std::span<const TimedEvent> events, std::span<const double> frames);

    const std::vector<Cell>& GetCells() const;

  private:
    void Record(size_t cell, uint32_t frame);

    std::span<const DevicePoint> m_points;
    std::vector<uint32_t> m_cellOf; ///< by device
    std::vector<Cell> m_cells;
    std::vector<std::array<uint32_t, REPORT_STATES>> m_counts; ///< now, by cell
};

} // namespace ns3::iotfleet::analysis

#endif // IOTFLEET_ANALYSIS_REPORT_HEXAGON_TIMELINE_H
