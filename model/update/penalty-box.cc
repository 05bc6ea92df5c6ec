// SPDX-License-Identifier: GPL-2.0-only
#include "model/update/penalty-box.h"

namespace ns3::iotfleet
{

void
PenaltyBox::Fail(DeviceId device, Tick now)
{
    if (m_config.failures == 0)
    {
        return;
    }
    auto& sheet = m_sheets[device];
    const Tick oldest = now - ToTicks(m_config.withinS);
    std::erase_if(sheet.failures, [oldest](Tick when) { return when < oldest; });
    sheet.failures.push_back(now);
    if (sheet.failures.size() >= m_config.failures)
    {
        sheet.failures.clear();
        sheet.until = now + ToTicks(m_config.timeS);
        ++m_penalties;
    }
}

Tick
PenaltyBox::Until(DeviceId device) const
{
    const auto sheet = m_sheets.find(device);
    return sheet == m_sheets.end() ? -1 : sheet->second.until;
}

} // namespace ns3::iotfleet
