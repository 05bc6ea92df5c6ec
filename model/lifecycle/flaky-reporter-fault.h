// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_LIFECYCLE_FLAKY_REPORTER_FAULT_H
#define IOTFLEET_LIFECYCLE_FLAKY_REPORTER_FAULT_H

#include "model/lifecycle/fault.h"

#include <unordered_map>

namespace ns3::iotfleet
{

/// What happens to the reports of a flaky reporter; probabilities, each drawn on its own.
struct FlakyReporterConfig
{
    double lost{0};
    double late{0};
    double wrong{0};  ///< the report names another image than the running one
    double delayS{0}; ///< mean of a late report's delay, exponential
};

/**
 * Devices whose reports of the running version (TS006) get lost, come late or are wrong. They are
 * healthy and install as others do: only what the operator hears of them is not so.
 */
class FlakyReporterFault : public Fault
{
  public:
    FlakyReporterFault(uint32_t number,
                       const HitConfig& target,
                       const FlakyReporterConfig& config,
                       const FaultWindow& window);

    void AtReport(DeviceId device, ReportFate& fate) override;

  private:
    FlakyReporterConfig m_config;
    FaultWindow m_window;
    std::unordered_map<uint32_t, uint32_t> m_reports; ///< by device hit: the draws' counter
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_LIFECYCLE_FLAKY_REPORTER_FAULT_H
