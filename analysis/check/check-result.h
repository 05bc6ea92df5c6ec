// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_ANALYSIS_CHECK_CHECK_RESULT_H
#define IOTFLEET_ANALYSIS_CHECK_CHECK_RESULT_H

#include <cstddef>
#include <string>
#include <vector>

namespace ns3::iotfleet::analysis
{

/// How a check ended.
enum class CheckOutcome
{
    PASSED,
    FAILED,
    SKIPPED ///< it could not be made, or makes no sense for these runs; the message says why
};

/// One check and what it found.
struct CheckResult
{
    std::string name; ///< what was wanted, one line
    CheckOutcome outcome{CheckOutcome::PASSED};
    std::string message{}; ///< what was found, one line
};

/// The checks of runs that are alike: one scenario, one variant.
struct CheckSuite
{
    std::string name;
    size_t runs{0};
    std::vector<CheckResult> results;
};

/// @return how many results of a suite ended so.
size_t CountOutcomes(const CheckSuite& suite, CheckOutcome outcome);

/// @return whether no check failed, and at least one was made.
bool HasPassed(const std::vector<CheckSuite>& suites);

/// @return text for a terminal, a line for each check and one for the whole.
std::string CheckText(const std::vector<CheckSuite>& suites);

/**
 * @return JUnit XML as CI servers read it: a test suite for each suite of checks, a test case for
 *         each check. All texts are escaped, and characters that XML 1.0 has no place for replaced.
 */
std::string JunitXml(const std::vector<CheckSuite>& suites);

} // namespace ns3::iotfleet::analysis

#endif // IOTFLEET_ANALYSIS_CHECK_CHECK_RESULT_H
