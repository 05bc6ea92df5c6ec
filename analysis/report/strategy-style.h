// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_ANALYSIS_REPORT_STRATEGY_STYLE_H
#define IOTFLEET_ANALYSIS_REPORT_STRATEGY_STYLE_H

#include <array>
#include <cstddef>
#include <string_view>

/**
 * @file
 * How strategies look in charts and figures: Okabe and Ito's colours, and a stroke and a mark each,
 * so that no two of the first eight share colour, stroke and mark, and nothing depends on colour
 * alone.
 */
namespace ns3::iotfleet::analysis
{

/// Colours of one strategy.
struct StrategyColor
{
    std::string_view light; ///< on a light page and on paper
    std::string_view dark;  ///< on a dark page
};

inline constexpr std::array<StrategyColor, 7> STRATEGY_COLORS{{{"#0072B2", "#3D9BD4"},
                                                               {"#D55E00", "#E8803A"},
                                                               {"#009E73", "#26B98F"},
                                                               {"#CC79A7", "#DB97BC"},
                                                               {"#E69F00", "#E69F00"},
                                                               {"#56B4E9", "#56B4E9"},
                                                               {"#000000", "#E6E9EC"}}};

/// Marks as ECharts names them, in turn.
inline constexpr std::array<std::string_view, 5> STRATEGY_MARKS{"circle",
                                                                "rect",
                                                                "triangle",
                                                                "diamond",
                                                                "path://M0 0H10L5 9z"};

/// @return the colours of the n-th strategy.
constexpr StrategyColor
ColorOfStrategy(size_t n)
{
    return STRATEGY_COLORS[n % STRATEGY_COLORS.size()];
}

/// @return the mark of the n-th strategy.
constexpr std::string_view
MarkOfStrategy(size_t n)
{
    return STRATEGY_MARKS[n % STRATEGY_MARKS.size()];
}

/// Strokes: 0 solid, 1 dashed, 2 dotted, in turn.
inline constexpr size_t STRATEGY_STROKES{3};

} // namespace ns3::iotfleet::analysis

#endif // IOTFLEET_ANALYSIS_REPORT_STRATEGY_STYLE_H
