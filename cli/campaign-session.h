// SPDX-License-Identifier: GPL-2.0-only

#ifndef IOTFLEET_CLI_CAMPAIGN_SESSION_H
#define IOTFLEET_CLI_CAMPAIGN_SESSION_H

#include "cli/campaign-reporter.h"

#include <filesystem>

namespace ns3::iotfleet
{

/** How a command runs scenarios for its own purposes. */
struct CampaignSessionOptions
{
    CampaignStart start{CampaignStart::FRESH}; //!< what to do with runs of an earlier start
    std::size_t jobs{0};                       //!< runs at a time; 0: the number of processors
    bool quiet{false};                         //!< no progress on the terminal
};

/**
 * An executor of runs in local processes that shows its progress on a terminal and stops when the
 * program is asked to end. It decides nothing about what is run.
 */
class CampaignSession
{
  public:
    /**
     * @param plan what may be run
     * @param database results database that the executor makes
     * @param options how
     */
    CampaignSession(const CampaignPlan& plan,
                    const std::filesystem::path& database,
                    const CampaignSessionOptions& options);
    CampaignSession(const CampaignSession&) = delete;
    CampaignSession& operator=(const CampaignSession&) = delete;

    /** @return the executor, to ask for runs */
    CampaignExecutor& GetExecutor();

  private:
    CampaignHooks MakeHooks();

    CampaignPlan m_plan;         //!< what may be run; the reporter refers to it
    CampaignReporter m_reporter; //!< draws the progress
    CampaignExecutor m_executor; //!< makes the runs
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_CLI_CAMPAIGN_SESSION_H
