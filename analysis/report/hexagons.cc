// SPDX-License-Identifier: GPL-2.0-only
#include "analysis/report/hexagons.h"

#include <cmath>
#include <numbers>

namespace ns3::iotfleet::analysis
{

HexagonGrid::HexagonGrid(double radiusM)
    : m_radiusM(radiusM)
{
}

HexagonGrid::Cell
HexagonGrid::FindCell(double xM, double yM) const
{
    // Axial coordinates, rounded in the cube whose three coordinates sum to zero: the one that was
    // rounded most is the one to correct.
    const double q = (std::numbers::sqrt3 / 3 * xM - yM / 3) / m_radiusM;
    const double r = (2.0 / 3 * yM) / m_radiusM;
    double column = std::round(q);
    double row = std::round(r);
    const double third = std::round(-q - r);
    const double columnError = std::abs(column - q);
    const double rowError = std::abs(row - r);
    const double thirdError = std::abs(third + q + r);
    if (columnError > rowError && columnError > thirdError)
    {
        column = -row - third;
    }
    else if (rowError > thirdError)
    {
        row = -column - third;
    }
    return {static_cast<int32_t>(column), static_cast<int32_t>(row)};
}

std::pair<double, double>
HexagonGrid::GetCenter(const Cell& cell) const
{
    return {m_radiusM * std::numbers::sqrt3 * (cell.first + cell.second / 2.0),
            m_radiusM * 1.5 * cell.second};
}

} // namespace ns3::iotfleet::analysis
