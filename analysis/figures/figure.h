// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_ANALYSIS_FIGURES_FIGURE_H
#define IOTFLEET_ANALYSIS_FIGURES_FIGURE_H

#include "analysis/input-error.h"
#include "analysis/report/report-context.h"

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>

/**
 * @file
 * Figures for papers: the charts of the report, through gnuplot, in the same colours. Each figure
 * is a function from the results to a script of gnuplot; figures.cc lists them.
 */
namespace ns3::iotfleet::analysis
{

/// The results hold nothing that a figure shows; what() says what is missing. WriteFigure() adds
/// the name of the database.
class NothingToDraw : public InputError
{
  public:
    using InputError::InputError;
};

/// What a user asks for.
struct FigureRequest
{
    std::filesystem::path database;
    std::filesystem::path output;
    std::string figure;
    std::string variant;         ///< whose first run is drawn; empty: the first
    std::string line{"updated"}; ///< `compare`: which line of the progress
    std::string x;               ///< `pareto`: a metric; empty: chosen by what has values
    std::string y;
    std::optional<double> atS; ///< `map`: instant; empty: the end
};

/// One figure that can be drawn.
struct FigureDefinition
{
    std::string_view name;
    std::string_view meaning;
    /// @return the script; throws NothingToDraw, or InputError where an argument is unusable.
    std::string (*make)(const ReportContext&, const ResultsReader&, const FigureRequest&);
};

/// @return all figures, in the order in which they are listed.
std::span<const FigureDefinition> ListFigures();

/**
 * Draws a figure.
 *
 * @throw InputError if the database, the name, the extension or an argument is unusable, or if the
 *        results hold nothing to draw; GnuplotError if gnuplot is missing or fails.
 */
void WriteFigure(const FigureRequest& request);

/// @name The scripts.
///@{
std::string DrawProgress(const ReportContext&, const ResultsReader&, const FigureRequest&);
std::string DrawCompare(const ReportContext&, const ResultsReader&, const FigureRequest&);
std::string DrawPareto(const ReportContext&, const ResultsReader&, const FigureRequest&);
std::string DrawMap(const ReportContext&, const ResultsReader&, const FigureRequest&);
std::string DrawWaves(const ReportContext&, const ResultsReader&, const FigureRequest&);
std::string DrawAir(const ReportContext&, const ResultsReader&, const FigureRequest&);
std::string DrawEnergy(const ReportContext&, const ResultsReader&, const FigureRequest&);
std::string DrawBattery(const ReportContext&, const ResultsReader&, const FigureRequest&);
///@}

/// @return settings that all figures share: thin grey frame and grid, numbers with few digits.
std::string CommonStyle();

/// @return a setting that lists what is drawn below the figure, where names of strategies have
/// room.
std::string KeyBelow();

/// A unit for an axis of times.
struct TimeUnit
{
    double divisor{1}; ///< seconds in one
    std::string_view name;
};

/// @return the unit that suits a length of time in s; the report's charts use the same.
TimeUnit ChooseTimeUnit(double lengthS);

} // namespace ns3::iotfleet::analysis

#endif // IOTFLEET_ANALYSIS_FIGURES_FIGURE_H
