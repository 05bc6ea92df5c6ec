// SPDX-License-Identifier: GPL-2.0-only
#include "model/lifecycle/fault.h"

#include "ns3/simulator.h"

#include <utility>

namespace ns3::iotfleet
{

bool
FaultWindow::HoldsNow() const
{
    const double nowS = Simulator::Now().GetSeconds();
    return startS <= nowS && (!endS || nowS < *endS);
}

Fault::Fault(uint32_t number, HitConfig target)
    : m_number(number),
      m_target(std::move(target))
{
}

Fault::~Fault() = default;

void
Fault::Start(const FaultContext& context)
{
    m_context = context;
    m_rule = std::make_unique<HitRule>(*context.fleet, m_target, context.random, m_number);
    DoStart();
}

void
Fault::DoStart()
{
}

void
Fault::OnTimer(DeviceId)
{
}

void
Fault::OnConfirmed(DeviceId, ImageId)
{
}

void
Fault::OnFailure(DeviceId, std::string_view)
{
}

std::optional<BootFate>
Fault::AtFirstBoot(DeviceId, ImageId)
{
    return std::nullopt;
}

PowerLossOdds
Fault::AtInstallation(DeviceId) const
{
    return {};
}

void
Fault::AtReport(DeviceId, ReportFate&)
{
}

bool
Fault::Strike(DeviceId device)
{
    if (!m_first)
    {
        m_first = Simulator::Now().GetNanoSeconds();
    }
    return m_struck.insert(device).second;
}

void
Fault::After(DeviceId device, double seconds) const
{
    m_context.after(m_number, device, seconds);
}

double
Fault::Draw(DeviceId device, uint32_t salt) const
{
    return m_context.random.Uniform(Purpose::FAULT_TIME,
                                    static_cast<uint32_t>(device),
                                    m_number,
                                    salt);
}

} // namespace ns3::iotfleet
