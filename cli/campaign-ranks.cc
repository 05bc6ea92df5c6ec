// SPDX-License-Identifier: GPL-2.0-only

#include "cli/campaign-ranks.h"

#include "helper/campaign-folder.h"
#include "helper/units.h"

#include <array>
#include <cstdlib>
#include <thread>

#ifdef IOTFLEET_MPI
#include "helper/mpi/mpi-session.h"
#endif

namespace ns3::iotfleet
{

namespace
{

/** Variables that launchers set: size of the job, and this process's rank in it. */
struct LauncherVariables
{
    const char* size;
    const char* rank;
};

constexpr std::array LAUNCHERS{
    LauncherVariables{"OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_RANK"}, // Open MPI
    LauncherVariables{"PMI_SIZE", "PMI_RANK"},                         // MPICH, Intel MPI
    LauncherVariables{"SLURM_STEP_NUM_TASKS", "SLURM_PROCID"},         // srun
};

std::size_t
CountFrom(const char* variable)
{
    const char* text = std::getenv(variable);
    return text ? static_cast<std::size_t>(ParseNumber(text).value_or(0)) : 0;
}

} // namespace

std::optional<LauncherRank>
FindLauncherRank()
{
    for (const LauncherVariables& launcher : LAUNCHERS)
    {
        const std::size_t size = CountFrom(launcher.size);
        if (size > 1)
        {
            return LauncherRank{CountFrom(launcher.rank), size};
        }
    }
    return std::nullopt;
}

#ifdef IOTFLEET_MPI

constexpr bool HAS_MPI = true;

class CampaignRanks::Session : public MpiSession
{
};

#else

constexpr bool HAS_MPI = false;

/** Stands for a session that cannot be: a program without MPI never makes one. */
class CampaignRanks::Session
{
};

#endif

CampaignRanks::CampaignRanks(std::optional<std::size_t> jobs)
    : m_jobs(jobs.value_or(std::max(1U, std::thread::hardware_concurrency())))
{
    const auto launcher = FindLauncherRank();
    if (!launcher)
    {
        return;
    }
    if (launcher->rank > 0 && (jobs || !HAS_MPI))
    {
        m_isIdle = true; // the first rank says what is wrong, once
        return;
    }
    const std::string started = "found " + std::to_string(launcher->size) + " ranks of mpirun";
#ifdef IOTFLEET_MPI
    if (jobs)
    {
        throw CampaignError("--jobs: " + started +
                            ", expected no --jobs, for each rank but the "
                            "first makes one run at a time");
    }
    m_session = std::make_unique<Session>();
#else
    throw CampaignError(started +
                        ", expected one process, for this program was built without MPI "
                        "(on Debian: libboost-mpi-dev and libopenmpi-dev, then build again)");
#endif
}

CampaignRanks::~CampaignRanks() = default;

bool
CampaignRanks::IsWorker() const
{
#ifdef IOTFLEET_MPI
    return m_isIdle || (m_session && !m_session->IsManager());
#else
    return m_isIdle;
#endif
}

void
CampaignRanks::Work()
{
#ifdef IOTFLEET_MPI
    if (m_session)
    {
        m_session->Work();
    }
#endif
}

std::unique_ptr<RunBackend>
CampaignRanks::MakeBackend()
{
#ifdef IOTFLEET_MPI
    if (m_session)
    {
        return m_session->MakeBackend();
    }
#endif
    return std::make_unique<LocalRunBackend>(m_jobs);
}

} // namespace ns3::iotfleet
