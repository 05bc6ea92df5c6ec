// SPDX-License-Identifier: GPL-2.0-only

#ifndef IOTFLEET_CLI_CAMPAIGN_SESSION_H
#define IOTFLEET_CLI_CAMPAIGN_SESSION_H

#include "cli/campaign-reporter.h"

#include <filesystem>
#include <memory>

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
 * @param resume goes on where an earlier start was stopped
 * @param restart discards the runs of an earlier start; goes before `resume`
 * @return what that says about an earlier start
 */
CampaignStart ChooseStart(bool resume, bool restart);

/**
 * An executor of runs that shows its progress and stops when the program is asked to end. It
 * decides nothing about what is run.
 */
class CampaignSession
{
  public:
    /**
     * Runs for a command's own purposes: in local processes, and silent off a terminal, where a
     * line a run would mix with the command's output.
     *
     * @param plan what may be run
     * @param database results database that the executor makes
     * @param options how
     */
    CampaignSession(const CampaignPlan& plan,
                    const std::filesystem::path& database,
                    const CampaignSessionOptions& options);

    /**
     * Runs that are the command's purpose.
     *
     * @param plan what may be run
     * @param database results database that the executor makes
     * @param start what to do with runs of an earlier start
     * @param backend makes the runs
     * @param isQuiet no progress at all
     */
    CampaignSession(const CampaignPlan& plan,
                    const std::filesystem::path& database,
                    CampaignStart start,
                    std::unique_ptr<RunBackend> backend,
                    bool isQuiet);
    CampaignSession(const CampaignSession&) = delete;
    CampaignSession& operator=(const CampaignSession&) = delete;

    /** @return the executor, to ask for runs */
    CampaignExecutor& GetExecutor();

    /** @return real time since the session began, seconds */
    double WallS() const;

  private:
    CampaignHooks MakeHooks();

    CampaignPlan m_plan;         //!< what may be run; the reporter refers to it
    CampaignReporter m_reporter; //!< draws the progress
    CampaignExecutor m_executor; //!< makes the runs
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_CLI_CAMPAIGN_SESSION_H
