// SPDX-License-Identifier: GPL-2.0-only

#include "cli/run-summary.h"

#include "analysis/format.h"

#include <algorithm>

namespace ns3::iotfleet
{

namespace
{

using Line = std::pair<std::string, std::string>;

/** Collects the lines of the metrics that apply. */
class SummaryLines
{
  public:
    explicit SummaryLines(const RunSummary& summary)
        : m_summary(summary)
    {
    }

    /** @return whether the run has a value of a metric */
    bool Has(const std::string& name) const
    {
        const auto found = m_summary.metrics.find(name);
        return found != m_summary.metrics.end() && found->second.has_value();
    }

    /** @return the value as the report writes it */
    std::string Text(const std::string& name) const
    {
        return Has(name) ? analysis::FormatMetric(name, m_summary.metrics.at(name)) : "not reached";
    }

    void Add(const std::string& label, const std::string& value)
    {
        m_lines.emplace_back(label, value);
    }

    /** @return all lines, values one below the other */
    std::string Join() const
    {
        std::size_t width = 0;
        for (const auto& [label, value] : m_lines)
        {
            width = std::max(width, label.size());
        }
        std::string text;
        for (const auto& [label, value] : m_lines)
        {
            text.append(label).append(width - label.size() + 2, ' ').append(value).append("\n");
        }
        return text;
    }

  private:
    const RunSummary& m_summary;
    std::vector<Line> m_lines;
};

void
AddRollout(SummaryLines& lines)
{
    lines.Add("updated",
              lines.Text("devices_updated") + " of " + lines.Text("devices_targeted") +
                  ", the operator believes " + lines.Text("devices_believed_updated"));
    lines.Add("failed, bricked",
              lines.Text("devices_failed") + ", " + lines.Text("devices_bricked"));
    lines.Add("50 / 95 / 99 % updated after",
              lines.Text("time_to_50_updated_s") + " / " + lines.Text("time_to_95_updated_s") +
                  " / " + lines.Text("time_to_99_updated_s"));
    lines.Add("energy per device", lines.Text("energy_per_device_j_mean"));
}

} // namespace

std::string
RunSummaryText(const RunSummary& summary, uint64_t upToDate)
{
    SummaryLines lines(summary);
    lines.Add("devices",
              lines.Text("devices_total") + ", enrolled " + lines.Text("devices_enrolled"));
    lines.Add("simulated",
              analysis::FormatDuration(summary.simS) + " in " +
                  analysis::FormatDuration(summary.wallS));
    if (lines.Has("devices_updated"))
    {
        AddRollout(lines);
    }
    if (upToDate > 0)
    {
        lines.Add("passed over",
                  analysis::FormatCount(upToDate) + ", which ran the version before");
    }
    if (lines.Has("quarantined_total"))
    {
        lines.Add("quarantined",
                  lines.Text("quarantined_total") + ", compromised at the end " +
                      lines.Text("compromised_final"));
    }
    return lines.Join();
}

} // namespace ns3::iotfleet
