// SPDX-License-Identifier: GPL-2.0-only
#include "model/update/device-filter.h"
#include "model/update/rollout.h"
#include "model/update/version-wait.h"

#include "ns3/simulator.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <set>
#include <span>

/**
 * @file
 * Rollout: who is taken into which wave, and when a wave may start.
 */
namespace ns3::iotfleet
{

namespace
{

Tick
Now()
{
    return Simulator::Now().GetNanoSeconds();
}

/// "12 devices held back by the gates", as an addition to a reason.
std::string
AboutGates(uint32_t heldBack)
{
    return heldBack == 0 ? std::string()
                         : "; " + std::to_string(heldBack) + " held back by the gates";
}

/**
 * Whether no device can ever be taken, as far as the operator knows: all that have enrolled run the
 * image, and the inventory knows of nobody else that is to come with another one.
 */
bool
AllRun(ImageId image, const DeviceRegistry& registry, const std::vector<DeviceId>& scope)
{
    const auto size = scope.empty() ? registry.Size() : static_cast<uint32_t>(scope.size());
    for (uint32_t i = 0; i < size; ++i)
    {
        if (registry.Firmware(scope.empty() ? DeviceId{i} : scope[i]) != image)
        {
            return false;
        }
    }
    return size > 0;
}

/// Lets through whom at least one of several filters lets through.
class AnyFilter
{
  public:
    AnyFilter(std::span<const FilterConfig> configs, const OperatorView& view)
    {
        for (const auto& config : configs)
        {
            m_filters.emplace_back(config, view);
        }
        m_isEverybody = std::ranges::any_of(m_filters, &DeviceFilter::IsEverybody);
    }

    bool Matches(DeviceId device) const
    {
        return m_isEverybody || std::ranges::any_of(m_filters, [device](const DeviceFilter& one) {
                   return one.Matches(device);
               });
    }

  private:
    std::vector<DeviceFilter> m_filters;
    bool m_isEverybody{false};
};

} // namespace

/// Whether a device that no wave has taken can be.
bool
Rollout::CanBeTaken(DeviceId device) const
{
    // A blocked device cannot be reached; it joins a later wave once it is released.
    return (!m_requireEnrolled || m_registry->IsEnrolled(device)) &&
           m_registry->GetAccess(device) != Access::BLOCKED &&
           m_registry->Firmware(device) != m_image;
}

bool
Rollout::PassesGates(DeviceId device) const
{
    return (m_gates.power != "mains" || m_view->IsMains(device)) &&
           (m_gates.battery <= 0 || m_view->IsMains(device) ||
            m_view->BatteryLevel(device).value_or(1) >= static_cast<float>(m_gates.battery));
}

Rollout::Selection
Rollout::Select(const WaveConfig& wave) const
{
    return Select(wave, m_waveOf);
}

/// As above, as if `waveOf` were the waves that have taken devices. After the last planned wave
/// there are dynamic ones only.
Rollout::Selection
Rollout::Select(const WaveConfig& wave, const IndexColumn& waveOf) const
{
    const bool isDynamic = !m_leftOut.empty();
    const AnyFilter filter(isDynamic ? std::span<const FilterConfig>(m_filters)
                                     : std::span<const FilterConfig>(&wave.filter, 1),
                           *m_view);
    Selection selection;
    const auto look = [&](DeviceId device) {
        if (waveOf.Get(Index(device)) != 0)
        {
            selection.targets += filter.Matches(device) ? 1U : 0U;
        }
        else if (!(isDynamic && m_leftOut[Index(device)]) && CanBeTaken(device) &&
                 filter.Matches(device))
        {
            const bool passes = PassesGates(device);
            selection.heldBack += passes ? 0U : 1U;
            if (passes)
            {
                selection.candidates.push_back(device);
            }
        }
    };
    if (m_scope.empty())
    {
        for (uint32_t i = 0; i < m_registry->Size(); ++i)
        {
            look(DeviceId{i});
        }
    }
    std::ranges::for_each(m_scope, look);
    selection.targets += selection.candidates.size();
    return selection;
}

size_t
Rollout::Take(const WaveConfig& wave, const Selection& selection) const
{
    const auto candidates = selection.candidates.size();
    if (wave.count)
    {
        return std::min<size_t>(*wave.count, candidates);
    }
    if (!wave.share || *wave.share >= 1)
    {
        return candidates;
    }
    const bool ofLeft = wave.shareOf == ShareOf::LEFT;
    const auto targets = static_cast<double>(ofLeft ? candidates : selection.targets);
    const auto wanted = static_cast<size_t>(std::ceil(*wave.share * targets - 1e-9));
    if (wave.shareOf == ShareOf::CUMULATIVE)
    {
        const auto taken = selection.targets - candidates;
        return std::min(wanted - std::min<size_t>(wanted, taken), candidates);
    }
    return std::clamp<size_t>(wanted, 1, candidates);
}

const WaveConfig&
Rollout::CurrentWave() const
{
    return m_waves[m_nextWave - 1];
}

/// Whether nothing but devices is missing for the wave to start; remembers what it waits for.
bool
Rollout::MayStart(const WaveConfig& wave)
{
    std::string waitsFor;
    if (Now() < ToTicks(wave.notBeforeS))
    {
        waitsFor = "its time";
    }
    for (const auto& config : wave.waitFor)
    {
        const VersionWait wait(config, *m_view);
        if (waitsFor.empty() && !wait.IsOver())
        {
            waitsFor = wait.Sentence();
        }
    }
    if (waitsFor.empty())
    {
        return true;
    }
    if (m_waitedFor.empty())
    {
        m_waitSince = Now();
    }
    m_waitedFor = waitsFor;
    return false;
}

/// One wave for each value of the wave's key that a candidate has; the wave itself without a key.
std::vector<WaveConfig>
Rollout::Expand(const WaveConfig& wave, const Selection& selection) const
{
    const auto key = FromName<DeviceKey>(DEVICE_KEY_NAMES, wave.forEach);
    if (!key || *key == DeviceKey::FLEET)
    {
        return {wave};
    }
    std::set<uint32_t> values;
    for (const auto device : selection.candidates)
    {
        values.insert(m_view->Value(*key, device));
    }
    std::vector<WaveConfig> waves;
    for (const auto value : values)
    {
        const auto name = m_view->ValueName(*key, value);
        waves.push_back(wave);
        waves.back().forEach.clear();
        waves.back().name = wave.name + "-" + name;
        waves.back().filter = Narrowed(wave.filter, *key, name);
    }
    return waves;
}

/// Puts one wave for each value of the next wave's key in its place, if any device is there.
void
Rollout::ExpandWave()
{
    const auto next = m_waves.begin() + static_cast<std::ptrdiff_t>(m_nextWave);
    const auto waves = Expand(*next, Select(*next));
    if (!waves.empty())
    {
        m_waves.insert(m_waves.erase(next), waves.begin(), waves.end());
    }
}

/// Goes through the waves that have not been, and takes for each whom it would take now.
void
Rollout::TargetWhomWavesToComeWouldTake(std::vector<bool>& targeted) const
{
    std::vector<WaveConfig> waves(m_waves.begin() + static_cast<std::ptrdiff_t>(m_nextWave),
                                  m_waves.end());
    const bool takesLateOnes =
        m_dynamic.enabled && (m_dynamic.untilS <= 0 || Now() < ToTicks(m_dynamic.untilS));
    if (takesLateOnes && !m_leftOut.empty()) // else whoever is there now is not late
    {
        waves.emplace_back();
    }
    auto waveOf = m_waveOf;
    for (const auto& planned : waves)
    {
        for (const auto& wave : Expand(planned, Select(planned, waveOf)))
        {
            const auto selection = Select(wave, waveOf);
            const auto size = Take(wave, selection);
            for (const auto device : TakeFirst(selection.candidates, size, *m_order, m_random))
            {
                waveOf.Set(Index(device), 1);
                targeted[Index(device)] = true;
            }
        }
    }
}

std::vector<DeviceId>
Rollout::Targeted() const
{
    if (m_records.empty())
    {
        return {};
    }
    auto targeted = m_targeted;
    if (!m_rollingBack)
    {
        TargetWhomWavesToComeWouldTake(targeted);
    }
    std::vector<DeviceId> devices;
    for (uint32_t i = 0; i < targeted.size(); ++i)
    {
        if (targeted[i])
        {
            devices.push_back(DeviceId{i});
        }
    }
    return devices;
}

/// Whether another wave can follow the current one.
bool
Rollout::HasMore() const
{
    return m_nextWave < m_waves.size() || m_dynamic.enabled;
}

/// The last planned wave chooses `taken`: whom it could have taken besides does not come late.
void
Rollout::LeaveOut(const std::vector<DeviceId>& taken)
{
    if (!m_dynamic.enabled || !m_leftOut.empty())
    {
        return;
    }
    std::vector<bool> leftOut(m_registry->Size());
    for (const auto device : Select({}).candidates)
    {
        leftOut[Index(device)] = true;
    }
    for (const auto device : taken)
    {
        leftOut[Index(device)] = false; // it may be released without an offer
    }
    m_leftOut = std::move(leftOut);
}

/// Makes a wave of late devices once enough of them are there; whether there is one.
bool
Rollout::PrepareDynamicWave()
{
    WaveConfig wave;
    const auto& last = m_waves.back();
    wave.soakS = last.soakS;
    wave.successThreshold = last.successThreshold;
    wave.errorThreshold = last.errorThreshold;
    wave.timeoutS = last.timeoutS;
    wave.stopAtTimeout = last.stopAtTimeout;
    const auto waiting = Select(wave).candidates.size();
    if (waiting == 0)
    {
        m_lateSince.reset();
        return false;
    }
    m_lateSince = m_lateSince.value_or(Now());
    const bool waited = m_dynamic.waitS > 0 && Now() - *m_lateSince >= ToTicks(m_dynamic.waitS);
    if (waiting < m_dynamic.size && !waited)
    {
        return false;
    }
    m_lateSince.reset();
    wave.name = "dynamic-" + std::to_string(m_records.size() + 1);
    m_waves.push_back(wave);
    return true;
}

void
Rollout::StartNextWave()
{
    m_phase = Phase::IDLE;
    while (m_phase == Phase::IDLE && TryNextWave())
    {
    }
}

/// Starts the next wave if it can; whether the one after it may be tried at once.
bool
Rollout::TryNextWave()
{
    if (!Window().IsOpen(Now()))
    {
        return false;
    }
    if (m_nextWave == m_waves.size())
    {
        if (m_dynamic.untilS > 0 && Now() >= ToTicks(m_dynamic.untilS))
        {
            if (m_trailing.IsEmpty()) // else it waits for them
            {
                EndRollout(m_records.back());
            }
            return false;
        }
        if (!PrepareDynamicWave())
        {
            return false;
        }
    }
    if (!MayStart(m_waves[m_nextWave]))
    {
        return false;
    }
    ExpandWave();
    const auto& wave = m_waves[m_nextWave];
    const auto selection = Select(wave);
    const auto size = Take(wave, selection);
    if (size == 0)
    {
        if (m_taken == 0 && Select({}).candidates.empty())
        {
            if (m_dynamic.enabled || !AllRun(m_image, *m_registry, m_scope))
            {
                return false; // nobody has enrolled yet
            }
            m_nextWave = m_waves.size();
            OpenWave(wave, 0);
            CloseWave(WaveDecision::FINISH, "nobody to take: all devices run the image");
            return false;
        }
        if (!m_trailing.IsEmpty())
        {
            return false; // a skipped wave may end the rollout, which earlier ones still belong to
        }
        SkipWave(wave, selection);
        return m_phase != Phase::ENDED;
    }
    auto devices = TakeFirst(selection.candidates, size, *m_order, m_random);
    m_notes = AboutGates(selection.heldBack);
    m_taken += devices.size();
    ++m_nextWave;
    if (m_nextWave == m_waves.size())
    {
        LeaveOut(devices);
    }
    StartWave(std::move(devices));
    return false;
}

/// A wave that takes nobody. Where nobody is left without a filter, later ones are in vain as well.
void
Rollout::SkipWave(const WaveConfig& wave, const Selection& selection)
{
    const bool isReached = !selection.candidates.empty(); // a cumulative share
    const bool isFiltered = !DeviceFilter(wave.filter, *m_view).IsEverybody();
    m_nextWave = isFiltered || isReached ? m_nextWave + 1 : m_waves.size();
    if (m_nextWave == m_waves.size())
    {
        LeaveOut({});
    }
    m_notes = AboutGates(selection.heldBack);
    m_dispatcher->Begin({}, {}, {});
    OpenWave(wave, 0);
    CloseWave(HasMore() ? WaveDecision::ADVANCE : WaveDecision::FINISH,
              isReached    ? "earlier waves have taken its share"
              : isFiltered ? "no device to take matches"
                           : "no devices left to take");
}

} // namespace ns3::iotfleet
