// SPDX-License-Identifier: GPL-2.0-only

#include "helper/mpi/mpi-backend.h"

#include "model/record/durable-file.h"
#include "model/record/results-database.h"

#include <cerrno>
#include <chrono>
#include <cstring>
#include <fstream>
#include <thread>
#include <unistd.h>

namespace ns3::iotfleet
{

namespace
{

/** The manager is idle nearly always, and a run may need its processor. */
constexpr std::chrono::milliseconds IDLE{2};

} // namespace

MpiRunBackend::MpiRunBackend(const boost::mpi::communicator& world)
    : m_world(world),
      m_launcher(::getppid())
{
}

std::size_t
MpiRunBackend::GetWidth() const
{
    return static_cast<std::size_t>(m_world.size() - 1);
}

void
MpiRunBackend::Execute(std::vector<RunJob> jobs, const BackendHooks& hooks)
{
    auto next = jobs.begin();
    while (next != jobs.end() || !m_busy.empty())
    {
        for (int worker = 1; worker < m_world.size() && next != jobs.end(); ++worker)
        {
            if (!m_busy.contains(worker))
            {
                m_world.send(worker, TAG_JOB, *next);
                m_busy.emplace(worker, std::move(*next++));
            }
        }
        RequireLauncher();
        if (hooks.shouldStop(m_busy.size()))
        {
            return;
        }
        if (const auto message = m_world.iprobe(boost::mpi::any_source, TAG_OUTCOME))
        {
            Receive(message->source(), hooks);
        }
        else
        {
            std::this_thread::sleep_for(IDLE);
        }
    }
}

void
MpiRunBackend::Receive(int worker, const BackendHooks& hooks)
{
    OutcomeMessage message;
    m_world.recv(worker, TAG_OUTCOME, message);
    const auto at = m_busy.find(worker);
    const RunJob job = std::move(at->second);
    m_busy.erase(at);
    const RunOutcome outcome{static_cast<RunOutcome::Kind>(message.kind), message.reason};
    if (message.pieces > 0)
    {
        TakePieces(worker, message.pieces, job.output);
    }
    hooks.onEnded(job, outcome);
}

void
MpiRunBackend::TakePieces(int worker, uint64_t pieces, const std::filesystem::path& file) const
{
    std::filesystem::path partial = file;
    partial += ".partial-" + std::to_string(::getpid());
    std::ofstream stream(partial, std::ios::binary | std::ios::trunc);
    for (uint64_t i = 0; i < pieces; ++i)
    {
        std::string bytes;
        m_world.recv(worker, TAG_PIECE, bytes);
        stream.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    }
    stream.close();
    if (!stream)
    {
        throw DatabaseError(partial.string() + ": cannot write it: " + std::strerror(errno) +
                            "; finished runs are kept, and --resume goes on from there");
    }
    PublishDurably(partial, file);
}

void
MpiRunBackend::RequireLauncher() const
{
    if (::getppid() != m_launcher)
    {
        ::_exit(1); // mpirun was killed: the workers end by themselves, and nothing is lost
    }
}

void
MpiRunBackend::SendWorkersHome(const boost::mpi::communicator& world)
{
    for (int worker = 1; worker < world.size(); ++worker)
    {
        world.send(worker, TAG_STOP);
    }
    for (int gone = 1; gone < world.size();)
    {
        const auto message = world.probe();
        OutcomeMessage outcome;
        std::string piece;
        switch (message.tag())
        {
        case TAG_OUTCOME:
            world.recv(message.source(), TAG_OUTCOME, outcome);
            break;
        case TAG_PIECE:
            world.recv(message.source(), TAG_PIECE, piece);
            break;
        default:
            world.recv(message.source(), TAG_BYE);
            ++gone;
        }
    }
}

} // namespace ns3::iotfleet
