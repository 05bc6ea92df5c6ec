// SPDX-License-Identifier: GPL-2.0-only
#include "analysis/format.h"
#include "analysis/html.h"
#include "analysis/report/battery-share.h"
#include "analysis/report/quantile-tiles.h"
#include "analysis/report/report-context.h"
#include "analysis/report/verdict.h"
#include "analysis/statistics.h"
#include "model/record/metric-dictionary.h"

#include <algorithm>
#include <array>
#include <utility>

namespace ns3::iotfleet::analysis
{

namespace
{

/// A metric's value for people; with several runs its mean and 95 % interval.
std::string
Estimate(const ReportContext& context, const std::string& name, std::string_view unit)
{
    std::vector<double> values;
    for (const auto& value : context.metrics.at(name))
    {
        values.push_back(value.value_or(0));
    }
    const auto interval = ComputeMeanInterval(values);
    if (!interval)
    {
        return FormatMetric(name, unit, values.front());
    }
    return FormatMetric(name, unit, interval->mean) + " (95 % interval " +
           FormatMetric(name, unit, std::max(0.0, interval->low)) + " to " +
           FormatMetric(name, unit, interval->high) + ", " + std::to_string(values.size()) +
           " runs)";
}

/// Whom the rollout was for, whether it came to them or gave up before.
uint64_t
CountTargeted(const ReportContext& context)
{
    const auto targeted = context.Metric("devices_targeted");
    return targeted ? static_cast<uint64_t>(*targeted) : context.devices.all.targeted;
}

std::string
DescribeRollout(const ReportContext& context)
{
    constexpr std::array<std::pair<std::string_view, std::string_view>, 4> REACHED{{
        {"time_to_all_updated_s", "All"},
        {"time_to_99_updated_s", "99 % of"},
        {"time_to_95_updated_s", "95 % of"},
        {"time_to_50_updated_s", "50 % of"},
    }};
    const uint64_t targeted = CountTargeted(context);
    const std::string fleet = FormatCount(targeted) + (targeted == 1 ? " device" : " devices");
    for (const auto& [metric, share] : REACHED)
    {
        if (HasEveryRun(context, std::string(metric)))
        {
            return std::string(share) + " " + fleet + " ran " + context.Target() + " " +
                   Estimate(context, std::string(metric), "s") + " after the rollout began";
        }
    }
    const double updated = context.Metric("devices_updated").value_or(0);
    const double share = targeted > 0 ? updated / static_cast<double>(targeted) : 0;
    return "Only " + FormatShare(share) + " of " + fleet + " ran " + context.Target() +
           " when the run ended, " +
           FormatDuration(context.run.simS - context.run.rolloutStartS.value_or(0)) +
           " after the rollout began";
}

std::string
DescribeJoins(const ReportContext& context)
{
    const auto total = static_cast<double>(context.run.devices);
    const double enrolled = context.Metric("devices_enrolled").value_or(0);
    const std::string fleet = FormatCount(context.run.devices) + " devices";
    if (HasEveryRun(context, "enrol_s_max"))
    {
        return "All " + fleet + " had joined " + Estimate(context, "enrol_s_max", "s") +
               " after power-on, half of them after " + Estimate(context, "enrol_s_p50", "s");
    }
    const std::string share = FormatShare(total > 0 ? enrolled / total : 0);
    return share + " of " + fleet + " were enrolled when the run ended, after " +
           FormatDuration(context.run.simS);
}

/// "1 device never answered", and who else was given up without a failure of its own.
std::string
DescribeLeftBehind(const ReportContext& context)
{
    uint64_t neverAnswered = 0;
    uint64_t silent = 0;
    uint64_t notReached = 0;
    uint64_t givenUp = 0;
    for (const NotUpdatedGroup& group : context.notUpdated)
    {
        const uint64_t devices = group.devices.size();
        const bool unheard = group.known == WhyKnown::UNREPORTED;
        const bool answered = group.cause == "silent" || group.cause == "incomplete" ||
                              group.cause == "missed-session-request" ||
                              group.cause == CAUSE_TIMEOUT;
        neverAnswered += unheard && group.cause == "no-answer-to-set-up" ? devices : 0;
        silent += unheard && answered ? devices : 0;
        notReached += unheard && !answered ? devices : 0;
        givenUp += group.known == WhyKnown::GIVEN_UP ? devices : 0;
    }
    notReached -= neverAnswered;
    const auto tell = [](uint64_t count, std::string_view one, std::string_view many) {
        return count == 0 ? ""
                          : "; " + FormatCount(count) + (count == 1 ? " device" : " devices") +
                                std::string(count == 1 ? one : many);
    };
    return tell(neverAnswered, " never answered", " never answered") +
           tell(silent, " was not heard of again", " were not heard of again") +
           tell(notReached, " could not be reached", " could not be reached") +
           tell(givenUp, " was given up", " were given up");
}

/// "14 devices are bricked and 3 of them are unknown to the operator".
std::string
DescribeHarm(const ReportContext& context)
{
    const auto bricked = static_cast<uint64_t>(context.Metric("devices_bricked").value_or(0));
    const auto failed = static_cast<uint64_t>(context.Metric("devices_failed").value_or(0));
    std::string text;
    if (bricked > 0)
    {
        text += "; " + FormatCount(bricked) + (bricked == 1 ? " device is" : " devices are") +
                " bricked" +
                (context.devices.brickedUnknown == 0
                     ? ", known to the operator"
                     : " and " + FormatCount(context.devices.brickedUnknown) +
                           " of them unknown to the operator");
    }
    if (failed > 0)
    {
        text += "; the update failed on " + FormatCount(failed) +
                (failed == 1 ? " device" : " devices");
    }
    if (text.empty() && !context.Target().empty())
    {
        text += context.notUpdated.empty() ? "; no device is bricked and no update failed"
                                           : "; no device is bricked";
    }
    return text + DescribeLeftBehind(context);
}

std::string
DescribeThreat(const ReportContext& context)
{
    const auto peak = static_cast<uint64_t>(context.Metric("compromised_peak").value_or(0));
    if (peak == 0)
    {
        return "";
    }
    const auto left = static_cast<uint64_t>(context.Metric("compromised_final").value_or(0));
    return "; of at most " + FormatCount(peak) + " compromised devices " +
           (left == 0 ? "none is" : FormatCount(left) + (left == 1 ? " is" : " are")) + " left";
}

std::string
DescribeAir(const ReportContext& context)
{
    if (!HasEveryRun(context, "max_duty_cycle_used"))
    {
        return "";
    }
    return "; the busiest gateway used " + Estimate(context, "max_duty_cycle_used", "1") +
           " of its legal air";
}

/// Said where the campaign took a good part of the batteries' life, not where the days are many
/// only because the battery lasts for decades.
std::string
DescribeBattery(const ReportContext& context)
{
    constexpr double WORTH_SAYING{0.01};
    const auto days = context.Metric("battery_days_lost_mean");
    const auto share = GetBatteryShareLost(context);
    if (!days || share.value_or(0) < WORTH_SAYING)
    {
        return "";
    }
    return "; it cost each device " + FormatNumber(*days) + " days of battery life on average, " +
           FormatShare(*share) + " of a full battery";
}

/// Whether a wave has begun since this one ended.
bool
WentOnAfter(const WaveRow& stopped, const std::vector<WaveRow>& waves)
{
    return std::ranges::any_of(waves, [&stopped](const WaveRow& wave) {
        return wave.wave > stopped.wave && stopped.endedS && wave.startedS &&
               *wave.startedS >= *stopped.endedS;
    });
}

/// The last stop; a pause that was resumed is none.
std::string
DescribeStop(const ReportContext& context)
{
    const auto isStop = [&context](const WaveRow& wave) {
        return wave.decision == "abort" || wave.decision == "roll-back" ||
               (wave.decision == "pause" && !WentOnAfter(wave, context.waves));
    };
    const auto stopped = std::find_if(context.waves.rbegin(), context.waves.rend(), isStop);
    if (stopped == context.waves.rend())
    {
        return "";
    }
    return std::string(" The rollout was ") +
           (stopped->decision == "abort"   ? "aborted"
            : stopped->decision == "pause" ? "paused"
                                           : "rolled back") +
           " in wave " + std::to_string(stopped->wave) +
           (stopped->reason.empty() ? "." : ": " + stopped->reason + ".");
}

/// Energy and battery life are over all devices that the rollout is for: says so, and adds the
/// energy of those that a wave took, where a rollout that stopped early makes a difference.
std::string
MakeEnergyTile(const ReportContext& context, const std::string& text)
{
    const auto& energies = context.devices.campaignEnergyJ;
    if (context.devices.neverTaken == 0 || energies.empty())
    {
        return Tile("energy per device", text);
    }
    const std::string ofRun = context.sameVariant.size() > 1 ? ", first run" : "";
    return Tile("energy per device of all that the rollout is for", text) +
           Tile("energy per device that a wave took" + ofRun, FormatSi(ComputeMean(energies), "J"));
}

std::string
MakeFigures(const ReportContext& context)
{
    constexpr std::array<std::pair<std::string_view, std::string_view>, 7> FIGURES{{
        {"devices_updated", "devices updated"},
        {"devices_believed_updated", "believed updated"},
        {"enrol_s_p95", "from power-on to joined, 95 %"},
        {"energy_per_device_j_mean", "energy per device"},
        {"battery_days_lost_mean", "battery life lost per device"},
        {"quarantined_total", "devices quarantined"},
        {"max_duty_cycle_used", "of the legal air, busiest gateway"},
    }};
    const size_t runs = context.sameVariant.size();
    std::string html =
        runs > 1 ? Paragraph("Means of " + FormatCount(runs) + " runs:") : std::string();
    html += "<dl class=\"figures\">" + MakeQuantileTiles(context);
    for (const auto& [metric, label] : FIGURES)
    {
        const auto definition = FindMetric(metric);
        const auto value = MeanOf(context, std::string(metric));
        if (definition && value && metric == "energy_per_device_j_mean")
        {
            html += MakeEnergyTile(context, FormatMetric(metric, definition->unit, value));
        }
        else if (definition && value)
        {
            const auto share =
                metric == "battery_days_lost_mean" ? GetBatteryShareLost(context) : std::nullopt;
            html += Tile(std::string(label) +
                             (share ? ", " + FormatShare(*share) + " of a battery" : ""),
                         FormatMetric(metric, definition->unit, value));
        }
    }
    return html + "</dl>\n";
}

std::string
MakeGoals(const ReportContext& context)
{
    if (context.expectations.empty())
    {
        return Paragraph("The scenario sets no goal (its expect block is empty).");
    }
    HtmlTable table("Goals of the scenario");
    table.AddColumn("Metric", HtmlTable::Align::LEFT);
    table.AddColumn("Wanted", HtmlTable::Align::LEFT);
    table.AddColumn("Found");
    table.AddColumn("Verdict", HtmlTable::Align::LEFT);
    for (const GoalResult& goal : JudgeGoals(context))
    {
        table.AddRow(
            {goal.metric, goal.wanted, goal.found, std::string(VerdictText(goal.verdict))});
    }
    return Folded("Goals one by one", table.ToHtml());
}

} // namespace

std::string
MakeAnswerSection(const ReportContext& context)
{
    std::string sentence =
        context.Target().empty() ? DescribeJoins(context) : DescribeRollout(context);
    sentence += DescribeHarm(context) + DescribeThreat(context) + DescribeAir(context) +
                DescribeBattery(context) + ".";
    sentence += DescribeStop(context);
    std::string html = MakeComparisonAnswer(context);
    if (context.run.status != "ok")
    {
        html += "<p class=\"warning\" role=\"alert\">This run was " +
                EscapeHtml(context.run.status == "failed" ? "not completed: it failed"
                                                          : "interrupted") +
                "; the report tells what there is up to " +
                EscapeHtml(FormatDuration(context.run.simS)) + " of simulated time.</p>\n";
    }
    if (!context.expectations.empty())
    {
        const Verdict verdict = JudgeRun(context);
        html += "<p class=\"mark mark-" + std::string(VerdictId(verdict)) + "\">" +
                std::string(VerdictText(verdict)) + "</p>\n";
    }
    html += "<p class=\"answer\">" + EscapeHtml(sentence) + "</p>\n";
    return html + MakeFigures(context) + MakeGoals(context);
}

} // namespace ns3::iotfleet::analysis
