// SPDX-License-Identifier: GPL-2.0-only

// Quarantine: the states of a device, the levels, releases, the books, and closed forms.

#include "model/quarantine/quarantine-accountant.h"
#include "model/quarantine/quarantine-controller.h"

#include "ns3/simulator.h"
#include "ns3/string.h"

#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/poisson.hpp>
#include <cmath>
#include <gtest/gtest.h>
#include <stdexcept>
#include <string>
#include <vector>

namespace
{

using namespace ns3;
using namespace ns3::iotfleet;

constexpr double HOUR_S = 3600;
constexpr double DAY_S = 86400;

/// Two-sided probability with which a statistical check of a right program fails.
constexpr double ERROR_PROBABILITY = 1e-6;

/// Notes the access levels that are set; quarantine needs nothing else of a network.
class LevelNetwork : public AccessNetwork
{
  public:
    void SetAccess(DeviceId device, Access level) override
    {
        m_set.emplace_back(device, level);
    }

    void SendToDevice(DeviceId, const wire::AppPayload&) override
    {
        Unused();
    }

    uint32_t PendingToDevice(DeviceId) const override
    {
        return 0;
    }

    void DropPending(DeviceId) override
    {
        Unused();
    }

    GroupId CreateGroup(const GroupConfig&) override
    {
        Unused();
        return NO_GROUP;
    }

    void SendToGroup(GroupId, const GroupFrame&) override
    {
        Unused();
    }

    uint32_t PendingToGroup(GroupId) const override
    {
        return 0;
    }

    uint32_t DropGroupFrames(GroupId) override
    {
        return 0;
    }

    uint32_t PendingToOperator(DeviceId) const override
    {
        return 0;
    }

    void WhenGroupIdle(GroupId, GroupDone) override
    {
        Unused();
    }

    void DeleteGroup(GroupId) override
    {
        Unused();
    }

    uint8_t MaxPayload(uint8_t) const override
    {
        return 51;
    }

    uint8_t DownlinkDataRate(uint8_t uplinkDataRate) const override
    {
        return uplinkDataRate;
    }

    double GroupAirtimeS(uint8_t, uint8_t) const override
    {
        return 1;
    }

    void SendToOperator(DeviceId, const wire::AppPayload&, bool) override
    {
        Unused();
    }

    void StartListening(GroupId, uint32_t) override
    {
        Unused();
    }

    void StopListening(GroupId, uint32_t) override
    {
        Unused();
    }

    void Replay(GroupId, uint32_t, std::vector<uint8_t>&) const override
    {
        Unused();
    }

    void Suspend(DeviceId, Tick) override
    {
        Unused();
    }

    void Silence(DeviceId) override
    {
        Unused();
    }

    double ClockErrorS(DeviceId) const override
    {
        return 0;
    }

    std::vector<std::pair<DeviceId, Access>> m_set;

  private:
    static void Unused()
    {
        ADD_FAILURE() << "quarantine sends nothing itself";
    }
};

/// Fleet, registry, controller and books; alarms by hand or from a detector.
class QuarantineTest : public testing::Test
{
  protected:
    void TearDown() override
    {
        if (m_controller)
        {
            m_controller->Dispose();
        }
        if (m_detector)
        {
            m_detector->Dispose();
        }
        m_controller = nullptr;
        m_accountant = nullptr;
        m_detector = nullptr;
        m_network = nullptr;
        m_fleet = nullptr;
        m_steps.clear();
        Simulator::Destroy();
    }

    void Make(uint32_t devices, const QuarantineConfig& config)
    {
        m_fleet = CreateObject<Fleet>();
        m_fleet->Reserve(devices);
        m_registry = DeviceRegistry(devices);
        for (uint32_t i = 0; i < devices; ++i)
        {
            const auto device = m_fleet->Add({});
            m_fleet->Set(device, Enrolment::ENROLLED, "test");
            m_registry.SetEnrolled(device, true);
            m_registry.SetAccess(device, Access::FULL);
        }
        m_network = CreateObject<LevelNetwork>();
        m_controller = CreateObject<QuarantineController>();
        m_controller->Configure(config);
        m_controller->SetRegistry(&m_registry);
        m_controller->SetNetwork(m_network);
        m_controller->SetWindow(Hours(1));
        m_controller->TraceConnectWithoutContext("Belief",
                                                 MakeCallback(&QuarantineTest::Keep, this));
        m_accountant = CreateObject<QuarantineAccountant>();
        m_accountant->Watch(m_fleet, &m_registry, m_controller);
    }

    void Detect(const DetectorConfig& config, uint64_t run = 1)
    {
        m_detector = CreateObject<Detector>();
        m_detector->Configure(config);
        m_detector->SetFleet(m_fleet);
        m_detector->SetRandom(CounterRandom(5, run));
        m_controller->Watch(m_detector);
        m_detector->Start();
    }

    void Keep(const BeliefStep& step)
    {
        m_steps.push_back(step);
    }

    /// At `atS` something happens.
    static void At(double atS, std::function<void()> action)
    {
        Simulator::Schedule(Seconds(atS), std::move(action));
    }

    void AlarmAt(double atS, DeviceId device, uint32_t window)
    {
        At(atS, [this, device, window] {
            m_controller->HandleAlarm({Simulator::Now().GetNanoSeconds(), device, window});
        });
    }

    void UpdateAt(double atS, DeviceId device, UpdateBelief belief = UpdateBelief::UPDATED)
    {
        At(atS, [this, device, belief] { m_registry.SetUpdate(device, belief); });
    }

    void HealthAt(double atS, DeviceId device, Health health)
    {
        At(atS, [this, device, health] { m_fleet->Set(device, health, "test"); });
    }

    static void RunTo(double untilS)
    {
        Simulator::Stop(Seconds(untilS) - Simulator::Now());
        Simulator::Run();
    }

    /// The steps taken, as "fine>suspect suspect>fine".
    std::string Path() const
    {
        std::string path;
        for (const auto& step : m_steps)
        {
            path += (path.empty() ? "" : " ") +
                    std::string(HEALTH_BELIEF_NAMES.at(Index(step.from))) + ">" +
                    std::string(HEALTH_BELIEF_NAMES.at(Index(step.to)));
        }
        return path;
    }

    Ptr<Fleet> m_fleet;
    DeviceRegistry m_registry;
    Ptr<LevelNetwork> m_network;
    Ptr<QuarantineController> m_controller;
    Ptr<QuarantineAccountant> m_accountant;
    Ptr<Detector> m_detector;
    std::vector<BeliefStep> m_steps;
};

constexpr DeviceId D{2};

TEST_F(QuarantineTest, AlarmUpdateProbationRelease)
{
    Make(5, {.k = 1, .n = 1, .probationS = DAY_S, .releaseAfterS = 0});
    AlarmAt(100, D, 0);
    UpdateAt(1000, D);
    RunTo(500);
    EXPECT_EQ(m_registry.Health(D), HealthBelief::QUARANTINED);
    EXPECT_EQ(m_registry.GetAccess(D), Access::RESTRICTED);
    EXPECT_EQ(m_controller->HeldCount(), 1);
    RunTo(3 * DAY_S);
    EXPECT_EQ(Path(), "fine>quarantined quarantined>probation probation>fine");
    // The report is seen at the poll after it, at most 60 s later.
    EXPECT_GE(m_steps[1].time, ToTicks(1000));
    EXPECT_LE(m_steps[1].time, ToTicks(1060));
    EXPECT_EQ(m_steps[2].time, m_steps[1].time + ToTicks(DAY_S));
    EXPECT_EQ(
        m_network->m_set,
        (std::vector<std::pair<DeviceId, Access>>{{D, Access::RESTRICTED}, {D, Access::FULL}}));
    EXPECT_EQ(m_registry.GetAccess(D), Access::FULL);
    EXPECT_EQ(m_controller->HeldCount(), 0);
}

TEST_F(QuarantineTest, AnyAlarmEndsTheProbation)
{
    Make(5, {.k = 3, .n = 3, .probationS = DAY_S, .releaseAfterS = 0});
    for (uint32_t window = 0; window < 3; ++window)
    {
        AlarmAt((window + 1) * HOUR_S, D, window);
    }
    UpdateAt(5 * HOUR_S, D);
    AlarmAt(8 * HOUR_S, D, 7);
    RunTo(10 * DAY_S);
    EXPECT_EQ(Path(),
              "fine>suspect suspect>quarantined quarantined>probation probation>quarantined")
        << "its report is used up, and nothing else lets it out";
    EXPECT_EQ(m_accountant->QuarantinedTotal(), 1) << "one stay: it was held throughout";
}

TEST_F(QuarantineTest, AnOldReportDoesNotRelease)
{
    Make(5, {.k = 1, .n = 1, .releaseAfterS = 0});
    UpdateAt(10, D);
    AlarmAt(100, D, 0);
    RunTo(5 * DAY_S);
    EXPECT_EQ(Path(), "fine>quarantined");
    // A new campaign that it reports does.
    UpdateAt(1, D, UpdateBelief::TARGETED);
    UpdateAt(1000, D);
    RunTo(8 * DAY_S);
    EXPECT_EQ(Path(), "fine>quarantined quarantined>probation probation>fine");
}

TEST_F(QuarantineTest, AQuietDeviceIsReleasedIfThatIsConfigured)
{
    Make(5, {.k = 1, .n = 1, .releaseAfterS = 6 * HOUR_S});
    AlarmAt(HOUR_S, D, 0);
    AlarmAt(4 * HOUR_S, D, 3); // starts the quiet time anew
    RunTo(DAY_S);
    EXPECT_EQ(Path(), "fine>quarantined quarantined>fine");
    EXPECT_EQ(m_steps[1].time, ToTicks(10 * HOUR_S));
    EXPECT_EQ(m_steps[1].cause, "quiet in quarantine");
}

TEST_F(QuarantineTest, NobodyIsReleasedForBeingQuietByDefault)
{
    Make(5, {.k = 1, .n = 1, .releaseAfterS = 0});
    AlarmAt(HOUR_S, D, 0);
    RunTo(365 * DAY_S);
    EXPECT_EQ(Path(), "fine>quarantined");
}

TEST_F(QuarantineTest, SuspicionRunsOut)
{
    Make(5, {.k = 2, .n = 3, .releaseAfterS = 0});
    AlarmAt(HOUR_S, D, 0);
    AlarmAt(4 * HOUR_S, D, 3); // window 0 is no longer among 1, 2, 3, but the suspicion goes on
    AlarmAt(9 * HOUR_S, D, 8);
    RunTo(DAY_S);
    EXPECT_EQ(Path(), "fine>suspect suspect>fine fine>suspect suspect>fine");
    EXPECT_EQ(m_steps[1].time, ToTicks(7 * HOUR_S)) << "three windows after the last alarm";
    EXPECT_EQ(m_registry.GetAccess(D), Access::FULL);
}

TEST_F(QuarantineTest, KofNCountsTheLastNWindows)
{
    Make(5, {.k = 2, .n = 3, .releaseAfterS = 0});
    AlarmAt(HOUR_S, D, 0);
    AlarmAt(3 * HOUR_S, D, 2);
    AlarmAt(HOUR_S, DeviceId{4}, 0);
    AlarmAt(HOUR_S + 1, DeviceId{4}, 0); // twice in one window is one
    RunTo(3 * HOUR_S + 1);
    EXPECT_EQ(m_registry.Health(D), HealthBelief::QUARANTINED);
    EXPECT_EQ(m_registry.Health(DeviceId{4}), HealthBelief::SUSPECT);
}

TEST_F(QuarantineTest, LevelsAreEnforcedByTheNetwork)
{
    std::vector<DeviceId> rekeyed;
    for (const auto level :
         {QuarantineLevel::RESTRICTED, QuarantineLevel::BLOCKED, QuarantineLevel::REKEY})
    {
        Make(5, {.k = 1, .n = 1, .level = level, .releaseAfterS = 0});
        m_controller->SetRekey([&rekeyed](DeviceId device) { rekeyed.push_back(device); });
        m_controller->HandleAlarm({0, D, 0});
        const auto expected =
            level == QuarantineLevel::RESTRICTED ? Access::RESTRICTED : Access::BLOCKED;
        ASSERT_EQ(m_network->m_set.size(), 1);
        EXPECT_EQ(m_network->m_set[0], std::pair(D, expected));
        EXPECT_EQ(m_registry.GetAccess(D), expected);
        EXPECT_EQ(m_accountant->Records().at(0).level, level);
        TearDown();
    }
    EXPECT_EQ(rekeyed, std::vector{D}) << "only the third level rekeys";
}

TEST_F(QuarantineTest, LevelByName)
{
    Make(1, {.k = 1, .n = 1, .releaseAfterS = 0});
    m_controller->SetAttribute("Level", StringValue("rekey"));
    EXPECT_EQ(m_controller->Level(), QuarantineLevel::REKEY);
}

/// Hours of each cell by hand: what happens to two devices of ten in a day.
TEST_F(QuarantineTest, TheBooksCountTruthAndBeliefTogether)
{
    Make(10, {.k = 1, .n = 1, .probationS = 4 * HOUR_S, .releaseAfterS = 0});
    const DeviceId clean{7};
    HealthAt(1 * HOUR_S, D, Health::COMPROMISED);
    AlarmAt(3 * HOUR_S, D, 2);                // 2 h at large
    AlarmAt(5 * HOUR_S, clean, 4);            // false, for good: 19 h
    HealthAt(6 * HOUR_S, D, Health::HEALTHY); // mended inside
    At(7 * HOUR_S, [this] {
        m_registry.SetUpdate(D, UpdateBelief::UPDATED);
        m_controller->CheckReports(); // 1 h clean and still quarantined, then 4 h on probation
    });
    RunTo(24 * HOUR_S);

    EXPECT_NEAR(m_accountant->MissedCompromisedDeviceHours(), 2, 1e-6);
    EXPECT_NEAR(m_accountant->FalseQuarantineDeviceHours(), 19 + 1 + 4, 1e-6);
    EXPECT_NEAR(m_accountant->DeviceHours(true, HealthBelief::QUARANTINED), 3, 1e-6);
    EXPECT_NEAR(m_accountant->DeviceHours(false, HealthBelief::PROBATION), 4, 1e-6);
    double all = 0;
    for (const auto belief : {HealthBelief::FINE,
                              HealthBelief::SUSPECT,
                              HealthBelief::QUARANTINED,
                              HealthBelief::PROBATION})
    {
        all += m_accountant->DeviceHours(true, belief) + m_accountant->DeviceHours(false, belief);
    }
    EXPECT_NEAR(all, 10 * 24, 1e-6) << "every device is in one cell";
    EXPECT_EQ(m_accountant->CompromisedPeak(), 1);
    EXPECT_EQ(m_accountant->CompromisedNow(), 0);
    EXPECT_EQ(m_accountant->RemediatedShare(), 1.0);
    EXPECT_EQ(m_accountant->HeldNow(), 1);

    const auto& records = m_accountant->Records();
    ASSERT_EQ(records.size(), 2);
    EXPECT_EQ(records[0].device, D);
    EXPECT_TRUE(records[0].trulyCompromised);
    EXPECT_EQ(records[0].released, ToTicks(11 * HOUR_S));
    EXPECT_FALSE(records[1].trulyCompromised);
    EXPECT_FALSE(records[1].released);
}

TEST_F(QuarantineTest, NumbersThatDoNotApplyAreAbsent)
{
    Make(10, {.k = 1, .n = 1, .releaseAfterS = 0});
    RunTo(HOUR_S);
    EXPECT_FALSE(m_accountant->RemediatedShare());
    m_fleet->Set(D, Health::COMPROMISED, "test");
    RunTo(2 * HOUR_S);
    EXPECT_EQ(m_accountant->MissedCompromisedDeviceHours(), 1);
}

/// Whoever was ever compromised counts, caught or not; and only who is healthy is remediated.
TEST_F(QuarantineTest, RemediatedIsWhoIsHealthyAgain)
{
    Make(10, {});
    m_fleet->Set(DeviceId{0}, Health::COMPROMISED, "test");
    EXPECT_EQ(m_accountant->RemediatedShare(), 0.0);
    m_fleet->Set(DeviceId{0}, Health::HEALTHY, "test");
    EXPECT_EQ(m_accountant->RemediatedShare(), 1.0) << "mended, though nobody had noticed";
    for (const auto end :
         {Health::COMPROMISED, Health::VULNERABLE, Health::FAULTY, Health::BRICKED})
    {
        const DeviceId device{1 + static_cast<uint32_t>(end)};
        m_fleet->Set(device, Health::COMPROMISED, "test");
        m_fleet->Set(device, end, "test");
    }
    EXPECT_EQ(m_accountant->RemediatedShare(), 0.2) << "one of five";
}

TEST_F(QuarantineTest, ALiarIsLetOutAndCaughtAgain)
{
    Make(10, {.k = 1, .n = 1, .probationS = 30 * 60, .releaseAfterS = 0});
    HealthAt(0, D, Health::COMPROMISED);
    UpdateAt(HOUR_S + 600, D); // a lie
    Detect({.truePositiveRate = 1, .falsePositiveRate = 0});
    RunTo(10 * HOUR_S);
    // The probation of half an hour ends before the next window does.
    EXPECT_EQ(Path(), "fine>quarantined quarantined>probation probation>fine fine>quarantined");
    EXPECT_EQ(m_accountant->Records().size(), 2) << "two stays";
    EXPECT_EQ(m_accountant->QuarantinedTotal(), 1) << "of one device";
    EXPECT_EQ(m_accountant->RemediatedShare(), 0.0);
}

/**
 * quarantine.md E8: N (86400/w) FPR^k false quarantines a day with k independent consecutive
 * alarms. Its own example: 10^6 devices, hourly windows, FPR 0.007: 168,000, 1,176 and 8.2 a day.
 * Devices are let out again before the next window, so that all of them are watched all the time.
 */
class FalseQuarantineVolumeTest : public QuarantineTest,
                                  public testing::WithParamInterface<uint32_t>
{
};

TEST_P(FalseQuarantineVolumeTest, IsThatOfE8)
{
    constexpr double DEVICES = 1e6;
    constexpr double RATE = 0.007;
    const uint32_t k = GetParam();
    Make(static_cast<uint32_t>(DEVICES), {.k = k, .n = k, .releaseAfterS = 600});
    Detect({.falsePositiveRate = RATE, .latencyS = 60});
    // A whole day of windows after the k - 1 that only prepare.
    RunTo(DAY_S + HOUR_S * (k - 1) + 120);

    const double expected = DEVICES * 24 * std::pow(RATE, k);
    const boost::math::poisson law(expected);
    const auto seen = static_cast<double>(m_accountant->Records().size());
    EXPECT_GE(seen, quantile(law, ERROR_PROBABILITY / 2)) << "E8: " << expected;
    EXPECT_LE(seen, quantile(complement(law, ERROR_PROBABILITY / 2))) << "E8: " << expected;
    EXPECT_EQ(m_accountant->CompromisedPeak(), 0);
}

INSTANTIATE_TEST_SUITE_P(K, FalseQuarantineVolumeTest, testing::Values(1U, 2U, 3U));

/**
 * The same at a high rate, where a run of alarms that ends in quarantine cannot begin the next one:
 * Feller's recurrence for success runs, u(n) + u(n-1) p + ... + u(n-k+1) p^(k-1) = p^k.
 */
TEST_F(QuarantineTest, RunsOfAlarmsFollowFellersRecurrence)
{
    constexpr uint32_t DEVICES = 20'000;
    constexpr uint32_t WINDOWS = 48;
    constexpr uint32_t K = 3;
    constexpr double RATE = 0.2;
    Make(DEVICES, {.k = K, .n = K, .releaseAfterS = 600});
    Detect({.falsePositiveRate = RATE, .latencyS = 60});
    RunTo(HOUR_S * WINDOWS + 120);

    std::vector<double> u;
    double expected = 0;
    for (uint32_t window = 1; window <= WINDOWS; ++window)
    {
        double now = window < K ? 0 : std::pow(RATE, K);
        for (uint32_t back = 1; window >= K && back < K && back <= u.size(); ++back)
        {
            now -= u[u.size() - back] * std::pow(RATE, back);
        }
        u.push_back(now);
        expected += DEVICES * now;
    }
    // Renewals of one device are thinner spread than Poisson's, so that its interval is safe.
    const boost::math::poisson law(expected);
    const auto seen = static_cast<double>(m_accountant->Records().size());
    EXPECT_GE(seen, quantile(law, ERROR_PROBABILITY / 2)) << expected;
    EXPECT_LE(seen, quantile(complement(law, ERROR_PROBABILITY / 2))) << expected;
}

/// True quarantines: windows until the first alarm are geometric with the true positive rate.
TEST_F(QuarantineTest, CompromisedDevicesAreCaughtGeometrically)
{
    constexpr uint32_t DEVICES = 5000;
    constexpr double RATE = 0.4;
    Make(DEVICES, {.k = 1, .n = 1, .releaseAfterS = 0});
    for (uint32_t i = 0; i < DEVICES; ++i)
    {
        m_fleet->Set(DeviceId{i}, Health::COMPROMISED, "test");
    }
    Detect({.truePositiveRate = RATE, .falsePositiveRate = 0, .latencyS = 0});
    RunTo(2 * HOUR_S + 1);
    // Two windows: each is caught with 1 - (1 - rate)^2.
    const boost::math::binomial law(DEVICES, 1 - (1 - RATE) * (1 - RATE));
    const auto caught = static_cast<double>(m_accountant->QuarantinedTotal());
    EXPECT_GE(caught, quantile(law, ERROR_PROBABILITY / 2));
    EXPECT_LE(caught, quantile(complement(law, ERROR_PROBABILITY / 2)));

    RunTo(100 * HOUR_S);
    EXPECT_EQ(m_accountant->QuarantinedTotal(), DEVICES);
    // Hours at large: mean 1/rate, variance (1 - rate)/rate^2 a device.
    const double meanHours = m_accountant->MissedCompromisedDeviceHours() / DEVICES;
    const double deviation = std::sqrt((1 - RATE) / RATE / RATE / DEVICES);
    const double z = quantile(complement(boost::math::normal(), ERROR_PROBABILITY / 2));
    EXPECT_NEAR(meanHours, 1 / RATE, z * deviation);
}

} // namespace
