// SPDX-License-Identifier: GPL-2.0-only

// AWS IoT Jobs: the request of CreateJob (or the input of `aws iot create-job --cli-input-json`).

#include "helper/import/policy-import.h"
#include "helper/units.h"

#include <algorithm>
#include <regex>

namespace ns3::iotfleet
{

namespace
{

constexpr double MINUTE_S = 60;
const std::string ROLLOUT = "/jobExecutionsRolloutConfig";

void
ImportRate(ImportSource& source, ScenarioJson& rollout)
{
    const auto maximum = source.Number(ROLLOUT + "/maximumPerMinute", 1, 1000);
    const std::string exponential = ROLLOUT + "/exponentialRate";
    if (source.Find(exponential) == nullptr)
    {
        if (maximum)
        {
            rollout["pace"] = {{"rate", *maximum}, {"interval", "1 min"}};
            source.Note(ROLLOUT + "/maximumPerMinute", ImportFate::HONOURED, "-> pace/rate");
        }
        return;
    }
    ScenarioJson pace{{"interval", "1 min"}};
    pace["rate"] = source.Number(exponential + "/baseRatePerMinute", 1, 1000).value_or(1);
    pace["factor"] = source.Number(exponential + "/incrementFactor", 1.1, 5).value_or(1.1);
    source.Note(exponential + "/baseRatePerMinute", ImportFate::HONOURED, "-> pace/rate");
    source.Note(exponential + "/incrementFactor", ImportFate::HONOURED, "-> pace/factor");
    const std::string criteria = exponential + "/rateIncreaseCriteria";
    for (const auto& [field, criterion] : {std::pair("/numberOfNotifiedThings", "offered"),
                                           std::pair("/numberOfSucceededThings", "succeeded")})
    {
        if (const auto things = source.Count(criteria + field))
        {
            pace["increase_every"] = *things;
            pace["increase_on"] = criterion;
            source.Note(criteria + field,
                        ImportFate::HONOURED,
                        std::string("-> pace/increase_every, increase_on \"") + criterion + "\"");
        }
    }
    if (!pace.contains("increase_every"))
    {
        source.Complain(criteria,
                        "found neither numberOfNotifiedThings nor numberOfSucceededThings, "
                        "expected one of them");
    }
    pace["maximum"] = maximum.value_or(1000);
    source.Note(ROLLOUT + "/maximumPerMinute", ImportFate::HONOURED, "-> pace/maximum");
    rollout["pace"] = pace;
}

void
ImportAbort(ImportSource& source, ScenarioJson& rollout)
{
    const std::string list = "/abortConfig/criteriaList";
    for (std::size_t i = 0; i < source.Items(list); ++i)
    {
        const std::string at = list + "/" + std::to_string(i);
        const auto type = source.Text(at + "/failureType").value_or("");
        const std::string count = type == "FAILED"      ? "failed"
                                  : type == "REJECTED"  ? "rejected"
                                  : type == "TIMED_OUT" ? "timed-out"
                                  : type == "ALL"       ? "all"
                                                        : "";
        if (count.empty())
        {
            source.Complain(at + "/failureType",
                            "found \"" + type + "\", expected FAILED, REJECTED, TIMED_OUT or ALL");
        }
        rollout["stop_when"].push_back(
            {{"count_of", count},
             {"share", source.Percentage(at + "/thresholdPercentage").value_or(1)},
             {"minimum_offered", source.Count(at + "/minNumberOfExecutedThings").value_or(1)},
             {"do", "abort"}});
        source.Note(at + "/failureType", ImportFate::HONOURED, "-> stop_when/count_of");
        source.Note(at + "/thresholdPercentage", ImportFate::HONOURED, "-> stop_when/share");
        source.Note(at + "/minNumberOfExecutedThings",
                    ImportFate::HONOURED,
                    "-> stop_when/minimum_offered");
        source.Note(at + "/action",
                    ImportFate::HONOURED,
                    "-> stop_when/do \"abort\"; as at AWS, devices in progress go on");
    }
}

void
ImportTimesAndRetries(ImportSource& source, ScenarioJson& rollout)
{
    if (const auto minutes = source.Number("/timeoutConfig/inProgressTimeoutInMinutes", 1, 10080))
    {
        rollout["in_progress_timeout"] = FormatQuantity(UnitKind::DURATION, *minutes * MINUTE_S);
        source.Note("/timeoutConfig/inProgressTimeoutInMinutes",
                    ImportFate::DIFFERS,
                    "-> in_progress_timeout; AWS counts from the device's start, the simulation "
                    "from the offer, since a LoRaWAN device tells of no start");
    }
    const std::string list = "/jobExecutionsRetryConfig/criteriaList";
    uint32_t limit = 0;
    std::string on;
    for (std::size_t i = 0; i < source.Items(list); ++i)
    {
        const std::string at = list + "/" + std::to_string(i);
        const auto type = source.Text(at + "/failureType").value_or("");
        const std::string which = type == "FAILED"      ? "failed"
                                  : type == "TIMED_OUT" ? "timed-out"
                                  : type == "ALL"       ? "any"
                                                        : "";
        if (which.empty())
        {
            source.Complain(at + "/failureType",
                            "found \"" + type + "\", expected FAILED, TIMED_OUT or ALL");
        }
        on = on.empty() || on == which ? which : "any";
        const auto retries = source.Count(at + "/numberOfRetries").value_or(0);
        const bool same = i == 0 || retries == limit;
        limit = std::max(limit, retries);
        source.Note(at + "/failureType", ImportFate::HONOURED, "-> retry/on");
        source.Note(at + "/numberOfRetries",
                    same ? ImportFate::HONOURED : ImportFate::DIFFERS,
                    same ? "-> retry/limit" : "-> retry/limit, the larger of the two limits");
    }
    if (limit > 0)
    {
        rollout["retry"] = {{"limit", limit}, {"on", on}};
    }
}

/** cron(MINUTES HOURS ? * DAYS *) as AWS writes recurring windows; nothing for another form. */
std::optional<ScenarioJson>
WindowOfCron(const std::string& cron, double minutes)
{
    static const std::regex FORM(
        R"(cron\(\s*(\d{1,2})\s+(\d{1,2})\s+[?*]\s+\*\s+([A-Za-z,?*-]+)\s+\*\s*\))");
    std::smatch match;
    if (!std::regex_match(cron, match, FORM))
    {
        return std::nullopt;
    }
    constexpr double DAY_S = 86400;
    const double start = std::stod(match[2]) * 3600 + std::stod(match[1]) * MINUTE_S;
    ScenarioJson window;
    window["start"] = FormatQuantity(UnitKind::DURATION, start);
    window["end"] =
        FormatQuantity(UnitKind::DURATION, std::fmod(start + minutes * MINUTE_S, DAY_S));
    static const std::vector<std::string> DAYS{"sun", "mon", "tue", "wed", "thu", "fri", "sat"};
    std::string text = match[3];
    std::ranges::transform(text, text.begin(), [](unsigned char c) {
        return static_cast<char>(std::tolower(c));
    });
    if (text == "?" || text == "*")
    {
        return window;
    }
    static const std::regex DAY(R"(([a-z]{3})(?:-([a-z]{3}))?)");
    for (std::sregex_iterator day(text.begin(), text.end(), DAY), end; day != end; ++day)
    {
        const auto first = std::ranges::find(DAYS, (*day)[1].str());
        const auto last = (*day)[2].matched ? std::ranges::find(DAYS, (*day)[2].str()) : first;
        if (first == DAYS.end() || last == DAYS.end() || last < first)
        {
            return std::nullopt;
        }
        for (auto name = first; name <= last; ++name)
        {
            window["days"].push_back(*name);
        }
    }
    return window;
}

void
ImportSchedule(ImportSource& source, ScenarioJson& rollout)
{
    const std::string list = "/schedulingConfig/maintenanceWindows";
    for (std::size_t i = 0; i < source.Items(list); ++i)
    {
        const std::string at = list + "/" + std::to_string(i);
        const auto cron = source.Text(at + "/startTime").value_or("");
        const double minutes = source.Number(at + "/durationInMinutes", 1, 1430).value_or(60);
        const auto window = WindowOfCron(cron, minutes);
        if (!window)
        {
            source.Ignore(at, "only cron(MINUTE HOUR ? * DAYS *) is understood");
            continue;
        }
        rollout["windows"].push_back(*window);
        source.Note(at + "/startTime",
                    ImportFate::DIFFERS,
                    "-> windows, in the local time of a device's site; AWS's is UTC, which is the "
                    "same for sites without utc_offset");
        source.Note(at + "/durationInMinutes", ImportFate::HONOURED, "-> end of the window");
    }
    source.Ignore("/schedulingConfig/startTime", "a date; set /rollout/start");
    source.Ignore("/schedulingConfig/endTime", "a date; add an abort to /rollout/actions");
    source.Ignore("/schedulingConfig/endBehavior", "goes with endTime");
}

} // namespace

void
ImportAwsIotJob(ImportSource& source, ScenarioJson& scenario)
{
    source.Keep("/jobId", scenario, "name");
    source.Keep("/description", scenario, "description");
    // AWS has no gates between groups: one wave of everybody, stopped by its abort criteria alone.
    ScenarioJson rollout{
        {"waves",
         {{{"name", "all"}, {"share", 1}, {"success_threshold", 0}, {"error_threshold", 1}}}},
        {"on_error", "abort"}};
    ImportRate(source, rollout);
    ImportAbort(source, rollout);
    ImportTimesAndRetries(source, rollout);
    ImportSchedule(source, rollout);
    if (const auto selection = source.Text("/targetSelection"))
    {
        if (*selection == "CONTINUOUS")
        {
            rollout["dynamic"] = ScenarioJson::object();
        }
        source.Note("/targetSelection",
                    ImportFate::HONOURED,
                    *selection == "CONTINUOUS" ? "-> /rollout/dynamic"
                                               : "things of the start only");
    }
    source.Ignore("/targets", "ARNs; everybody is targeted: write a filter into the wave");
    source.Ignore("/document", "the image is the scenario's /firmware/target");
    source.Ignore("/documentSource", "the image is the scenario's /firmware/target");
    source.Ignore("/documentParameters", "the image is the scenario's /firmware/target");
    source.Ignore("/presignedUrlConfig", "images travel by multicast, not by URL");
    source.Ignore("/tags", "labels of the cloud service");
    source.Ignore("/namespaceId", "labels of the cloud service");
    source.Ignore("/jobTemplateArn", "a reference; import the template itself");
    source.Ignore("/destinationPackageVersions", "the image is the scenario's /firmware/target");
    scenario["rollout"] = rollout;
}

} // namespace ns3::iotfleet
