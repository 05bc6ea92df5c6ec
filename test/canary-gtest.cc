// SPDX-License-Identifier: GPL-2.0-only

// Canary arithmetic: with an image that harms each device with a known probability, the number of
// devices harmed before the policy stops offering it has a known law. The rollout's is compared to
// it by thousands of repetitions.

#include "test/rollout-bed.h"

#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/chi_squared.hpp>
#include <numeric>

namespace
{

using namespace ns3;
using namespace ns3::iotfleet;

/// Probability of each number of devices, from 0.
using Law = std::vector<double>;

Law
Binomial(uint32_t devices, double probability)
{
    const boost::math::binomial law(devices, probability);
    Law result;
    for (uint32_t k = 0; k <= devices; ++k)
    {
        result.push_back(pdf(law, k));
    }
    return result;
}

/// Law of the sum of two independent numbers, the first of which is below `limit`: P(x < limit, x +
/// y = s).
Law
SumWhereFirstIsBelow(const Law& first, size_t limit, const Law& second)
{
    Law result(first.size() + second.size() - 1, 0);
    for (size_t x = 0; x < std::min(limit, first.size()); ++x)
    {
        for (size_t y = 0; y < second.size(); ++y)
        {
            result[x + y] += first[x] * second[y];
        }
    }
    return result;
}

/**
 * Asserts that counts follow a law: chi-squared over the numbers, neighbours pooled until five are
 * expected. A right program fails with probability ERROR_PROBABILITY.
 */
void
ExpectLaw(const std::vector<uint32_t>& counts, const Law& law, uint32_t runs)
{
    ASSERT_NEAR(std::accumulate(law.begin(), law.end(), 0.0), 1, 1e-9) << "the law itself";
    double statistic = 0;
    int cells = 0;
    double expected = 0;
    double found = 0;
    double leftExpected = runs;
    for (size_t k = 0; k < law.size(); ++k)
    {
        expected += law[k] * runs;
        leftExpected -= law[k] * runs;
        found += k < counts.size() ? counts[k] : 0;
        const bool isLast = k + 1 == law.size();
        if ((expected >= 5 && leftExpected >= 5) || isLast)
        {
            statistic += (found - expected) * (found - expected) / expected;
            ++cells;
            expected = 0;
            found = 0;
        }
    }
    ASSERT_GT(cells, 3) << "too few cells to tell anything";
    const boost::math::chi_squared distribution(cells - 1);
    EXPECT_LT(statistic, quantile(complement(distribution, ERROR_PROBABILITY)));
}

/// Fleets on which a bad image is tried again and again.
class CanaryTest : public RolloutTest
{
  protected:
    static constexpr uint32_t RUNS = 2000;

    /// What the image does, by probability.
    struct BadImage
    {
        double reported{0}; ///< fails and says so
        double silent{0};   ///< never heard again
    };

    /// Results of RUNS rollouts: how often so many devices were harmed, and were offered the image.
    struct Outcome
    {
        std::vector<uint32_t> harmed;
        std::vector<uint32_t> offered;
    };

    Outcome Repeat(const RolloutConfig& config, uint32_t devices, const BadImage& image)
    {
        Outcome outcome{std::vector<uint32_t>(devices + 1, 0),
                        std::vector<uint32_t>(devices + 1, 0)};
        for (uint32_t run = 1; run <= RUNS; ++run)
        {
            uint32_t harmed = 0;
            uint32_t offered = 0;
            const CounterRandom random(11, run);
            MakeFleet(devices, [&](DeviceId device) {
                ++offered;
                const double u = random.Uniform(Purpose::DEFECT, static_cast<uint32_t>(device));
                if (u >= image.reported + image.silent)
                {
                    return Answer{UpdateBelief::UPDATED, 5};
                }
                ++harmed;
                return u < image.reported ? Answer{UpdateBelief::FAILED, 5}
                                          : Answer{UpdateBelief::UNREPORTED, 8};
            });
            MakeRollout(config, run);
            Run(5 * DAY_S);
            ++outcome.harmed[harmed];
            ++outcome.offered[offered];
            TearDown();
        }
        return outcome;
    }
};

/// A canary that lets go on with at most `failures`, and then everybody, whatever happens.
RolloutConfig
CanaryConfig(uint32_t canary)
{
    auto config = Config({CountWave(canary), ShareWave(1)});
    config.waves[0].successThreshold = 0;
    config.waves[1].successThreshold = 0;
    config.waves[1].errorThreshold = 1;
    return config;
}

/// Law of the devices harmed: the canary's, and the others' if it lets them through.
Law
CanaryLaw(const Law& canary, size_t stopsFrom, const Law& others)
{
    auto law = SumWhereFirstIsBelow(canary, stopsFrom, others);
    for (size_t k = stopsFrom; k < canary.size(); ++k)
    {
        law[k] += canary[k];
    }
    return law;
}

TEST_F(CanaryTest, CountGate)
{
    auto config = CanaryConfig(20);
    config.waves[0].errorCount = 2;
    const double p = 0.12;
    const auto outcome = Repeat(config, 50, {p, 0});
    ExpectLaw(outcome.harmed, CanaryLaw(Binomial(20, p), 3, Binomial(30, p)), RUNS);
}

TEST_F(CanaryTest, PercentageGate)
{
    auto config = CanaryConfig(25);
    config.waves[0].errorThreshold = 0.2; // five of them; six stop
    const double p = 0.2;
    const auto outcome = Repeat(config, 50, {p, 0});
    ExpectLaw(outcome.harmed, CanaryLaw(Binomial(25, p), 6, Binomial(25, p)), RUNS);
}

TEST_F(CanaryTest, SuccessGate)
{
    auto config = CanaryConfig(20);
    config.waves[0].errorThreshold = 1;
    config.waves[0].successThreshold = 0.9; // eighteen of twenty
    const double p = 0.1;
    const auto outcome = Repeat(config, 50, {p, 0});
    ExpectLaw(outcome.harmed, CanaryLaw(Binomial(20, p), 3, Binomial(30, p)), RUNS);
}

TEST_F(CanaryTest, SilentDevicesCountedAsFailures)
{
    auto config = CanaryConfig(20);
    config.waves[0].errorCount = 2;
    const BadImage image{0.06, 0.08};
    const double p = image.reported + image.silent;
    const auto outcome = Repeat(config, 50, image);
    ExpectLaw(outcome.harmed, CanaryLaw(Binomial(20, p), 3, Binomial(30, p)), RUNS);
}

/// Silent devices are harmed but no evidence: r reports of n - s devices that count.
TEST_F(CanaryTest, SilentDevicesIgnored)
{
    constexpr uint32_t CANARY = 20;
    auto config = CanaryConfig(CANARY);
    config.unreported = UnreportedPolicy::IGNORE;
    config.waves[0].errorThreshold = 0.15;
    const BadImage image{0.12, 0.2};
    const double p = image.reported + image.silent;
    const auto others = Binomial(30, p);
    Law law(51, 0);
    for (uint32_t s = 0; s <= CANARY; ++s)
    {
        const double silent = pdf(boost::math::binomial(CANARY, image.silent), s);
        const boost::math::binomial reports(CANARY - s, image.reported / (1 - image.silent));
        for (uint32_t r = 0; r <= CANARY - s; ++r)
        {
            const double both = silent * pdf(reports, r);
            if (r > 0.15 * (CANARY - s) + 1e-9)
            {
                law[r + s] += both;
                continue;
            }
            for (size_t y = 0; y < others.size(); ++y)
            {
                law[r + s + y] += both * others[y];
            }
        }
    }
    const auto outcome = Repeat(config, 50, image);
    ExpectLaw(outcome.harmed, law, RUNS);
}

/// One device after the other until the third failure: a negative binomial, cut off at the end.
TEST_F(CanaryTest, OneByOneUntilTheThirdFailure)
{
    constexpr uint32_t DEVICES = 60;
    constexpr uint32_t STOP = 3;
    const double p = 0.1;
    auto config = Config({ShareWave(1)});
    config.waves[0].errorThreshold = 1;
    config.waves[0].successThreshold = 0;
    config.dispatch.pace.concurrent = 1;
    StopRuleConfig rule;
    rule.countOf = "failed";
    rule.count = STOP;
    config.stopRules = {rule};
    const auto outcome = Repeat(config, DEVICES, {p, 0});

    Law offered(DEVICES + 1, 0);
    for (uint32_t m = STOP; m < DEVICES; ++m)
    {
        // The m-th device is the third to fail.
        offered[m] = p * pdf(boost::math::binomial(m - 1, p), STOP - 1);
    }
    offered[DEVICES] = cdf(boost::math::binomial(DEVICES - 1, p), STOP - 1);
    ExpectLaw(outcome.offered, offered, RUNS);
    for (size_t harmed = STOP + 1; harmed < outcome.harmed.size(); ++harmed)
    {
        EXPECT_EQ(outcome.harmed[harmed], 0) << "three are enough";
    }
}

/// Law of the devices harmed when batches follow each other and `stops` is asked after each.
template <class Stops>
Law
BatchLaw(const std::vector<uint32_t>& batches, double p, const Stops& stops)
{
    uint32_t finished = 0;
    Law going{1};
    Law law(std::accumulate(batches.begin(), batches.end(), 1U), 0);
    for (const auto batch : batches)
    {
        finished += batch;
        going = SumWhereFirstIsBelow(going, going.size(), Binomial(batch, p));
        for (uint32_t harmed = 0; harmed < going.size(); ++harmed)
        {
            if (stops(harmed, finished))
            {
                law[harmed] += std::exchange(going[harmed], 0);
            }
        }
    }
    for (size_t harmed = 0; harmed < going.size(); ++harmed)
    {
        law[harmed] += going[harmed];
    }
    return law;
}

/// AWS IoT Jobs: an exponential ramp, and an abort from 20 % failures on once ten have finished.
TEST_F(CanaryTest, ExponentialRampWithAShareOfTheFinished)
{
    auto config = Config({ShareWave(1)});
    config.waves[0].errorThreshold = 1;
    config.waves[0].successThreshold = 0;
    auto& pace = config.dispatch.pace;
    pace.rate = 4;
    pace.factor = 2;
    pace.increaseEvery = 4;
    pace.maximum = 16;
    StopRuleConfig rule;
    rule.countOf = "all";
    rule.share = 0.2;
    rule.minimum = 10;
    config.stopRules = {rule};
    const BadImage image{0.08, 0.07};
    const auto outcome = Repeat(config, 60, image);
    // Rates by devices offered before: 4 at 0, 8 at 4, then 16.
    const auto law = BatchLaw({4, 8, 16, 16, 16},
                              image.reported + image.silent,
                              [](uint32_t harmed, uint32_t finished) {
                                  return finished >= 10 && harmed >= 0.2 * finished - 1e-9;
                              });
    ExpectLaw(outcome.harmed, law, RUNS);
}

TEST_F(CanaryTest, OneByOneWithAShareOfTheFinished)
{
    constexpr uint32_t DEVICES = 40;
    auto config = Config({ShareWave(1)});
    config.waves[0].errorThreshold = 1;
    config.waves[0].successThreshold = 0;
    config.dispatch.pace.concurrent = 1;
    StopRuleConfig rule;
    rule.countOf = "all";
    rule.share = 0.25;
    rule.minimum = 8;
    config.stopRules = {rule};
    const BadImage image{0.1, 0.05};
    const auto outcome = Repeat(config, DEVICES, image);
    const auto law = BatchLaw(std::vector<uint32_t>(DEVICES, 1),
                              image.reported + image.silent,
                              [](uint32_t harmed, uint32_t finished) {
                                  return finished >= 8 && harmed >= 0.25 * finished - 1e-9;
                              });
    ExpectLaw(outcome.harmed, law, RUNS);
}

} // namespace
