// SPDX-License-Identifier: GPL-2.0-only

#ifndef IOTFLEET_HELPER_RUN_PROCESS_H
#define IOTFLEET_HELPER_RUN_PROCESS_H

#include "helper/campaign-plan.h"

#include <sys/types.h>

namespace ns3::iotfleet
{

/** One run as a process needs it, without a plan. */
struct RunJob
{
    int64_t runId{1};
    std::string label;
    std::filesystem::path scenario; //!< file that the text comes from
    std::string text;
    std::string sha256; //!< that the scenario must have
    uint64_t seed{1};
    uint64_t rngRun{1};
    std::vector<std::pair<std::string, std::string>> parameters;
    std::filesystem::path output; //!< results database to write
};

/** How a job ended. */
struct RunOutcome
{
    /** What it means for the rest. */
    enum class Kind
    {
        FINISHED, //!< its results are there
        FAILED,   //!< this run cannot be made; others can
        KILLED,   //!< by a signal from outside, or for want of memory; it may succeed later
        BROKEN    //!< no run could be made: disk full, a file gone
    };

    Kind kind{Kind::FINISHED};
    std::string reason; //!< one line, where it is not FINISHED
};

/**
 * A run in a process of its own, forked from this one: a crash or lack of memory costs this run
 * alone. The child dies with its parent, however that dies.
 *
 * The parent may hold any number of them, and must have no simulation under way.
 */
class RunProcess
{
  public:
    /**
     * Starts the process.
     *
     * @param job what to run
     * @throws std::system_error where no process can be made
     */
    explicit RunProcess(RunJob job);

    /** Kills the process if it still runs. */
    ~RunProcess();

    RunProcess(RunProcess&& other) noexcept;
    RunProcess& operator=(RunProcess&&) = delete;
    RunProcess(const RunProcess&) = delete;
    RunProcess& operator=(const RunProcess&) = delete;

    /** @return descriptor to poll: readable whenever Advance() has something to do */
    int GetDescriptor() const;

    /** @return how it ended, once it has; call it when the descriptor is readable */
    std::optional<RunOutcome> Advance();

    /** @return what it runs */
    const RunJob& GetJob() const;

  private:
    RunOutcome Judge(int status) const;

    RunJob m_job;          //!< what it runs
    pid_t m_pid{-1};       //!< -1 once it has ended
    int m_pipe{-1};        //!< what it says on its standard error
    std::string m_message; //!< the last of what it said
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_HELPER_RUN_PROCESS_H
