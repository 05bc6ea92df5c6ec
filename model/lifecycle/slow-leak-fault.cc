// SPDX-License-Identifier: GPL-2.0-only
#include "model/lifecycle/slow-leak-fault.h"

#include "ns3/simulator.h"

#include <cmath>

namespace ns3::iotfleet
{

namespace
{

constexpr std::string_view CAUSE = "slow-leak";

} // namespace

SlowLeakFault::SlowLeakFault(uint32_t number, const HitConfig& target, const SlowLeakConfig& config)
    : Fault(number, target),
      m_config(config)
{
}

double
SlowLeakFault::FailureTimeS(double u, double meanS, double shape)
{
    const double scale = meanS / std::tgamma(1 + 1 / shape);
    return scale * std::pow(-std::log1p(-u), 1 / shape);
}

void
SlowLeakFault::OnConfirmed(DeviceId device, ImageId image)
{
    Restore(device);
    if (m_config.images.Holds(image) && Rule().Hits(device))
    {
        return Leak(device);
    }
    m_due.erase(device); // another image: the leak has gone with the old one
}

void
SlowLeakFault::MarkFaulty(DeviceId device)
{
    auto& fleet = *Context().fleet;
    const auto health = fleet.GetHealth(device);
    if (health == Health::HEALTHY || health == Health::VULNERABLE)
    {
        m_before[device] = health;
        fleet.Set(device, Health::FAULTY, CAUSE);
    }
}

/// Whether the new image closes the hole is the agent's to say, after this.
void
SlowLeakFault::Restore(DeviceId device)
{
    const auto before = m_before.find(device);
    if (before == m_before.end())
    {
        return;
    }
    auto& fleet = *Context().fleet;
    if (fleet.GetHealth(device) == Health::FAULTY) // and not compromised since
    {
        fleet.Set(device, before->second, "image-replaced");
    }
    m_before.erase(before);
}

void
SlowLeakFault::Leak(DeviceId device)
{
    const Tick now = Simulator::Now().GetNanoSeconds();
    // The instant makes the draw of a device that leaks again another one.
    const auto salt = static_cast<uint32_t>(now / TICKS_PER_SECOND);
    const double seconds = FailureTimeS(Draw(device, salt), m_config.meanS, m_config.shape);
    m_due[device] = now + ToTicks(seconds);
    After(device, seconds);
}

void
SlowLeakFault::OnTimer(DeviceId device)
{
    const auto due = m_due.find(device);
    if (due == m_due.end() || due->second > Simulator::Now().GetNanoSeconds())
    {
        return; // mended meanwhile, or a timer of an earlier leak
    }
    m_due.erase(due);
    auto& context = Context();
    if (!context.fleet->IsAlive(device))
    {
        return;
    }
    const bool isFirst = Strike(device);
    switch (m_config.end)
    {
    case LeakEnd::BRICK:
        return context.agent->Kill(device, CAUSE, "it ran for a while and stopped for good", true);
    case LeakEnd::MUTE:
        return context.agent->Mute(device, CAUSE, "it ran for a while and fell silent");
    case LeakEnd::RESET:
        break;
    }
    MarkFaulty(device);
    if (isFirst)
    {
        context.note(device, CAUSE, "it ran for a while and restarted, and will again");
    }
    context.agent->Reset(device, context.fleet->Profile(device).rebootS);
    Leak(device);
}

} // namespace ns3::iotfleet
