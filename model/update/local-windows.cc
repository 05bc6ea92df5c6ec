// SPDX-License-Identifier: GPL-2.0-only
#include "model/update/local-windows.h"

#include <algorithm>

namespace ns3::iotfleet
{

namespace
{

constexpr Tick DAY = 86400 * TICKS_PER_SECOND;
constexpr Tick WEEK = 7 * DAY;

} // namespace

LocalWindows::LocalWindows(const std::vector<WindowConfig>& windows, uint32_t firstDay)
    : m_firstDay(firstDay * DAY)
{
    for (const auto& window : windows)
    {
        const Tick begin = ToTicks(window.startS);
        const Tick length = ToTicks(window.endS) - begin;
        for (size_t day = 0; day < WEEKDAY_NAMES.size(); ++day)
        {
            if (window.days.empty() ||
                std::ranges::find(window.days, WEEKDAY_NAMES[day]) != window.days.end())
            {
                m_spans.push_back(
                    {static_cast<Tick>(day) * DAY + begin, length <= 0 ? length + DAY : length});
            }
        }
    }
}

Tick
LocalWindows::Since(const Span& span, Tick now, Tick offset) const
{
    const Tick local = now + offset + m_firstDay - span.begin;
    return (local % WEEK + WEEK) % WEEK;
}

bool
LocalWindows::IsOpen(Tick now, Tick offset) const
{
    return m_spans.empty() || std::ranges::any_of(m_spans, [&](const Span& span) {
               return Since(span, now, offset) < span.length;
           });
}

Tick
LocalWindows::NextOpen(Tick now, Tick offset) const
{
    if (IsOpen(now, offset))
    {
        return now;
    }
    Tick wait = WEEK;
    for (const auto& span : m_spans)
    {
        wait = std::min(wait, WEEK - Since(span, now, offset));
    }
    return now + wait;
}

} // namespace ns3::iotfleet
