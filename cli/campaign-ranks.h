// SPDX-License-Identifier: GPL-2.0-only

#ifndef IOTFLEET_CLI_CAMPAIGN_RANKS_H
#define IOTFLEET_CLI_CAMPAIGN_RANKS_H

#include "helper/run-backend.h"

#include <memory>
#include <optional>

namespace ns3::iotfleet
{

/** Whether this process is one of several that a launcher such as mpirun started together. */
struct LauncherRank
{
    std::size_t rank{0}; //!< from 0
    std::size_t size{1}; //!< at least 2
};

/** @return this process's place, as the launcher's environment variables tell */
std::optional<LauncherRank> FindLauncherRank();

/**
 * Where the runs of a campaign are made: in child processes of this one, or by the other ranks
 * under mpirun. It lives as long as the campaign.
 */
class CampaignRanks
{
  public:
    /**
     * @param jobs runs at a time, as the user asked; the number of processors when left out
     * @throws CampaignError under mpirun where the program was built without MPI, or where `jobs`
     *         contradicts the number of ranks
     */
    explicit CampaignRanks(std::optional<std::size_t> jobs);
    ~CampaignRanks();

    CampaignRanks(const CampaignRanks&) = delete;
    CampaignRanks& operator=(const CampaignRanks&) = delete;

    /** @return true where this process only makes runs for another, if any: Work() is all it does
     */
    bool IsWorker() const;

    /** Makes runs for rank 0 until there are no more. */
    void Work();

    /** @return what makes the runs; not to outlive this object */
    std::unique_ptr<RunBackend> MakeBackend();

  private:
    class Session;
    std::size_t m_jobs;                 //!< runs at a time without MPI
    bool m_isIdle{false};               //!< a rank that has nothing to do, not even to complain
    std::unique_ptr<Session> m_session; //!< MPI, where there are several ranks
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_CLI_CAMPAIGN_RANKS_H
