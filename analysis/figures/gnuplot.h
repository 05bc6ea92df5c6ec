// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_ANALYSIS_FIGURES_GNUPLOT_H
#define IOTFLEET_ANALYSIS_FIGURES_GNUPLOT_H

#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>

/**
 * @file
 * The program gnuplot, which draws the figures: how text is given to it, and how it is run. Nothing
 * here knows what is drawn.
 */
namespace ns3::iotfleet::analysis
{

/// gnuplot is not there, or could not draw; what() is one whole sentence. An environment failure.
class GnuplotError : public std::runtime_error
{
  public:
    using std::runtime_error::runtime_error;
};

/**
 * @return text between single quotes, inside which gnuplot gives no character a meaning (in double
 * quotes it would run commands between backquotes); control characters become blanks.
 */
std::string QuoteForGnuplot(std::string_view text);

/// @return a number as gnuplot reads it, "NaN" where it is not finite.
std::string NumberForGnuplot(double value);

/**
 * The kinds of files that figures are written as, by the extension of the name.
 *
 * @return gnuplot's terminal for `file`, with size, font and colours for print.
 * @throw InputError if the extension is none of pdf, svg, png.
 */
std::string TerminalFor(const std::filesystem::path& file);

/**
 * Runs gnuplot on a script that draws one figure, and puts it under its name when it is whole. The
 * date that cairo writes into a PDF is overwritten, so that equal scripts give equal files.
 *
 * @param script everything but terminal and output.
 * @throw InputError as TerminalFor(); GnuplotError if gnuplot is missing, complains or cannot
 * write.
 */
void DrawFigure(const std::string& script, const std::filesystem::path& file);

} // namespace ns3::iotfleet::analysis

#endif // IOTFLEET_ANALYSIS_FIGURES_GNUPLOT_H
