// SPDX-License-Identifier: GPL-2.0-only
#include "model/update/rollout.h"

#include "ns3/abort.h"
#include "ns3/simulator.h"

/**
 * @file
 * Rollout: bringing devices back to another image.
 */
namespace ns3::iotfleet
{

void
Rollout::SetRollBackImage(ImageId image)
{
    m_rollBackImage = image;
}

/**
 * Whether a device reported the image, or was offered it and did not report how it went.
 *
 * Who reported a failure told its old version with it, or lacked fragments: it runs the old image.
 * A refusal tells nothing of the version: a try before it that ended in silence may have brought
 * the image, and who is installing it refuses the next one for want of memory.
 */
bool
Rollout::MayRunTheImage(DeviceId device) const
{
    switch (m_registry->Update(device))
    {
    case UpdateBelief::IDLE:
    case UpdateBelief::WENT_BACK:
        return false;
    case UpdateBelief::FAILED: {
        const bool mayHaveIt = Index(device) < m_mayHaveIt.size() && m_mayHaveIt[Index(device)];
        const bool isRefusal =
            m_failures != nullptr && m_failures->KindOf(device) == FailureKind::REJECTED;
        return m_registry->Firmware(device) == m_image || (mayHaveIt && isRefusal);
    }
    default:
        return true;
    }
}

/// Devices that may run the image and have not been offered the other one.
std::vector<DeviceId>
Rollout::WhoHasToGoBack() const
{
    std::vector<DeviceId> devices;
    for (uint32_t i = 0; i < m_registry->Size(); ++i)
    {
        const DeviceId device{i};
        if (m_waveOf.Get(i) != 0 && !m_sentBack[i] && MayRunTheImage(device) &&
            m_registry->GetAccess(device) != Access::BLOCKED)
        {
            devices.push_back(device);
        }
    }
    return devices;
}

void
Rollout::StartRollBack()
{
    NS_ABORT_MSG_IF(m_rollBackImage == NO_IMAGE, "no image to roll back to");
    TargetWhomWavesToComeWouldTake(m_targeted); // the plan ends here
    m_rollingBack = true;
    m_timedOut = false;
    m_notes.clear();
    m_waitedFor.clear();
    m_stopRules.clear();
    m_trailing = {};
    m_sentBack.assign(m_registry->Size(), false);
    auto devices = WhoHasToGoBack();
    WaveConfig wave;
    wave.name = "roll-back";
    wave.timeoutS = m_rollBackTimeout.GetSeconds();
    m_waves = {wave};
    m_nextWave = 1;
    m_dynamic.enabled = false;
    m_dispatcher = std::make_unique<WaveDispatcher>(DispatchConfig{},
                                                    *m_view,
                                                    *m_registry,
                                                    m_failures,
                                                    std::vector<Tick>{},
                                                    m_random);
    m_dispatcher->Follow();
    if (devices.empty())
    {
        OpenWave(wave, 0);
        return CloseWave(WaveDecision::FINISH, "no device may run the image");
    }
    StartRollBackWave(std::move(devices));
}

void
Rollout::StartRollBackWave(std::vector<DeviceId> devices)
{
    for (const auto device : devices)
    {
        m_sentBack[Index(device)] = true;
    }
    StartWave(std::move(devices));
    Arm();
}

void
Rollout::LookAtRollBack()
{
    Recount();
    if (m_dispatcher->IsDone() || m_distributed)
    {
        EndRollBack();
    }
}

/// Whoever has reported the new image meanwhile, or was blocked before, goes back now.
void
Rollout::EndRollBack()
{
    const auto& counts = m_records.back().counts;
    auto late = WhoHasToGoBack();
    CloseWave(late.empty() ? WaveDecision::FINISH : WaveDecision::ADVANCE,
              std::to_string(counts.succeeded) + " of " + std::to_string(counts.targeted) +
                  " devices went back, " + std::to_string(counts.failed) + " failed, " +
                  std::to_string(counts.targeted - counts.succeeded - counts.failed) +
                  " did not report");
    if (!late.empty())
    {
        m_waves.front().name = "roll-back-" + std::to_string(++m_rollBacks);
        StartRollBackWave(std::move(late));
    }
}

} // namespace ns3::iotfleet
