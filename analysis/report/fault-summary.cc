// SPDX-License-Identifier: GPL-2.0-only
#include "analysis/report/fault-summary.h"

#include "analysis/format.h"

#include <algorithm>
#include <set>
#include <span>

namespace ns3::iotfleet::analysis
{

namespace
{

/// Kinds of faults as people call them: "gateway-outage" is "gateway outage".
std::string
NameOf(const FaultRow& row)
{
    std::string name = row.kind;
    std::ranges::replace(name, '-', ' ');
    return name + " (fault " + std::to_string(row.fault) + ")";
}

std::string
DescribeStrikes(const FaultRow& row)
{
    const uint64_t devices = *row.devices;
    if (devices == 0 || !row.startedS)
    {
        return NameOf(row) + ": no device was struck.";
    }
    return NameOf(row) + ": " + FormatCount(devices) +
           (devices == 1 ? " device was struck, at " : " devices were struck, the first at ") +
           FormatDuration(*row.startedS) + ".";
}

/// @param rows all outages of one fault, at least one, by start
std::string
DescribeOutages(std::span<const FaultRow> rows)
{
    const FaultRow& first = rows.front();
    const double startS = first.startedS.value_or(0);
    const auto lengthS = [](const FaultRow& row) {
        return row.endedS.value_or(0) - row.startedS.value_or(0);
    };
    if (rows.size() == 1)
    {
        return NameOf(first) + (first.subject.empty() ? "" : " at " + first.subject) + ": from " +
               FormatDuration(startS) + " on, for " + FormatDuration(lengthS(first)) + ".";
    }
    double allS = 0;
    std::set<std::string> subjects;
    for (const FaultRow& row : rows)
    {
        allS += lengthS(row);
        subjects.insert(row.subject);
    }
    const std::string where = first.subject.empty() ? ""
                              : subjects.size() == 1
                                  ? " at " + first.subject
                                  : " at " + FormatCount(subjects.size()) + " gateways";
    return NameOf(first) + ": " + FormatCount(rows.size()) + " times" + where + ", " +
           FormatDuration(allS) + " in all, the first at " + FormatDuration(startS) + ".";
}

} // namespace

std::vector<std::string>
DescribeFaults(const std::vector<FaultRow>& faults)
{
    std::vector<std::string> sentences;
    for (auto begin = faults.begin(); begin != faults.end();)
    {
        const auto end = std::find_if(begin, faults.end(), [&](const FaultRow& row) {
            return row.fault != begin->fault;
        });
        sentences.push_back(begin->devices ? DescribeStrikes(*begin)
                                           : DescribeOutages({begin, end}));
        begin = end;
    }
    return sentences;
}

} // namespace ns3::iotfleet::analysis
