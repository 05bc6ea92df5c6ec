// SPDX-License-Identifier: GPL-2.0-only
#include "helper/model-settings.h"

#include "helper/config-binding.h"
#include "model/lifecycle/clock-sync-agent.h"
#include "model/lifecycle/clock-sync-service.h"
#include "model/lorawan/lorawan-network.h"
#include "model/quarantine/quarantine-controller.h"
#include "model/update/rollout.h"
#include "model/update/update-agent.h"
#include "model/update/update-service.h"

namespace ns3::iotfleet
{

namespace
{

/// The configuration of a new object of class T.
template <class T>
auto
ConfigOfNew()
{
    const auto object = CreateObject<T>();
    auto config = object->GetConfig();
    object->Dispose();
    return config;
}

} // namespace

ModelSettings
ModelSettings::Now()
{
    ModelSettings settings;
    settings.lorawan = ConfigOfNew<LorawanNetwork>();
    settings.clockSync = ConfigOfNew<ClockSyncService>();
    const auto clockAgent = ConfigOfNew<ClockSyncAgent>();
    settings.clockSync.periodS = clockAgent.periodS;
    settings.clockSync.answerRequired = clockAgent.answerRequired;
    settings.update = ConfigOfNew<UpdateService>();
    const UpdateConfig agent = ConfigOfNew<UpdateAgent>();
    BindInstallation(CopyToConfig{}, agent, settings.update);
    settings.rollout = ConfigOfNew<Rollout>();
    settings.detector = ConfigOfNew<Detector>();
    settings.quarantine = ConfigOfNew<QuarantineController>();
    return settings;
}

void
StartFrom(Scenario& scenario, const ModelSettings& settings)
{
    BindLorawan(CopyToSpec{}, scenario.lorawan, settings.lorawan);
    BindClockSync(CopyToSpec{}, scenario.lorawan.clockSync, settings.clockSync);
    BindDistribution(CopyToSpec{}, scenario.distribution, settings.update);
    BindRollout(CopyToSpec{}, scenario.rollout, settings.rollout);
    BindDetector(CopyToSpec{}, scenario.quarantine.detector, settings.detector);
    BindQuarantine(CopyToSpec{}, scenario.quarantine, settings.quarantine);
}

void
FollowAttributes(Scenario& scenario, const ModelSettings& before, const ModelSettings& now)
{
    BindLorawan(Follow{}, scenario.lorawan, before.lorawan, now.lorawan);
    BindClockSync(Follow{}, scenario.lorawan.clockSync, before.clockSync, now.clockSync);
    BindDistribution(Follow{}, scenario.distribution, before.update, now.update);
    BindRollout(Follow{}, scenario.rollout, before.rollout, now.rollout);
    BindDetector(Follow{}, scenario.quarantine.detector, before.detector, now.detector);
    BindQuarantine(Follow{}, scenario.quarantine, before.quarantine, now.quarantine);
    SettleClockSync(scenario, now);
}

void
SettleClockSync(Scenario& scenario, const ModelSettings& settings)
{
    auto& sync = scenario.lorawan.clockSync;
    if (sync.method == "ts003")
    {
        Follow{}(sync.periodS, settings.lorawan.clockSyncS, settings.clockSync.periodS);
    }
    else
    {
        const ClockSyncConfig none;
        BindClockSync(Follow{}, sync, settings.clockSync, none);
    }
}

} // namespace ns3::iotfleet
