// SPDX-License-Identifier: GPL-2.0-only
#include "analysis/report/progress-lines.h"

#include "analysis/statistics.h"

#include <algorithm>
#include <array>
#include <string>

namespace ns3::iotfleet::analysis
{

std::span<const ProgressLine>
GetProgressLines()
{
    using Row = ProgressRow;
    static const std::array<ProgressLine, 11> LINES{{
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

const ProgressLine&
GetProgressLine(std::string_view name)
{
    return *std::ranges::find(GetProgressLines(), name, &ProgressLine::name);
}

bool
IsEverPositive(std::span<const ProgressRow> rows, const ProgressLine& line)
{
    return std::ranges::any_of(rows, [&](const ProgressRow& row) {
        return line.get(row).value_or(0) > 0;
    });
}

std::vector<double>
MakeInstants(std::span<const ProgressRun> runs, size_t count)
{
    double endS = 0;
    for (const ProgressRun& run : runs)
    {
        endS = run.rows.empty() ? endS : std::max(endS, run.rows.back().tS - run.startS);
    }
    std::vector<double> instants;
    for (size_t i = 0; i < count; ++i)
    {
        instants.push_back(endS * static_cast<double>(i) / static_cast<double>(count - 1));
    }
    return instants;
}

namespace
{

/// Share on a line at an instant: that of the last row before it.
std::optional<double>
ShareAt(const ProgressRun& run, const ProgressLine& line, double tS)
{
    const auto after = std::ranges::upper_bound(run.rows, tS + run.startS, {}, &ProgressRow::tS);
    if (after == run.rows.begin() || run.devices == 0)
    {
        return std::nullopt;
    }
    const auto count = line.get(*std::prev(after));
    return count ? std::optional(static_cast<double>(*count) / static_cast<double>(run.devices))
                 : std::nullopt;
}

} // namespace

std::vector<ProgressBand>
MakeBand(std::span<const ProgressRun> runs,
         const ProgressLine& line,
         std::span<const double> instants)
{
    std::vector<ProgressBand> band;
    std::vector<double> shares;
    for (const double tS : instants)
    {
        shares.clear();
        for (const ProgressRun& run : runs)
        {
            if (const auto share = ShareAt(run, line, tS))
            {
                shares.push_back(*share);
            }
        }
        ProgressBand& point = band.emplace_back(ProgressBand{tS, {}, {}, {}});
        if (shares.empty())
        {
            continue;
        }
        std::ranges::sort(shares);
        const double tail = shares.size() < RUNS_FOR_QUANTILES ? 0 : 0.1;
        point.low = ComputeQuantile(shares, tail);
        point.median = ComputeQuantile(shares, 0.5);
        point.high = ComputeQuantile(shares, 1 - tail);
    }
    return band;
}

std::string
DescribeBand(size_t runs)
{
    const std::string of = " of " + std::to_string(runs) + " runs";
    return runs < RUNS_FOR_QUANTILES
               ? "the median, and the band from the smallest to the largest" + of
               : "the median, and the band from the 10 % to the 90 % quantile" + of;
}

} // namespace ns3::iotfleet::analysis
