// SPDX-License-Identifier: GPL-2.0-only

// Whom waves take and when they start: filters, waves by key, waits, late devices; and going back.

#include "test/rollout-bed.h"

namespace
{

using namespace ns3;
using namespace ns3::iotfleet;

constexpr ImageId OLD{0};
constexpr ImageId AGAIN{2}; ///< the old image in its new manifest

/// Sixty devices at three sites; the first twenty have hardware "b".
class WavesTest : public RolloutTest
{
  protected:
    static constexpr uint32_t DEVICES = 60;

    void MakeSites(ScriptedDistributor::Script script = Updates)
    {
        MakeFleet(DEVICES, std::move(script));
        m_inventory.names.sites = {"north", "south", "west"};
        m_inventory.names.hardware = {"a", "b"};
        m_inventory.names.firmware = {"1.0.0", "1.1.0", "1.0.0+rollback"};
        for (uint32_t i = 0; i < DEVICES; ++i)
        {
            m_inventory.site.push_back(static_cast<uint16_t>(i % 3));
            m_inventory.hardware.push_back(i < 20 ? 1 : 0);
            m_registry.SetFirmware(DeviceId{i}, OLD);
        }
    }

    void MakeSiteRollout(const RolloutConfig& config)
    {
        MakeRollout(config);
        m_rollout->SetInventory(m_inventory);
        m_rollout->SetRollBackImage(AGAIN);
    }

    InventoryColumns m_inventory;
};

WaveConfig
SiteWave(const std::string& site)
{
    WaveConfig wave;
    wave.filter.sites = {site};
    return wave;
}

TEST_F(WavesTest, AFilteredWaveTakesWhoMatches)
{
    MakeSites();
    auto canary = SiteWave("south");
    canary.share = 0.25;
    auto config = Config({canary, SiteWave("south"), ShareWave(1)});
    MakeSiteRollout(config);
    Run();
    ASSERT_EQ(m_rollout->Waves().size(), 3);
    EXPECT_EQ(Wave(1).counts.targeted, 5) << "a quarter of the site's twenty";
    EXPECT_EQ(Wave(2).counts.targeted, 15);
    EXPECT_EQ(Wave(3).counts.targeted, 40);
    for (const auto device : m_distributor->m_offers[0])
    {
        EXPECT_EQ(Index(device) % 3, 1);
    }
}

TEST_F(WavesTest, AShareMayBeOfThoseThatAreLeft)
{
    MakeSites();
    auto half = ShareWave(0.5);
    half.shareOf = ShareOf::LEFT;
    MakeSiteRollout(Config({half, half, ShareWave(1)}));
    Run();
    EXPECT_EQ(Wave(1).counts.targeted, 30);
    EXPECT_EQ(Wave(2).counts.targeted, 15) << "half of thirty";
    EXPECT_EQ(Wave(3).counts.targeted, 15);
}

TEST_F(WavesTest, ACumulativeShareCountsWhatIsTaken)
{
    MakeSites();
    auto half = ShareWave(0.5);
    half.shareOf = ShareOf::CUMULATIVE;
    auto most = ShareWave(0.75);
    most.shareOf = ShareOf::CUMULATIVE;
    MakeSiteRollout(Config({CountWave(6), half, half, most, ShareWave(1)}));
    Run();
    ASSERT_EQ(m_rollout->Waves().size(), 5);
    EXPECT_EQ(Wave(2).counts.targeted, 24) << "half of sixty, less the first six";
    EXPECT_EQ(Wave(3).counts.targeted, 0) << "reached already";
    EXPECT_EQ(Wave(3).reason, "earlier waves have taken its share");
    EXPECT_EQ(Wave(4).counts.targeted, 15);
    EXPECT_EQ(Wave(5).counts.targeted, 15);
}

TEST_F(WavesTest, OneWaveForEachSite)
{
    MakeSites();
    WaveConfig each;
    each.name = "site";
    each.forEach = "site";
    MakeSiteRollout(Config({CountWave(3), each}));
    Run();
    ASSERT_EQ(m_rollout->Waves().size(), 4);
    EXPECT_EQ(Wave(2).name, "site-north");
    EXPECT_EQ(Wave(4).name, "site-west");
    EXPECT_EQ(Wave(2).counts.targeted + Wave(3).counts.targeted + Wave(4).counts.targeted, 57);
    for (size_t wave = 1; wave < 4; ++wave)
    {
        for (const auto device : m_distributor->m_offers[wave])
        {
            EXPECT_EQ(Index(device) % 3, wave - 1);
        }
    }
}

TEST_F(WavesTest, AWaveThatFindsNobodyIsSkipped)
{
    MakeSites();
    WaveConfig nobody;
    nobody.filter.hardware = {"c"};
    MakeSiteRollout(Config({nobody, ShareWave(1)}));
    Run();
    ASSERT_EQ(m_rollout->Waves().size(), 2);
    EXPECT_EQ(Wave(1).decision, WaveDecision::ADVANCE);
    EXPECT_EQ(Wave(1).reason, "no device to take matches");
    EXPECT_EQ(Wave(2).counts.targeted, DEVICES);
}

TEST_F(WavesTest, GatesKeepDevicesOut)
{
    MakeSites();
    for (uint32_t i = 0; i < DEVICES; ++i)
    {
        m_inventory.batteryLevel.push_back(i < 10 ? 0.2F : 0.9F);
    }
    auto config = Config({ShareWave(1)});
    config.gates.battery = 0.5;
    MakeSiteRollout(config);
    Run();
    EXPECT_EQ(Wave(1).counts.targeted, 50);
    EXPECT_NE(Wave(1).reason.find("10 held back by the gates"), std::string::npos);
    EXPECT_FALSE(m_rollout->WaveOf(DeviceId{3}));
}

// What a device reported (DevStatusAns) counts for more than the inventory.
TEST_F(WavesTest, GatesGoByReportsOfTheBattery)
{
    MakeSites();
    for (uint32_t i = 0; i < DEVICES; ++i)
    {
        m_inventory.batteryLevel.push_back(i < 10 ? 0.2F : 0.9F);
    }
    for (uint32_t i = 5; i < 25; ++i)
    {
        m_registry.SetBattery(DeviceId{i}, i < 10 ? BATTERY_FULL : BATTERY_EMPTY);
    }
    m_registry.SetBattery(DeviceId{0}, BATTERY_EXTERNAL);
    m_registry.SetBattery(DeviceId{1}, BATTERY_UNKNOWN);
    auto config = Config({ShareWave(1)});
    config.gates.battery = 0.5;
    MakeSiteRollout(config);
    Run();
    // Out: 1 to 4 by the inventory, 10 to 24 by their reports.
    EXPECT_EQ(Wave(1).counts.targeted, DEVICES - 4 - 15);
    EXPECT_TRUE(m_rollout->WaveOf(DeviceId{0}));
    EXPECT_FALSE(m_rollout->WaveOf(DeviceId{1}));
    EXPECT_TRUE(m_rollout->WaveOf(DeviceId{5}));
    EXPECT_FALSE(m_rollout->WaveOf(DeviceId{10}));
}

TEST_F(WavesTest, MainsOnlyIsAGateToo)
{
    MakeSites();
    m_inventory.mainsProfile = {false, true};
    for (uint32_t i = 0; i < DEVICES; ++i)
    {
        m_inventory.profile.push_back(i % 4 == 0 ? 1 : 0);
    }
    auto config = Config({ShareWave(1)});
    config.gates.power = "mains";
    MakeSiteRollout(config);
    Run();
    EXPECT_EQ(Wave(1).counts.targeted, 15);
}

TEST_F(WavesTest, NotBeforeItsTime)
{
    MakeSites();
    auto config = Config({CountWave(10), ShareWave(1)});
    config.waves[1].notBeforeS = 3 * DAY_S;
    MakeSiteRollout(config);
    Run();
    EXPECT_GE(Wave(2).started, ToTicks(3 * DAY_S));
    EXPECT_LE(Wave(2).started, ToTicks(3 * DAY_S + 10));
}

TEST_F(WavesTest, AWaveWaitsForOtherDevicesToRunAVersion)
{
    MakeSites();
    auto config = Config({ShareWave(1)});
    WaitConfig wait;
    wait.where.sites = {"north"};
    wait.version = "1.0.0+rollback";
    wait.share = 0.5;
    config.waves[0].waitFor = {wait};
    MakeSiteRollout(config);
    for (uint32_t k = 0; k < 10; ++k) // one more of the north's twenty an hour
    {
        Simulator::Schedule(Seconds((k + 1) * HOUR_S),
                            [this, k] { m_registry.SetFirmware(DeviceId{3 * k}, AGAIN); });
    }
    Run();
    EXPECT_GE(Wave(1).started, ToTicks(10 * HOUR_S));
    EXPECT_LE(Wave(1).started, ToTicks(10 * HOUR_S + 10));
    EXPECT_NE(Wave(1).reason.find("for 50 % of 20 devices to run 1.0.0+rollback (9 do)"),
              std::string::npos)
        << Wave(1).reason;
}

TEST_F(WavesTest, ThresholdsMayBeCounts)
{
    MakeSites([](DeviceId device) {
        return Answer{Index(device) < 7 ? UpdateBelief::FAILED : UpdateBelief::UPDATED, 60};
    });
    auto config = Config({ShareWave(1)});
    config.waves[0].errorCount = 7;
    config.waves[0].successCount = 53;
    MakeSiteRollout(config);
    Run();
    EXPECT_EQ(Wave(1).decision, WaveDecision::FINISH);
    EXPECT_EQ(Wave(1).reason, "53 of 60 devices succeeded (88.3 %), at least 53");
}

TEST_F(WavesTest, OneFailureMoreThanTheCountStops)
{
    MakeSites([](DeviceId device) {
        return Answer{Index(device) < 7 ? UpdateBelief::FAILED : UpdateBelief::UPDATED, 60};
    });
    auto config = Config({ShareWave(1)});
    config.waves[0].errorCount = 6;
    MakeSiteRollout(config);
    Run();
    EXPECT_EQ(Wave(1).decision, WaveDecision::ABORT);
    EXPECT_EQ(Wave(1).reason, "7 of 60 devices failed (11.7 %), more than 6");
}

TEST_F(WavesTest, WhatIsUnderWayMayGoOnAtTheTimeOut)
{
    MakeSites([](DeviceId) { return Answer{UpdateBelief::UPDATED, 5 * HOUR_S}; });
    auto config = Config({CountWave(10), ShareWave(1)});
    config.unreported = UnreportedPolicy::IGNORE;
    config.waves[0].successThreshold = 0;
    config.waves[0].timeoutS = HOUR_S;
    config.waves[0].stopAtTimeout = false;
    MakeSiteRollout(config);
    Run();
    EXPECT_EQ(Wave(2).started, ToTicks(100 + HOUR_S));
    EXPECT_EQ(m_distributor->m_stops, 0);
    EXPECT_EQ(m_registry.Count(UpdateBelief::UPDATED), DEVICES);
}

TEST_F(WavesTest, LateDevicesMakeUpDynamicWaves)
{
    MakeSites();
    for (uint32_t i = 30; i < DEVICES; ++i)
    {
        m_registry.SetEnrolled(DeviceId{i}, false);
        // One an hour from the second day on.
        Simulator::Schedule(Seconds(DAY_S + (i - 29) * HOUR_S),
                            [this, i] { m_registry.SetEnrolled(DeviceId{i}, true); });
    }
    auto config = Config({ShareWave(1)});
    config.dynamic = {true, 8, 6 * HOUR_S, 5 * DAY_S};
    MakeSiteRollout(config);
    Run();
    // Six hours after its first device came a wave has seven: 1 to 7, 8 to 14, ..., 29 and 30.
    ASSERT_EQ(m_rollout->Waves().size(), 6);
    EXPECT_EQ(Wave(1).counts.targeted, 30);
    for (size_t wave = 2; wave <= 5; ++wave)
    {
        EXPECT_EQ(Wave(wave).counts.targeted, 7) << wave;
    }
    EXPECT_EQ(Wave(6).counts.targeted, 2);
    EXPECT_EQ(m_registry.Count(UpdateBelief::UPDATED), DEVICES);
    EXPECT_GE(m_rollout->EndedAt(), ToTicks(5 * DAY_S));
}

TEST_F(WavesTest, ADynamicWaveStartsWhenItIsFull)
{
    MakeSites();
    for (uint32_t i = 30; i < DEVICES; ++i)
    {
        m_registry.SetEnrolled(DeviceId{i}, false);
        Simulator::Schedule(Seconds(DAY_S + (i - 29) * HOUR_S),
                            [this, i] { m_registry.SetEnrolled(DeviceId{i}, true); });
    }
    auto config = Config({ShareWave(1)});
    config.dynamic = {true, 15, 0, 0};
    MakeSiteRollout(config);
    Run();
    ASSERT_EQ(m_rollout->Waves().size(), 3);
    EXPECT_EQ(Wave(2).counts.targeted, 15);
    EXPECT_EQ(Wave(3).counts.targeted, 15);
    EXPECT_FALSE(m_rollout->EndedAt()) << "more may come";
}

/// Of sixty devices the last thirty come late, ten of each site.
TEST_F(WavesTest, DynamicWavesKeepToTheFilters)
{
    MakeSites();
    for (uint32_t i = 30; i < DEVICES; ++i)
    {
        m_registry.SetEnrolled(DeviceId{i}, false);
        Simulator::Schedule(Seconds(DAY_S + (i - 29) * HOUR_S),
                            [this, i] { m_registry.SetEnrolled(DeviceId{i}, true); });
    }
    auto some = SiteWave("north");
    some.count = 5;
    auto config = Config({some, SiteWave("south")});
    config.dynamic = {true, 1, 0, 4 * DAY_S};
    MakeSiteRollout(config);
    Simulator::Schedule(Seconds(DAY_S), [this] {
        EXPECT_EQ(m_rollout->Waves().size(), 2) << "nobody has come late yet";
        EXPECT_EQ(m_rollout->Targeted().size(), 15);
    });
    Run();
    uint32_t early = 0;
    uint32_t late = 0;
    for (const auto& offer : m_distributor->m_offers)
    {
        for (const auto device : offer)
        {
            EXPECT_NE(Index(device) % 3, 2) << "no wave is for the west";
            (Index(device) < 30 ? early : late) += 1;
        }
    }
    EXPECT_EQ(early, 5 + 10) << "five of the north were left out, and stay so";
    EXPECT_EQ(late, 10 + 10);
    EXPECT_EQ(m_rollout->Targeted().size(), 35);
}

/// One filter of all waves matches nobody at first.
TEST_F(WavesTest, ADynamicWaveFollowsWavesThatFoundNobody)
{
    MakeSites();
    for (uint32_t i = 0; i < DEVICES; i += 3)
    {
        m_registry.SetEnrolled(DeviceId{i}, false);
        Simulator::Schedule(Seconds(DAY_S),
                            [this, i] { m_registry.SetEnrolled(DeviceId{i}, true); });
    }
    auto config = Config({SiteWave("north")});
    config.dynamic = {true, 20, 0, 2 * DAY_S};
    MakeSiteRollout(config);
    Run();
    ASSERT_EQ(m_rollout->Waves().size(), 2);
    EXPECT_EQ(Wave(1).counts.targeted, 0);
    EXPECT_EQ(Wave(2).counts.targeted, 20);
}

TEST_F(WavesTest, RollsBackWhoMayRunTheImage)
{
    // Of a wave of thirty, ten update, ten fail, ten stay silent; those who may run it go back.
    uint32_t count = 0;
    MakeSites([this, &count](DeviceId) {
        if (m_distributor->m_images.back() == AGAIN)
        {
            return Answer{};
        }
        const auto k = count++ % 3;
        return k == 0   ? Answer{UpdateBelief::UPDATED, 60}
               : k == 1 ? Answer{UpdateBelief::FAILED, 120}
                        : Answer{UpdateBelief::UNREPORTED, 180};
    });
    auto config = Config({CountWave(30), ShareWave(1)});
    config.onError = ErrorAction::ROLL_BACK;
    config.waves[0].errorThreshold = 0.5;
    MakeSiteRollout(config);
    Run();
    ASSERT_EQ(m_rollout->Waves().size(), 2);
    EXPECT_EQ(Wave(1).decision, WaveDecision::ROLL_BACK);
    EXPECT_EQ(Wave(2).name, "roll-back");
    EXPECT_EQ(Wave(2).counts.targeted, 20) << "ten run it, ten may";
    EXPECT_EQ(m_distributor->m_images, (std::vector<ImageId>{TARGET, AGAIN}));
    EXPECT_EQ(Wave(2).decision, WaveDecision::FINISH);
    EXPECT_EQ(Wave(2).reason, "20 of 20 devices went back, 0 failed, 0 did not report");
    EXPECT_EQ(m_registry.Count(UpdateBelief::UPDATED), 0) << "nobody runs the new image";
    EXPECT_EQ(m_registry.Count(UpdateBelief::FAILED), 10);
    EXPECT_EQ(m_rollout->EndedAt(), *Wave(2).ended);
}

/// It had lacked fragments, says the operator's book; then it reports the image after all.
TEST_F(WavesTest, AFailedDeviceThatReportsTheImageGoesBackToo)
{
    constexpr DeviceId LATE{4};
    MakeSites([this](DeviceId device) {
        const bool fails = m_distributor->m_images.back() == TARGET && Index(device) % 2 == 0;
        return fails ? Answer{UpdateBelief::FAILED, 60} : Answer{UpdateBelief::UPDATED, HOUR_S};
    });
    auto config = Config({ShareWave(1)});
    config.waves[0].errorThreshold = 1;
    config.waves[0].successThreshold = 0;
    config.actions = {{DAY_S, "roll-back"}};
    MakeSiteRollout(config);
    Simulator::Schedule(Seconds(DAY_S + HOUR_S / 2), [this] {
        m_registry.SetFirmware(LATE, TARGET);
        m_registry.SetUpdate(LATE, UpdateBelief::UPDATED);
    });
    Run();
    ASSERT_EQ(m_rollout->Waves().size(), 3);
    EXPECT_EQ(Wave(2).counts.targeted, DEVICES / 2) << "the others run the old image still";
    EXPECT_EQ(Wave(2).decision, WaveDecision::ADVANCE);
    EXPECT_EQ(Wave(3).name, "roll-back-2");
    EXPECT_TRUE(Wave(3).isRollBack);
    EXPECT_EQ(Wave(3).reason, "1 of 1 devices went back, 0 failed, 0 did not report");
    EXPECT_EQ(m_distributor->m_offers.back(), (std::vector{LATE}));
    EXPECT_EQ(m_registry.Count(UpdateBelief::UPDATED), 0);
    EXPECT_EQ(m_rollout->EndedAt(), ToTicks(DAY_S + 2 * HOUR_S)) << "an hour each";
}

/// Two tries each: a refusal tells nothing of what an earlier try without an answer has brought.
TEST_F(WavesTest, WhoRefusesAfterASilentTryGoesBack)
{
    constexpr Answer SILENCE{UpdateBelief::UNREPORTED, 60};
    constexpr Answer REFUSAL{UpdateBelief::FAILED, 60, FailureKind::REJECTED};
    constexpr Answer OLD_VERSION{UpdateBelief::FAILED, 60, FailureKind::ROLLED_BACK};
    const std::vector<std::array<Answer, 2>> answers{{SILENCE, REFUSAL},
                                                     {REFUSAL, REFUSAL},
                                                     {SILENCE, OLD_VERSION},
                                                     {REFUSAL, SILENCE}};
    std::map<DeviceId, size_t> tries;
    MakeSites([&](DeviceId device) {
        return m_distributor->m_images.back() == AGAIN
                   ? Answer{}
                   : answers[Index(device) % 4].at(tries[device]++);
    });
    auto config = Config({ShareWave(1)});
    config.waves[0].errorThreshold = 1;
    config.waves[0].successThreshold = 0;
    config.dispatch.retry.limit = 1;
    config.dispatch.retry.waitS = 60;
    config.actions = {{DAY_S, "roll-back"}};
    MakeSiteRollout(config);
    Run();
    ASSERT_EQ(m_rollout->Waves().size(), 2);
    std::vector<DeviceId> expected;
    for (uint32_t i = 0; i < DEVICES; ++i)
    {
        if (i % 4 == 0 || i % 4 == 3)
        {
            expected.push_back(DeviceId{i});
        }
    }
    EXPECT_EQ(m_distributor->m_offers.back(), expected);
}

/// Who does not go back is not offered it for ever.
TEST_F(WavesTest, EachDeviceIsOfferedTheWayBackOnce)
{
    MakeSites([this](DeviceId device) {
        const bool isSilent = m_distributor->m_images.back() == AGAIN && Index(device) < 5;
        return Answer{isSilent ? UpdateBelief::UNREPORTED : UpdateBelief::UPDATED, HOUR_S};
    });
    auto config = Config({ShareWave(1)});
    config.actions = {{DAY_S, "roll-back"}};
    MakeSiteRollout(config);
    Run();
    ASSERT_EQ(m_rollout->Waves().size(), 2);
    EXPECT_EQ(Wave(2).reason, "55 of 60 devices went back, 0 failed, 5 did not report");
    EXPECT_TRUE(m_rollout->EndedAt());
}

TEST_F(WavesTest, TheOperatorRollsBackAFinishedRollout)
{
    MakeSites();
    auto config = Config({ShareWave(1)});
    config.actions = {{3 * DAY_S, "roll-back"}};
    MakeSiteRollout(config);
    Run();
    ASSERT_EQ(m_rollout->Waves().size(), 2);
    EXPECT_EQ(Wave(1).decision, WaveDecision::FINISH);
    EXPECT_EQ(Wave(2).started, ToTicks(3 * DAY_S));
    EXPECT_EQ(Wave(2).counts.succeeded, DEVICES);
    EXPECT_EQ(m_registry.Firmware(DeviceId{5}), AGAIN);
}

} // namespace
