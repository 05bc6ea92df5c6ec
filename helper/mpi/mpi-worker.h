// SPDX-License-Identifier: GPL-2.0-only

#ifndef IOTFLEET_HELPER_MPI_WORKER_H
#define IOTFLEET_HELPER_MPI_WORKER_H

#include "helper/mpi/mpi-messages.h"
#include "helper/temporary-folder.h"

#include <filesystem>

namespace ns3::iotfleet
{

/** Makes the runs that the manager sends, one at a time, until it sends no more. */
class MpiWorker
{
  public:
    /** @param world all ranks */
    explicit MpiWorker(const boost::mpi::communicator& world);

    /** Returns when the manager sends the workers home. */
    void Work();

  private:
    /** @return how the run ended; empty where the manager sent the workers home meanwhile */
    std::optional<RunOutcome> Make(RunJob job) const;
    void Send(const RunOutcome& outcome, const std::filesystem::path& file) const;
    /** @return whether the manager says so; the message is taken then */
    bool IsSentHome() const;
    /** Ends the process where mpirun is gone: MPI would not notice for as long as a run lasts. */
    void RequireLauncher() const;

    const boost::mpi::communicator& m_world; //!< all ranks
    TemporaryFolder m_folder;                //!< for the database of the run under way
    pid_t m_launcher;                        //!< parent process
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_HELPER_MPI_WORKER_H
