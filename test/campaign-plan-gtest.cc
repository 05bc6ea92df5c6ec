// SPDX-License-Identifier: GPL-2.0-only

// Campaign files: what they mean, what is refused, and when a campaign stops.

#include "analysis/statistics.h"
#include "helper/campaign-fields.h"
#include "helper/scenario-schema.h"
#include "test/campaign-support.h"

#include <nlohmann/json.hpp>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

namespace
{

using namespace ns3::iotfleet;
using nlohmann::json;

class CampaignPlanTest : public test::CampaignTest
{
  protected:
    CampaignPlan Plan(const json& campaign) const
    {
        Write("c.json", campaign.dump());
        return MakeCampaignPlan(ReadCampaign(File("c.json")));
    }

    /** Everything that is wrong with a campaign, one line each, without the folder's name. */
    std::string Problems(const json& campaign) const
    {
        try
        {
            Plan(campaign);
        }
        catch (const ScenarioError& error)
        {
            std::string text = error.what();
            const std::string prefix = m_folder.string() + "/";
            for (auto at = text.find(prefix); at != std::string::npos; at = text.find(prefix))
            {
                text.erase(at, prefix.size());
            }
            return text;
        }
        return "nothing";
    }
};

const json BARE = {{"schema", 1}, {"scenarios", {"minimal.json"}}};

json
With(const std::string& pointer, const json& value)
{
    json campaign = BARE;
    campaign[json::json_pointer(pointer)] = value;
    return campaign;
}

TEST_F(CampaignPlanTest, BareCampaignIsTheScenarioItself)
{
    const CampaignPlan plan = Plan(BARE);
    ASSERT_EQ(plan.cells.size(), 1U);
    EXPECT_EQ(plan.name, "c");
    EXPECT_EQ(plan.cells[0].label, "minimal");
    EXPECT_EQ(plan.cells[0].text, ReadText(File("minimal.json")));
    EXPECT_EQ(plan.cells[0].sha256, ReadScenario(File("minimal.json")).sha256);
    EXPECT_EQ(plan.cells[0].devices, 20U);
    EXPECT_EQ(ReadCampaign(File("c.json")).runs.count, 10U);
}

TEST_F(CampaignPlanTest, CellsAreScenariosTimesVariantsTimesGrid)
{
    json campaign = With("/grid", {{"/seed", {5, 6}}, {"/fleet/groups/0/count", {3}}});
    campaign["scenarios"].push_back("other.json");
    campaign["variants"] = {{{"name", "plain"}},
                            {{"name", "lean"}, {"patch", {{"distribution", {{"redundancy", 0}}}}}}};
    json other = json::parse(ReadText(File("minimal.json")));
    other["name"] = "second";
    Write("other.json", other.dump());
    const CampaignPlan plan = Plan(campaign);
    ASSERT_EQ(plan.cells.size(), 8U);
    // nlohmann::json sorts the keys of the grid: count comes before seed.
    EXPECT_EQ(plan.cells[0].label, "minimal, plain, count=3, seed=5");
    EXPECT_EQ(plan.cells[1].label, "minimal, plain, count=3, seed=6");
    EXPECT_EQ(plan.cells[2].label, "minimal, lean, count=3, seed=5");
    EXPECT_EQ(plan.cells[7].label, "second, lean, count=3, seed=6");
    EXPECT_EQ(plan.cells[7].seed, 6U);
    EXPECT_EQ(plan.cells[7].devices, 3U);
    const auto tree = json::parse(plan.cells[7].text);
    EXPECT_EQ(tree.at("/distribution/redundancy"_json_pointer), 0);
    const std::vector<std::pair<std::string, std::string>> wanted{{"/fleet/groups/0/count", "3"},
                                                                  {"/seed", "6"}};
    EXPECT_EQ(plan.cells[7].parameters, wanted);
}

TEST_F(CampaignPlanTest, ParametersThatEndAlikeAreNamedInFull)
{
    const CampaignPlan plan =
        Plan(With("/grid", {{"/rollout/waves/0/share", {0.2}}, {"/rollout/waves/1/share", {0.9}}}));
    EXPECT_EQ(plan.cells[0].label, "/rollout/waves/0/share=0.2, /rollout/waves/1/share=0.9");
}

TEST_F(CampaignPlanTest, SeedsAreUsedInTurnAndAlikeInAllCells)
{
    json campaign = With("/runs", {{"seeds", {7, 9}}, {"count", 5}});
    campaign["grid"] = {{"/fleet/groups/0/count", {3, 4}}};
    const CampaignPlan plan = Plan(campaign);
    const std::vector<std::pair<uint64_t, uint64_t>> wanted{{7, 1}, {9, 1}, {7, 2}, {9, 2}, {7, 3}};
    for (uint64_t repetition = 0; repetition < wanted.size(); ++repetition)
    {
        for (std::size_t cell = 0; cell < 2; ++cell)
        {
            const RunRequest request{cell, repetition};
            EXPECT_EQ(plan.Seed(request), wanted[repetition].first);
            EXPECT_EQ(plan.RngRun(request), wanted[repetition].second);
            EXPECT_EQ(plan.RunId(request), static_cast<int64_t>(2 * repetition + cell + 1));
        }
    }
    EXPECT_EQ(Plan(With("/runs/seeds", {4, 5, 6})).seeds.size(), 3U);
    EXPECT_EQ(ReadCampaign(File("c.json")).runs.count, 3U) << "as many as seeds";
}

TEST_F(CampaignPlanTest, DigestSeesEverythingThatResultsDependOn)
{
    const std::string before = Plan(BARE).Sha256();
    EXPECT_EQ(Plan(BARE).Sha256(), before);
    EXPECT_NE(Plan(With("/runs/seeds", {1})).Sha256(), before);
    EXPECT_NE(Plan(With("/grid", {{"/seed", {1}}})).Sha256(), before);
    std::string scenario = ReadText(File("minimal.json"));
    Write("minimal.json", scenario + "\n");
    EXPECT_NE(Plan(BARE).Sha256(), before);
}

TEST_F(CampaignPlanTest, FaultsNameFilePointerFoundAndAccepted)
{
    EXPECT_EQ(Problems(With("/variant", 1)),
              "c.json: /variant: found unknown key \"variant\"; did you mean \"variants\"? "
              "(accepted: schema, name, description, scenarios, variants, grid, runs)");
    EXPECT_EQ(Problems(With("/scenarios/0", "absent.json")),
              "c.json: /scenarios/0: found no readable file absent.json, expected a scenario");
    EXPECT_EQ(Problems(With("/grid", {{"seed", {1}}})),
              "c.json: /grid/seed: found key \"seed\", expected a JSON pointer such as "
              "/distribution/redundancy");
    EXPECT_EQ(Problems(With("/runs/seeds", {1, 0})),
              "c.json: /runs/seeds/1: found 0 (number), expected a whole number from 1 to "
              "4294967294");
    EXPECT_EQ(
        Problems(With("/grid", {{"/fleet/groups/7/count", {1}}})),
        "c.json: /grid/~1fleet~1groups~17~1count: found no item 7, expected an index below 1, or "
        "- to append");
    EXPECT_EQ(Problems(With("/runs/until", {{{"metric", "updated"}, {"width", 1}}})),
              "c.json: /runs/until/0/metric: found \"updated\", expected a metric of `iot-fleet "
              "schema metrics`");
    EXPECT_EQ(
        Problems(With("/runs/until", {{{"metric", "time_to_all_updated_s"}, {"width", 3600}}})),
        "c.json: /runs/until/0/width: found 3600 (number), expected a duration with unit such "
        "as \"1 h\", above 0");
    EXPECT_EQ(
        Problems(With("/runs/until", {{{"metric", "devices_updated"}}})),
        "c.json: /runs/until/0: found none of width and relative_width, expected exactly one");
    EXPECT_EQ(Problems(With("/variants", {{{"name", "a"}}, {{"name", "a"}}})),
              "c.json: /variants/1/name: found \"a\" twice, expected a name of its own");
}

TEST_F(CampaignPlanTest, FaultOfTheScenarioIsSaidOnceAndNamesTheFirstCell)
{
    EXPECT_EQ(Problems(With("/grid", {{"/fleet/groups/0/count", {"ten", 3}}, {"/seed", {0, 2}}})),
              "minimal.json (count=ten, seed=0): /seed: found 0 (number), expected a whole number "
              "from 1 to 4294967294\n"
              "minimal.json (count=ten, seed=0): /fleet/groups/0/count: found \"ten\" (string), "
              "expected a whole number from 0 to 4294967295");
}

TEST_F(CampaignPlanTest, PacketCaptureIsRefused)
{
    EXPECT_EQ(
        Problems(With(
            "/variants",
            {{{"name", "a"},
              {"patch", {{"record", {{"pcap", {{"gateway", "roof"}, {"file", "x.pcap"}}}}}}}}})),
        "minimal.json (a): /record/pcap: found a packet capture, expected none in a campaign, "
        "where every run would write to the same file");
}

TEST_F(CampaignPlanTest, WidthsAreReadInTheMetricsUnit)
{
    Write("c.json",
          With("/runs/until",
               {{{"metric", "exposure_device_days"}, {"width", "12 h"}},
                {{"metric", "energy_per_device_j_mean"}, {"width", "500 mJ"}},
                {{"metric", "devices_updated"}, {"width", 2}},
                {{"metric", "devices_updated"}, {"relative_width", "5 %"}}})
              .dump());
    const auto until = ReadCampaign(File("c.json")).runs.until;
    EXPECT_EQ(until[0].widthInUnit, 0.5);
    EXPECT_EQ(until[1].widthInUnit, 0.5);
    EXPECT_EQ(until[2].widthInUnit, 2.0);
    EXPECT_EQ(until[3].relativeWidth, 0.05);
}

/** Student's interval, as the program wires it. */
std::optional<IntervalOfMean>
Student(std::span<const double> values, double confidence)
{
    const auto found = analysis::ComputeMeanInterval(values, confidence);
    return found ? std::optional(IntervalOfMean{found->mean, found->low, found->high})
                 : std::nullopt;
}

TEST_F(CampaignPlanTest, StopsWhenEveryVariantIsNarrowAndLooksAfterWholeRoundsOnly)
{
    json campaign = json::parse(test::SMALL_CAMPAIGN);
    campaign["runs"] = {{"count", 9},
                        {"minimum", 3},
                        {"round", 2},
                        {"until", {{{"metric", "devices_total"}, {"width", 0.5}}}}};
    Write("c.json", campaign.dump());
    // The number of devices does not vary: it is narrow at the first look.
    auto outcome = RunFile("c.json", "narrow.db", CampaignStart::FRESH, 2, {}, Student);
    EXPECT_EQ(outcome.repetitions, 3U);
    EXPECT_EQ(outcome.results.size(), 6U);
    EXPECT_EQ(outcome.stopReason, "all intervals are narrow enough");

    // An interval that halves with each round, for the second variant only.
    const IntervalFunction shrinking = [](std::span<const double> values, double confidence) {
        EXPECT_EQ(confidence, 0.95);
        const double half = values.front() == 10 ? 0 : values.size() < 7 ? 1 : 0.2;
        return std::optional(IntervalOfMean{0, -half, half});
    };
    outcome = RunFile("c.json", "third.db", CampaignStart::FRESH, 2, {}, shrinking);
    EXPECT_EQ(outcome.repetitions, 7U) << "looks at 3, 5 and 7 repetitions";

    campaign["runs"]["until"] = {{{"metric", "quarantined_total"}, {"width", 0.5}}};
    campaign["runs"]["count"] = 4;
    Write("c.json", campaign.dump());
    outcome = RunFile("c.json", "never.db", CampaignStart::FRESH, 2, {}, Student);
    EXPECT_EQ(outcome.repetitions, 4U);
    EXPECT_EQ(outcome.stopReason,
              "the most repetitions were made, and quarantined_total of \"few\" has no value in 4 "
              "of 4 runs");
}

TEST_F(CampaignPlanTest, PublishedSchemaJudgesAsTheReaderDoes)
{
    EXPECT_TRUE(ReadText(SourcePath("campaigns/campaign.schema.json")) == CampaignSchemaText())
        << "refresh it: iot-fleet schema campaign > campaigns/campaign.schema.json";
    const json text = json::parse(CampaignSchemaText());
    valijson::Schema schema;
    valijson::SchemaParser().populateSchema(valijson::adapters::NlohmannJsonAdapter(text), schema);
    const auto accepts = [&](const json& document) {
        return valijson::Validator().validate(schema,
                                              valijson::adapters::NlohmannJsonAdapter(document),
                                              nullptr);
    };
    EXPECT_TRUE(accepts(json::parse(test::SMALL_CAMPAIGN)));
    EXPECT_TRUE(accepts(With("/runs/until", {{{"metric", "devices_updated"}, {"width", 2}}})));
    for (const auto& entry : std::filesystem::directory_iterator(SourcePath("campaigns")))
    {
        if (entry.path().filename() != "campaign.schema.json")
        {
            EXPECT_TRUE(accepts(json::parse(ReadText(entry.path())))) << entry.path();
            EXPECT_NO_THROW(MakeCampaignPlan(ReadCampaign(entry.path()))) << entry.path();
        }
    }
    const std::vector<json> refused{With("/variant", 1),
                                    With("/schema", 2),
                                    With("/grid", {{"seed", {1}}}),
                                    With("/grid", {{"/seed", json::array()}}),
                                    With("/grid", {{"/seed", {1, 1}}}),
                                    With("/runs", {{"seeds", {0}}}),
                                    With("/runs", {{"count", 0}}),
                                    With("/variants", {{{"patch", 1}}})};
    for (const json& document : refused)
    {
        EXPECT_FALSE(accepts(document)) << document;
        EXPECT_NE(Problems(document), "nothing") << document;
    }
}

} // namespace
