// SPDX-License-Identifier: GPL-2.0-only

#include "helper/run-backend.h"

#include <algorithm>
#include <poll.h>

namespace ns3::iotfleet
{

namespace
{

constexpr int LOOK_EVERY_MS = 200;

/** Waits until one of the processes has something to say, or for a moment. */
void
Wait(const std::vector<RunProcess>& running)
{
    std::vector<pollfd> descriptors;
    for (const RunProcess& process : running)
    {
        descriptors.push_back({process.GetDescriptor(), POLLIN, 0});
    }
    ::poll(descriptors.data(), descriptors.size(), LOOK_EVERY_MS);
}

} // namespace

LocalRunBackend::LocalRunBackend(std::size_t width)
    : m_width(width)
{
}

std::size_t
LocalRunBackend::GetWidth() const
{
    return m_width;
}

void
LocalRunBackend::Execute(std::vector<RunJob> jobs, const BackendHooks& hooks)
{
    std::vector<RunProcess> running;
    running.reserve(m_width);
    auto next = jobs.begin();
    while (next != jobs.end() || !running.empty())
    {
        while (next != jobs.end() && running.size() < m_width)
        {
            running.emplace_back(std::move(*next++));
        }
        if (hooks.shouldStop(running.size()))
        {
            return;
        }
        Wait(running);
        if (hooks.shouldStop(running.size()))
        {
            return; // before what ended is looked at: it may have ended for the same reason
        }
        std::vector<RunProcess> still;
        still.reserve(m_width);
        for (RunProcess& process : running)
        {
            if (const auto outcome = process.Advance())
            {
                hooks.onEnded(process.GetJob(), *outcome);
            }
            else
            {
                still.push_back(std::move(process));
            }
        }
        running.swap(still);
    }
}

} // namespace ns3::iotfleet
