// SPDX-License-Identifier: GPL-2.0-only
#include "analysis/format.h"
#include "analysis/html.h"
#include "analysis/report/report-context.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <nlohmann/json.hpp>

namespace ns3::iotfleet::analysis
{

namespace
{

using Json = nlohmann::json;

/// More points than this are not told apart on paper; the database keeps them all.
constexpr size_t MAX_POINTS{600};
constexpr size_t TABLE_ROWS{12};

/// A line of the chart: how it is named and drawn, and its count in a row of `progress`.
struct Line
{
    std::string_view name;
    std::string_view color;
    std::string_view colorDark;
    bool isBelief;
    std::function<std::optional<uint64_t>(const ProgressRow&)> get;
};

const std::array<Line, 11>&
GetLines()
{
    using Row = ProgressRow;
    static const std::array<Line, 11> LINES{{
        {"enrolled", "#767676", "#9A9A9A", false, [](const Row& r) { return r.enrolled; }},
        {"notified", "#56B4E9", "#56B4E9", false, [](const Row& r) { return r.notified; }},
        {"received", "#0072B2", "#3D9BD4", false, [](const Row& r) { return r.received; }},
        {"updated", "#009E73", "#009E73", false, [](const Row& r) { return r.updated; }},
        {"failed", "#E69F00", "#E69F00", false, [](const Row& r) { return r.failed; }},
        {"quarantined", "#CC79A7", "#CC79A7", false, [](const Row& r) { return r.quarantined; }},
        {"compromised", "#D55E00", "#D55E00", false, [](const Row& r) { return r.compromised; }},
        {"bricked", "#000000", "#F0E442", false, [](const Row& r) { return r.bricked; }},
        {"believed enrolled",
         "#767676",
         "#9A9A9A",
         true,
         [](const Row& r) { return r.believedEnrolled; }},
        {"believed updated",
         "#009E73",
         "#009E73",
         true,
         [](const Row& r) { return r.believedUpdated; }},
        {"believed failed",
         "#E69F00",
         "#E69F00",
         true,
         [](const Row& r) { return r.believedFailed; }},
    }};
    return LINES;
}

/// Every n-th row so that at most `limit` are left, and always the last.
std::vector<ProgressRow>
Thin(const std::vector<ProgressRow>& rows, size_t limit)
{
    const size_t stride = std::max<size_t>(1, (rows.size() + limit - 1) / limit);
    std::vector<ProgressRow> kept;
    for (size_t i = 0; i < rows.size(); i += stride)
    {
        kept.push_back(rows[i]);
    }
    if (!rows.empty() && (rows.size() - 1) % stride != 0)
    {
        kept.push_back(rows.back());
    }
    return kept;
}

/// A line that stays at zero carries nothing; it is named in the text instead.
bool
IsEverPositive(const std::vector<ProgressRow>& rows, const Line& line)
{
    return std::ranges::any_of(rows, [&](const ProgressRow& row) {
        return line.get(row).value_or(0) > 0;
    });
}

Json
MakeWaveBands(const ReportContext& context)
{
    Json bands = Json::array();
    for (const WaveRow& wave : context.waves)
    {
        if (wave.startedS)
        {
            bands.push_back({{"wave", wave.wave},
                             {"name", wave.name},
                             {"start", *wave.startedS},
                             {"end", wave.endedS.value_or(context.run.simS)},
                             {"decision", wave.decision},
                             {"reason", wave.reason}});
        }
    }
    return bands;
}

Json
MakeChart(const ReportContext& context)
{
    const auto rows = Thin(context.progress, MAX_POINTS);
    Json chart{{"devices", context.run.devices},
               {"t", Json::array()},
               {"lines", Json::array()},
               {"waves", MakeWaveBands(context)}};
    for (const ProgressRow& row : rows)
    {
        chart["t"].push_back(std::round(row.tS * 10) / 10);
    }
    for (const Line& line : GetLines())
    {
        if (!IsEverPositive(context.progress, line))
        {
            continue;
        }
        Json counts = Json::array();
        for (const ProgressRow& row : rows)
        {
            const auto count = line.get(row);
            counts.push_back(count ? Json(*count) : Json());
        }
        chart["lines"].push_back({{"name", line.name},
                                  {"color", line.color},
                                  {"colorDark", line.colorDark},
                                  {"belief", line.isBelief},
                                  {"counts", std::move(counts)}});
    }
    return chart;
}

std::string
MakeTable(const ReportContext& context)
{
    HtmlTable table("Devices in each state over time");
    table.AddColumn("Time");
    for (const Line& line : GetLines())
    {
        table.AddColumn(line.name);
    }
    for (const ProgressRow& row : Thin(context.progress, TABLE_ROWS))
    {
        std::vector<std::string> cells{FormatDuration(row.tS)};
        for (const Line& line : GetLines())
        {
            const auto count = line.get(row);
            cells.push_back(count ? FormatCount(*count) : "–");
        }
        table.AddRow(cells);
    }
    return Folded("The same as a table", table.ToHtml());
}

std::string
NameIdleLines(const ReportContext& context)
{
    std::string names;
    for (const Line& line : GetLines())
    {
        const auto last = line.get(context.progress.back());
        if (last && !line.isBelief && !IsEverPositive(context.progress, line))
        {
            names += (names.empty() ? "" : ", ") + std::string(line.name);
        }
    }
    return names.empty() ? "" : " Never above zero: " + names + ".";
}

} // namespace

std::string
MakeProgressSection(const ReportContext& context, Json& data)
{
    if (context.progress.empty())
    {
        return Paragraph("This run recorded no progress.");
    }
    data["progress"] = MakeChart(context);
    return Paragraph("Solid lines are the truth in the simulated world, dashed lines what the "
                     "operator believes from the messages that arrived. Shaded bands are the waves "
                     "of the rollout." +
                     NameIdleLines(context)) +
           "<div class=\"legend\" id=\"progress-legend\" role=\"group\" aria-label=\"Lines of the "
           "progress chart\"></div>"
           "<div class=\"chart tall\" id=\"progress-chart\" role=\"img\" aria-label=\"Share of "
           "devices in each state over time; the table below holds the same numbers\"></div>\n" +
           MakeTable(context);
}

} // namespace ns3::iotfleet::analysis
