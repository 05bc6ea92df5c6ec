// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_ANALYSIS_REPORT_COST_TABLE_H
#define IOTFLEET_ANALYSIS_REPORT_COST_TABLE_H

#include "analysis/report/report-context.h"

#include <string>

namespace ns3::iotfleet::analysis
{

/// @return what the campaign cost, each thing once, with prices where the scenario names them; as
/// HTML, empty if nothing is known.
std::string MakeCostTable(const ReportContext& context);

} // namespace ns3::iotfleet::analysis

#endif // IOTFLEET_ANALYSIS_REPORT_COST_TABLE_H
