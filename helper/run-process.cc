// SPDX-License-Identifier: GPL-2.0-only

#include "helper/run-process.h"

#include "helper/scenario-reader.h"
#include "helper/scenario-runner.h"
#include "model/record/results-database.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <iostream>
#include <new>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

namespace ns3::iotfleet
{

namespace
{

/** How a child says by its exit status what its message means. */
enum ChildStatus : int
{
    CHILD_FINISHED = 0,
    CHILD_FAILED = 1,
    CHILD_BROKEN = 2
};

/** As much of a child's last words as is kept. */
constexpr std::size_t LONGEST_MESSAGE = 2000;

/** Cuts the ties to the parent that a run must not have. */
void
PrepareChild(pid_t parent, int messages)
{
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent)
    {
        ::_exit(CHILD_BROKEN); // it died before it could be listened for
    }
    for (const int signal : {SIGTERM, SIGHUP, SIGPIPE})
    {
        ::signal(signal, SIG_DFL);
    }
    ::signal(SIGINT, SIG_IGN);  // of a terminal; the parent gets it too, and ends its children
    ::signal(SIGXFSZ, SIG_IGN); // a limit on file sizes is an error of the write, not of the run
    const int nothing = ::open("/dev/null", O_RDWR);
    ::dup2(nothing, STDIN_FILENO);
    ::dup2(nothing, STDOUT_FILENO);
    ::dup2(messages, STDERR_FILENO);
    ::close(messages);
    // Where memory runs out, the kernel should take a run and not the campaign.
    std::ofstream("/proc/self/oom_score_adj") << "500";
}

void
MakeRun(const RunJob& job)
{
    const Scenario scenario = ReadScenarioText(job.scenario, job.text, job.seed);
    if (scenario.sha256 != job.sha256)
    {
        throw DatabaseError(job.scenario.string() +
                            ": a file that it names has changed since the campaign began");
    }
    RunOptions options;
    options.database = job.output;
    options.run = job.rngRun;
    options.runId = job.runId;
    options.variant = job.label;
    options.parameters = job.parameters;
    RunScenario(scenario, options);
}

/** The child's main; it ends without the parent's exit handlers and buffers. */
[[noreturn]] void
RunChild(const RunJob& job)
{
    int status = CHILD_FINISHED;
    try
    {
        MakeRun(job);
    }
    catch (const std::bad_alloc&)
    {
        std::cerr << "out of memory";
        status = CHILD_FAILED;
    }
    catch (const DatabaseError& error)
    {
        std::cerr << error.what();
        status = CHILD_BROKEN;
    }
    catch (const ScenarioError& error)
    {
        std::cerr << error.what();
        status = CHILD_BROKEN; // it was good when the campaign was planned
    }
    catch (const std::exception& error)
    {
        std::cerr << error.what();
        status = CHILD_FAILED;
    }
    std::cerr.flush();
    ::_exit(status);
}

/** One line for a table and a summary. */
std::string
OneLine(std::string text)
{
    while (!text.empty() && text.back() == '\n')
    {
        text.pop_back();
    }
    for (char& c : text)
    {
        c = c == '\n' ? ' ' : c;
    }
    return text;
}

} // namespace

RunProcess::RunProcess(RunJob job)
    : m_job(std::move(job))
{
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0)
    {
        throw std::system_error(errno, std::generic_category(), "cannot start a run");
    }
    const pid_t parent = ::getpid();
    std::cout.flush();
    m_pid = ::fork();
    if (m_pid == 0)
    {
        ::close(ends[0]);
        PrepareChild(parent, ends[1]);
        RunChild(m_job);
    }
    const int reason = errno;
    ::close(ends[1]);
    m_pipe = ends[0];
    if (m_pid < 0)
    {
        ::close(m_pipe);
        throw std::system_error(reason, std::generic_category(), "cannot start a run");
    }
    ::fcntl(m_pipe, F_SETFL, O_NONBLOCK);
}

RunProcess::RunProcess(RunProcess&& other) noexcept
    : m_job(std::move(other.m_job)),
      m_pid(std::exchange(other.m_pid, -1)),
      m_pipe(std::exchange(other.m_pipe, -1)),
      m_message(std::move(other.m_message))
{
}

RunProcess::~RunProcess()
{
    if (m_pid > 0)
    {
        ::kill(m_pid, SIGKILL);
        ::waitpid(m_pid, nullptr, 0);
    }
    if (m_pipe >= 0)
    {
        ::close(m_pipe);
    }
}

int
RunProcess::GetDescriptor() const
{
    return m_pipe;
}

const RunJob&
RunProcess::GetJob() const
{
    return m_job;
}

std::optional<RunOutcome>
RunProcess::Advance()
{
    std::array<char, 512> buffer{};
    ssize_t size = 0;
    while ((size = ::read(m_pipe, buffer.data(), buffer.size())) > 0)
    {
        m_message.append(buffer.data(), static_cast<std::size_t>(size));
        if (m_message.size() > LONGEST_MESSAGE)
        {
            m_message.erase(0, m_message.size() - LONGEST_MESSAGE);
        }
    }
    if (size < 0)
    {
        return std::nullopt; // nothing more for now
    }
    int status = 0; // the pipe is closed: the process is ending
    while (::waitpid(m_pid, &status, 0) < 0 && errno == EINTR)
    {
    }
    m_pid = -1;
    return Judge(status);
}

RunOutcome
RunProcess::Judge(int status) const
{
    using Kind = RunOutcome::Kind;
    const std::string message = OneLine(m_message);
    if (WIFEXITED(status))
    {
        const int code = WEXITSTATUS(status);
        const Kind kind = code == CHILD_FINISHED ? Kind::FINISHED
                          : code == CHILD_BROKEN ? Kind::BROKEN
                                                 : Kind::FAILED;
        return {kind, message.empty() ? "ended with status " + std::to_string(code) : message};
    }
    const int signal = WTERMSIG(status);
    const bool isOutside = signal == SIGKILL || signal == SIGTERM || signal == SIGHUP;
    const std::string words =
        "ended by signal " + std::to_string(signal) + " (" + ::strsignal(signal) + ")";
    if (isOutside)
    {
        return {Kind::KILLED, words + ", from outside or for want of memory"};
    }
    return {Kind::FAILED, words + (message.empty() ? "" : ": " + message)};
}

} // namespace ns3::iotfleet
