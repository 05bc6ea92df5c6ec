// SPDX-License-Identifier: GPL-2.0-only
#include "model/record/metric-dictionary.h"

#include <sstream>

namespace ns3::iotfleet
{

namespace
{

constexpr size_t COLUMNS{80};
constexpr std::string_view INDENT{"    "};

void
AppendWrapped(std::string& out, std::string_view text)
{
    std::istringstream words{std::string(text)};
    std::string line(INDENT);
    for (std::string word; words >> word;)
    {
        if (line.size() + word.size() > COLUMNS)
        {
            line.pop_back();
            out += line + "\n";
            line = INDENT;
        }
        line += word + " ";
    }
    line.pop_back();
    out += line + "\n";
}

} // namespace

std::string
MetricDictionaryText()
{
    std::string out;
    for (const auto& metric : METRICS)
    {
        out += std::string(metric.name) + " [" + std::string(metric.unit) + "]\n";
        AppendWrapped(out, metric.meaning);
    }
    return out;
}

} // namespace ns3::iotfleet
