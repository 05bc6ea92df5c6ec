// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_ANALYSIS_REPORT_HEXAGONS_H
#define IOTFLEET_ANALYSIS_REPORT_HEXAGONS_H

#include <cstdint>
#include <utility>

namespace ns3::iotfleet::analysis
{

/// A grid of regular hexagons, pointy side up, over the map of a fleet too large for a dot each. It
/// knows places, not devices.
class HexagonGrid
{
  public:
    using Cell = std::pair<int32_t, int32_t>; ///< column and row, axial coordinates

    /// `radiusM`: from a cell's centre to its corners, in m, > 0.
    explicit HexagonGrid(double radiusM);

    /// @return the cell that contains a point.
    Cell FindCell(double xM, double yM) const;

    /// @return the centre of a cell, x and y in m.
    std::pair<double, double> GetCenter(const Cell& cell) const;

  private:
    double m_radiusM;
};

} // namespace ns3::iotfleet::analysis

#endif // IOTFLEET_ANALYSIS_REPORT_HEXAGONS_H
