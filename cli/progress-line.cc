// SPDX-License-Identifier: GPL-2.0-only

#include "cli/progress-line.h"

#include <array>
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
HumanDuration(double durationS)
{
    struct Step
    {
        const char* symbol;
        uint64_t seconds;
    };

    constexpr std::array STEPS{Step{"d", 86400}, Step{"h", 3600}, Step{"min", 60}, Step{"s", 1}};
    auto rest = static_cast<uint64_t>(std::llround(std::max(0.0, durationS)));
    std::string text;
    int parts = 0;
    for (const Step& step : STEPS)
    {
        const uint64_t count = rest / step.seconds;
        rest %= step.seconds;
        const bool isLast = step.seconds == 1 && text.empty();
        if (parts < 2 && (count > 0 || isLast))
        {
            text += (text.empty() ? "" : " ") + std::to_string(count) + " " + step.symbol;
        }
        parts += text.empty() ? 0 : 1;
    }
    return text;
}

std::string
ProgressText(const RunProgress& progress)
{
    const double share = progress.durationS > 0 ? progress.simS / progress.durationS : 0;
    std::string text = std::to_string(std::lround(100 * share)) + " %  simulated " +
                       HumanDuration(progress.simS) + " of " + HumanDuration(progress.durationS) +
                       ", enrolled " + std::to_string(progress.devicesEnrolled) + ", updated " +
                       std::to_string(progress.devicesUpdated) + " of " +
                       std::to_string(progress.devicesTotal);
    if (progress.etaS)
    {
        text += ", " + HumanDuration(*progress.etaS) + " left";
    }
    return text;
}

} // namespace ns3::iotfleet
