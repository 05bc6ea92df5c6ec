// SPDX-License-Identifier: GPL-2.0-only

#include "cli/campaign-reporter.h"

#include "analysis/format.h"

#include <cmath>
#include <cstdio>
#include <iostream>

namespace ns3::iotfleet
{

CampaignReporter::CampaignReporter(const CampaignPlan& plan, bool isQuiet)
    : m_plan(plan),
      m_isQuiet(isQuiet),
      m_begin(std::chrono::steady_clock::now())
{
}

double
CampaignReporter::WallS() const
{
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - m_begin).count();
}

void
CampaignReporter::OnRun(const RunResult& result, const CampaignProgress& progress)
{
    if (m_isQuiet || m_line.IsActive())
    {
        return;
    }
    char took[32];
    std::snprintf(took, sizeof took, "%.1f s", result.wallS);
    std::cout << progress.finished + progress.failed << " of " << progress.expected << ": "
              << DescribeRun(m_plan, result) << ' '
              << (result.isOk ? "took " + std::string(took) : "failed: " + result.failure)
              << std::endl; // at once: somebody may be following a log
}

void
CampaignReporter::OnTick(const CampaignProgress& progress)
{
    if (!m_isQuiet)
    {
        m_line.Show(WallS(), CampaignProgressText(progress));
    }
}

std::string
CampaignProgressText(const CampaignProgress& progress)
{
    const std::size_t ended = progress.finished + progress.failed;
    const std::size_t expected = std::max<std::size_t>(1, progress.expected);
    std::string text = std::to_string(100 * ended / expected) + " %  " + std::to_string(ended) +
                       " of " + std::to_string(progress.expected) + " runs, " +
                       std::to_string(progress.running) + " under way";
    if (progress.failed > 0)
    {
        text += ", " + std::to_string(progress.failed) + " failed";
    }
    if (progress.etaS)
    {
        text += ", " + analysis::FormatDuration(std::round(*progress.etaS)) + " left";
    }
    return text;
}

std::string
DescribeRun(const CampaignPlan& plan, const RunResult& result)
{
    return "run " + std::to_string(result.runId) + " (" + plan.cells.at(result.request.cell).label +
           ", seed " + std::to_string(result.seed) + ", run " + std::to_string(result.rngRun) + ")";
}

std::size_t
ReportFailedRuns(const CampaignPlan& plan,
                 const std::vector<RunResult>& results,
                 const std::filesystem::path& database)
{
    constexpr std::size_t MOST_LINES = 10;
    std::size_t failed = 0;
    for (const RunResult& result : results)
    {
        if (!result.isOk && ++failed <= MOST_LINES)
        {
            std::cerr << DescribeRun(plan, result) << " failed: " << result.failure << '\n';
        }
    }
    if (failed > 0)
    {
        std::cerr << failed << " of " << results.size() << " runs failed and have no results in "
                  << database.string()
                  << "; --resume tries them again, finished runs are kept for it in "
                  << CampaignFolder::PathFor(database).string() << '\n';
    }
    return failed;
}

} // namespace ns3::iotfleet
