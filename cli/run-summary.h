// SPDX-License-Identifier: GPL-2.0-only

#ifndef IOTFLEET_CLI_RUN_SUMMARY_H
#define IOTFLEET_CLI_RUN_SUMMARY_H

#include "helper/scenario-runner.h"

#include <string>

namespace ns3::iotfleet
{

/**
 * @param summary what a run gave
 * @param upToDate devices that ran the target before the rollout, which passed them over
 * @return lines of label and value, numbers as the report writes them
 */
std::string RunSummaryText(const RunSummary& summary, uint64_t upToDate);

} // namespace ns3::iotfleet

#endif // IOTFLEET_CLI_RUN_SUMMARY_H
