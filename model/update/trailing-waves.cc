// SPDX-License-Identifier: GPL-2.0-only
#include "model/update/trailing-waves.h"

#include <algorithm>

namespace ns3::iotfleet
{

namespace
{

WaveCounts
CountMembers(const TrailingWave& wave,
             Tick now,
             const DeviceRegistry& registry,
             const FailureBook* failures)
{
    WaveCounts counts;
    counts.targeted = static_cast<uint32_t>(wave.members.size());
    counts.offered = counts.targeted;
    for (const auto device : wave.members)
    {
        const auto belief = registry.Update(device);
        counts.succeeded += belief == UpdateBelief::UPDATED ? 1U : 0U;
        counts.unreported += belief == UpdateBelief::UNREPORTED ? 1U : 0U;
        if (belief == UpdateBelief::FAILED)
        {
            FailureBook::Count(failures, device, counts);
        }
    }
    counts.unreported += now >= wave.deadline ? counts.Pending() : 0;
    return counts;
}

} // namespace

bool
TrailingWaves::Count(Tick now,
                     const DeviceRegistry& registry,
                     const FailureBook* failures,
                     const std::function<bool(const TrailingWave&, const WaveCounts&)>& judge)
{
    for (auto wave = m_waves.begin(); wave != m_waves.end();)
    {
        const auto counts = CountMembers(*wave, now, registry, failures);
        if (!judge(*wave, counts))
        {
            return false;
        }
        wave = counts.Pending() > 0 ? wave + 1 : m_waves.erase(wave);
    }
    return true;
}

void
TrailingWaves::Close(size_t record, Tick now)
{
    const auto wave = std::ranges::find(m_waves, record, &TrailingWave::record);
    if (wave != m_waves.end())
    {
        wave->deadline = std::min(wave->deadline, now);
    }
}

std::vector<DeviceId>
TrailingWaves::TakeUnfinished(const DeviceRegistry& registry)
{
    std::vector<DeviceId> devices;
    for (const auto& wave : m_waves)
    {
        for (const auto device : wave.members)
        {
            if (registry.Update(device) != UpdateBelief::UPDATED)
            {
                devices.push_back(device);
            }
        }
    }
    m_waves.clear();
    return devices;
}

size_t
TrailingWaves::MemoryBytes() const
{
    size_t bytes = m_waves.capacity() * sizeof(TrailingWave);
    for (const auto& wave : m_waves)
    {
        bytes += wave.members.MemoryBytes();
    }
    return bytes;
}

} // namespace ns3::iotfleet
