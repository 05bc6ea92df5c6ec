// SPDX-License-Identifier: GPL-2.0-only

#include "helper/mpi/mpi-session.h"

#include "helper/mpi/mpi-backend.h"
#include "helper/mpi/mpi-worker.h"

#include <iostream>

namespace ns3::iotfleet
{

/** MPI's own objects, in the order in which they have to be made. */
class MpiSession::Impl
{
  public:
    boost::mpi::environment environment{false}; //!< MPI from here on; exceptions are ours to handle
    boost::mpi::communicator world;             //!< all ranks
};

MpiSession::MpiSession()
    : m_impl(std::make_unique<Impl>())
{
}

MpiSession::~MpiSession()
{
    if (IsManager())
    {
        MpiRunBackend::SendWorkersHome(m_impl->world);
    }
}

bool
MpiSession::IsManager() const
{
    return m_impl->world.rank() == MANAGER;
}

std::size_t
MpiSession::CountWorkers() const
{
    return static_cast<std::size_t>(m_impl->world.size() - 1);
}

void
MpiSession::Work()
try
{
    MpiWorker(m_impl->world).Work();
}

catch (const std::exception& error)
{
    // The manager would wait for this rank for ever.
    std::cerr << "rank " << m_impl->world.rank() << ": " << error.what() << std::endl;
    boost::mpi::environment::abort(3);
}

std::unique_ptr<RunBackend>
MpiSession::MakeBackend()
{
    return std::make_unique<MpiRunBackend>(m_impl->world);
}

} // namespace ns3::iotfleet
