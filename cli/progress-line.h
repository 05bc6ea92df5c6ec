// SPDX-License-Identifier: GPL-2.0-only

#ifndef IOTFLEET_CLI_PROGRESS_LINE_H
#define IOTFLEET_CLI_PROGRESS_LINE_H

#include "helper/scenario-runner.h"

#include <string>

namespace ns3::iotfleet
{

/** One line of a terminal that is written over while a run goes on. It prints nothing else. */
class ProgressLine
{
  public:
    /** Draws nothing unless standard error is a terminal. */
    ProgressLine();
    /** Clears the line. */
    ~ProgressLine();
    ProgressLine(const ProgressLine&) = delete;
    ProgressLine& operator=(const ProgressLine&) = delete;

    /** @param progress how far the run is; drawn five times a second at most */
    void Show(const RunProgress& progress);

    /**
     * @param wallS real time since the work began, seconds; the line is drawn five times a second
     *        at most
     * @param text what to draw
     */
    void Show(double wallS, const std::string& text);

    /** @return whether standard error is a terminal */
    bool IsActive() const;

  private:
    bool m_active;         //!< standard error is a terminal
    double m_nextWallS{0}; //!< when the line is drawn again
};

/**
 * @param progress how far the run is
 * @return the line's text
 */
std::string ProgressText(const RunProgress& progress);

} // namespace ns3::iotfleet

#endif // IOTFLEET_CLI_PROGRESS_LINE_H
