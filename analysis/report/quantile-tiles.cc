// SPDX-License-Identifier: GPL-2.0-only
#include "analysis/report/quantile-tiles.h"

#include "analysis/format.h"
#include "analysis/html.h"
#include "analysis/statistics.h"

#include <algorithm>

namespace ns3::iotfleet::analysis
{

namespace
{

constexpr std::array<std::string_view, 3> SHARES{"50", "95", "99"};

/// Whether two that differ would read the same.
bool
AreAlike(const std::array<std::optional<double>, 3>& seconds)
{
    for (size_t i = 0; i + 1 < seconds.size(); ++i)
    {
        if (seconds[i] && seconds[i + 1] &&
            FormatDuration(*seconds[i]) == FormatDuration(*seconds[i + 1]))
        {
            return true;
        }
    }
    return false;
}

} // namespace

bool
HasEveryRun(const ReportContext& context, const std::string& name)
{
    const auto found = context.metrics.find(name);
    return found != context.metrics.end() &&
           std::ranges::all_of(found->second, [](const auto& value) { return value.has_value(); });
}

/// The mean over the runs; nothing where one of them has no value.
std::optional<double>
MeanOf(const ReportContext& context, const std::string& name)
{
    if (!HasEveryRun(context, name))
    {
        return std::nullopt;
    }
    return ComputeMean(*TakeIfWhole(context.metrics.at(name)));
}

std::string
Tile(std::string_view label, std::string_view text)
{
    return "<div><dt>" + EscapeHtml(label) + "</dt><dd>" + EscapeHtml(text) + "</dd></div>";
}

TileTexts
TellQuantiles(const std::array<std::optional<double>, 3>& secondsUntil, const std::string& missing)
{
    const bool finely = AreAlike(secondsUntil);
    TileTexts tiles;
    std::vector<std::string> shares; // of the last tile
    for (size_t i = 0; i < secondsUntil.size(); ++i)
    {
        const auto& seconds = secondsUntil[i];
        const std::string text = !seconds ? missing
                                 : finely ? FormatDurationFinely(*seconds)
                                          : FormatDuration(*seconds);
        if (tiles.empty() || tiles.back().second != text)
        {
            tiles.emplace_back("", text);
            shares.clear();
        }
        shares.emplace_back(SHARES[i]);
        std::string list = shares.front();
        for (size_t k = 1; k < shares.size(); ++k)
        {
            list += (k + 1 == shares.size() ? " and " : ", ") + shares[k];
        }
        tiles.back().first = "until " + list + " % updated";
    }
    return tiles;
}

std::string
MakeQuantileTiles(const ReportContext& context)
{
    const std::array<std::optional<double>, 3> seconds{MeanOf(context, "time_to_50_updated_s"),
                                                       MeanOf(context, "time_to_95_updated_s"),
                                                       MeanOf(context, "time_to_99_updated_s")};
    const bool isAny = std::ranges::any_of(seconds, [](const auto& s) { return s.has_value(); });
    if (!isAny && context.Target().empty())
    {
        return "";
    }
    std::string html;
    for (const auto& [label, text] :
         TellQuantiles(seconds,
                       context.sameVariant.size() > 1 ? "not in every run" : "never reached"))
    {
        html += Tile(label, text);
    }
    return html;
}

} // namespace ns3::iotfleet::analysis
