// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_ANALYSIS_REPORT_HEXAGONS_H
#define IOTFLEET_ANALYSIS_REPORT_HEXAGONS_H

#include "analysis/report/device-state.h"

#include <array>
#include <cstdint>
#include <map>
#include <utility>

namespace ns3::iotfleet::analysis
{

/// Devices counted by state in the cells of a grid of regular hexagons (pointy side up); a map of a
/// fleet too large for a dot each. It keeps counts, not devices.
class HexagonGrid
{
  public:
    using Counts = std::array<uint32_t, REPORT_STATES>;
    using Cell = std::pair<int32_t, int32_t>; ///< column and row, axial coordinates

    /// `radiusM`: from a cell's centre to its corners, in m, > 0.
    explicit HexagonGrid(double radiusM);

    void Add(double xM, double yM, ReportState state);

    /// @return the cell that contains a point.
    Cell FindCell(double xM, double yM) const;

    /// @return the centre of a cell, x and y in m.
    std::pair<double, double> GetCenter(const Cell& cell) const;

    const std::map<Cell, Counts>& GetCells() const;
    double GetRadiusM() const;

  private:
    double m_radiusM;
    std::map<Cell, Counts> m_cells;
};

} // namespace ns3::iotfleet::analysis

#endif // IOTFLEET_ANALYSIS_REPORT_HEXAGONS_H
