// SPDX-License-Identifier: GPL-2.0-only

#include "cli/progress-line.h"

#include "analysis/format.h"

#include <cmath>
#include <iostream>
#include <unistd.h>

namespace ns3::iotfleet
{

namespace
{

constexpr double SPACING_S = 0.2;
constexpr const char* CLEAR_LINE = "\r\033[K";

} // namespace

ProgressLine::ProgressLine()
    : m_active(isatty(STDERR_FILENO) != 0)
{
}

ProgressLine::~ProgressLine()
{
    if (m_active)
    {
        std::cerr << CLEAR_LINE << std::flush;
    }
}

void
ProgressLine::Show(const RunProgress& progress)
{
    Show(progress.wallS, ProgressText(progress));
}

void
ProgressLine::Show(double wallS, const std::string& text)
{
    if (m_active && wallS >= m_nextWallS)
    {
        m_nextWallS = wallS + SPACING_S;
        std::cerr << CLEAR_LINE << text << std::flush;
    }
}

bool
ProgressLine::IsActive() const
{
    return m_active;
}

std::string
ProgressText(const RunProgress& progress)
{
    using analysis::FormatDuration;
    const double share = progress.durationS > 0 ? progress.simS / progress.durationS : 0;
    std::string text = std::to_string(std::lround(100 * share)) + " %  simulated " +
                       FormatDuration(progress.simS) + " of " + FormatDuration(progress.durationS) +
                       ", enrolled " + std::to_string(progress.devicesEnrolled) + ", updated " +
                       std::to_string(progress.devicesUpdated) + " of " +
                       std::to_string(progress.devicesTotal);
    if (progress.etaS)
    {
        text += ", " + FormatDuration(std::round(*progress.etaS)) + " left";
    }
    return text;
}

} // namespace ns3::iotfleet
