// SPDX-License-Identifier: GPL-2.0-only
#include "model/lifecycle/flaky-reporter-fault.h"

#include <cmath>

namespace ns3::iotfleet
{

FlakyReporterFault::FlakyReporterFault(uint32_t number,
                                       const HitConfig& target,
                                       const FlakyReporterConfig& config,
                                       const FaultWindow& window)
    : Fault(number, target),
      m_config(config),
      m_window(window)
{
}

void
FlakyReporterFault::AtReport(DeviceId device, ReportFate& fate)
{
    if (!m_window.HoldsNow() || !Rule().Hits(device))
    {
        return;
    }
    const auto row = static_cast<uint32_t>(device);
    const auto words =
        Context().random.Words(Purpose::FAULT_REPORT, row, m_reports[row]++, Number());
    const auto happens = [&](size_t word, double probability) {
        return words[word] * 0x1p-32 < probability;
    };
    const bool lost = happens(0, m_config.lost);
    const bool late = happens(1, m_config.late);
    const bool wrong = happens(2, m_config.wrong);
    fate.lost = fate.lost || lost;
    fate.wrong = fate.wrong || wrong;
    const double u = words[3] * 0x1p-32;
    fate.delayS += late ? -m_config.delayS * std::log1p(-u) : 0;
    if (lost || late || wrong)
    {
        Strike(device);
    }
}

} // namespace ns3::iotfleet
