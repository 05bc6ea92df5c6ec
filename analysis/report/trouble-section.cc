// SPDX-License-Identifier: GPL-2.0-only
#include "analysis/format.h"
#include "analysis/html.h"
#include "analysis/report/fault-summary.h"
#include "analysis/report/report-context.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

namespace ns3::iotfleet::analysis
{

namespace
{

using Json = nlohmann::json;

/// Names listed of one group of devices; the database holds the rest.
constexpr size_t MAX_NAMES{100};

std::string
NameOf(const ReportContext& context, uint32_t device)
{
    const auto found = context.devices.names.find(device);
    return found == context.devices.names.end() ? "device " + std::to_string(device)
                                                : found->second;
}

/// "1 device is", "2 devices are"
std::string
CountDevices(uint64_t count, std::string_view one, std::string_view many)
{
    return FormatCount(count) + (count == 1 ? " device" : " devices") +
           std::string(count == 1 ? one : many);
}

/// A button that shows some devices on the map; none where the map has no marks for single devices.
template <class Ids>
std::string
MakeMapButton(const std::string& key, const Ids& ids, Json& data)
{
    if (!data.contains("map") || !data["map"].contains("dots"))
    {
        return "";
    }
    data["selections"][key] = ids;
    return "<p><button type=\"button\" class=\"show\" data-selection=\"" + EscapeHtml(key) +
           "\">Show them on the map</button></p>";
}

/// A list of devices that the reader can open and show on the map.
template <class Ids>
std::string
MakeDeviceList(const ReportContext& context, const Ids& ids, const std::string& key, Json& data)
{
    std::string names;
    size_t listed = 0;
    for (const uint32_t id : ids)
    {
        if (listed++ == MAX_NAMES)
        {
            names += ", …";
            break;
        }
        names += (names.empty() ? "" : ", ") + NameOf(context, id);
    }
    return Folded(FormatCount(ids.size()) + (ids.size() == 1 ? " device" : " devices"),
                  MakeMapButton(key, ids, data) + Paragraph(names));
}

std::string
MakeFailures(const ReportContext& context, Json& data)
{
    if (context.failures.empty())
    {
        return Paragraph("No device recorded a failure.");
    }
    std::string html = "<ul class=\"causes\">";
    for (const FailureGroup& group : context.failures)
    {
        const auto recovered =
            static_cast<uint64_t>(std::ranges::count_if(group.devices, [&](uint32_t device) {
                return context.devices.updatedWanted.contains(device);
            }));
        std::string text = FormatCount(group.events) + (group.events == 1 ? " time" : " times") +
                           " on " + FormatCount(group.devices.size()) +
                           (group.devices.size() == 1 ? " device" : " devices");
        if (recovered > 0)
        {
            text += ", of which " + FormatCount(recovered) + (recovered == 1 ? " was" : " were") +
                    " updated in the end";
        }
        text += "; first " + NameOf(context, group.firstDevice) + " at " +
                FormatDuration(group.firstS) +
                (group.firstDetail.empty() ? "" : " (" + group.firstDetail + ")") + ".";
        html += "<li><strong>" + EscapeHtml(DescribeCause(group.cause)) + "</strong> " +
                EscapeHtml(text) + " <code>" + EscapeHtml(group.cause) + "</code>" +
                MakeDeviceList(context, group.devices, "cause " + group.cause, data) + "</li>\n";
    }
    return html + "</ul>\n";
}

/// How it is known, for the reader who wonders whether the operator could know it too.
std::string_view
DescribeKnown(WhyKnown known)
{
    switch (known)
    {
    case WhyKnown::TRUTH:
        return "by its last failure, truth";
    case WhyKnown::UNREPORTED:
    case WhyKnown::GIVEN_UP:
        return "as the operator sees it";
    case WhyKnown::STATE:
        break;
    }
    return "by its state at the end";
}

/// Every device that does not run the target at the end, with the best cause that is known.
std::string
MakeNotUpdated(const ReportContext& context, Json& data)
{
    if (context.Target().empty())
    {
        return "";
    }
    const std::string heading = "<h3>Not updated</h3>\n";
    if (context.notUpdated.empty())
    {
        return heading + Paragraph("Every device runs " + context.Target() + " at the end.");
    }
    uint64_t all = 0;
    std::string items;
    for (const NotUpdatedGroup& group : context.notUpdated)
    {
        all += group.devices.size();
        items += "<li><strong>" + EscapeHtml(DescribeCause(group.cause)) + "</strong> " +
                 EscapeHtml(CountDevices(group.devices.size(), "", "")) + ", " +
                 std::string(DescribeKnown(group.known)) + ". <code>" + EscapeHtml(group.cause) +
                 "</code>" +
                 MakeDeviceList(context, group.devices, "not updated " + group.cause, data) +
                 "</li>\n";
    }
    return heading +
           Paragraph(CountDevices(all, " does", " do") + " not run " + context.Target() +
                     " at the end.") +
           "<ul class=\"causes\">" + items + "</ul>\n";
}

std::string
MakeFaults(const ReportContext& context)
{
    std::string items;
    for (const std::string& sentence : DescribeFaults(context.faults))
    {
        items += "<li>" + EscapeHtml(sentence) + "</li>\n";
    }
    return items.empty() ? ""
                         : "<h3>What the scenario made to break</h3>\n<ul class=\"causes\">" +
                               items + "</ul>\n";
}

std::string
MakeQuarantine(const ReportContext& context, Json& data)
{
    if (context.quarantine.empty() && !context.Metric("quarantined_total"))
    {
        return "";
    }
    std::set<uint32_t> falseStays;
    std::set<uint32_t> trueStays;
    for (const QuarantineRow& row : context.quarantine)
    {
        (row.trulyCompromised ? trueStays : falseStays).insert(row.deviceId);
    }
    const auto hours = [&](std::string_view metric) {
        return FormatNumber(context.Metric(metric).value_or(0)) + " device-hours";
    };
    std::string html =
        "<h3>Quarantine</h3>" +
        Paragraph("The detector raised " + FormatCount(context.trueAlarms) + " true and " +
                  FormatCount(context.falseAlarms) + " false alarms. " +
                  CountDevices(trueStays.size(), " was", " were") +
                  " put away while compromised.") +
        "<ul class=\"causes\"><li><strong>False quarantine:</strong> " +
        EscapeHtml(CountDevices(falseStays.size(), " was", " were") +
                   " put away although not compromised. Devices were held while not compromised, "
                   "healed ones until their release included, for " +
                   hours("false_quarantine_device_hours") + " in all.");
    if (!falseStays.empty())
    {
        html += MakeDeviceList(context, falseStays, "false quarantine", data);
    }
    const auto& missed = context.devices.neverQuarantined;
    html += "</li><li><strong>Missed:</strong> " +
            EscapeHtml(CountDevices(missed.size(), " is", " are") +
                       " compromised at the end and never in quarantine; all compromised devices "
                       "together were free for " +
                       hours("missed_compromised_device_hours") + " in all.");
    if (!missed.empty())
    {
        html += MakeDeviceList(context, missed, "missed", data);
    }
    return html + "</li></ul>\n";
}

std::string
MakeHiddenTroubles(const ReportContext& context, Json& data)
{
    const DeviceSummary& devices = context.devices;
    if (devices.all.devices == 0)
    {
        return "";
    }
    const std::string heading = "<h3>Believed fine, and not</h3>";
    if (devices.hiddenTroubles == 0)
    {
        return heading + Paragraph("No device is in trouble that the operator does not know of.");
    }
    HtmlTable table("Devices that the operator believes fine and that are not");
    table.AddColumn("device", HtmlTable::Align::LEFT);
    table.AddColumn("health, truth", HtmlTable::Align::LEFT);
    table.AddColumn("firmware, truth", HtmlTable::Align::LEFT);
    table.AddColumn("firmware as reported", HtmlTable::Align::LEFT);
    std::vector<uint32_t> ids;
    for (const HiddenTrouble& trouble : devices.firstHiddenTroubles)
    {
        ids.push_back(trouble.deviceId);
        table.AddRow({trouble.name,
                      trouble.health,
                      trouble.firmware,
                      trouble.believedFirmware.empty() ? "never" : trouble.believedFirmware});
    }
    const std::string button = MakeMapButton("believed fine, and not", ids, data);
    const std::string rest =
        devices.hiddenTroubles > devices.firstHiddenTroubles.size()
            ? Paragraph("The first " + FormatCount(devices.firstHiddenTroubles.size()) +
                        " are shown.")
            : "";
    return heading +
           Paragraph(CountDevices(devices.hiddenTroubles, " is", " are") +
                     " bricked, compromised, faulty or not on the firmware that it reported, and "
                     "nothing tells the operator so.") +
           Folded("The devices", button + table.ToHtml() + rest);
}

/// Empty where there are none, which is as it should be.
std::string
MakeWronglyGivenUp(const ReportContext& context, Json& data)
{
    const auto& ids = context.devices.wronglyGivenUp;
    if (ids.empty())
    {
        return "";
    }
    return "<h3>Given up, and updated</h3>" +
           Paragraph(CountDevices(ids.size(), " runs", " run") + " the new image and " +
                     (ids.size() == 1 ? "has" : "have") +
                     " confirmed it; the operator believes that the update failed, or has heard "
                     "nothing. No message said otherwise before the end.") +
           MakeDeviceList(context, ids, "given up, and updated", data);
}

} // namespace

std::string
MakeTroubleSection(const ReportContext& context, Json& data)
{
    return MakeNotUpdated(context, data) + "<h3>Failures by cause</h3>" +
           MakeFailures(context, data) + MakeFaults(context) + MakeQuarantine(context, data) +
           MakeHiddenTroubles(context, data) + MakeWronglyGivenUp(context, data);
}

} // namespace ns3::iotfleet::analysis
