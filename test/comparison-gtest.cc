// SPDX-License-Identifier: GPL-2.0-only

// Comparisons of variants: how often they cry wolf, how often they see what is there, and what
// they say where runs have no value.

#include "analysis/compare/comparison-output.h"
#include "analysis/compare/comparison.h"
#include "analysis/input-error.h"
#include "model/record/results-database.h"
#include "test/folder-test.h"
#include "test/test-support-run.h"

#include <cmath>
#include <filesystem>
#include <functional>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <random>

namespace
{

using namespace ns3::iotfleet;
using namespace ns3::iotfleet::analysis;
namespace fs = std::filesystem;

using Draw = std::function<double(std::mt19937_64&)>;

const std::string TIME{"time_to_95_updated_s"};
const std::string AIR{"downlink_airtime_s"};
const std::string ENERGY{"energy_per_device_j_mean"};

/// Runs of variants "a", "b" and "c": the pair's own luck, the variant's luck, and an advantage of
/// all variants but "a".
RunGroups
MakeGroups(std::mt19937_64& random,
           size_t variants,
           size_t pairs,
           const Draw& luck,
           double advantage = 0)
{
    RunGroups groups;
    std::normal_distribution<double> seedEffect(0, 5000);
    std::vector<double> seeds(pairs);
    std::ranges::generate(seeds, [&] { return 50000 + seedEffect(random); });
    for (size_t v = 0; v < variants; ++v)
    {
        RunGroup group{std::string(1, static_cast<char>('a' + v)), {}};
        for (size_t i = 0; i < pairs; ++i)
        {
            RunMetrics& metrics = group.runs["seed " + std::to_string(i)];
            for (const std::string& metric : {TIME, AIR, ENERGY})
            {
                metrics[metric] = seeds[i] + luck(random) - (v > 0 ? advantage : 0);
            }
        }
        groups.groups.push_back(group);
    }
    groups.units = {{TIME, "s"}, {AIR, "s"}, {ENERGY, "J"}};
    return groups;
}

bool
IsClaim(const ComparedMetric& row)
{
    return row.verdict == CompareVerdict::BETTER || row.verdict == CompareVerdict::WORSE ||
           row.verdict == CompareVerdict::DIFFERENT;
}

double
NormalLuck(std::mt19937_64& random)
{
    return std::normal_distribution<double>(0, 2000)(random);
}

double
SkewedLuck(std::mt19937_64& random)
{
    return 1000 * std::lognormal_distribution<double>(0, 1.2)(random);
}

/// Devices bricked: mostly none, so that most differences are zero.
double
RareCount(std::mt19937_64& random)
{
    return std::poisson_distribution<int>(0.3)(random);
}

/// How many of 200 comparisons of identical variants claim a difference.
int
CountFalseAlarms(const Draw& luck, size_t variants, size_t pairs, uint64_t seed)
{
    std::mt19937_64 random(seed);
    int alarms = 0;
    for (int repetition = 0; repetition < 200; ++repetition)
    {
        const RunGroups groups = MakeGroups(random, variants, pairs, luck);
        CompareOptions options;
        options.metrics = variants == 2 ? std::vector{TIME} : std::vector{TIME, AIR, ENERGY};
        const Comparison comparison = CompareGroups(groups, options);
        alarms += std::ranges::any_of(comparison.rows, IsClaim) ? 1 : 0;
    }
    return alarms;
}

TEST(Comparison, IdenticalVariantsDifferAtTheNominalRate)
{
    // One test at 5 %, 200 times: Binomial(200, 0.05), outside [2, 22] with probability 7e-4.
    const int alarms = CountFalseAlarms(NormalLuck, 2, 12, 1);
    EXPECT_GE(alarms, 2);
    EXPECT_LE(alarms, 22);
}

TEST(Comparison, SkewedRunsDoNotCryWolf)
{
    // The t test of a small skewed sample is cautious: no lower bound, the same upper one.
    EXPECT_LE(CountFalseAlarms(SkewedLuck, 2, 12, 2), 22);
    EXPECT_LE(CountFalseAlarms(SkewedLuck, 2, 5, 3), 22);
}

TEST(Comparison, RareCountsDoNotCryWolf)
{
    EXPECT_LE(CountFalseAlarms(RareCount, 2, 20, 4), 22);
}

TEST(Comparison, ManyTestsTogetherKeepTheRate)
{
    // Three variants by three metrics, six tests: any false alarm at most at 5 % (Holm).
    EXPECT_LE(CountFalseAlarms(NormalLuck, 3, 12, 5), 22);
}

TEST(Comparison, KnownDifferencesAreSeenAsOftenAsComputed)
{
    // Two lucks of deviation 2000 make differences of deviation 2000 sqrt 2; an advantage of 0.8
    // of that is seen by 15 pairs with power 0.8213 (G*Power's table for d = 0.8). 400
    // repetitions: outside 0.8213 +- 0.067 with probability 5e-4.
    std::mt19937_64 random(6); // NOLINT: a fixed seed is the point
    int seen = 0;
    for (int repetition = 0; repetition < 400; ++repetition)
    {
        CompareOptions options;
        options.metrics = {TIME};
        const auto groups = MakeGroups(random, 2, 15, NormalLuck, 0.8 * 2000 * std::sqrt(2));
        seen += CompareGroups(groups, options).rows.at(0).verdict == CompareVerdict::BETTER ? 1 : 0;
    }
    EXPECT_NEAR(seen / 400.0, 0.8213, 0.067);
    EXPECT_NEAR(PairedTestPower(15, 0.8, 0.05), 0.8213, 5e-4);
}

TEST(Comparison, MissingPairsAreForetold)
{
    // What "about N more pairs" promises comes true: with as many pairs in all, the difference
    // worth knowing is seen in 80 % of 300 repetitions (outside +- 0.085 with probability 3e-4).
    std::mt19937_64 random(8); // NOLINT: a fixed seed is the point
    const double deviation = 2000 * std::sqrt(2);
    const double worth = 1000;
    const auto pairs = PairsNeeded(worth / deviation, 0.05, 0.8);
    ASSERT_TRUE(pairs);
    int seen = 0;
    for (int repetition = 0; repetition < 300; ++repetition)
    {
        CompareOptions options;
        options.metrics = {TIME};
        const auto groups = MakeGroups(random, 2, *pairs, NormalLuck, worth);
        seen += CompareGroups(groups, options).rows.at(0).verdict == CompareVerdict::BETTER ? 1 : 0;
    }
    EXPECT_NEAR(seen / 300.0, 0.8, 0.085);
}

/// Two variants by hand; an empty value is NULL.
RunGroups
TwoVariants(const std::string& metric,
            const std::vector<std::optional<double>>& a,
            const std::vector<std::optional<double>>& b,
            const std::string& unit = "s")
{
    RunGroups groups;
    groups.groups = {{"a", {}}, {"b", {}}};
    for (size_t i = 0; i < a.size(); ++i)
    {
        groups.groups[0].runs["run " + std::to_string(i)][metric] = a[i];
        groups.groups[1].runs["run " + std::to_string(i)][metric] = b[i];
    }
    groups.units[metric] = unit;
    return groups;
}

ComparedMetric
CompareTwo(const RunGroups& groups)
{
    CompareOptions options;
    options.metrics = {groups.units.begin()->first};
    return CompareGroups(groups, options).rows.at(0);
}

TEST(Comparison, SaysWhatIsFaster)
{
    const auto row = CompareTwo(TwoVariants(TIME,
                                            {36000, 37000, 38000, 36500}, // a
                                            {28800, 29900, 30700, 29300}));
    EXPECT_EQ(row.verdict, CompareVerdict::BETTER);
    // Mean -7200 s, deviation 81.65 s, t(3) = 3.182: 7200 +- 130 s.
    EXPECT_EQ(row.sentence,
              "b is faster: 95 % updated 2 h earlier (95 % interval 1 h 58 min to 2 h 2 min, "
              "p < 0.001, 4 pairs)");
}

TEST(Comparison, NeverReachedIsNoNumber)
{
    // All of b, two of eight of a: 6 to none, 2/64.
    const auto few = CompareTwo(TwoVariants(TIME,
                                            {1e5, 1e5, {}, {}, {}, {}, {}, {}},
                                            {1e5, 1e5, 1e5, 1e5, 1e5, 1e5, 1e5, 1e5}));
    EXPECT_EQ(few.onlyGroup, 6U);
    EXPECT_EQ(few.onlyBaseline, 0U);
    EXPECT_NEAR(*few.reachedP, 2.0 / 64, 1e-12);
    EXPECT_EQ(few.difference.pairs, 2U);
    EXPECT_EQ(few.verdict, CompareVerdict::BETTER);
    EXPECT_NE(few.sentence.find("was reached in 8 of 8 runs against 2 of 8"), std::string::npos)
        << few.sentence;

    // One of eight that was never reached proves nothing, and is told.
    const auto one = CompareTwo(
        TwoVariants(TIME, {1e5, 1.1e5, 1.2e5, 1.3e5, {}}, {1.1e5, 1e5, 1.3e5, 1.25e5, 1e5}));
    EXPECT_EQ(one.verdict, CompareVerdict::UNCLEAR);
    EXPECT_NE(one.sentence.find("5 of 5 runs against 4 of 5"), std::string::npos) << one.sentence;
}

/// Means over all runs would tell of 9 h against 2 h 30 min where b is an hour later in each pair.
TEST(Comparison, MeansAndChangeAreOfTheSamePairs)
{
    const double hour = 3600;
    const auto one =
        CompareTwo(TwoVariants(TIME, {hour, 2 * hour, 24 * hour}, {2 * hour, 3 * hour, {}}));
    EXPECT_EQ(one.pairedBaselineMean, 1.5 * hour);
    EXPECT_EQ(one.pairedMean, 2.5 * hour);
    EXPECT_NEAR(*one.relative, 1 / 1.5, 1e-12);
    Comparison comparison;
    comparison.rows = {one};
    const std::string text = ComparisonText(comparison);
    EXPECT_NE(text.find("1 h 30 min"), std::string::npos) << text;
    EXPECT_NE(text.find("2 h 30 min (2/3)"), std::string::npos) << text;
    EXPECT_NE(text.find("over the pairs of runs that both have a value"), std::string::npos);
    EXPECT_FALSE(CompareTwo(TwoVariants(TIME, {1}, {std::nullopt})).pairedMean);
}

TEST(Comparison, SameAndIdenticalAreDifferentClaims)
{
    const auto identical = CompareTwo(TwoVariants(TIME, {1, 2, 3}, {1, 2, 3}));
    EXPECT_EQ(identical.verdict, CompareVerdict::IDENTICAL);
    const auto same =
        CompareTwo(TwoVariants(TIME, {1e5, 2e5, 3e5, 4e5}, {1e5 + 9, 2e5 - 8, 3e5 + 2, 4e5 - 5}));
    EXPECT_EQ(same.verdict, CompareVerdict::SAME) << "every interval within 5 % of the mean";
    const auto small =
        CompareTwo(TwoVariants(TIME, {1e5, 2e5, 3e5, 4e5}, {100500, 200520, 300480, 400510}));
    EXPECT_EQ(small.verdict, CompareVerdict::WORSE) << "certain, and of no importance";
    EXPECT_TRUE(small.isBelowWorth);
    EXPECT_NE(small.sentence.find("below 5 % (3 h 28 min), which would matter"), std::string::npos)
        << small.sentence;
    const auto unclear =
        CompareTwo(TwoVariants(TIME, {1e5, 2e5, 3e5, 4e5}, {3e5, 1e5, 4e5, 2.5e5}));
    EXPECT_EQ(unclear.verdict, CompareVerdict::UNCLEAR);
    EXPECT_NE(unclear.sentence.find(" more pairs would show a difference of 5 %"),
              std::string::npos)
        << unclear.sentence;
    EXPECT_EQ(CompareTwo(TwoVariants(TIME, {1}, {2})).verdict, CompareVerdict::NO_PAIRS);
}

TEST(Comparison, ADifferenceThatNeverVariesLacksNumberOnly)
{
    // Signs alone: n equal differences have p = 2 / 2^n, below 5 % from six pairs on.
    for (const size_t pairs : {2, 5, 6, 12})
    {
        std::mt19937_64 random(4);
        const auto none = [](std::mt19937_64&) { return 0.0; };
        CompareOptions options;
        options.metrics = {TIME};
        const auto comparison = CompareGroups(MakeGroups(random, 2, pairs, none, 7200), options);
        const auto& row = comparison.rows.at(0);
        EXPECT_EQ(row.verdict, pairs < 6 ? CompareVerdict::UNCLEAR : CompareVerdict::BETTER)
            << pairs << ": " << row.sentence;
        EXPECT_NEAR(row.adjustedP, std::ldexp(2, -static_cast<int>(pairs)), 1e-12);
        EXPECT_EQ(row.pairsNeeded, 6);
        EXPECT_NE(row.sentence.find("2 h earlier in each of " + std::to_string(pairs) + " pairs"),
                  std::string::npos)
            << row.sentence;
        const auto advice = std::to_string(6 - std::min<size_t>(pairs, 6)) + " more pairs like";
        EXPECT_EQ(row.sentence.find(advice) != std::string::npos, pairs < 6) << row.sentence;
    }
}

TEST(Comparison, RoundingIsIdentity)
{
    const auto row =
        CompareTwo(TwoVariants(TIME, {500, 500, 500}, {500 + 1e-10, 500 - 1e-10, 500 + 2e-10}));
    EXPECT_EQ(row.verdict, CompareVerdict::IDENTICAL) << row.sentence;
    // Differences of nearly no spread, far below what is worth knowing.
    const auto close =
        CompareTwo(TwoVariants(TIME, {500, 500, 500}, {500 + 1e-8, 500 + 2e-8, 500 - 1e-8}));
    EXPECT_EQ(close.verdict, CompareVerdict::SAME) << close.sentence;
}

TEST(Comparison, NoWorseMustBeShown)
{
    const std::optional<double> never;
    const auto stuck = CompareTwo(
        TwoVariants(TIME, {1e5, 1e5, 1e5, 1e5, 1e5}, {never, never, never, never, never}));
    EXPECT_EQ(stuck.verdict, CompareVerdict::UNCLEAR) << "2/32 is no proof of the opposite either";
    EXPECT_FALSE(IsShownNoWorse(stuck));
    const std::vector<std::optional<double>> base{1e5, 2e5, 3e5, 4e5};
    EXPECT_TRUE(IsShownNoWorse(CompareTwo(TwoVariants(TIME, base, base))));
    EXPECT_TRUE(
        IsShownNoWorse(CompareTwo(TwoVariants(TIME, base, {100500, 200520, 300480, 400510}))))
        << "worse, and of no importance";
    EXPECT_FALSE(IsShownNoWorse(CompareTwo(TwoVariants(TIME, base, {3e5, 1e5, 4e5, 2.5e5}))));
    EXPECT_FALSE(IsShownNoWorse(CompareTwo(TwoVariants(TIME, {1}, {2})))) << "one pair";
    // Mean -15000 s, deviation 12910 s, t(3) = 3.182: -35541 to 5541 s. 5 % are 12500 s.
    const auto likely = CompareTwo(TwoVariants(TIME, base, {1e5, 1.9e5, 2.8e5, 3.7e5}));
    EXPECT_EQ(likely.verdict, CompareVerdict::UNCLEAR);
    EXPECT_TRUE(IsShownNoWorse(likely)) << "only its good end is beyond";
    EXPECT_FALSE(IsShownNoWorse(CompareTwo(
        TwoVariants(TIME, {1e5, 2e5, 3e5, 4e5, 1e5}, {1e5, 1.9e5, 2.8e5, 3.7e5, never}))))
        << "a run that never ended";
}

/// 28 pairs, all alike but the last ones.
std::vector<std::optional<double>>
AlikeBut(double value, std::initializer_list<double> last)
{
    std::vector<std::optional<double>> values(28 - last.size(), value);
    values.insert(values.end(), last.begin(), last.end());
    return values;
}

/// Most pairs tie, so that the typical difference (Hodges and Lehmann's) is none.
TEST(Comparison, RareHarmIsHarm)
{
    const std::string bricked = "devices_bricked";
    const auto none = AlikeBut(0, {});
    const auto some = AlikeBut(0, {1, 1, 1, 1, 1, 1, 1, 1});
    const auto worse = CompareTwo(TwoVariants(bricked, none, some, "1"));
    EXPECT_NEAR(worse.difference.pValue, 2.0 / 256, 1e-12); // 8 of 8 one way
    EXPECT_EQ(worse.difference.estimate, 0);
    EXPECT_EQ(worse.verdict, CompareVerdict::WORSE) << worse.sentence;
    EXPECT_FALSE(IsShownNoWorse(worse));
    EXPECT_NE(worse.sentence.find("more in the mean, equal in the typical pair"), std::string::npos)
        << worse.sentence;
    EXPECT_EQ(CompareTwo(TwoVariants(bricked, some, none, "1")).verdict, CompareVerdict::BETTER);
}

TEST(Comparison, RareDisastersAreNotTheSame)
{
    // Mean 81.4 against 10: no test finds two runs of 28, and no interval of ranks sees them.
    const auto row = CompareTwo(
        TwoVariants("harmed_before_abort", AlikeBut(10, {}), AlikeBut(10, {1010, 1010}), "1"));
    EXPECT_EQ(row.verdict, CompareVerdict::UNCLEAR) << row.sentence;
    EXPECT_FALSE(row.isBelowWorth);
    EXPECT_FALSE(IsShownNoWorse(row));
}

TEST(Comparison, RanksAndMeanThatDisagreeAreDifferent)
{
    // A little less in 26 runs, a hundred times more in two.
    std::vector<std::optional<double>> less;
    for (int i = 0; i < 26; ++i)
    {
        less.emplace_back(99 - 0.01 * i);
    }
    less.insert(less.end(), {10000, 10000});
    const auto row = CompareTwo(TwoVariants("harmed_before_abort", AlikeBut(100, {}), less, "1"));
    EXPECT_LT(row.difference.pValue, 0.05);
    EXPECT_GT(row.difference.mean, 0);
    EXPECT_EQ(row.verdict, CompareVerdict::DIFFERENT) << row.sentence;
}

TEST(Comparison, IntervalIsThatOfTheLevel)
{
    CompareOptions options;
    options.metrics = {TIME};
    options.level = 0.01;
    const auto groups =
        TwoVariants(TIME, {36000, 37000, 38000, 36500}, {28800, 29900, 30700, 29300});
    const std::string sentence = CompareGroups(groups, options).rows.at(0).sentence;
    EXPECT_NE(sentence.find("(99 % interval "), std::string::npos) << sentence;
}

TEST(Comparison, MoreIsBetterOfWhatIsGood)
{
    const auto shares = CompareTwo(TwoVariants("telemetry_delivered_share",
                                               {0.5, 0.51, 0.49, 0.5},
                                               {0.9, 0.91, 0.9, 0.89},
                                               "1"));
    EXPECT_EQ(shares.verdict, CompareVerdict::BETTER);
    // 2 asin sqrt 0.9 - 2 asin sqrt 0.5 (Cohen 1988, table 6.2.2: 2.498 and 1.571).
    EXPECT_NEAR(*shares.cohenH, 2.498 - 1.571, 1e-3);
    EXPECT_NE(shares.sentence.find("40 points more"), std::string::npos) << shares.sentence;
    const auto neutral = CompareTwo(TwoVariants("events", {5, 6, 5, 6}, {15, 16, 15.5, 16}, "1"));
    EXPECT_EQ(neutral.verdict, CompareVerdict::DIFFERENT);
}

/// A database of runs: variant, seed, redundancy in the scenario, value.
class ComparisonDatabaseTest : public test::FolderTest
{
  protected:
    void SetUp() override
    {
        m_database = std::make_unique<ResultsDatabase>(m_folder / "a.db");
    }

    void TearDown() override
    {
        m_database.reset();
    }

    void Add(const std::string& variant,
             uint64_t seed,
             const std::string& redundancy,
             std::optional<double> value,
             const std::string& status = "ok",
             const std::string& more = "")
    {
        RunRow run;
        run.variant = variant;
        run.seed = seed;
        run.scenarioJson = R"({"distribution": {"redundancy": )" + redundancy + more + "}}";
        const int64_t runId = m_database->AddRun(run);
        m_database->Add(MetricRow{runId, TIME, value, "s"});
        RunEnd end;
        end.status = status;
        m_database->FinishRun(runId, end);
    }

    ResultsReader Read()
    {
        m_database->Commit();
        return ResultsReader(m_folder / "a.db");
    }

    std::unique_ptr<ResultsDatabase> m_database;
    int64_t m_runs{0};
};

TEST_F(ComparisonDatabaseTest, PairsBySeedAndLeavesFailuresOut)
{
    for (uint64_t seed = 1; seed <= 4; ++seed)
    {
        const double luck = static_cast<double>(seed) * 1e4;
        Add("slow", seed, "0.1", luck + 5000 + static_cast<double>(seed));
        Add("fast", seed, "0.3", luck);
    }
    Add("fast", 9, "0.3", 1.0);            // no partner
    Add("slow", 10, "0.1", 1.0, "failed"); // no result
    const Comparison comparison = Compare(Read(), {});
    EXPECT_EQ(comparison.baseline, "slow");
    ASSERT_EQ(comparison.rows.size(), 1U);
    EXPECT_EQ(comparison.rows[0].difference.pairs, 4U);
    EXPECT_NEAR(comparison.rows[0].difference.mean, -5002.5, 1e-9);
    EXPECT_EQ(comparison.rows[0].verdict, CompareVerdict::BETTER);
    EXPECT_EQ(comparison.unpaired, 1U);
    EXPECT_EQ(comparison.runsLeftOut, 1U);
    const auto json = nlohmann::json::parse(ComparisonJson(comparison));
    EXPECT_EQ(json["comparisons"][0]["verdict"], "better");
    EXPECT_NEAR(json["comparisons"][0]["difference"].get<double>(), -5002.5, 1e-9);
    EXPECT_NE(ComparisonText(comparison).find("fast is faster"), std::string::npos);
}

TEST_F(ComparisonDatabaseTest, GroupsByAValueOfTheScenario)
{
    for (uint64_t seed = 1; seed <= 3; ++seed)
    {
        for (const std::string variant : {"b", "c"})
        {
            const double luck = static_cast<double>(seed) * 1e4;
            Add(variant, seed, "0.1", luck + static_cast<double>(seed));
            Add(variant, seed, "0.3", luck - 3000);
        }
    }
    CompareOptions options;
    options.by = "/distribution/redundancy";
    options.baseline = "/distribution/redundancy=0.3";
    const Comparison comparison = Compare(Read(), options);
    ASSERT_EQ(comparison.groups, (std::vector<std::string>{"/distribution/redundancy=0.1"}));
    EXPECT_EQ(comparison.rows.at(0).difference.pairs, 6U) << "each variant with itself";
    EXPECT_EQ(comparison.rows.at(0).verdict, CompareVerdict::WORSE);
}

TEST_F(ComparisonDatabaseTest, PairsStrategiesOfACampaignAcrossItsGrid)
{
    // A campaign's label names the grid's value, too: it must not keep runs from being pairs.
    for (uint64_t seed = 1; seed <= 3; ++seed)
    {
        for (const std::string value : {"0.1", "0.3"})
        {
            for (const std::string variant : {"b", "c"})
            {
                Add(variant + ", redundancy=" + value,
                    seed,
                    value,
                    static_cast<double>(seed) * 1e4 + (value == "0.1" ? 3000 : 0));
                m_database->Add(RunParameterRow{++m_runs, "/distribution/redundancy", value});
            }
        }
    }
    CompareOptions options;
    options.by = "/distribution/redundancy";
    const Comparison comparison = Compare(Read(), options);
    ASSERT_EQ(comparison.rows.size(), 1U);
    EXPECT_EQ(comparison.rows[0].difference.pairs, 6U) << "each strategy with itself";
    EXPECT_NEAR(comparison.rows[0].difference.mean, -3000, 1e-9);
}

TEST_F(ComparisonDatabaseTest, PairsVariantsThatSetTheValueThemselves)
{
    // Two classes, each with two redundancies, as four variants: only the redundancy differs in a
    // pair, which costs 3000 s in class C and 5000 s in class B. A fifth has no partner.
    for (uint64_t seed = 1; seed <= 3; ++seed)
    {
        const double luck = static_cast<double>(seed) * 1e4;
        Add("c", seed, "0.1", luck);
        Add("c, redundant", seed, "0.3", luck + 3000);
        Add("b", seed, "0.1", luck, "ok", R"(, "class": "B")");
        Add("robust", seed, "0.3", luck + 5000, "ok", R"(, "class": "B")");
        Add("alone", seed, "0.3", luck, "ok", R"(, "class": "B", "data_rate": 3)");
    }
    CompareOptions options;
    options.by = "/distribution/redundancy";
    const Comparison comparison = Compare(Read(), options);
    ASSERT_EQ(comparison.rows.size(), 1U);
    EXPECT_EQ(comparison.rows[0].difference.pairs, 6U);
    EXPECT_NEAR(comparison.rows[0].difference.mean, 4000, 1e-9);
    EXPECT_EQ(comparison.unpaired, 3U);
}

TEST_F(ComparisonDatabaseTest, ShowsMeansWhereNothingIsAPair)
{
    for (uint64_t seed = 1; seed <= 2; ++seed)
    {
        Add("a", seed, "0.1", 100.0, "ok", R"(, "class": "C")");
        Add("b", seed, "0.1", 100.0, "ok", R"(, "class": "B")");
        Add("x", seed, "0.3", 300.0, "ok", R"(, "class": "A")");
    }
    CompareOptions options;
    options.by = "/distribution/redundancy";
    const Comparison comparison = Compare(Read(), options);
    ASSERT_EQ(comparison.rows.size(), 1U);
    EXPECT_EQ(comparison.rows[0].baselineValue.mean, 100.0);
    EXPECT_EQ(comparison.rows[0].value.mean, 300.0);
    EXPECT_EQ(comparison.rows[0].verdict, CompareVerdict::NO_PAIRS);
    EXPECT_EQ(ComparisonText(comparison).find("never"), std::string::npos);
    EXPECT_NE(ComparisonText(comparison).find("differs in /distribution/redundancy only"),
              std::string::npos);
}

TEST_F(ComparisonDatabaseTest, SaysThatAGridIsComparedWithOneOfItsCells)
{
    for (const std::string value : {"0.1", "0.3"})
    {
        Add("redundancy=" + value, 1, value, 1.0);
        m_database->Add(RunParameterRow{++m_runs, "/distribution/redundancy", value});
    }
    const ResultsReader reader = Read();
    EXPECT_TRUE(ComparisonText(Compare(reader, {}))
                    .starts_with("compared with redundancy=0.1, the first of 2 combinations of a "
                                 "grid (--baseline takes another; --by POINTER compares by one "
                                 "parameter, within the others: /distribution/redundancy):\n"));
    CompareOptions options;
    options.by = "/distribution/redundancy";
    EXPECT_TRUE(ComparisonText(Compare(reader, options))
                    .starts_with("compared with /distribution/redundancy=0.1:\n"));
}

TEST_F(ComparisonDatabaseTest, RefusesWhatItCannotCompare)
{
    Add("only", 1, "0.1", 1.0);
    Add("only", 1, "0.1", 2.0);
    Add("other", 1, "0.1", 2.0);
    const ResultsReader reader = Read();
    EXPECT_THROW(Compare(reader, {}), InputError) << "two runs with the same seed and number";
    CompareOptions options;
    options.by = "distribution";
    EXPECT_THROW(Compare(reader, options), InputError) << "no JSON pointer";
}

TEST_F(ComparisonDatabaseTest, NamesWhatMayBeAskedFor)
{
    Add("x", 1, "0.1", 1.0);
    Add("y", 1, "0.1", 2.0);
    const ResultsReader reader = Read();
    CompareOptions options;
    options.baseline = "z";
    try
    {
        Compare(reader, options);
        FAIL() << "there is no variant z";
    }
    catch (const InputError& error)
    {
        EXPECT_STREQ(error.what(), "--baseline: found \"z\", expected one of \"x\", \"y\"");
    }
    options = {};
    options.metrics = {"time_to_95"};
    EXPECT_THROW(Compare(reader, options), InputError);
    options.metrics = {};
    options.by = "/distribution/redundancy";
    EXPECT_THROW(Compare(reader, options), InputError) << "one group only";
}

} // namespace
