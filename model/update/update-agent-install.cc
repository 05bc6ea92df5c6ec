// SPDX-License-Identifier: GPL-2.0-only
#include "model/update/update-agent.h"

#include "ns3/log.h"
#include "ns3/simulator.h"

#include <cmath>

/**
 * @file
 * What a device does with a complete data block: check, write, reboot, try, confirm or roll back.
 */
namespace ns3::iotfleet
{

NS_LOG_COMPONENT_DEFINE("UpdateAgent");

namespace
{

constexpr uint8_t CONTACT_ATTEMPTS = 3;

} // namespace

void
UpdateAgent::Busy(DeviceId device, double seconds)
{
    m_env.fleet->Spend(device,
                       EnergyUse::MCU,
                       seconds,
                       m_env.fleet->Profile(device).mcuA,
                       EnergyAccount::CAMPAIGN);
}

void
UpdateAgent::Fail(DeviceId device, std::string_view cause, const std::string& detail)
{
    NS_LOG_INFO("device " << Index(device) << " failed, " << cause << ": " << detail);
    m_env.fleet->Set(device, UpdateState::FAILED, cause);
    m_failure(device, cause, detail);
}

void
UpdateAgent::Verify(DeviceId device)
{
    const auto& profile = m_env.fleet->Profile(device);
    const auto& image = m_env.catalog->Get(BlockImage(device));
    const double seconds =
        static_cast<double>(image.imageBytes) * profile.hashSPerByte + profile.verifyS;
    m_env.fleet->Set(device, UpdateState::VERIFYING, "block-complete");
    Busy(device, seconds);
    After(device, VERIFIED, seconds);
}

void
UpdateAgent::OnVerified(DeviceId device)
{
    if (m_env.fleet->GetUpdate(device) != UpdateState::VERIFYING)
    {
        return;
    }
    const auto& verdict = m_env.check->Of(BlockImage(device), m_env.fleet->Firmware(device));
    if (!verdict.accepted)
    {
        Put(device, IMAGE_REFUSED, true);
        Put(device, WRONG_DEVICE, verdict.cause.starts_with("wrong-"));
        RowOf(device).block = NO_BLOCK;
        Fail(device, verdict.cause, verdict.detail);
        return;
    }
    Put(device, HELD, true);
    if (m_config.rebootBy == "device" && !Has(device, LISTENING))
    {
        ScheduleInstall(device);
    }
}

void
UpdateAgent::ScheduleInstall(DeviceId device)
{
    if (!Has(device, REBOOT_ORDERED))
    {
        Put(device, REBOOT_ORDERED, true);
        After(device, START_INSTALL, m_config.rebootSpreadS * Uniform(device, Purpose::REBOOT));
    }
}

double
UpdateAgent::InstallS(DeviceId device) const
{
    const auto& profile = m_env.fleet->Profile(device);
    const auto bytes = static_cast<double>(m_env.catalog->Get(BlockImage(device)).imageBytes);
    return std::ceil(bytes / profile.flashPageBytes) * profile.flashEraseS +
           bytes * profile.flashWriteSPerByte;
}

void
UpdateAgent::StartInstall(DeviceId device)
{
    if (m_env.fleet->GetUpdate(device) != UpdateState::VERIFYING || !Has(device, REBOOT_ORDERED) ||
        Misbehaves(device))
    {
        return;
    }
    Put(device, HELD, false);
    CloseSession(device);
    m_env.fleet->Set(device, UpdateState::INSTALLING, "reboot-into-installer");
    const double seconds = InstallS(device);
    Busy(device, seconds);
    const double offS = seconds + m_env.fleet->Profile(device).rebootS;
    m_env.access->Suspend(device, Simulator::Now().GetNanoSeconds() + ToTicks(offS));
    RowOf(device).attempts = 0;
    After(device, INSTALLED, seconds);
}

void
UpdateAgent::OnInstalled(DeviceId device)
{
    auto& row = RowOf(device);
    const auto& profile = m_env.fleet->Profile(device);
    const auto odds = OddsOf(device);
    if (odds.probability > 0 &&
        Uniform(device, Purpose::POWER_LOSS, 2U * row.attempts) < odds.probability)
    {
        // With one slot the half-written image is all there is; with two the old one is whole.
        const double bricks = odds.brickShare.value_or(profile.slots < 2 ? 1 : 0);
        if (Uniform(device, Purpose::POWER_LOSS, 2U * row.attempts + 1) < bricks)
        {
            return Brick(device, "power-loss");
        }
        m_failure(device, "power-loss-restart", "the installation was begun again");
        row.attempts = static_cast<uint8_t>(row.attempts < 100 ? row.attempts + 1 : 100);
        const double seconds = InstallS(device);
        Busy(device, seconds);
        const Tick until = Simulator::Now().GetNanoSeconds() + ToTicks(seconds + profile.rebootS);
        m_env.access->Suspend(device, until);
        return After(device, INSTALLED, seconds);
    }
    Busy(device, profile.rebootS);
    After(device, REBOOTED, profile.rebootS);
}

void
UpdateAgent::OnRebooted(DeviceId device)
{
    m_env.fleet->Set(device, UpdateState::TRIAL, "first-boot");
    const auto fate = FateOf(device);
    fate ? Suffer(device, *fate) : StartTrial(device);
}

void
UpdateAgent::StartTrial(DeviceId device)
{
    RowOf(device).attempts = 0;
    if (m_config.confirmBy == "server-contact")
    {
        ContactServer(device);
    }
    After(device, TRIAL_OVER, m_config.trialS);
}

/// Says what it runs; any downlink that follows confirms the image.
void
UpdateAgent::ContactServer(DeviceId device)
{
    auto& row = RowOf(device);
    if (m_env.fleet->GetUpdate(device) != UpdateState::TRIAL || row.attempts >= CONTACT_ATTEMPTS)
    {
        return;
    }
    ++row.attempts;
    const auto fate = BeginReport(device);
    SendReport(device, wire::MakePayload(wire::ts006::FPORT, m_version, VersionOf(device)), fate);
    After(device, TRIAL_CONTACT, m_config.trialS / CONTACT_ATTEMPTS);
}

void
UpdateAgent::OnTrialOver(DeviceId device)
{
    if (m_env.fleet->GetUpdate(device) != UpdateState::TRIAL)
    {
        return;
    }
    if (m_config.confirmBy == "server-contact")
    {
        return RollBack(device, "no-server-contact");
    }
    Confirm(device);
}

void
UpdateAgent::Confirm(DeviceId device)
{
    auto& fleet = *m_env.fleet;
    const ImageId image = BlockImage(device);
    const ImageId before = fleet.Firmware(device);
    fleet.SetFirmware(device, image);
    fleet.SetUpdated(device, Simulator::Now().GetNanoSeconds());
    fleet.Set(device,
              UpdateState::CONFIRMED,
              m_config.confirmBy == "self-test" ? "self-test" : "server-contact");
    RowOf(device).block = NO_BLOCK;
    const auto health = fleet.GetHealth(device);
    if (m_env.catalog->Get(image).fixesVulnerability &&
        (health == Health::VULNERABLE || health == Health::COMPROMISED))
    {
        Put(device, IGNORES, false);
        Put(device, LIES, false);
        fleet.Set(device, Health::HEALTHY, "update-confirmed");
    }
    const bool wasFixed = before != NO_IMAGE && m_env.catalog->Get(before).fixesVulnerability;
    if (wasFixed && !m_env.catalog->Get(image).fixesVulnerability && health == Health::HEALTHY)
    {
        fleet.Set(device, Health::VULNERABLE, "older-image");
    }
}

void
UpdateAgent::RollBack(DeviceId device, std::string_view cause)
{
    const double rebootS = m_env.fleet->Profile(device).rebootS;
    Busy(device, rebootS);
    m_env.access->Suspend(device, Simulator::Now().GetNanoSeconds() + ToTicks(rebootS));
    RowOf(device).block = NO_BLOCK;
    NS_LOG_INFO("device " << Index(device) << " rolled back, " << cause);
    m_env.fleet->Set(device, UpdateState::ROLLED_BACK, cause);
    m_failure(device, cause, "the boot loader went back to the image that ran before");
}

} // namespace ns3::iotfleet
