// SPDX-License-Identifier: GPL-2.0-only

#ifndef IOTFLEET_HELPER_CAMPAIGN_FOLDER_H
#define IOTFLEET_HELPER_CAMPAIGN_FOLDER_H

#include "helper/campaign-plan.h"
#include "model/record/results-source.h"

#include <stdexcept>

namespace ns3::iotfleet
{

/** What to do with finished runs that an earlier, unfinished campaign left. */
enum class CampaignStart
{
    FRESH,  //!< there must be none
    RESUME, //!< keep them, if they are of the same plan
    RESTART //!< delete them
};

/** A campaign cannot start or go on as asked; what() says what the user can do. His, not ours. */
class CampaignError : public std::runtime_error
{
  public:
    using std::runtime_error::runtime_error;
};

/**
 * The folder `FILE.partial-campaign` of finished runs beside the database FILE that is to become
 * of them. A file `run-N.db` in it is whole, whatever was killed and when. One process at a time
 * holds the folder, its child processes with it: while a run of a killed process could still
 * write, nobody else gets the folder.
 */
class CampaignFolder
{
  public:
    /**
     * Takes the folder, and makes it where it does not exist.
     *
     * @param database results database that is to be made
     * @param plan what will be run
     * @param start what to do with finished runs
     * @throws CampaignError where another process holds it or its runs are of no use
     * @throws DatabaseError where it cannot be written
     */
    CampaignFolder(const std::filesystem::path& database,
                   const CampaignPlan& plan,
                   CampaignStart start);

    /** Lets the folder go; its files stay. */
    ~CampaignFolder();

    CampaignFolder(const CampaignFolder&) = delete;
    CampaignFolder& operator=(const CampaignFolder&) = delete;

    /** @return the file of a run, whether or not it exists */
    std::filesystem::path FileOf(int64_t runId) const;

    /** @return where the joined database is made before it gets its final name */
    std::filesystem::path JoinedFile() const;

    /**
     * @return the run's results, if they are there, whole, and of this plan
     */
    std::optional<RunFile> Find(const RunRequest& request) const;

    /** Deletes the folder with all runs; to be called when they are in the database. */
    void Remove();

    /** @return the folder of a database */
    static std::filesystem::path PathFor(const std::filesystem::path& database);

  private:
    void Lock();
    void Begin(CampaignStart start);
    void RequireSamePlan(const std::string& manifest) const;
    void RemoveLeftovers() const;
    std::filesystem::path ManifestFile() const;
    std::size_t CountRuns() const;

    std::filesystem::path m_folder; //!< where the runs are
    const CampaignPlan& m_plan;     //!< what they belong to
    int m_lock{-1};                 //!< descriptor of the lock
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_HELPER_CAMPAIGN_FOLDER_H
