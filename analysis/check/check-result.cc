// SPDX-License-Identifier: GPL-2.0-only
#include "analysis/check/check-result.h"

#include "analysis/format.h"
#include "analysis/html.h"

#include <algorithm>

namespace ns3::iotfleet::analysis
{

namespace
{

std::string
Word(CheckOutcome outcome)
{
    switch (outcome)
    {
    case CheckOutcome::PASSED:
        return "pass";
    case CheckOutcome::FAILED:
        return "FAIL";
    case CheckOutcome::SKIPPED:
        break;
    }
    return "skip";
}

/// Text as an attribute or as content of XML 1.0, which has no place for control characters.
std::string
EscapeXml(std::string text)
{
    std::ranges::replace_if(
        text,
        [](char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t'; },
        '?');
    return EscapeHtml(text); // the five characters are the same; its names are numbers or XML's
}

std::string
Attribute(const std::string& name, const std::string& value)
{
    return " " + name + "=\"" + EscapeXml(value) + "\"";
}

std::string
CaseXml(const CheckSuite& suite, const CheckResult& result)
{
    std::string xml =
        "    <testcase" + Attribute("classname", suite.name) + Attribute("name", result.name);
    if (result.outcome == CheckOutcome::FAILED)
    {
        return xml + ">\n      <failure" + Attribute("message", result.message) + ">" +
               EscapeXml(result.message) + "</failure>\n    </testcase>\n";
    }
    if (result.outcome == CheckOutcome::SKIPPED)
    {
        return xml + ">\n      <skipped" + Attribute("message", result.message) +
               "/>\n    </testcase>\n";
    }
    return xml + ">\n      <system-out>" + EscapeXml(result.message) +
           "</system-out>\n    </testcase>\n";
}

} // namespace

size_t
CountOutcomes(const CheckSuite& suite, CheckOutcome outcome)
{
    return static_cast<size_t>(std::ranges::count(suite.results, outcome, &CheckResult::outcome));
}

bool
HasPassed(const std::vector<CheckSuite>& suites)
{
    size_t passed = 0;
    for (const CheckSuite& suite : suites)
    {
        passed += CountOutcomes(suite, CheckOutcome::PASSED);
        if (CountOutcomes(suite, CheckOutcome::FAILED) > 0)
        {
            return false;
        }
    }
    return passed > 0;
}

std::string
CheckText(const std::vector<CheckSuite>& suites)
{
    std::string text;
    size_t failed = 0;
    size_t passed = 0;
    size_t skipped = 0;
    for (const CheckSuite& suite : suites)
    {
        text += suite.name + " (" + FormatCount(suite.runs) +
                (suite.runs == 1 ? " run)\n" : " runs)\n");
        for (const CheckResult& result : suite.results)
        {
            text += "  " + Word(result.outcome) + "  " + result.name +
                    (result.message.empty() ? "" : ": " + result.message) + "\n";
        }
        failed += CountOutcomes(suite, CheckOutcome::FAILED);
        passed += CountOutcomes(suite, CheckOutcome::PASSED);
        skipped += CountOutcomes(suite, CheckOutcome::SKIPPED);
    }
    return text + FormatCount(passed) + " passed, " + FormatCount(failed) + " failed, " +
           FormatCount(skipped) + " skipped\n";
}

std::string
JunitXml(const std::vector<CheckSuite>& suites)
{
    std::string xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"iot-fleet "
                      "check\">\n";
    for (const CheckSuite& suite : suites)
    {
        xml += "  <testsuite" + Attribute("name", suite.name) +
               Attribute("tests", std::to_string(suite.results.size())) +
               Attribute("failures", std::to_string(CountOutcomes(suite, CheckOutcome::FAILED))) +
               Attribute("errors", "0") +
               Attribute("skipped", std::to_string(CountOutcomes(suite, CheckOutcome::SKIPPED))) +
               ">\n";
        for (const CheckResult& result : suite.results)
        {
            xml += CaseXml(suite, result);
        }
        xml += "  </testsuite>\n";
    }
    return xml + "</testsuites>\n";
}

} // namespace ns3::iotfleet::analysis
