// SPDX-License-Identifier: GPL-2.0-only

// Waves that let the next one start as soon as enough of their devices have succeeded.

#include "model/update/trailing-waves.h"
#include "test/rollout-bed.h"

namespace
{

using namespace ns3;
using namespace ns3::iotfleet;

/// Twenty devices in two waves of ten. Of the first ten offers half succeed after an hour.
class EarlyTest : public RolloutTest
{
  protected:
    static constexpr uint32_t DEVICES = 20;
    static constexpr double START_S = 100;

    /// @param late what the other half of the first wave does
    /// @param second what the second wave does, and whatever is offered later
    void MakeWaves(Answer late, Answer second)
    {
        MakeFleet(DEVICES, [this, late, second](DeviceId) {
            const auto call = m_calls++;
            return call < 5 ? Answer{} : call < 10 ? late : second;
        });
    }

    static RolloutConfig TwoWaves()
    {
        auto first = ShareWave(0.5);
        first.name = "first";
        first.successThreshold = 0.5;
        first.errorThreshold = 0.2;
        first.advanceEarly = true;
        return Config({first, ShareWave(1)});
    }

    double StartedS(size_t wave) const
    {
        return ToSeconds(Wave(wave).started);
    }

    uint32_t m_calls{0};
};

constexpr Answer LATE_SUCCESS{UpdateBelief::UPDATED, 10 * HOUR_S};
constexpr Answer LATE_FAILURE{UpdateBelief::FAILED, 10 * HOUR_S};
constexpr Answer SLOW{UpdateBelief::UPDATED, 20 * HOUR_S};

TEST_F(EarlyTest, TheNextWaveStartsOnceSuccessesSuffice)
{
    MakeWaves(LATE_SUCCESS, SLOW);
    MakeRollout(TwoWaves());
    Run();
    ASSERT_EQ(m_rollout->Waves().size(), 2);
    EXPECT_GE(StartedS(2), START_S + HOUR_S);
    EXPECT_LE(StartedS(2), START_S + HOUR_S + 10) << "the next look at the registry";
    EXPECT_EQ(Wave(1).decision, WaveDecision::ADVANCE);
    EXPECT_EQ(Wave(1).reason,
              "5 of 10 devices succeeded (50 %), at least 50 %; 5 devices go on beside the next "
              "wave");
    EXPECT_EQ(Wave(1).counts.succeeded, 10) << "late reports are counted, too";
    EXPECT_EQ(Wave(2).decision, WaveDecision::FINISH);
    EXPECT_EQ(m_distributor->m_stops, 0);
}

TEST_F(EarlyTest, AHandBetweenTwoWavesStopsTheEarlierOne)
{
    for (const bool abort : {true, false})
    {
        m_calls = 0;
        MakeWaves(SLOW, SLOW);
        auto config = TwoWaves();
        config.waves[1].notBeforeS = DAY_S;
        MakeRollout(config);
        Simulator::Schedule(Seconds(5 * HOUR_S), [this, abort] {
            abort ? m_rollout->Abort("enough") : m_rollout->Pause("wait");
        });
        Run();
        EXPECT_EQ(m_rollout->Waves().size(), 1);
        EXPECT_EQ(m_distributor->m_stops, 1);
        EXPECT_EQ(m_rollout->IsPaused(), !abort);
        m_rollout = nullptr;
        Simulator::Destroy();
    }
}

TEST_F(EarlyTest, OrdinaryWavesAwaitTheirReports)
{
    MakeWaves(LATE_SUCCESS, SLOW);
    auto config = TwoWaves();
    config.waves[0].advanceEarly = false;
    MakeRollout(config);
    Run();
    EXPECT_GE(StartedS(2), START_S + LATE_SUCCESS.afterS);
}

TEST_F(EarlyTest, TheSoakComesBetween)
{
    MakeWaves(LATE_SUCCESS, SLOW);
    auto config = TwoWaves();
    config.waves[0].soakS = 2 * HOUR_S;
    MakeRollout(config);
    Run();
    EXPECT_GE(StartedS(2), START_S + 3 * HOUR_S);
    EXPECT_LE(StartedS(2), START_S + 3 * HOUR_S + 10);
}

TEST_F(EarlyTest, LateFailuresOfAnEarlierWaveStopTheRollout)
{
    MakeWaves(LATE_FAILURE, SLOW);
    MakeRollout(TwoWaves());
    Run();
    ASSERT_EQ(m_rollout->Waves().size(), 2);
    EXPECT_EQ(Wave(2).decision, WaveDecision::ABORT);
    EXPECT_EQ(Wave(2).reason, "wave 1: 5 of 10 devices failed (50 %), more than 20 %");
    EXPECT_EQ(Wave(1).counts.failed, 5);
    ASSERT_TRUE(m_rollout->EndedAt());
    EXPECT_NEAR(ToSeconds(*m_rollout->EndedAt()), START_S + 10 * HOUR_S, 20);
}

TEST_F(EarlyTest, LateFailuresStopARolloutThatWaits)
{
    MakeWaves(LATE_FAILURE, SLOW);
    auto config = TwoWaves();
    config.waves[1].notBeforeS = 100 * HOUR_S;
    MakeRollout(config);
    Run();
    ASSERT_EQ(m_rollout->Waves().size(), 1);
    EXPECT_EQ(Wave(1).decision, WaveDecision::ABORT);
    EXPECT_TRUE(Wave(1).reason.ends_with("; then 5 of 10 devices failed (50 %), more than 20 %"))
        << Wave(1).reason;
    ASSERT_TRUE(m_rollout->EndedAt());
    EXPECT_NEAR(ToSeconds(*m_rollout->EndedAt()), START_S + 10 * HOUR_S, 20);
    EXPECT_EQ(m_distributor->m_offers.size(), 1);
}

TEST_F(EarlyTest, LateFailuresRollBackOnce)
{
    MakeWaves(LATE_FAILURE, SLOW);
    m_distributor->m_beginsAtOnce = true;
    auto config = TwoWaves();
    config.onError = ErrorAction::ROLL_BACK;
    MakeRollout(config);
    m_rollout->SetRollBackImage(ImageId{2});
    Run();
    ASSERT_EQ(m_rollout->Waves().size(), 3);
    EXPECT_EQ(Wave(2).decision, WaveDecision::ROLL_BACK);
    EXPECT_EQ(Wave(3).name, "roll-back");
    EXPECT_EQ(Wave(3).counts.targeted, 15) << "all but those that failed";
    EXPECT_EQ(Wave(3).decision, WaveDecision::FINISH);
}

TEST_F(EarlyTest, TheRolloutEndsWithItsSlowestWave)
{
    MakeWaves({UpdateBelief::UPDATED, 50 * HOUR_S}, {});
    MakeRollout(TwoWaves());
    Run();
    ASSERT_EQ(m_rollout->Waves().size(), 2);
    EXPECT_EQ(Wave(2).decision, WaveDecision::FINISH);
    ASSERT_TRUE(m_rollout->EndedAt());
    EXPECT_GE(ToSeconds(*m_rollout->EndedAt()), START_S + 50 * HOUR_S);
    EXPECT_LE(ToSeconds(*m_rollout->EndedAt()), START_S + 50 * HOUR_S + 20);
    EXPECT_EQ(Wave(1).counts.succeeded, 10);
}

TEST_F(EarlyTest, SilentDevicesDoNotHoldItForEver)
{
    MakeWaves({UpdateBelief::TARGETED, 30 * HOUR_S}, {});
    auto config = TwoWaves();
    config.unreported = UnreportedPolicy::IGNORE;
    MakeRollout(config);
    Run();
    EXPECT_EQ(Wave(1).counts.unreported, 5);
    ASSERT_TRUE(m_rollout->EndedAt()) << "the distributor gave them up after 30 hours";
    EXPECT_LE(ToSeconds(*m_rollout->EndedAt()), START_S + 30 * HOUR_S + 20);
}

TEST_F(EarlyTest, AResumedRolloutTakesUpBothWaves)
{
    MakeWaves(LATE_FAILURE, SLOW);
    auto config = TwoWaves();
    config.onError = ErrorAction::PAUSE;
    MakeRollout(config);
    Run(11 * HOUR_S);
    ASSERT_TRUE(m_rollout->IsPaused());
    m_rollout->Resume();
    RunOn(30 * DAY_S);
    ASSERT_EQ(m_rollout->Waves().size(), 3);
    EXPECT_EQ(Wave(3).counts.targeted, 15) << "ten of the second wave, five of the first";
    EXPECT_EQ(Wave(3).decision, WaveDecision::FINISH);
    EXPECT_EQ(m_registry.Count(UpdateBelief::UPDATED), DEVICES);
}

TEST_F(EarlyTest, StopRulesCountLateReports)
{
    MakeWaves(LATE_FAILURE, SLOW);
    auto config = TwoWaves();
    config.waves[0].errorThreshold = 1;
    StopRuleConfig rule;
    rule.count = 5;
    config.stopRules = {rule};
    MakeRollout(config);
    Run();
    EXPECT_EQ(Wave(2).decision, WaveDecision::ABORT);
    ASSERT_TRUE(m_rollout->EndedAt());
    EXPECT_NEAR(ToSeconds(*m_rollout->EndedAt()), START_S + 10 * HOUR_S, 20);
}

/// Their members are a list of their own where nobody else holds it: 4 bytes a device with gaps.
TEST(TrailingWaves, CountTheirMemory)
{
    TrailingWaves waves;
    EXPECT_EQ(waves.MemoryBytes(), 0U);
    std::vector<DeviceId> everyThird;
    for (uint32_t i = 0; i < 1000; ++i)
    {
        everyThird.push_back(DeviceId{3 * i});
    }
    TrailingWave wave;
    wave.members = DeviceList(std::move(everyThird));
    waves.Add(std::move(wave));
    EXPECT_GE(waves.MemoryBytes(), sizeof(TrailingWave) + 1000 * sizeof(DeviceId));
}

} // namespace
