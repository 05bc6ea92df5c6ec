// SPDX-License-Identifier: GPL-2.0-only

#ifndef IOTFLEET_HELPER_CAMPAIGN_EXECUTOR_H
#define IOTFLEET_HELPER_CAMPAIGN_EXECUTOR_H

#include "helper/campaign-folder.h"
#include "helper/run-backend.h"
#include "model/record/results-database.h"

#include <map>
#include <memory>

namespace ns3::iotfleet
{

/** What one run of a campaign gave. */
struct RunResult
{
    RunRequest request;
    int64_t runId{0};
    uint64_t seed{0};
    uint64_t rngRun{0};
    bool isOk{false};
    std::string failure; //!< one line, where it is not ok
    double wallS{0};     //!< real time that it took
    /** By name; empty where the metric does not apply or was not reached, and for failed runs. */
    std::map<std::string, std::optional<double>> metrics;
};

/** How far a campaign is. */
struct CampaignProgress
{
    std::size_t finished{0}; //!< runs whose results are there, those of an earlier start included
    std::size_t failed{0};   //!< runs that cannot be made
    std::size_t running{0};  //!< runs under way
    std::size_t expected{0}; //!< runs in all, at most
    std::optional<double> etaS; //!< real time left if runs go on taking what they took
};

/** Whom to tell of a campaign; all may be empty. */
struct CampaignHooks
{
    /** Called for each run that ended in this process. */
    std::function<void(const RunResult&, const CampaignProgress&)> onRun;
    /** Called several times a second; true gives up, and --resume can go on from there. */
    std::function<bool(const CampaignProgress&)> shouldStop;
};

/** The campaign was stopped by CampaignHooks::shouldStop; its finished runs are kept. */
class CampaignInterrupted : public std::runtime_error
{
  public:
    using std::runtime_error::runtime_error;
};

/**
 * Makes the runs of a plan that are asked for and joins them into one results database. Which runs
 * to ask for is the caller's business: all at once, or more in the light of earlier ones.
 *
 * Whatever is killed, and whenever, finished runs stay. The same requests to an executor that
 * resumes find them, and end in the same database (but for the columns that tell of real time and
 * memory), as long as what is asked for follows from the plan and from results alone.
 */
class CampaignExecutor
{
  public:
    /**
     * Takes the campaign's folder.
     *
     * @param plan what may be run
     * @param database results database that Finish() makes; replaced only if it is one
     * @param start what to do with finished runs of an earlier start
     * @param backend makes the runs
     * @param hooks whom to tell
     * @throws CampaignError, DatabaseError as CampaignFolder
     */
    CampaignExecutor(CampaignPlan plan,
                     const std::filesystem::path& database,
                     CampaignStart start,
                     std::unique_ptr<RunBackend> backend,
                     CampaignHooks hooks = {});

    /** @param runs how many will be asked for at most, for progress alone */
    void SetExpected(std::size_t runs);

    /**
     * Makes the runs that are not there yet. A run that is killed is tried three times, a run that
     * fails otherwise once; both are results, and not errors.
     *
     * @param requests any runs of the plan, those of earlier calls too
     * @return their results, in the same order
     * @throws CampaignInterrupted where a hook says so
     * @throws std::runtime_error where no run can be made (disk full)
     */
    std::vector<RunResult> Run(const std::vector<RunRequest>& requests);

    /**
     * Joins all runs that were asked for, failed ones as rows of `run` and `run_failure`, into the
     * database. The folder of finished runs is deleted unless some failed: they can be tried again.
     *
     * @param stopReason one sentence for table `campaign`; must follow from plan and results
     * @throws DatabaseError and then the database is as it was before
     */
    void Finish(const std::string& stopReason);

    /** @return what is run */
    const CampaignPlan& GetPlan() const;

    /** @return how far it is */
    CampaignProgress GetProgress() const;

  private:
    /** A run that was asked for. */
    struct Entry
    {
        RunRequest request;
        std::optional<RunResult> result;
        int attempts{0};
    };

    RunJob MakeJob(const RunRequest& request) const;
    RunResult MakeResult(const RunRequest& request) const;
    RunResult ReadResult(const RunRequest& request, const RunFile& file) const;
    void Enter(const RunRequest& request);
    std::vector<RunJob> OpenJobs() const;
    void OnEnded(const RunJob& job, const RunOutcome& outcome);
    bool ShouldStop(std::size_t running);
    void Join(const std::string& stopReason) const;
    void AddFailedRun(ResultsDatabase& database, const RunResult& result) const;
    void AddCampaign(ResultsDatabase& database, const std::string& stopReason) const;

    CampaignPlan m_plan;                   //!< what may be run
    std::filesystem::path m_database;      //!< what Finish() makes
    CampaignFolder m_folder;               //!< where finished runs are
    std::unique_ptr<RunBackend> m_backend; //!< makes the runs
    CampaignHooks m_hooks;                 //!< whom to tell
    std::map<int64_t, Entry> m_entries;    //!< all that was asked for, by run
    CampaignProgress m_progress;           //!< how far it is
    double m_wallS{0};                     //!< sum over runs made or found
};

/**
 * @param database a results database, or nothing
 * @param plan a plan
 * @return whether the database holds all runs of this plan, and none of them failed
 */
bool IsCampaignFinished(const std::filesystem::path& database, const CampaignPlan& plan);

} // namespace ns3::iotfleet

#endif // IOTFLEET_HELPER_CAMPAIGN_EXECUTOR_H
