// SPDX-License-Identifier: GPL-2.0-only
#include "analysis/report/hexagon-timeline.h"

#include <map>
#include <set>

namespace ns3::iotfleet::analysis
{

HexagonTimeline::HexagonTimeline(double radiusM, std::span<const DevicePoint> points)
    : m_points(points)
{
    const HexagonGrid grid(radiusM);
    std::map<HexagonGrid::Cell, uint32_t> numbers;
    m_cellOf.reserve(points.size());
    for (const DevicePoint& point : points)
    {
        const auto cell = grid.FindCell(point.xM, point.yM);
        const auto [found, isNew] =
            numbers.try_emplace(cell, static_cast<uint32_t>(m_cells.size()));
        if (isNew)
        {
            const auto [x, y] = grid.GetCenter(cell);
            m_cells.push_back({x, y, {}});
        }
        m_cellOf.push_back(found->second);
    }
    m_counts.resize(m_cells.size());
}

void
HexagonTimeline::Record(size_t cell, uint32_t frame)
{
    for (size_t state = 0; state < REPORT_STATES; ++state)
    {
        auto& changes = m_cells[cell].states[state];
        const uint32_t count = m_counts[cell][state];
        if (count != (changes.empty() ? 0 : changes.back().count))
        {
            changes.push_back({frame, count});
        }
    }
}

void
HexagonTimeline::CountEnd()
{
    for (size_t device = 0; device < m_points.size(); ++device)
    {
        ++m_counts[m_cellOf[device]][static_cast<size_t>(m_points[device].state)];
    }
    for (size_t cell = 0; cell < m_cells.size(); ++cell)
    {
        Record(cell, 0);
    }
}

void
HexagonTimeline::Replay(std::span<const TimedEvent> events, std::span<const double> frames)
{
    DeviceReplay replay(m_points.size());
    std::set<uint32_t> touched;
    for (uint32_t device = 0; device < m_points.size(); ++device)
    {
        ++m_counts[m_cellOf[device]][static_cast<size_t>(replay.GetState(device))];
        touched.insert(m_cellOf[device]);
    }
    size_t next = 0;
    for (uint32_t frame = 0; frame < frames.size(); ++frame)
    {
        for (; next < events.size() && events[next].tS <= frames[frame]; ++next)
        {
            const auto& [tS, device, event] = events[next];
            auto& counts = m_counts[m_cellOf[device]];
            --counts[static_cast<size_t>(replay.GetState(device))];
            replay.Apply(device, event);
            ++counts[static_cast<size_t>(replay.GetState(device))];
            touched.insert(m_cellOf[device]);
        }
        for (const uint32_t cell : touched)
        {
            Record(cell, frame);
        }
        touched.clear();
    }
}

const std::vector<HexagonTimeline::Cell>&
HexagonTimeline::GetCells() const
{
    return m_cells;
}

} // namespace ns3::iotfleet::analysis
