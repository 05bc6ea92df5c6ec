// SPDX-License-Identifier: GPL-2.0-only

#ifndef IOTFLEET_HELPER_MPI_MESSAGES_H
#define IOTFLEET_HELPER_MPI_MESSAGES_H

#include "helper/run-process.h"

#include <boost/mpi/communicator.hpp>
#include <boost/mpi/environment.hpp>
#include <boost/serialization/string.hpp>
#include <boost/serialization/utility.hpp>
#include <boost/serialization/vector.hpp>

/**
 * @file
 * @ingroup iotfleet-helper
 * What manager and workers of a campaign under MPI say to each other.
 */

namespace ns3::iotfleet
{

/** Kinds of messages, as MPI tags. */
enum MpiTag : int
{
    TAG_JOB = 1, //!< manager: make this run
    TAG_STOP,    //!< manager: no more runs, and leave the one under way
    TAG_OUTCOME, //!< worker: how a run ended; pieces follow if it finished
    TAG_PIECE,   //!< worker: a part of the results database
    TAG_BYE      //!< worker: answer to TAG_STOP, its last message
};

/** Rank of the manager. */
inline constexpr int MANAGER = 0;

/** How a run ended, as a worker tells. */
struct OutcomeMessage
{
    int kind{0};        //!< a RunOutcome::Kind
    std::string reason; //!< as in RunOutcome
    uint64_t pieces{0}; //!< that follow

    template <class Archive>
    void serialize(Archive& archive, unsigned int /* version */)
    {
        archive& kind& reason& pieces;
    }
};

} // namespace ns3::iotfleet

namespace boost::serialization
{

/** A job travels without its output, which is the manager's business; paths travel as text. */
template <class Archive>
void
save(Archive& archive, const ns3::iotfleet::RunJob& job, unsigned int /* version */)
{
    const std::string scenario = job.scenario.string();
    archive << job.runId << job.label << scenario << job.text << job.sha256 << job.seed
            << job.rngRun << job.parameters;
}

template <class Archive>
void
load(Archive& archive, ns3::iotfleet::RunJob& job, unsigned int /* version */)
{
    std::string scenario;
    archive >> job.runId >> job.label >> scenario >> job.text >> job.sha256 >> job.seed >>
        job.rngRun >> job.parameters;
    job.scenario = scenario;
}

} // namespace boost::serialization

BOOST_SERIALIZATION_SPLIT_FREE(ns3::iotfleet::RunJob)

#endif // IOTFLEET_HELPER_MPI_MESSAGES_H
