// SPDX-License-Identifier: GPL-2.0-only
#include "model/update/update-agent.h"

#include "ns3/simulator.h"

/**
 * @file
 * What goes wrong with a device: bad images, power that fails, reports that do not arrive, and the
 * ends that fault models put to devices.
 */
namespace ns3::iotfleet
{

PowerLossOdds
UpdateAgent::OddsOf(DeviceId device) const
{
    if (m_hazards != nullptr)
    {
        const auto odds = m_hazards->AtInstallation(device);
        if (odds.probability > 0)
        {
            return odds;
        }
    }
    return {m_powerLoss, m_powerLossBricks};
}

/// What its new image does to a device; nothing if it starts as it should.
std::optional<BootFate>
UpdateAgent::FateOf(DeviceId device)
{
    const ImageId id = BlockImage(device);
    const auto& image = m_env.catalog->Get(id);
    const bool listed =
        image.defectHardware.empty() || image.defectHardware == m_env.fleet->Hardware(device);
    const bool hit = image.defectEffect != DefectEffect::NONE && listed &&
                     m_env.random.Uniform(Purpose::DEFECT,
                                          static_cast<uint32_t>(device),
                                          static_cast<uint32_t>(id)) < image.defectProbability;
    if (!hit)
    {
        return m_hazards == nullptr ? std::nullopt : m_hazards->AtFirstBoot(device, id);
    }
    switch (image.defectEffect)
    {
    case DefectEffect::SILENT_BRICK:
        return BootFate{BootFate::Kind::BRICKS, "silent-brick", 0};
    case DefectEffect::BOOT_LOOP:
        return BootFate{BootFate::Kind::REVERTS, "boot-loop", m_bootAttempts};
    case DefectEffect::CRASH:
    case DefectEffect::NONE:
        break;
    }
    return BootFate{BootFate::Kind::REVERTS, "image-defect", 1};
}

void
UpdateAgent::Suffer(DeviceId device, const BootFate& fate)
{
    if (fate.kind == BootFate::Kind::CANNOT_JOIN)
    {
        return LoseNetwork(device, fate);
    }
    if (fate.resets == 0)
    {
        return OnFate(device);
    }
    const double rebootS = m_env.fleet->Profile(device).rebootS;
    const double seconds =
        fate.resets * fate.resetS.value_or(m_watchdog.GetSeconds()) + (fate.resets - 1) * rebootS;
    Busy(device, seconds);
    m_env.access->Suspend(device, Simulator::Now().GetNanoSeconds() + ToTicks(seconds + rebootS));
    After(device, FATE, seconds);
}

/// The image runs and passes its self-test; only a test of the network itself finds it out.
void
UpdateAgent::LoseNetwork(DeviceId device, const BootFate& fate)
{
    const Tick now = Simulator::Now().GetNanoSeconds();
    if (m_config.confirmBy == "server-contact")
    {
        m_env.access->Suspend(device, now + ToTicks(m_config.trialS));
        return After(device, TRIAL_OVER, m_config.trialS);
    }
    const double seconds = fate.revertAfterS.value_or(m_config.trialS);
    m_env.access->Suspend(device, now + ToTicks(seconds));
    After(device, FATE, seconds);
}

/// The end of what a bad image does. Asked again, its fate is the same.
void
UpdateAgent::OnFate(DeviceId device)
{
    if (m_env.fleet->GetUpdate(device) != UpdateState::TRIAL)
    {
        return; // it got away meanwhile, and its block with it
    }
    const auto fate = FateOf(device);
    if (!fate)
    {
        return;
    }
    switch (fate->kind)
    {
    case BootFate::Kind::REVERTS:
        return RollBack(device, fate->cause);
    case BootFate::Kind::BRICKS:
        return Brick(device, fate->cause);
    case BootFate::Kind::CANNOT_JOIN:
        break;
    }
    if (fate->revertAfterS)
    {
        return RollBack(device, fate->cause);
    }
    m_env.fleet->SetFirmware(device, BlockImage(device));
    RowOf(device).block = NO_BLOCK;
    Mute(device, fate->cause, "the new image runs, and its radio does not");
}

void
UpdateAgent::Brick(DeviceId device, std::string_view cause)
{
    Kill(device, cause, "the device does not come back", true);
}

void
UpdateAgent::Kill(DeviceId device, std::string_view cause, const std::string& detail, bool byImage)
{
    auto& fleet = *m_env.fleet;
    if (!fleet.IsAlive(device))
    {
        return;
    }
    CloseSession(device);
    RowOf(device).block = NO_BLOCK;
    fleet.Set(device, Health::BRICKED, cause);
    const auto state = fleet.GetUpdate(device);
    const bool underWay = state >= UpdateState::NOTIFIED && state <= UpdateState::TRIAL;
    if (underWay || (byImage && state == UpdateState::CONFIRMED))
    {
        fleet.Set(device, UpdateState::FAILED, cause);
    }
    m_failure(device, cause, detail);
    m_env.access->Silence(device);
}

/// Whether the image that the device runs closes the hole.
bool
UpdateAgent::IsFixed(DeviceId device) const
{
    const ImageId image = m_env.fleet->Firmware(device);
    return image != NO_IMAGE && m_env.catalog->Get(image).fixesVulnerability;
}

void
UpdateAgent::Mute(DeviceId device, std::string_view cause, const std::string& detail)
{
    auto& fleet = *m_env.fleet;
    if (!fleet.IsAlive(device))
    {
        return;
    }
    CloseSession(device);
    // Malware that the running image does not remove is worse than silence, and goes on.
    if (fleet.GetHealth(device) != Health::COMPROMISED || IsFixed(device))
    {
        fleet.Set(device, Health::FAULTY, cause);
    }
    Fail(device, cause, detail);
    m_env.access->Silence(device);
}

void
UpdateAgent::Reset(DeviceId device, double seconds)
{
    if (Has(device, LISTENING))
    {
        CloseSession(device);
        After(device, DROP_BLOCK, m_hold.GetSeconds());
    }
    Busy(device, seconds);
    m_env.access->Suspend(device, Simulator::Now().GetNanoSeconds() + ToTicks(seconds));
}

void
UpdateAgent::SettleListening(DeviceId device)
{
    uint32_t member = 0;
    if (!Has(device, LISTENING))
    {
        return;
    }
    if (const auto* session = SessionOf(device, member))
    {
        m_env.access->SettleListening(session->group, member);
    }
}

ReportFate
UpdateAgent::BeginReport(DeviceId device)
{
    const auto fate = m_hazards == nullptr ? ReportFate{} : m_hazards->AtReport(device);
    m_misreports = fate.wrong;
    return fate;
}

void
UpdateAgent::SendReport(DeviceId device, const wire::AppPayload& report, const ReportFate& fate)
{
    m_misreports = false;
    if (fate.lost)
    {
        return;
    }
    if (fate.delayS <= 0)
    {
        return m_env.access->SendToOperator(device, report, false);
    }
    Simulator::Schedule(Seconds(fate.delayS), [self = Ptr<UpdateAgent>(this), device, report] {
        if (self->m_env.access && self->m_env.fleet->IsAlive(device))
        {
            self->m_env.access->SendToOperator(device, report, false);
        }
    });
}

/// The first image of the catalogue that the device does not run.
ImageId
UpdateAgent::AnotherImage(DeviceId device) const
{
    const ImageId first{0};
    return RunningImage(device) != first || m_env.catalog->Size() < 2 ? first : ImageId{1};
}

} // namespace ns3::iotfleet
