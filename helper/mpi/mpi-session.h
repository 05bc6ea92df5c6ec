// SPDX-License-Identifier: GPL-2.0-only

#ifndef IOTFLEET_HELPER_MPI_SESSION_H
#define IOTFLEET_HELPER_MPI_SESSION_H

#include "helper/run-backend.h"

#include <memory>

namespace ns3::iotfleet
{

/**
 * The processes of one `mpirun` that share the runs of a campaign: rank 0 manages and collects the
 * results, every other rank makes one run at a time. The ranks need no common file system beyond
 * the scenario's files: a worker writes into a temporary folder of its own machine and sends the
 * finished database.
 *
 * A worker forks a child for each run, as LocalRunBackend does; the child does not touch MPI. If a
 * rank dies, mpirun ends the others, and the campaign can be resumed.
 */
class MpiSession
{
  public:
    /** Initialises MPI; once in a process. */
    MpiSession();

    /** On rank 0, sends the workers home and waits for them; finalises MPI. */
    ~MpiSession();

    MpiSession(const MpiSession&) = delete;
    MpiSession& operator=(const MpiSession&) = delete;

    /** @return whether this is rank 0 */
    bool IsManager() const;

    /** @return the number of ranks that make runs */
    std::size_t CountWorkers() const;

    /** Makes runs until the manager has no more; not for rank 0. */
    void Work();

    /** @return what makes runs by the workers; for rank 0, and not to outlive the session */
    std::unique_ptr<RunBackend> MakeBackend();

  private:
    class Impl;
    std::unique_ptr<Impl> m_impl; //!< keeps MPI's headers out of this one
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_HELPER_MPI_SESSION_H
