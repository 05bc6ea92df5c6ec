// SPDX-License-Identifier: GPL-2.0-only

// Configurations of real rollout managers: what each field becomes, and that the scenarios run.

#include "helper/import/policy-import.h"
#include "helper/units.h"
#include "test/test-support-run.h"
#include "test/test-support.h"

#include <algorithm>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>

namespace
{

using namespace ns3::iotfleet;
using ns3::iotfleet::test::SourcePath;

ImportedPolicy
Import(const std::string& format, const std::string& file)
{
    return ImportPolicy(format, SourcePath("test/data/import/" + file), std::nullopt);
}

/** What became of a field; the test fails where the import does not speak of it. */
ImportFate
FateOf(const ImportedPolicy& imported, const std::string& field)
{
    const auto note = std::ranges::find(imported.notes, field, &ImportNote::field);
    if (note == imported.notes.end())
    {
        ADD_FAILURE() << "nothing is said of " << field;
        return ImportFate::IGNORED;
    }
    return note->fate;
}

/** A file of the test's own, for the time of the test. */
std::filesystem::path
WriteFile(const std::string& name, const std::string& text)
{
    const auto path = std::filesystem::path(testing::TempDir()) /
                      ("iot-fleet-import-" + std::to_string(getpid()) + "-" + name);
    std::ofstream(path) << text;
    return path;
}

/** The message of an import that is refused. */
std::string
MessageOf(const std::string& format, const std::string& text)
{
    const auto path = WriteFile("bad", text);
    try
    {
        ImportPolicy(format, path, std::nullopt);
    }
    catch (const ScenarioError& error)
    {
        return error.GetProblems().front().where + ": " + error.GetProblems().front().message;
    }
    return "accepted";
}

TEST(PolicyImport, HawkbitSplitsTargetsIntoEqualGroups)
{
    const auto imported = Import("hawkbit", "hawkbit.json");
    const auto& waves = imported.scenario["rollout"]["waves"];
    ASSERT_EQ(waves.size(), 5U);
    double left = 1;
    for (const auto& wave : waves)
    {
        EXPECT_NEAR(left * wave["share"].get<double>(), 0.2, 1e-9);
        left -= left * wave["share"].get<double>();
        EXPECT_EQ(wave["success_threshold"], 0.5);
        EXPECT_EQ(wave["error_threshold"], 0.8);
        EXPECT_EQ(wave["filter"]["name"][0], "meter-*");
        EXPECT_EQ(wave["advance"], "successes");
    }
    EXPECT_EQ(FateOf(imported, "/startAt"), ImportFate::IGNORED);
    EXPECT_EQ(FateOf(imported, "/successCondition/expression"), ImportFate::DIFFERS);
}

TEST(PolicyImport, HawkbitGroupsTakeTheirShareOfWhatIsLeft)
{
    const auto imported = Import("hawkbit", "hawkbit-groups.json");
    const auto& rollout = imported.scenario["rollout"];
    EXPECT_EQ(rollout["waves"][0]["share"], 0.05);
    EXPECT_EQ(rollout["waves"][0]["share_of"], "left");
    EXPECT_EQ(rollout["waves"][0]["then"], "pause");
    EXPECT_EQ(rollout["waves"][0]["error_threshold"], 0.02);
    EXPECT_EQ(rollout["waves"][1]["share"], 1);
    EXPECT_EQ(rollout["waves"][1]["error_threshold"], 0.1) << "the rollout's own condition";
    EXPECT_EQ(rollout["dynamic"]["size"], 20);
}

/// hawkBit's groups take targets of the rollout's query and of their own; a wave has one filter.
TEST(PolicyImport, HawkbitGroupsWithQueriesOfTheirOwn)
{
    const auto path = WriteFile("queries.json", R"({ "name": "q", "distributionSetId": 1,
      "targetFilterQuery": "name==meter-*",
      "groups": [ { "name": "same", "targetPercentage": 50, "targetFilterQuery": "id==meter-*" },
                  { "name": "own", "targetPercentage": 100, "targetFilterQuery": "id==meter-1*" } ] })");
    const auto imported = ImportPolicy("hawkbit", path, std::nullopt);
    std::filesystem::remove(path);
    EXPECT_EQ(FateOf(imported, "/groups/0/targetFilterQuery"), ImportFate::HONOURED);
    EXPECT_EQ(FateOf(imported, "/groups/1/targetFilterQuery"), ImportFate::DIFFERS);
    EXPECT_EQ(imported.scenario["rollout"]["waves"][1]["filter"]["name"][0], "meter-1*");
}

TEST(PolicyImport, AwsRatesAndAbortCriteria)
{
    const auto imported = Import("aws-iot-jobs", "aws-iot-jobs.json");
    const auto& rollout = imported.scenario["rollout"];
    EXPECT_EQ(rollout["pace"]["rate"], 50);
    EXPECT_EQ(rollout["pace"]["factor"], 2);
    EXPECT_EQ(rollout["pace"]["increase_every"], 1000);
    EXPECT_EQ(rollout["pace"]["increase_on"], "succeeded");
    EXPECT_EQ(rollout["pace"]["maximum"], 1000);
    EXPECT_EQ(rollout["stop_when"][0]["count_of"], "failed");
    EXPECT_EQ(rollout["stop_when"][0]["share"], 0.2);
    EXPECT_EQ(rollout["stop_when"][0]["minimum_offered"], 100);
    EXPECT_EQ(rollout["stop_when"][1]["count_of"], "all");
    EXPECT_EQ(rollout["in_progress_timeout"], "4 d");
    EXPECT_EQ(rollout["retry"]["limit"], 2);
    EXPECT_EQ(rollout["retry"]["on"], "any");
    EXPECT_EQ(rollout["windows"][0]["start"], "22 h");
    EXPECT_EQ(rollout["windows"][0]["end"], "6 h");
    EXPECT_EQ(rollout["windows"][0]["days"].size(), 5U);
    EXPECT_TRUE(rollout.contains("dynamic"));
    EXPECT_EQ(FateOf(imported, "/presignedUrlConfig"), ImportFate::IGNORED);
}

TEST(PolicyImport, MenderPhasesStartByTheClock)
{
    const auto imported = Import("mender", "mender.json");
    const auto& waves = imported.scenario["rollout"]["waves"];
    ASSERT_EQ(waves.size(), 3U);
    EXPECT_EQ(waves[0]["share"], 0.1);
    EXPECT_FALSE(waves[0].contains("not_before"));
    EXPECT_EQ(waves[1]["not_before"], "2 d") << "one day after the start at 1 d";
    EXPECT_EQ(waves[2]["not_before"], "4 d");
    EXPECT_EQ(waves[2]["share_of"], "left");
    EXPECT_EQ(imported.scenario["rollout"]["retry"]["limit"], 1);
}

TEST(PolicyImport, MenderDatesAreThoseOfRfc3339)
{
    // Dates as the server writes them (DeploymentV2 of its API); one hour apart.
    const auto imported = ImportPolicy("mender",
                                       WriteFile("dates", R"({"phases": [
        {"batch_size": 5, "start_ts": "2020-07-06T17:04:49.114046203+02:00", "device_count": 25},
        {"batch_size": 15, "start_ts": "2020-07-06T16:04:49.114046203Z"},
        {"start_ts": "2020-07-06T12:04:49.114046203-05:00"}]})"),
                                       std::nullopt);
    const auto& waves = imported.scenario["rollout"]["waves"];
    EXPECT_EQ(waves[1]["not_before"], "25 h");
    EXPECT_EQ(waves[2]["not_before"], "26 h");
    for (const char* bad : {"2026-02-30T00:00:00Z", "2026-11-25", "2026-11-25T09:00:00"})
    {
        EXPECT_EQ(MessageOf("mender", std::string(R"({"phases": [{"start_ts": ")") + bad + "\"}]}"),
                  std::string("/phases/0/start_ts: found \"") + bad +
                      "\", expected a date such as 2026-11-25T09:00:00Z");
    }
}

TEST(PolicyImport, MenderNeedsADateToCountFrom)
{
    const std::string phases =
        R"("phases": [{"batch_size": 5}, {"start_ts": "2026-11-26T09:00:00Z"}])";
    EXPECT_EQ(MessageOf("mender", "{" + phases + "}").substr(0, 33),
              "/phases/1/start_ts: found a date,");
    const auto imported =
        ImportPolicy("mender",
                     WriteFile("created", R"({"created": "2026-11-25T21:00:00Z", )" + phases + "}"),
                     std::nullopt);
    EXPECT_EQ(imported.scenario["rollout"]["waves"][1]["not_before"], "36 h") << "start at 24 h";
}

TEST(PolicyImport, MenderPhasesAddUpAndHaveDates)
{
    const auto phases = [](const std::string& first, const std::string& second) {
        return R"({"phases": [{"batch_size": )" + first +
               R"(, "start_ts": "2026-11-25T09:00:00Z"}, {"batch_size": )" + second +
               R"(, "start_ts": "2026-11-26T09:00:00Z"}]})";
    };
    EXPECT_EQ(MessageOf("mender", phases("50", "60")),
              "/phases/1/batch_size: found 60 %, 110 % with the phases before, expected 100 % at "
              "most");
    EXPECT_EQ(MessageOf("mender", phases("50", "50")), "accepted");
    EXPECT_EQ(MessageOf("mender", R"({"phases": [{"batch_size": 10}, {"batch_size": 90}]})"),
              "/phases/1/start_ts: found no date, expected one: only the first phase starts at "
              "once");
}

TEST(PolicyImport, TellsAllValuesThatAreWrong)
{
    const auto path = WriteFile("three", R"({
      "jobExecutionsRolloutConfig": {"maximumPerMinute": 0},
      "timeoutConfig": {"inProgressTimeoutInMinutes": "ten"},
      "abortConfig": {"criteriaList": [{"failureType": "ODD", "action": "CANCEL"}]}})");
    std::vector<std::string> places;
    try
    {
        ImportPolicy("aws-iot-jobs", path, std::nullopt);
    }
    catch (const ScenarioError& error)
    {
        std::ranges::transform(error.GetProblems(),
                               std::back_inserter(places),
                               &ScenarioProblem::where);
    }
    EXPECT_EQ(places,
              (std::vector<std::string>{"/jobExecutionsRolloutConfig/maximumPerMinute",
                                        "/abortConfig/criteriaList/0/failureType",
                                        "/timeoutConfig/inProgressTimeoutInMinutes"}));
}

TEST(PolicyImport, MenderFiltersMakeADeploymentDynamic)
{
    const auto imported =
        ImportPolicy("mender", WriteFile("filter", R"({"filter_id": "abc"})"), std::nullopt);
    EXPECT_TRUE(imported.scenario["rollout"].contains("dynamic"));
    EXPECT_EQ(FateOf(imported, "/filter_id"), ImportFate::DIFFERS);
}

TEST(PolicyImport, FlightctlBatchesCountEarlierOnes)
{
    const auto imported = Import("flightctl", "flightctl.yaml");
    const auto& rollout = imported.scenario["rollout"];
    ASSERT_EQ(rollout["waves"].size(), 5U) << "four, and the one that flightctl adds";
    EXPECT_EQ(rollout["waves"][0]["count"], 1);
    EXPECT_EQ(rollout["waves"][1]["share"], 0.8);
    EXPECT_EQ(rollout["waves"][1]["share_of"], "cumulative");
    EXPECT_EQ(rollout["waves"][3]["filter"]["site"][0], "paris");
    EXPECT_EQ(rollout["waves"][4]["success_threshold"], 0.95);
    EXPECT_EQ(rollout["budget"][0]["min_available"], 1);
    EXPECT_EQ(rollout["budget"][0]["max_unavailable"], 10);
    EXPECT_EQ(FateOf(imported,
                     "/spec/rolloutPolicy/deviceSelection/sequence/3/selector/matchLabels/stage"),
              ImportFate::IGNORED);
}

TEST(PolicyImport, NerveshubKnobsAndItsDefaults)
{
    const auto imported = Import("nerveshub", "nerveshub.json");
    const auto& rollout = imported.scenario["rollout"];
    EXPECT_EQ(rollout["pace"]["concurrent"], 100);
    EXPECT_EQ(rollout["in_progress_timeout"], "2 d");
    EXPECT_EQ(rollout["penalty"]["failures"], 3);
    EXPECT_EQ(rollout["penalty"]["time"], "1 d");
    EXPECT_EQ(rollout["stop_when"][0]["count"], 50);

    const auto bare =
        ImportPolicy("nerveshub", WriteFile("bare", R"({"conditions": {}})"), std::nullopt);
    EXPECT_EQ(bare.scenario["rollout"]["pace"]["concurrent"], 10);
    EXPECT_EQ(bare.scenario["rollout"]["in_progress_timeout"], "1 h");
}

TEST(PolicyImport, ChirpstackInBothSpellings)
{
    const auto camel = Import("chirpstack-fuota", "chirpstack.json");
    const auto& distribution = camel.scenario["distribution"];
    EXPECT_EQ(distribution["class"], "C");
    EXPECT_EQ(distribution["data_rate"], 3);
    EXPECT_EQ(distribution["redundancy"], 0.2);
    EXPECT_EQ(distribution["setup_retries"], 3);
    EXPECT_EQ(distribution["repair"]["multicast_rounds"], 0) << "ChirpStack has no repair round";

    const auto proto = ImportPolicy(
        "chirpstack-fuota",
        WriteFile("proto",
                  R"({"multicast_group_type": 1, "multicast_class_b_ping_slot_periodicity": 4})"),
        std::nullopt);
    EXPECT_EQ(proto.scenario["distribution"]["class"], "B");
    EXPECT_EQ(proto.scenario["distribution"]["ping_periodicity"], 4);
}

TEST(PolicyImport, ChirpstackFrequencyIsThatOfTheSession)
{
    const auto imported = ImportPolicy(
        "chirpstack-fuota",
        WriteFile("frequency",
                  R"({"multicastGroupType": "CLASS_C", "multicastFrequency": 868100000})"),
        std::nullopt);
    EXPECT_EQ(FateOf(imported, "/multicastFrequency"), ImportFate::HONOURED);
    const auto& text = imported.scenario["distribution"]["frequency"];
    EXPECT_EQ(ParseQuantity(UnitKind::CARRIER, text.get<std::string>()), 868.1e6);
    const auto unset =
        ImportPolicy("chirpstack-fuota",
                     WriteFile("unset", R"({"multicast_dr": 5, "multicast_frequency": 0})"),
                     std::nullopt);
    EXPECT_FALSE(unset.scenario["distribution"].contains("frequency"));
}

TEST(PolicyImport, ChirpstackGatewaysTakeTurnsUnlessTheyHaveGps)
{
    // chirpstack/api/multicast_group.proto: MulticastGroupSchedulingType { DELAY = 0; GPS_TIME = 1;
    // }
    const auto gatewaysOf = [](const std::string& text) {
        const auto file = WriteFile("scheduling", text);
        const auto scenario = ImportPolicy("chirpstack-fuota", file, std::nullopt).scenario;
        return scenario["distribution"].value("gateways", "");
    };
    EXPECT_EQ(gatewaysOf(R"({"multicast_group_type": "CLASS_C"})"), "staggered");
    EXPECT_EQ(gatewaysOf(R"({"multicast_class_c_scheduling_type": "DELAY"})"), "staggered");
    EXPECT_EQ(gatewaysOf(R"({"multicast_class_c_scheduling_type": 1})"), "simulcast");
    EXPECT_EQ(gatewaysOf(R"({"multicastGroupType": "CLASS_B"})"), "");
}

TEST(PolicyImport, ChirpstackTimeOutIsItsOwn)
{
    const auto distributionOf = [](const std::string& text) {
        const auto file = WriteFile("time-out", text);
        return ImportPolicy("chirpstack-fuota", file, std::nullopt).scenario["distribution"];
    };
    const auto calculated = distributionOf(
        R"({"multicast_dr": 5, "calculate_multicast_timeout": true, "multicast_timeout": 3})");
    EXPECT_EQ(calculated["session_timeout"], "chirpstack");
    EXPECT_FALSE(calculated.contains("session_timeout_exponent"));
    const auto fixed = distributionOf(R"({"multicastTimeout": 9, "multicastDr": 5})");
    EXPECT_EQ(fixed["session_timeout_exponent"], 9);
    EXPECT_FALSE(fixed.contains("session_timeout"));
    EXPECT_EQ(MessageOf("chirpstack-fuota", R"({"multicast_dr": 5, "multicast_timeout": 16})"),
              "/multicast_timeout: found 16 (number), expected a number from 0 to 15");
}

/// 207 fragments and 42 coded ones, 5 s apart: ChirpStack calculates 5 s * 250, and so 2^11 s.
TEST(PolicyImport, ChirpstackSessionLastsAsLongAsItsFragments)
{
    auto scenario = ImportPolicy("chirpstack-fuota",
                                 WriteFile("long", R"({"multicastGroupType": "CLASS_C",
        "multicastDr": 5, "calculateMulticastTimeout": true, "fragmentationFragmentSize": 50,
        "fragmentationRedundancyPercentage": 20,
        "requestFragmentationSessionStatus": "NO_REQUEST"})"),
                                 std::nullopt)
                        .scenario;
    scenario["firmware"]["images"][0]["manifest"] = false;
    const std::vector<std::string> sets{"/firmware/images/0/size=\"10350 B\"",
                                        "/fleet/groups/0/count=20",
                                        "/fleet/groups/0/placement={\"kind\":\"point\"}",
                                        "/distribution/close_when_done=false"};
    for (const char* rule : {"chirpstack", "predicted"})
    {
        auto all = sets;
        all.push_back(std::string("/distribution/session_timeout=") + rule);
        const auto run = WholeRun::OfText(scenario.dump(), all);
        EXPECT_EQ(run.Metric("devices_updated"), 20) << rule;
        EXPECT_EQ(run.Number("SELECT fragments_sent FROM session"), 249) << rule;
        EXPECT_NEAR(run.Number("SELECT last_fragment_s - first_fragment_s FROM session"),
                    248 * 5,
                    2)
            << rule;
    }
}

TEST(PolicyImport, NamesWhatItDoesNotKnow)
{
    const auto imported =
        ImportPolicy("mender",
                     WriteFile("odd", R"({"artifact_name": "a", "phasers": {"set": "stun"}})"),
                     std::nullopt);
    EXPECT_EQ(FateOf(imported, "/phasers/set"), ImportFate::IGNORED);
}

TEST(PolicyImport, RefusesWithPlaceFoundAndAccepted)
{
    EXPECT_EQ(MessageOf("mender", R"({"retries": "two"})"),
              "/retries: found \"two\" (string), expected a number from 0 to 4294967295");
    EXPECT_EQ(MessageOf("hawkbit", R"({"errorCondition": {"condition": "MAGIC"}})"),
              "/errorCondition/condition: found \"MAGIC\", expected THRESHOLD");
    EXPECT_EQ(MessageOf("flightctl", "kind: Device\n"), "/kind: found \"Device\", expected Fleet");
    EXPECT_EQ(MessageOf("flightctl", "a: [1\n").substr(0, 4), "2:1:");
    EXPECT_EQ(MessageOf("aws-iot-jobs", "[]").substr(0, 18), ": found an array, ");
}

TEST(PolicyImport, RefusesWhatIsNotOfTheFormat)
{
    for (const auto& format : ImportFormats())
    {
        for (const char* text : {R"({"foo": 1})", R"({"name": "n", "description": "d"})"})
        {
            const std::string message = MessageOf(format.name, text);
            EXPECT_TRUE(message.starts_with(": found no field of " + format.name +
                                            ", expected at least one of "))
                << message;
        }
    }
    // What each format is known by, and the format that a file was mistaken for.
    EXPECT_TRUE(MessageOf("hawkbit", R"({"phases": []})")
                    .ends_with("distributionSetId, targetFilterQuery, amountGroups, groups, "
                               "successCondition, errorCondition; it looks like mender"));
    EXPECT_TRUE(MessageOf("mender", R"({"deployment": {"multicastDr": 3}})")
                    .ends_with("; it looks like chirpstack-fuota"));
}

/** A small fleet, so that a policy shows that it runs. */
class ImportedRun : public testing::TestWithParam<std::pair<const char*, const char*>>
{
};

TEST_P(ImportedRun, TakesEveryDeviceToTheTarget)
{
    const auto [format, file] = GetParam();
    const auto imported = Import(format, file);
    std::vector<std::string> sets{"/firmware/images/0/size=\"1 kB\"",
                                  "/rollout/resume_after=\"1 h\"",
                                  "/duration=\"20 d\""};
    const auto groups = imported.scenario["fleet"]["groups"].size();
    for (size_t i = 0; i < groups; ++i)
    {
        const std::string at = "/fleet/groups/" + std::to_string(i);
        sets.push_back(at + "/count=40");
        sets.push_back(at + "/placement={\"kind\":\"point\"}");
    }
    const auto run = WholeRun::OfText(imported.scenario.dump(), sets);
    EXPECT_EQ(run.Metric("devices_updated"), 40.0 * static_cast<double>(groups));
}

INSTANTIATE_TEST_SUITE_P(Formats,
                         ImportedRun,
                         testing::Values(std::pair("hawkbit", "hawkbit.json"),
                                         std::pair("hawkbit", "hawkbit-groups.json"),
                                         std::pair("aws-iot-jobs", "aws-iot-jobs.json"),
                                         std::pair("mender", "mender.json"),
                                         std::pair("flightctl", "flightctl.yaml"),
                                         std::pair("nerveshub", "nerveshub.json"),
                                         std::pair("chirpstack-fuota", "chirpstack.json")));

} // namespace
