// SPDX-License-Identifier: GPL-2.0-only
#include "model/update/update-agent.h"

#include "ns3/simulator.h"

/**
 * @file
 * The device's side of TS006: versions, reboots and the image that waits to be installed.
 */
namespace ns3::iotfleet
{

namespace ts006 = wire::ts006;

void
UpdateAgent::OnManagement(DeviceId device, const wire::AppPayload& payload)
{
    // Malware that ignores commands may still answer, if it lies.
    if (!HearsOperator(device) || (Has(device, IGNORES) && !Has(device, LIES)))
    {
        return;
    }
    const auto fate = BeginReport(device);
    auto out = wire::AppPayload::ForPort(ts006::FPORT);
    for (const auto& command : ts006::DecodeDownlink(m_version, payload.View()).commands)
    {
        std::visit([&](const auto& request) { Reply(device, request, out); }, command);
    }
    if (out.size > 0)
    {
        SendReport(device, out, fate);
    }
}

void
UpdateAgent::Reply(DeviceId, const wire::PackageVersionReq&, wire::AppPayload& out)
{
    wire::Encode(wire::PackageVersionAns{ts006::PACKAGE_ID, 1}, m_version, out);
}

void
UpdateAgent::Reply(DeviceId device, const ts006::DevVersionReq&, wire::AppPayload& out)
{
    wire::Encode(VersionOf(device), m_version, out);
}

ts006::DevVersionAns
UpdateAgent::VersionOf(DeviceId device) const
{
    ImageId image = m_misreports ? AnotherImage(device) : RunningImage(device);
    if (Has(device, LIES) && BlockImage(device) != NO_IMAGE)
    {
        image = BlockImage(device); // claims to run what it was offered
    }
    const uint32_t version = image == NO_IMAGE ? 0 : VersionCode(m_env.catalog->Get(image).version);
    return {version, VersionCode(m_env.fleet->Hardware(device))};
}

void
UpdateAgent::Reply(DeviceId device, const ts006::DevUpgradeImageReq&, wire::AppPayload& out)
{
    ts006::DevUpgradeImageAns answer;
    answer.upImageStatus = ImageStatusOf(device);
    if (answer.upImageStatus == ts006::UpImageStatus::VALID)
    {
        answer.nextFirmwareVersion = VersionCode(m_env.catalog->Get(BlockImage(device)).version);
    }
    wire::Encode(answer, m_version, out);
}

ts006::UpImageStatus
UpdateAgent::ImageStatusOf(DeviceId device) const
{
    const auto state = m_env.fleet->GetUpdate(device);
    if (Has(device, LIES))
    {
        return ts006::UpImageStatus::NONE;
    }
    if (Has(device, IMAGE_REFUSED))
    {
        return Has(device, WRONG_DEVICE) ? ts006::UpImageStatus::WRONG_HARDWARE
                                         : ts006::UpImageStatus::CORRUPT;
    }
    const bool waits = state == UpdateState::VERIFYING || state == UpdateState::INSTALLING;
    return waits && BlockImage(device) != NO_IMAGE ? ts006::UpImageStatus::VALID
                                                   : ts006::UpImageStatus::NONE;
}

void
UpdateAgent::Reply(DeviceId device, const ts006::DevRebootTimeReq& request, wire::AppPayload& out)
{
    wire::Encode(ts006::DevRebootTimeAns{request.rebootTime}, m_version, out);
    if (request.rebootTime == ts006::CANCEL_REBOOT_TIME)
    {
        Put(device, REBOOT_ORDERED, false);
        return;
    }
    const double nowS = ToSeconds(Simulator::Now().GetNanoSeconds());
    const double deviceS = nowS + m_env.access->ClockErrorS(device);
    OrderReboot(device, request.rebootTime - deviceS);
}

void
UpdateAgent::Reply(DeviceId device,
                   const ts006::DevRebootCountdownReq& request,
                   wire::AppPayload& out)
{
    wire::Encode(ts006::DevRebootCountdownAns{request.countdown}, m_version, out);
    if (request.countdown == ts006::CANCEL_REBOOT_COUNTDOWN)
    {
        Put(device, REBOOT_ORDERED, false);
        return;
    }
    OrderReboot(device, request.countdown);
}

void
UpdateAgent::OrderReboot(DeviceId device, double seconds)
{
    if (Has(device, HELD) && !Has(device, REBOOT_ORDERED) && !Misbehaves(device))
    {
        Put(device, REBOOT_ORDERED, true);
        After(device, START_INSTALL, seconds);
    }
}

void
UpdateAgent::Reply(DeviceId device, const ts006::DevDeleteImageReq& request, wire::AppPayload& out)
{
    ts006::DevDeleteImageAns answer;
    answer.errorNoValidImage = !Has(device, HELD);
    answer.errorInvalidVersion =
        !answer.errorNoValidImage && VersionCode(m_env.catalog->Get(BlockImage(device)).version) !=
                                         request.firmwareToDeleteVersion;
    wire::Encode(answer, m_version, out);
    if (!answer.errorNoValidImage && !answer.errorInvalidVersion)
    {
        Put(device, HELD, false);
        RowOf(device).block = NO_BLOCK;
        Fail(device, "image-deleted", "the operator deleted the image before it was installed");
    }
}

} // namespace ns3::iotfleet
