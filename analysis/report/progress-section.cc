// SPDX-License-Identifier: GPL-2.0-only
#include "analysis/format.h"
#include "analysis/html.h"
#include "analysis/report/progress-lines.h"
#include "analysis/report/report-context.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace ns3::iotfleet::analysis
{

namespace
{

using Json = nlohmann::json;

/// More points than this are not told apart on paper; the database keeps them all.
constexpr size_t MAX_POINTS{600};
constexpr size_t BAND_POINTS{300};
constexpr size_t TABLE_ROWS{12};

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
DescribeLine(const ProgressLine& line)
{
    return {{"name", line.name},
            {"color", line.color},
            {"colorDark", line.colorDark},
            {"belief", line.isBelief}};
}

/// The lines of the one run.
void
AddRun(const ReportContext& context, Json& chart)
{
    const auto rows = Thin(context.progress, MAX_POINTS);
    for (const ProgressRow& row : rows)
    {
        chart["t"].push_back(std::round(row.tS * 10) / 10);
    }
    for (const ProgressLine& line : GetProgressLines())
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
        Json drawn = DescribeLine(line);
        drawn["counts"] = std::move(counts);
        chart["lines"].push_back(std::move(drawn));
    }
}

/// Several runs: the median and a band, in devices.
void
AddBands(const ReportContext& context, Json& chart)
{
    auto runs = context.Own().progress;
    for (ProgressRun& run : runs)
    {
        run.startS = 0;
    }
    const auto instants = MakeInstants(runs, BAND_POINTS);
    for (const double tS : instants)
    {
        chart["t"].push_back(std::round(tS * 10) / 10);
    }
    for (const ProgressLine& line : GetProgressLines())
    {
        const bool isIdle = std::ranges::none_of(runs, [&](const ProgressRun& run) {
            return IsEverPositive(run.rows, line);
        });
        if (isIdle)
        {
            continue;
        }
        Json drawn = DescribeLine(line);
        for (const ProgressBand& point : MakeBand(runs, line, instants))
        {
            const auto add = [&](const char* key, const std::optional<double>& share) {
                const double count = share.value_or(0) * static_cast<double>(context.run.devices);
                drawn[key].push_back(share ? Json(std::round(count * 100) / 100) : Json());
            };
            add("counts", point.median);
            add("low", point.low);
            add("high", point.high);
        }
        chart["lines"].push_back(std::move(drawn));
    }
}

Json
MakeChart(const ReportContext& context)
{
    Json chart{{"devices", context.run.devices},
               {"t", Json::array()},
               {"lines", Json::array()},
               {"waves", MakeWaveBands(context)}};
    if (context.Own().progress.size() > 1)
    {
        AddBands(context, chart);
    }
    else
    {
        AddRun(context, chart);
    }
    return chart;
}

std::string
DescribeRuns(const ReportContext& context)
{
    const size_t runs = context.Own().progress.size();
    return runs < 2 ? ""
                    : " Lines and bands are " + DescribeBand(runs) +
                          "; waves and the table are of the first of them.";
}

std::string
MakeTable(const ReportContext& context)
{
    HtmlTable table("Devices in each state over time");
    table.AddColumn("Time");
    for (const ProgressLine& line : GetProgressLines())
    {
        table.AddColumn(line.name);
    }
    for (const ProgressRow& row : Thin(context.progress, TABLE_ROWS))
    {
        std::vector<std::string> cells{FormatDuration(row.tS)};
        for (const ProgressLine& line : GetProgressLines())
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
    for (const ProgressLine& line : GetProgressLines())
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
                     DescribeRuns(context) + NameIdleLines(context)) +
           "<div class=\"legend\" id=\"progress-legend\" role=\"group\" aria-label=\"Lines of the "
           "progress chart\"></div>"
           "<div class=\"chart tall\" id=\"progress-chart\" role=\"img\" aria-label=\"Share of "
           "devices in each state over time; the table below holds the same numbers\"></div>\n" +
           MakeTable(context);
}

} // namespace ns3::iotfleet::analysis
