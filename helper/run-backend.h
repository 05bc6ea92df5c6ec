// SPDX-License-Identifier: GPL-2.0-only

#ifndef IOTFLEET_HELPER_RUN_BACKEND_H
#define IOTFLEET_HELPER_RUN_BACKEND_H

#include "helper/run-process.h"

#include <functional>

namespace ns3::iotfleet
{

/** What a backend tells while it works. */
struct BackendHooks
{
    /** Called for each job that ended, in any order; the results stand in RunJob::output then. */
    std::function<void(const RunJob&, const RunOutcome&)> onEnded;
    /** Called several times a second with the number of runs under way; true stops everything. */
    std::function<bool(std::size_t running)> shouldStop;
};

/** Makes runs, several at a time. It does not know what they are for. */
class RunBackend
{
  public:
    virtual ~RunBackend() = default;

    /** @return how many runs it makes at a time */
    virtual std::size_t GetWidth() const = 0;

    /**
     * Makes the runs, starting them in their order. It returns when all have ended, or early when
     * a hook says so or throws; runs under way are lost then.
     *
     * @param jobs what to run
     * @param hooks whom to tell
     */
    virtual void Execute(std::vector<RunJob> jobs, const BackendHooks& hooks) = 0;
};

/** Makes runs in child processes on this machine. */
class LocalRunBackend : public RunBackend
{
  public:
    /** @param width runs at a time, at least 1 */
    explicit LocalRunBackend(std::size_t width);

    std::size_t GetWidth() const override;
    void Execute(std::vector<RunJob> jobs, const BackendHooks& hooks) override;

  private:
    std::size_t m_width; //!< runs at a time
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_HELPER_RUN_BACKEND_H
