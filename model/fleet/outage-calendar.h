// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_FLEET_OUTAGE_CALENDAR_H
#define IOTFLEET_FLEET_OUTAGE_CALENDAR_H

#include "model/fleet/types.h"

#include <algorithm>
#include <vector>

namespace ns3::iotfleet
{

/**
 * When something is out of order. Spans that overlap or touch become one. A look costs O(log
 * spans), and a comparison where there is none.
 */
class OutageCalendar
{
  public:
    /// Adds [start, end); empty spans count for nothing.
    void Add(TimeSpan span)
    {
        if (span.end <= span.start)
        {
            return;
        }
        const auto first = std::ranges::lower_bound(m_spans, span.start, {}, &TimeSpan::end);
        auto last = first;
        for (; last != m_spans.end() && last->start <= span.end; ++last)
        {
            span.start = std::min(span.start, last->start);
            span.end = std::max(span.end, last->end);
        }
        m_spans.insert(m_spans.erase(first, last), span);
    }

    /// Whether there is no outage at all.
    bool IsEmpty() const
    {
        return m_spans.empty();
    }

    /// Whether `when` lies in an outage.
    bool Holds(Tick when) const
    {
        return !m_spans.empty() && EndOf(when) > when;
    }

    /// End of the outage that `when` lies in; `when` itself outside of outages.
    Tick EndOf(Tick when) const
    {
        const auto span = std::ranges::upper_bound(m_spans, when, {}, &TimeSpan::end);
        return span != m_spans.end() && span->Holds(when) ? span->end : when;
    }

    /// In order of time.
    const std::vector<TimeSpan>& Spans() const
    {
        return m_spans;
    }

  private:
    std::vector<TimeSpan> m_spans; ///< by start, apart from each other
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_FLEET_OUTAGE_CALENDAR_H
