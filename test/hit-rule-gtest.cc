// SPDX-License-Identifier: GPL-2.0-only

// Whom faults hit: expected values are the binomial's and the beta-binomial's moments.

#include "model/lifecycle/hit-rule.h"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <map>
#include <stdexcept>

namespace
{

using namespace ns3;
using namespace ns3::iotfleet;

/// A fleet of `sites` sites with `perSite` devices each; hardware a and b alternate.
Ptr<Fleet>
MakeFleet(uint32_t sites, uint32_t perSite)
{
    const auto fleet = CreateObject<Fleet>();
    fleet->AddProfile(*FindBuiltInProfile("stm32wl55"));
    fleet->AddGroup("meter");
    fleet->AddHardware("a");
    fleet->AddHardware("b");
    for (uint32_t s = 0; s < sites; ++s)
    {
        const auto site = fleet->AddSite("site-" + std::to_string(s));
        for (uint32_t i = 0; i < perSite; ++i)
        {
            DeviceSeed seed;
            seed.site = site;
            seed.hardware = i % 2;
            seed.x = static_cast<float>(10 * i);
            seed.y = static_cast<float>(1000 * s);
            fleet->Add(seed);
        }
    }
    return fleet;
}

/// Devices hit, by site.
std::vector<double>
HitsBySite(const Fleet& fleet, const HitRule& rule, uint32_t sites)
{
    std::vector<double> hits(sites, 0);
    for (const auto d : rule.All())
    {
        ++hits[fleet.SiteIndex(d)];
    }
    return hits;
}

struct Moments
{
    double mean;
    double variance; ///< about the known mean
};

Moments
MomentsOf(const std::vector<double>& values, double knownMean)
{
    double sum = 0;
    double squares = 0;
    for (const double v : values)
    {
        sum += v;
        squares += (v - knownMean) * (v - knownMean);
    }
    const auto n = static_cast<double>(values.size());
    return {sum / n, squares / n};
}

TEST(HitRule, FiltersAreTakenTogether)
{
    const auto fleet = MakeFleet(3, 10);
    HitConfig config;
    config.site = "site-1";
    config.hardware = "b";
    EXPECT_EQ(HitRule(*fleet, config, {1, 1}, 0).All(),
              (std::vector<DeviceId>{DeviceId{11},
                                     DeviceId{13},
                                     DeviceId{15},
                                     DeviceId{17},
                                     DeviceId{19}}));
    config.within = HitCircle{0, 1000, 55}; // x = 0 to 50 of site 1
    EXPECT_EQ(HitRule(*fleet, config, {1, 1}, 0).All(),
              (std::vector<DeviceId>{DeviceId{11}, DeviceId{13}, DeviceId{15}}));
    config.devices = {"meter-000014", "meter-000001"};
    EXPECT_EQ(HitRule(*fleet, config, {1, 1}, 0).All(), std::vector<DeviceId>{DeviceId{13}});
    config.profile = "esp32";
    EXPECT_TRUE(HitRule(*fleet, config, {1, 1}, 0).All().empty());
    config.devices = {"meter-000031"};
    EXPECT_THROW(HitRule(*fleet, config, {1, 1}, 0), std::invalid_argument);
}

TEST(HitRule, AnswersDependOnNothingButDeviceAndFault)
{
    const auto fleet = MakeFleet(4, 50);
    HitConfig config;
    config.share = 0.5;
    const auto all = HitRule(*fleet, config, {1, 1}, 3).All();
    EXPECT_EQ(HitRule(*fleet, config, {1, 1}, 3).All(), all);
    EXPECT_NE(HitRule(*fleet, config, {1, 1}, 4).All(), all);
    EXPECT_NE(HitRule(*fleet, config, {1, 2}, 3).All(), all);
    // A filter takes devices away and moves nobody else's luck.
    config.hardware = "a";
    for (const auto d : HitRule(*fleet, config, {1, 1}, 3).All())
    {
        EXPECT_TRUE(std::ranges::binary_search(all, d));
    }
}

// Var X = n p (1 - p) (1 + (n - 1) r) with n = 20, p = 0.3. The relative standard error of a
// variance from 4,000 sites is at most sqrt((kurtosis - 1) / 4000) < 0.03 for these shapes, so that
// 12 % is 4 of them: together the three cases fail by chance once in some 10^4 seeds.
TEST(HitRule, ClustersVaryAsTheBetaBinomial)
{
    constexpr uint32_t SITES = 4000;
    constexpr uint32_t PER_SITE = 20;
    const auto fleet = MakeFleet(SITES, PER_SITE);
    for (const double correlation : {0.0, 0.05, 0.4, 1.0})
    {
        HitConfig config;
        config.share = 0.3;
        config.cluster = Cluster::SITE;
        config.correlation = correlation;
        const HitRule rule(*fleet, config, {7, 1}, 0);
        const double mean = PER_SITE * 0.3;
        const double variance = mean * 0.7 * (1 + (PER_SITE - 1) * correlation);
        const auto found = MomentsOf(HitsBySite(*fleet, rule, SITES), mean);
        EXPECT_NEAR(found.variance / variance, 1, 0.12) << "correlation " << correlation;
        // The mean over sites has standard deviation sqrt(variance / SITES): 4.5 of them.
        EXPECT_NEAR(found.mean, mean, 4.5 * std::sqrt(variance / SITES));
    }
}

TEST(HitRule, FullCorrelationIsAllOrNothing)
{
    const auto fleet = MakeFleet(200, 6);
    HitConfig config;
    config.share = 0.5;
    config.cluster = Cluster::SITE;
    config.correlation = 1;
    for (const double hits : HitsBySite(*fleet, HitRule(*fleet, config, {1, 1}, 0), 200))
    {
        EXPECT_TRUE(hits == 0 || hits == 6) << hits;
    }
}

TEST(HitRule, ExtremeSharesAndCorrelationsStayProbabilities)
{
    const auto fleet = MakeFleet(300, 1);
    for (const double share : {1e-6, 0.001, 0.5, 0.999})
    {
        for (const double correlation : {1e-6, 0.01, 0.5, 0.9, 0.998})
        {
            HitConfig config;
            config.share = share;
            config.cluster = Cluster::SITE;
            config.correlation = correlation;
            const HitRule rule(*fleet, config, {1, 1}, 0);
            for (uint32_t i = 0; i < 300; ++i)
            {
                EXPECT_GE(rule.ShareOf(DeviceId{i}), 0);
                EXPECT_LE(rule.ShareOf(DeviceId{i}), 1);
            }
        }
    }
}

} // namespace
