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

/// Devices that reported the image, or were offered it and did not report that they failed.
std::vector<DeviceId>
Rollout::MayRunTheImage() const
{
    std::vector<DeviceId> devices;
    for (uint32_t i = 0; i < m_registry->Size(); ++i)
    {
        const DeviceId device{i};
        const auto belief = m_registry->Update(device);
        const bool knownOld = belief == UpdateBelief::IDLE || belief == UpdateBelief::FAILED;
        if (m_waveOf.Get(i) != 0 && !knownOld && m_registry->GetAccess(device) != Access::BLOCKED)
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
    auto devices = MayRunTheImage();
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
    StartWave(std::move(devices));
    Arm();
}

/// Who runs the older image again has no update under way.
void
Rollout::LookAtRollBack()
{
    Recount();
    for (const auto device : m_dispatcher->Succeeded())
    {
        if (m_registry->Update(device) == UpdateBelief::UPDATED)
        {
            m_registry->SetUpdate(device, UpdateBelief::IDLE);
        }
    }
    if (m_dispatcher->IsDone() || m_distributed)
    {
        EndRollBack();
    }
}

void
Rollout::EndRollBack()
{
    const auto& counts = m_records.back().counts;
    CloseWave(WaveDecision::FINISH,
              std::to_string(counts.succeeded) + " of " + std::to_string(counts.targeted) +
                  " devices went back, " + std::to_string(counts.failed) + " failed, " +
                  std::to_string(counts.targeted - counts.succeeded - counts.failed) +
                  " did not report");
}

} // namespace ns3::iotfleet
