// SPDX-License-Identifier: GPL-2.0-only

// A rollout that is stopped while the distributor has not begun: distributions then finish at once.

#include "test/rollout-bed.h"

#include "ns3/callback.h"

#include <string>

namespace
{

using namespace ns3;
using namespace ns3::iotfleet;

constexpr uint32_t DEVICES = 30;
constexpr ImageId OLDER{2};

/// Counts what the rollout tells of its ends. Nobody answers for the first five hours.
class StopTest : public RolloutTest
{
  protected:
    void MakeSlowRollout(ErrorAction onError, double resumeAfterS = 0)
    {
        MakeFleet(DEVICES, [](DeviceId) { return Answer{UpdateBelief::UPDATED, 5 * HOUR_S}; });
        MakeCountedRollout(onError, resumeAfterS);
    }

    void MakeCountedRollout(ErrorAction onError, double resumeAfterS = 0)
    {
        auto config = Config({ShareWave(1)});
        config.waves[0].errorThreshold = 0.02;
        config.onError = onError;
        config.resumeAfterS = resumeAfterS;
        MakeRollout(config);
        m_rollout->SetRollBackImage(OLDER);
        m_rollout->TraceConnectWithoutContext("WaveEnded",
                                              MakeCallback(&StopTest::OnWaveEnded, this));
        m_rollout->TraceConnectWithoutContext("RolloutEnded",
                                              MakeCallback(&StopTest::OnRolloutEnded, this));
    }

    template <typename Action>
    void At(double seconds, Action action)
    {
        Simulator::Schedule(Seconds(seconds), action);
    }

    void OnWaveEnded(const WaveRecord&)
    {
        ++m_wavesEnded;
    }

    void OnRolloutEnded(const WaveRecord&)
    {
        ++m_rolloutsEnded;
    }

    uint32_t m_wavesEnded{0};
    uint32_t m_rolloutsEnded{0};
};

TEST_F(StopTest, APauseDuringSetUpIsResumed)
{
    for (const auto onError : {ErrorAction::ABORT, ErrorAction::PAUSE, ErrorAction::ROLL_BACK})
    {
        m_wavesEnded = m_rolloutsEnded = 0;
        MakeSlowRollout(onError);
        At(HOUR_S, [this] { m_rollout->Pause("a look"); });
        Run(2 * HOUR_S);
        ASSERT_EQ(m_rollout->Waves().size(), 1U);
        EXPECT_EQ(Wave(1).decision, WaveDecision::PAUSE) << Wave(1).reason;
        EXPECT_EQ(Wave(1).reason, "a look");
        EXPECT_EQ(Wave(1).counts.unreported, 0U) << "nobody had his time";
        EXPECT_TRUE(m_rollout->IsPaused());
        EXPECT_EQ(m_wavesEnded, 1U);
        EXPECT_EQ(m_rolloutsEnded, 0U);
        m_rollout->Resume();
        RunOn(2 * DAY_S);
        ASSERT_EQ(m_rollout->Waves().size(), 2U);
        EXPECT_EQ(Wave(2).counts.targeted, DEVICES) << "the whole wave is offered again";
        EXPECT_EQ(m_registry.Count(UpdateBelief::UPDATED), DEVICES);
        EXPECT_EQ(m_rolloutsEnded, 1U);
        m_rollout = nullptr;
        Simulator::Destroy();
    }
}

TEST_F(StopTest, AnAbortDuringSetUpRollsNothingBack)
{
    MakeSlowRollout(ErrorAction::ROLL_BACK);
    At(HOUR_S, [this] { m_rollout->Abort("recalled"); });
    Run();
    ASSERT_EQ(m_rollout->Waves().size(), 1U);
    EXPECT_EQ(Wave(1).decision, WaveDecision::ABORT);
    EXPECT_EQ(Wave(1).reason, "recalled");
    EXPECT_EQ(m_distributor->m_images, (std::vector<ImageId>{TARGET}));
    EXPECT_EQ(m_wavesEnded, 1U);
    EXPECT_EQ(m_rolloutsEnded, 1U);
}

TEST_F(StopTest, ARollBackDuringSetUpStartsOnce)
{
    MakeSlowRollout(ErrorAction::ROLL_BACK);
    At(HOUR_S, [this] { m_rollout->RollBack("the wrong image"); });
    Run();
    ASSERT_EQ(m_rollout->Waves().size(), 2U);
    EXPECT_EQ(Wave(1).decision, WaveDecision::ROLL_BACK);
    EXPECT_EQ(Wave(2).reason, "no device may run the image");
    EXPECT_EQ(m_wavesEnded, 2U);
    EXPECT_EQ(m_rolloutsEnded, 1U);
}

TEST_F(StopTest, OneRefusalPausesAndTheOthersAreOfferedAgain)
{
    int refusals = 0;
    MakeFleet(DEVICES, [&refusals](DeviceId device) {
        return device == DeviceId{7} && refusals++ == 0
                   ? Answer{UpdateBelief::FAILED, HOUR_S, FailureKind::REJECTED}
                   : Answer{UpdateBelief::UPDATED, 5 * HOUR_S};
    });
    MakeCountedRollout(ErrorAction::PAUSE, 3 * HOUR_S);
    Run(5 * DAY_S);
    ASSERT_EQ(m_rollout->Waves().size(), 2U);
    EXPECT_EQ(Wave(1).decision, WaveDecision::PAUSE);
    EXPECT_EQ(Wave(1).counts.failed, 1U);
    EXPECT_EQ(Wave(1).counts.unreported, 0U);
    EXPECT_EQ(Wave(2).started - *Wave(1).ended, ToTicks(3 * HOUR_S)) << "resumed once";
    EXPECT_EQ(m_registry.Count(UpdateBelief::UPDATED), DEVICES);
    EXPECT_EQ(m_wavesEnded, 2U);
    EXPECT_EQ(m_rolloutsEnded, 1U);
}

TEST_F(StopTest, AHandThatAbortsOrRollsBackAPauseIsOnRecord)
{
    MakeSlowRollout(ErrorAction::ABORT);
    At(HOUR_S, [this] { m_rollout->Pause("a look"); });
    At(2 * HOUR_S, [this] { m_rollout->Abort("recalled"); });
    Run();
    ASSERT_EQ(m_rollout->Waves().size(), 1U);
    EXPECT_EQ(Wave(1).decision, WaveDecision::ABORT);
    EXPECT_EQ(Wave(1).reason, "a look; then recalled");
    EXPECT_EQ(*Wave(1).ended, ToTicks(HOUR_S)) << "when it was paused";
    EXPECT_EQ(m_rollout->EndedAt(), ToTicks(2 * HOUR_S));
    m_rollout = nullptr;
    Simulator::Destroy();

    MakeSlowRollout(ErrorAction::ABORT);
    At(HOUR_S, [this] { m_rollout->Pause("a look"); });
    At(2 * HOUR_S, [this] { m_rollout->RollBack("the wrong image"); });
    Run();
    ASSERT_EQ(m_rollout->Waves().size(), 2U);
    EXPECT_EQ(Wave(1).decision, WaveDecision::ROLL_BACK);
    EXPECT_EQ(Wave(1).reason, "a look; then the wrong image");
}

TEST_F(StopTest, ARolloutOfWhatAllRunEnds)
{
    for (const bool isDynamic : {false, true})
    {
        MakeFleet(DEVICES, Updates);
        for (uint32_t i = 0; i < DEVICES; ++i)
        {
            m_registry.SetFirmware(DeviceId{i}, TARGET);
        }
        m_registry.SetEnrolled(DeviceId{3}, false); // it is on its way, with the image
        auto config = Config({CountWave(5), ShareWave(1)});
        config.dynamic.enabled = isDynamic;
        MakeRollout(config);
        Run();
        EXPECT_EQ(m_rollout->EndedAt().has_value(), !isDynamic) << "other devices may yet come";
        ASSERT_EQ(m_rollout->Waves().size(), isDynamic ? 0U : 1U);
        if (!isDynamic)
        {
            EXPECT_EQ(Wave(1).reason, "nobody to take: all devices run the image");
            EXPECT_EQ(Wave(1).decision, WaveDecision::FINISH);
            EXPECT_EQ(Wave(1).counts.targeted, 0U);
        }
        m_rollout = nullptr;
        Simulator::Destroy();
    }
}

} // namespace
