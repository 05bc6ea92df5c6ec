// SPDX-License-Identifier: GPL-2.0-only

#ifndef IOTFLEET_HELPER_MPI_BACKEND_H
#define IOTFLEET_HELPER_MPI_BACKEND_H

#include "helper/mpi/mpi-messages.h"
#include "helper/run-backend.h"

#include <map>

namespace ns3::iotfleet
{

/** Makes runs by MPI's other ranks, and writes what they send into the jobs' files. */
class MpiRunBackend : public RunBackend
{
  public:
    /** @param world all ranks; this one manages */
    explicit MpiRunBackend(const boost::mpi::communicator& world);

    std::size_t GetWidth() const override;
    void Execute(std::vector<RunJob> jobs, const BackendHooks& hooks) override;

    /** Sends the workers home and waits until they are gone; drops what they still send. */
    static void SendWorkersHome(const boost::mpi::communicator& world);

  private:
    /** Takes one outcome and its pieces. */
    void Receive(int worker, const BackendHooks& hooks);
    void TakePieces(int worker, uint64_t pieces, const std::filesystem::path& file) const;
    void RequireLauncher() const;

    const boost::mpi::communicator& m_world; //!< all ranks
    std::map<int, RunJob> m_busy;            //!< what each busy worker makes
    pid_t m_launcher;                        //!< parent process
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_HELPER_MPI_BACKEND_H
