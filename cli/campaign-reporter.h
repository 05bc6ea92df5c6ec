// SPDX-License-Identifier: GPL-2.0-only

#ifndef IOTFLEET_CLI_CAMPAIGN_REPORTER_H
#define IOTFLEET_CLI_CAMPAIGN_REPORTER_H

#include "cli/progress-line.h"
#include "helper/campaign-executor.h"
#include "helper/campaign-runner.h"

#include <chrono>

namespace ns3::iotfleet
{

/**
 * Tells of a campaign under way: one line with the time left on a terminal, otherwise one line a
 * finished run on standard output.
 */
class CampaignReporter
{
  public:
    /**
     * @param plan what is run; must outlive the reporter
     * @param isQuiet tells nothing at all
     */
    CampaignReporter(const CampaignPlan& plan, bool isQuiet);

    /** Tells of a run that ended. */
    void OnRun(const RunResult& result, const CampaignProgress& progress);

    /** Draws the line anew. */
    void OnTick(const CampaignProgress& progress);

    /** @return real time since the reporter was made, seconds */
    double WallS() const;

  private:
    const CampaignPlan& m_plan;                    //!< what is run
    bool m_isQuiet;                                //!< says nothing
    ProgressLine m_line;                           //!< on a terminal
    std::chrono::steady_clock::time_point m_begin; //!< when the work began
};

/**
 * @param progress how far a campaign is
 * @return the line of a terminal
 */
std::string CampaignProgressText(const CampaignProgress& progress);

/**
 * @param plan what was run
 * @param result a run of it
 * @return such as `run 7 (class-b, seed 1, run 2)`
 */
std::string DescribeRun(const CampaignPlan& plan, const RunResult& result);

/**
 * Tells on the error output of failed runs, and what can be done.
 *
 * @param plan what was run
 * @param results all runs
 * @param database the results database that they are joined in
 * @return how many failed
 */
std::size_t ReportFailedRuns(const CampaignPlan& plan,
                             const std::vector<RunResult>& results,
                             const std::filesystem::path& database);

} // namespace ns3::iotfleet

#endif // IOTFLEET_CLI_CAMPAIGN_REPORTER_H
