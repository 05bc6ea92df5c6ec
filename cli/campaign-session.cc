// SPDX-License-Identifier: GPL-2.0-only

#include "cli/campaign-session.h"

#include "cli/campaign-ranks.h"

#include <csignal>
#include <thread>
#include <unistd.h>
#include <utility>

namespace ns3::iotfleet
{

namespace
{

/** Set by a signal that asks the program to end. */
volatile std::sig_atomic_t g_signal = 0;

void
NoteSignal(int signal)
{
    g_signal = signal;
}

std::unique_ptr<RunBackend>
MakeLocalBackend(std::size_t jobs)
{
    if (FindLauncherRank())
    {
        throw CampaignError("found several ranks of mpirun, expected one process: only campaign "
                            "shares its runs among ranks");
    }
    const std::size_t processors = std::max(1U, std::thread::hardware_concurrency());
    return std::make_unique<LocalRunBackend>(jobs > 0 ? jobs : processors);
}

} // namespace

CampaignStart
ChooseStart(bool resume, bool restart)
{
    return restart ? CampaignStart::RESTART : resume ? CampaignStart::RESUME : CampaignStart::FRESH;
}

CampaignSession::CampaignSession(const CampaignPlan& plan,
                                 const std::filesystem::path& database,
                                 const CampaignSessionOptions& options)
    : CampaignSession(plan,
                      database,
                      options.start,
                      MakeLocalBackend(options.jobs),
                      options.quiet || ::isatty(STDERR_FILENO) == 0)
{
}

CampaignSession::CampaignSession(const CampaignPlan& plan,
                                 const std::filesystem::path& database,
                                 CampaignStart start,
                                 std::unique_ptr<RunBackend> backend,
                                 bool isQuiet)
    : m_plan(plan),
      m_reporter(m_plan, isQuiet),
      m_executor(plan, database, start, std::move(backend), MakeHooks())
{
    for (const int signal : {SIGINT, SIGTERM, SIGHUP})
    {
        std::signal(signal, NoteSignal);
    }
}

CampaignHooks
CampaignSession::MakeHooks()
{
    CampaignHooks hooks;
    hooks.onRun = [this](const RunResult& result, const CampaignProgress& progress) {
        m_reporter.OnRun(result, progress);
    };
    hooks.shouldStop = [this](const CampaignProgress& progress) {
        m_reporter.OnTick(progress);
        return g_signal != 0;
    };
    return hooks;
}

CampaignExecutor&
CampaignSession::GetExecutor()
{
    return m_executor;
}

double
CampaignSession::WallS() const
{
    return m_reporter.WallS();
}

} // namespace ns3::iotfleet
