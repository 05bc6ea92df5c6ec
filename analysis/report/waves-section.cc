// SPDX-License-Identifier: GPL-2.0-only
#include "analysis/format.h"
#include "analysis/html.h"
#include "analysis/report/report-context.h"

#include <algorithm>

namespace ns3::iotfleet::analysis
{

namespace
{

constexpr size_t MAX_SESSIONS{200};

std::string
DescribeDecision(const WaveRow& wave)
{
    if (!wave.startedS)
    {
        return "– not started";
    }
    if (wave.decision == "advance")
    {
        return "✓ went on";
    }
    if (wave.decision == "finish")
    {
        return "✓ finished";
    }
    if (wave.decision == "pause")
    {
        return "‖ paused";
    }
    if (wave.decision == "abort")
    {
        return "✗ aborted";
    }
    if (wave.decision == "roll-back")
    {
        return "↺ rolled back";
    }
    return wave.decision == "running" ? "… still open at the end" : wave.decision;
}

/// "9,876 (98.7 %)"
std::string
CountAndShare(uint64_t count, uint64_t of)
{
    if (of == 0)
    {
        return FormatCount(count);
    }
    return FormatCount(count) + " (" +
           FormatShare(static_cast<double>(count) / static_cast<double>(of)) + ")";
}

std::string
MakeWaveTable(const ReportContext& context)
{
    HtmlTable table("Waves of the rollout, as the operator counted them");
    table.FoldWhenNarrow();
    table.AddColumn("wave", HtmlTable::Align::LEFT);
    table.AddColumn("began");
    table.AddColumn("lasted");
    table.AddColumn("targeted");
    table.AddColumn("succeeded");
    table.AddColumn("failed");
    table.AddColumn("unreported");
    table.AddColumn("decision", HtmlTable::Align::LEFT);
    table.AddColumn("reason", HtmlTable::Align::LEFT);
    const double start = context.run.rolloutStartS.value_or(0);
    for (const WaveRow& wave : context.waves)
    {
        const double end = wave.endedS.value_or(context.run.simS);
        table.AddRow({std::to_string(wave.wave) + (wave.name.empty() ? "" : " · " + wave.name),
                      wave.startedS ? "+" + FormatDuration(*wave.startedS - start) : "–",
                      wave.startedS ? FormatDuration(end - *wave.startedS) : "–",
                      FormatCount(wave.targeted),
                      CountAndShare(wave.succeeded, wave.targeted),
                      CountAndShare(wave.failed, wave.targeted),
                      CountAndShare(wave.unreported, wave.targeted),
                      DescribeDecision(wave),
                      wave.reason});
    }
    return table.ToHtml() +
           Paragraph("Times count from the start of the rollout. Success and failure "
                     "are what was reported, not what is true.");
}

std::string
MakeSessionTable(const ReportContext& context)
{
    HtmlTable table("Distribution sessions");
    table.FoldWhenNarrow();
    table.AddColumn("session", HtmlTable::Align::LEFT);
    table.AddColumn("wave");
    table.AddColumn("kind", HtmlTable::Align::LEFT);
    table.AddColumn("data rate");
    table.AddColumn("began");
    table.AddColumn("lasted");
    table.AddColumn("fragments sent");
    table.AddColumn("of these repair");
    table.AddColumn("devices");
    table.AddColumn("decoded the image");
    const size_t shown = std::min(context.sessions.size(), MAX_SESSIONS);
    const double start = context.run.rolloutStartS.value_or(0);
    for (size_t i = 0; i < shown; ++i)
    {
        const SessionRow& session = context.sessions[i];
        table.AddRow({std::to_string(session.sessionId),
                      session.wave ? std::to_string(*session.wave) : "–",
                      session.kind,
                      session.dataRate ? "DR" + std::to_string(*session.dataRate) : "–",
                      "+" + FormatDuration(session.startedS - start),
                      session.endedS ? FormatDuration(*session.endedS - session.startedS)
                                     : "open at the end",
                      FormatCount(session.fragmentsSent),
                      session.fragmentsRepair ? FormatCount(*session.fragmentsRepair) : "–",
                      FormatCount(session.devices),
                      CountAndShare(session.completed, session.devices)});
    }
    const std::string note = shown < context.sessions.size()
                                 ? Paragraph("The first " + std::to_string(shown) + " of " +
                                             FormatCount(context.sessions.size()) + " are shown.")
                                 : "";
    return Folded(FormatCount(context.sessions.size()) + " distribution sessions",
                  table.ToHtml() + note);
}

} // namespace

std::string
MakeWavesSection(const ReportContext& context)
{
    std::string html =
        context.waves.empty() ? Paragraph("This scenario has no rollout.") : MakeWaveTable(context);
    if (!context.sessions.empty())
    {
        html += MakeSessionTable(context);
    }
    return html;
}

} // namespace ns3::iotfleet::analysis
