// SPDX-License-Identifier: GPL-2.0-only

#include "helper/mpi/mpi-worker.h"

#include "helper/text-file.h"

#include <chrono>
#include <poll.h>
#include <thread>
#include <unistd.h>

namespace ns3::iotfleet
{

namespace
{

/** MPI's own waiting would keep a processor busy that a run could use. */
constexpr std::chrono::milliseconds IDLE{2};

/** How often a run under way is looked after. */
constexpr int LOOK_EVERY_MS = 200;

/** MPI counts bytes of a message in an int. */
constexpr std::size_t LARGEST_PIECE = std::size_t{1} << 24U;

} // namespace

MpiWorker::MpiWorker(const boost::mpi::communicator& world)
    : m_world(world),
      m_launcher(::getppid())
{
}

void
MpiWorker::Work()
{
    while (!IsSentHome())
    {
        if (!m_world.iprobe(MANAGER, TAG_JOB))
        {
            RequireLauncher();
            std::this_thread::sleep_for(IDLE);
            continue;
        }
        RunJob job;
        m_world.recv(MANAGER, TAG_JOB, job);
        job.output = m_folder.GetPath() / "run.db";
        const auto outcome = Make(job);
        if (!outcome)
        {
            break;
        }
        Send(*outcome, job.output);
        std::filesystem::remove(job.output);
    }
    m_world.send(MANAGER, TAG_BYE);
}

std::optional<RunOutcome>
MpiWorker::Make(RunJob job) const
{
    RunProcess process(std::move(job));
    while (true)
    {
        pollfd descriptor{process.GetDescriptor(), POLLIN, 0};
        ::poll(&descriptor, 1, LOOK_EVERY_MS);
        if (auto outcome = process.Advance())
        {
            return outcome;
        }
        RequireLauncher();
        if (IsSentHome())
        {
            return std::nullopt;
        }
    }
}

void
MpiWorker::Send(const RunOutcome& outcome, const std::filesystem::path& file) const
{
    const bool isFinished = outcome.kind == RunOutcome::Kind::FINISHED;
    const std::string bytes = isFinished ? ReadTextFile(file).value_or("") : "";
    const std::size_t pieces = (bytes.size() + LARGEST_PIECE - 1) / LARGEST_PIECE;
    m_world.send(MANAGER,
                 TAG_OUTCOME,
                 OutcomeMessage{static_cast<int>(outcome.kind), outcome.reason, pieces});
    for (std::size_t i = 0; i < pieces; ++i)
    {
        m_world.send(MANAGER, TAG_PIECE, bytes.substr(i * LARGEST_PIECE, LARGEST_PIECE));
    }
}

bool
MpiWorker::IsSentHome() const
{
    if (!m_world.iprobe(MANAGER, TAG_STOP))
    {
        return false;
    }
    m_world.recv(MANAGER, TAG_STOP);
    return true;
}

void
MpiWorker::RequireLauncher() const
{
    if (::getppid() != m_launcher)
    {
        m_folder.Remove();
        ::_exit(1); // the run under way dies with this process
    }
}

} // namespace ns3::iotfleet
