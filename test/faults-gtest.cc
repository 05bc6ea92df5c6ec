// SPDX-License-Identifier: GPL-2.0-only

// Each kind of fault on whole updates over a network without losses. Expected values: closed forms
// of times and energies, and what the two sides can know.

#include "model/lifecycle/bad-image-fault.h"
#include "model/lifecycle/battery-fault.h"
#include "model/lifecycle/device-loss-fault.h"
#include "model/lifecycle/fault-model.h"
#include "model/lifecycle/flaky-reporter-fault.h"
#include "model/lifecycle/lying-reporter-fault.h"
#include "model/lifecycle/power-loss-fault.h"
#include "model/lifecycle/slow-leak-fault.h"
#include "test/update-bed.h"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>

namespace ns3::iotfleet
{
namespace
{

using test::UpdateBed;

/// An update bed with faults, and when each device changed its state.
class FaultBed : public UpdateBed
{
  public:
    explicit FaultBed(uint32_t devices)
        : UpdateBed(devices)
    {
        config.reportTimeoutS = 86400;
        fleet->TraceConnectWithoutContext("Transition", MakeCallback(&FaultBed::OnStep, this));
    }

    ~FaultBed()
    {
        faults->Dispose();
    }

    template <class Kind, class... Args>
    Kind& Add(const HitConfig& whom, const Args&... args)
    {
        auto fault =
            std::make_unique<Kind>(static_cast<uint32_t>(faults->Faults().size()), whom, args...);
        auto& kind = *fault;
        faults->Add(std::move(fault));
        return kind;
    }

    void RunWithFaults(Time duration = Days(30))
    {
        Start();
        StartFaults();
        Simulator::Stop(duration);
        Simulator::Run();
    }

    void StartFaults()
    {
        FaultContext context;
        context.fleet = fleet;
        context.access = network;
        context.agent = agent;
        context.catalog = &catalog;
        context.random = CounterRandom(5, 1);
        faults->Start(context);
    }

    /// Seconds at which a device entered a state, NaN if it did not.
    double At(uint32_t device, Machine machine, uint8_t state) const
    {
        const auto step = std::ranges::find_if(m_steps, [=](const Transition& s) {
            return s.device == DeviceId{device} && s.machine == machine && s.to == state;
        });
        return step == m_steps.end() ? std::nan("") : ToSeconds(step->time);
    }

    double At(uint32_t device, UpdateState state) const
    {
        return At(device, Machine::UPDATE, static_cast<uint8_t>(state));
    }

    double At(uint32_t device, Health state) const
    {
        return At(device, Machine::HEALTH, static_cast<uint8_t>(state));
    }

    Ptr<FaultModel> faults = CreateObject<FaultModel>();

  private:
    void OnStep(const Transition& step)
    {
        m_steps.push_back(step);
    }

    std::vector<Transition> m_steps;
};

HitConfig
Share(double share)
{
    HitConfig target;
    target.share = share;
    return target;
}

TEST(Faults, ACrashHitsItsHardwareBatchAndReverts)
{
    FaultBed bed(0);
    for (uint32_t i = 0; i < 20; ++i)
    {
        // Every other device of batch b: a bed of its own, since UpdateBed makes batch a.
        DeviceSeed seed;
        seed.firmware = bed.running;
        seed.hardware = i % 2;
        const auto device = bed.fleet->Add(seed);
        bed.fleet->Set(device, Enrolment::ENROLLED, "test");
        bed.everybody.push_back(device);
    }
    bed.network = CreateObject<test::FakeAccessNetwork>(20);
    bed.registry.Resize(20);
    for (const auto device : bed.everybody)
    {
        bed.registry.SetEnrolled(device, true);
        bed.registry.SetAccess(device, Access::FULL);
        bed.registry.Hear(device, 0, {GatewayId{0}, 10, 5});
    }
    HitConfig target;
    target.hardware = "b";
    const auto& fault =
        bed.Add<BadImageFault>(target,
                               bed.target,
                               BootFate{BootFate::Kind::REVERTS, "image-defect", 1});
    bed.RunWithFaults();
    EXPECT_EQ(bed.Truth(UpdateState::CONFIRMED), 10U);
    EXPECT_EQ(bed.Truth(UpdateState::ROLLED_BACK), 10U);
    EXPECT_EQ(bed.failures["image-defect"], 10U);
    EXPECT_EQ(fault.Struck().size(), 10U);
    EXPECT_EQ(bed.Believed(UpdateBelief::FAILED), 10U);
}

/// Five starts of 20 s with four reboots of 3 s between them; then a reboot into the old image.
TEST(Faults, ABootLoopTakesItsTimeAndItsEnergy)
{
    double goodJ = 0;
    {
        FaultBed good(1);
        good.RunWithFaults();
        goodJ = good.fleet->EnergyJ(DeviceId{0}, EnergyUse::MCU);
    }
    FaultBed bed(1);
    bed.Add<BadImageFault>(HitConfig{},
                           NO_IMAGE,
                           BootFate{BootFate::Kind::REVERTS, "boot-loop", 5, 20});
    bed.RunWithFaults();
    const auto& profile = bed.fleet->Profile(DeviceId{0});
    EXPECT_NEAR(bed.At(0, UpdateState::ROLLED_BACK) - bed.At(0, UpdateState::TRIAL),
                5 * 20 + 4 * profile.rebootS,
                1e-6);
    // The good image reboots once less, and its trial costs nothing.
    const double loopJ =
        (5 * 20 + 4 * profile.rebootS + profile.rebootS) * profile.mcuA * profile.supplyV;
    EXPECT_NEAR(bed.fleet->EnergyJ(DeviceId{0}, EnergyUse::MCU) - goodJ, loopJ, 1e-4 * loopJ);
    EXPECT_EQ(bed.failures["boot-loop"], 1U);
}

TEST(Faults, ABootLoopWithoutTheOldImageBricks)
{
    FaultBed bed(3);
    bed.Add<BadImageFault>(HitConfig{},
                           bed.target,
                           BootFate{BootFate::Kind::BRICKS, "boot-loop", 4, 10});
    bed.RunWithFaults();
    EXPECT_EQ(bed.Truth(Health::BRICKED), 3U);
    EXPECT_EQ(bed.Truth(UpdateState::FAILED), 3U);
    EXPECT_NEAR(bed.At(0, Health::BRICKED) - bed.At(0, UpdateState::TRIAL),
                4 * 10 + 3 * bed.fleet->Profile(DeviceId{0}).rebootS,
                1e-6);
    EXPECT_EQ(bed.Believed(UpdateBelief::UNREPORTED), 3U);
}

/// It runs the new image, is healthy by its own lights, and nobody hears of it again.
TEST(Faults, AnImageThatCannotJoinIsSilence)
{
    FaultBed bed(4);
    bed.Add<BadImageFault>(HitConfig{},
                           bed.target,
                           BootFate{BootFate::Kind::CANNOT_JOIN, "cannot-join", 0});
    bed.RunWithFaults();
    EXPECT_EQ(bed.Truth(Health::FAULTY), 4U);
    EXPECT_EQ(bed.Truth(UpdateState::FAILED), 4U);
    EXPECT_EQ(bed.fleet->Firmware(DeviceId{0}), bed.target);
    EXPECT_EQ(bed.Believed(UpdateBelief::UNREPORTED), 4U);
    EXPECT_EQ(bed.failures["cannot-join"], 4U);
}

TEST(Faults, ANetworkWatchdogBringsTheOldImageBack)
{
    FaultBed bed(2);
    bed.Add<BadImageFault>(HitConfig{},
                           bed.target,
                           BootFate{BootFate::Kind::CANNOT_JOIN, "cannot-join", 0, {}, 7200.0});
    bed.RunWithFaults();
    EXPECT_EQ(bed.Truth(UpdateState::ROLLED_BACK), 2U);
    EXPECT_EQ(bed.fleet->Firmware(DeviceId{0}), bed.running);
    EXPECT_NEAR(bed.At(0, UpdateState::ROLLED_BACK) - bed.At(0, UpdateState::TRIAL), 7200, 1e-6);
    EXPECT_EQ(bed.Believed(UpdateBelief::FAILED), 2U); // it says so itself
}

TEST(Faults, ConfirmingByServerContactFindsTheLostNetworkOut)
{
    FaultBed bed(2);
    bed.config.confirmBy = "server-contact";
    bed.config.trialS = 900;
    bed.Add<BadImageFault>(HitConfig{},
                           bed.target,
                           BootFate{BootFate::Kind::CANNOT_JOIN, "cannot-join", 0});
    bed.RunWithFaults();
    EXPECT_EQ(bed.Truth(UpdateState::ROLLED_BACK), 2U);
    EXPECT_EQ(bed.failures["no-server-contact"], 2U);
    EXPECT_NEAR(bed.At(0, UpdateState::ROLLED_BACK) - bed.At(0, UpdateState::TRIAL), 900, 1e-6);
}

TEST(SlowLeak, TimesAreWeibull)
{
    // k = 1: the exponential's median is mean ln 2.
    EXPECT_NEAR(SlowLeakFault::FailureTimeS(0.5, 3600, 1), 3600 * std::log(2.0), 1e-9);
    // k = 2 (Rayleigh): mean = s sqrt(pi) / 2, median = s sqrt(ln 2).
    const double scale = 3600 * 2 / std::sqrt(std::acos(-1.0));
    EXPECT_NEAR(SlowLeakFault::FailureTimeS(0.5, 3600, 2), scale * std::sqrt(std::log(2.0)), 1e-6);
    // The mean over evenly spaced shares is the mean for any shape (midpoint rule, 10^5 points).
    for (const double shape : {0.7, 1.0, 3.5})
    {
        double sum = 0;
        for (int i = 0; i < 100000; ++i)
        {
            sum += SlowLeakFault::FailureTimeS((i + 0.5) / 1e5, 100, shape);
        }
        EXPECT_NEAR(sum / 1e5, 100, 0.1) << shape;
    }
}

/// Kolmogorov-Smirnov on the times of 300 devices; D sqrt(n) exceeds 1.95 once in a thousand seeds.
TEST(SlowLeak, DevicesFailAfterTheyHaveConfirmed)
{
    constexpr uint32_t N = 300;
    constexpr double MEAN_S = 20 * 3600;
    FaultBed bed(N);
    bed.Add<SlowLeakFault>(HitConfig{}, SlowLeakConfig{bed.target, MEAN_S, 1.5, LeakEnd::BRICK});
    bed.RunWithFaults();
    EXPECT_EQ(bed.Truth(Health::BRICKED), N);
    EXPECT_EQ(bed.Truth(UpdateState::FAILED), N);
    std::vector<double> times;
    for (uint32_t i = 0; i < N; ++i)
    {
        times.push_back(bed.At(i, Health::BRICKED) - bed.At(i, UpdateState::CONFIRMED));
    }
    std::ranges::sort(times);
    const double scale = MEAN_S / std::tgamma(1 + 1 / 1.5);
    double distance = 0;
    for (uint32_t i = 0; i < N; ++i)
    {
        const double cdf = 1 - std::exp(-std::pow(times[i] / scale, 1.5));
        distance = std::max({distance, cdf - i / double{N}, (i + 1) / double{N} - cdf});
    }
    EXPECT_LT(distance * std::sqrt(double{N}), 1.95);
    // Most reported their success before: the operator's books are wrong now.
    EXPECT_GT(bed.Believed(UpdateBelief::UPDATED), N / 2);
}

TEST(SlowLeak, ResetsGoOnUntilTheImageIsReplaced)
{
    FaultBed bed(1);
    bed.Add<SlowLeakFault>(HitConfig{}, SlowLeakConfig{bed.target, 3600, 1, LeakEnd::RESET});
    auto mended = bed.catalog.Get(bed.target);
    mended.version = "1.2.0";
    mended.sequence = 3;
    const auto next = bed.catalog.Add(bed.Sign(mended));
    uint32_t active = 0;
    Simulator::Schedule(Days(3), [&] {
        EXPECT_EQ(bed.fleet->GetHealth(DeviceId{0}), Health::FAULTY);
        bed.service->Distribute(bed.everybody, next, [] {});
    });
    Simulator::Schedule(Days(20), [&] {
        active = static_cast<uint32_t>(bed.fleet->EnergyJ(DeviceId{0}, EnergyUse::MCU) * 1e6);
    });
    bed.RunWithFaults();
    EXPECT_EQ(bed.fleet->Firmware(DeviceId{0}), next);
    EXPECT_EQ(bed.fleet->GetHealth(DeviceId{0}), Health::HEALTHY);
    // No more resets: the MCU's account stands still in the last ten days.
    EXPECT_EQ(static_cast<uint32_t>(bed.fleet->EnergyJ(DeviceId{0}, EnergyUse::MCU) * 1e6), active);
    EXPECT_EQ(bed.failures["slow-leak"], 0U); // the agent's own list: this one is the model's
}

/// A device that leaks neither loses its hole, nor the intruder, nor gains a repair.
TEST(SlowLeak, HealthIsWhatItWasBefore)
{
    for (const auto before : {Health::VULNERABLE, Health::COMPROMISED})
    {
        FaultBed bed(1);
        auto next = bed.catalog.Get(bed.target);
        next.fixesVulnerability = false;
        next.version = "1.2.0";
        next.sequence = 3;
        bed.target = bed.catalog.Add(bed.Sign(next));
        bed.Add<SlowLeakFault>(HitConfig{}, SlowLeakConfig{bed.target, 3600, 1, LeakEnd::RESET});
        next.version = "1.3.0";
        next.sequence = 4;
        const auto last = bed.catalog.Add(bed.Sign(next));
        bed.fleet->Set(DeviceId{0}, before, "test");
        Simulator::Schedule(Days(3), [&] {
            EXPECT_EQ(bed.fleet->GetHealth(DeviceId{0}),
                      before == Health::COMPROMISED ? before : Health::FAULTY);
            bed.service->Distribute(bed.everybody, last, [] {});
        });
        bed.RunWithFaults();
        EXPECT_EQ(bed.fleet->Firmware(DeviceId{0}), last);
        EXPECT_EQ(bed.fleet->GetHealth(DeviceId{0}), before);
    }
}

TEST(FlakyReporter, LostReportsLookLikeBricks)
{
    FaultBed bed(10);
    bed.Add<FlakyReporterFault>(HitConfig{}, FlakyReporterConfig{1, 0, 0, 0}, FaultWindow{});
    bed.RunWithFaults();
    EXPECT_EQ(bed.Truth(UpdateState::CONFIRMED), 10U);
    EXPECT_EQ(bed.Truth(Health::HEALTHY), 10U);
    EXPECT_EQ(bed.Believed(UpdateBelief::UNREPORTED), 10U);
}

TEST(FlakyReporter, WrongReportsLookLikeFailures)
{
    FaultBed bed(10);
    bed.Add<FlakyReporterFault>(HitConfig{}, FlakyReporterConfig{0, 0, 1, 0}, FaultWindow{});
    bed.RunWithFaults();
    EXPECT_EQ(bed.Truth(UpdateState::CONFIRMED), 10U);
    EXPECT_EQ(bed.Believed(UpdateBelief::UPDATED), 0U);
}

TEST(FlakyReporter, LateReportsArriveInTheEnd)
{
    double punctualS = 0;
    {
        FaultBed punctual(20);
        punctual.RunWithFaults();
        punctualS = punctual.finishedS;
    }
    FaultBed bed(20);
    bed.Add<FlakyReporterFault>(HitConfig{}, FlakyReporterConfig{0, 1, 0, 3600}, FaultWindow{});
    bed.RunWithFaults();
    EXPECT_EQ(bed.Believed(UpdateBelief::UPDATED), 20U);
    EXPECT_GT(bed.finishedS, punctualS + 3600); // the slowest of twenty
}

/// 20,000 reports each; the bounds are 4.5 standard deviations of the binomial and of the mean.
TEST(FlakyReporter, ProbabilitiesAreAsWritten)
{
    FaultBed bed(2);
    HitConfig first;
    first.devices = {"all-000001"};
    bed.Add<FlakyReporterFault>(first, FlakyReporterConfig{0.3, 0.2, 0.1, 60}, FaultWindow{});
    bed.Start();
    bed.StartFaults();
    constexpr int N = 20000;
    int lost = 0;
    int wrong = 0;
    int late = 0;
    double delayS = 0;
    for (int i = 0; i < N; ++i)
    {
        const auto fate = bed.faults->AtReport(DeviceId{0});
        lost += fate.lost ? 1 : 0;
        wrong += fate.wrong ? 1 : 0;
        late += fate.delayS > 0 ? 1 : 0;
        delayS += fate.delayS;
        const auto other = bed.faults->AtReport(DeviceId{1});
        ASSERT_TRUE(!other.lost && !other.wrong && other.delayS == 0);
    }
    const auto sd = [](double p) { return std::sqrt(N * p * (1 - p)); };
    EXPECT_NEAR(lost, N * 0.3, 4.5 * sd(0.3));
    EXPECT_NEAR(late, N * 0.2, 4.5 * sd(0.2));
    EXPECT_NEAR(wrong, N * 0.1, 4.5 * sd(0.1));
    EXPECT_NEAR(delayS / late, 60, 4.5 * 60 / std::sqrt(late));
}

TEST(LyingReporter, ClaimsWhatItDoesNotRun)
{
    FaultBed bed(12);
    auto& fault = bed.Add<LyingReporterFault>(Share(0.5), 0.0);
    bed.RunWithFaults();
    const auto liars = static_cast<uint32_t>(fault.Struck().size());
    EXPECT_GT(liars, 0U);
    EXPECT_LT(liars, 12U);
    EXPECT_EQ(bed.Truth(UpdateState::CONFIRMED), 12 - liars);
    EXPECT_EQ(bed.Truth(Health::VULNERABLE), liars);
    EXPECT_EQ(bed.Truth(Health::COMPROMISED), 0U);
    EXPECT_EQ(bed.Believed(UpdateBelief::UPDATED), 12U);
}

/// Malware that ignores commands goes on to do so on a device that also lies.
TEST(LyingReporter, DoesNotUndoAThreat)
{
    for (const double threatS : {4, 6})
    {
        FaultBed bed(1);
        bed.Add<LyingReporterFault>(HitConfig{}, 5.0);
        Simulator::Schedule(Seconds(threatS),
                            [&] { bed.agent->SetMisbehaviour(DeviceId{0}, true, false); });
        bed.RunWithFaults();
        EXPECT_EQ(bed.Truth(UpdateState::CONFIRMED), 0U);
        for (const auto& session : bed.service->Sessions())
        {
            EXPECT_EQ(session.fragmentsSent, 0U) << "it does not answer the set-up";
        }
    }
}

TEST(DeviceLoss, TakesDevicesOutOfTheirSession)
{
    FaultBed bed(8);
    bed.config.startMarginS = 600;
    HitConfig target;
    target.devices = {"all-000001", "all-000002", "all-000003"};
    bed.Add<DeviceLossFault>(target, DeviceLossConfig{{610, {}}, 0});
    bed.RunWithFaults();
    EXPECT_EQ(bed.Truth(Health::BRICKED), 3U);
    EXPECT_EQ(bed.At(0, Health::BRICKED), 610);
    EXPECT_EQ(bed.failures["device-lost"], 3U);
    EXPECT_EQ(bed.Truth(UpdateState::CONFIRMED), 5U);
    EXPECT_EQ(bed.Truth(UpdateState::FAILED), 3U);
    EXPECT_TRUE(bed.network->IsSilenced(DeviceId{0}));
    EXPECT_FALSE(bed.network->IsSilenced(DeviceId{3}));
}

/// Devices without update: a constant rate of loss leaves exp(-t / mtbf). 1,000 devices; four
/// standard deviations of the binomial are 0.063.
TEST(DeviceLoss, RandomLossesAreExponential)
{
    FaultBed bed(1000);
    DeviceLossConfig config;
    config.mtbfS = 10 * 86400;
    bed.Add<DeviceLossFault>(HitConfig{}, config);
    bed.check = std::make_unique<ImageCheck>(bed.catalog, SuitCheck(bed.key.GetPublicKey()));
    bed.agent->Start({bed.fleet, bed.network, &bed.catalog, &bed.directory, bed.check.get(), {}},
                     bed.config);
    bed.StartFaults();
    Simulator::Stop(Days(10));
    Simulator::Run();
    EXPECT_NEAR(bed.Truth(Health::BRICKED) / 1000.0, 1 - std::exp(-1.0), 0.063);
    EXPECT_EQ(bed.Truth(UpdateState::IDLE), 1000U);
}

TEST(PowerLoss, OneSlotBricksAndTwoBeginAgain)
{
    for (const double slots : {1.0, 2.0})
    {
        FaultBed bed(0);
        auto profile = *FindBuiltInProfile("stm32wl55");
        profile.slots = slots;
        const auto index = bed.fleet->AddProfile(profile);
        bed.network = CreateObject<test::FakeAccessNetwork>(200);
        bed.registry.Resize(200);
        for (uint32_t i = 0; i < 200; ++i)
        {
            DeviceSeed seed;
            seed.firmware = bed.running;
            seed.profile = index;
            const auto device = bed.fleet->Add(seed);
            bed.fleet->Set(device, Enrolment::ENROLLED, "test");
            bed.registry.SetEnrolled(device, true);
            bed.registry.SetAccess(device, Access::FULL);
            bed.registry.Hear(device, 0, {GatewayId{0}, 10, 5});
            bed.everybody.push_back(device);
        }
        bed.Add<PowerLossFault>(HitConfig{}, PowerLossOdds{0.3, {}}, FaultWindow{});
        bed.RunWithFaults();
        // 200 devices, p = 0.3: mean 60, standard deviation 6.5; 4.5 of them.
        if (slots < 2)
        {
            EXPECT_NEAR(bed.Truth(Health::BRICKED), 60, 29);
            EXPECT_EQ(bed.Truth(UpdateState::CONFIRMED), 200 - bed.Truth(Health::BRICKED));
        }
        else
        {
            EXPECT_EQ(bed.Truth(Health::BRICKED), 0U);
            EXPECT_EQ(bed.Truth(UpdateState::CONFIRMED), 200U);
            // Failures before the first success: mean 200 p / (1 - p) = 86, sd 11.
            EXPECT_NEAR(bed.failures["power-loss-restart"], 86, 50);
        }
    }
}

/// A device that only sleeps lives level x battery / (current x voltage).
TEST(Battery, RunsEmptyWhenItsEnergyIsSpent)
{
    FaultBed bed(0);
    auto profile = *FindBuiltInProfile("stm32wl55");
    profile.batteryJ = 10;
    profile.sleepA = 20e-6;
    const auto index = bed.fleet->AddProfile(profile);
    bed.network = CreateObject<test::FakeAccessNetwork>(3);
    for (const float level : {1.0F, 0.6F, 0.001F})
    {
        DeviceSeed seed;
        seed.firmware = bed.running;
        seed.profile = index;
        seed.batteryLevel = level;
        bed.fleet->SetPowered(bed.fleet->Add(seed), 0);
    }
    bed.Add<BatteryFault>(HitConfig{}, 0.2, 30.0);
    bed.check = std::make_unique<ImageCheck>(bed.catalog, SuitCheck(bed.key.GetPublicKey()));
    bed.agent->Start({bed.fleet, bed.network, &bed.catalog, &bed.directory, bed.check.get(), {}},
                     bed.config);
    bed.StartFaults();
    Simulator::Stop(Days(30));
    Simulator::Run();
    const double watt = 20e-6 * profile.supplyV;
    EXPECT_NEAR(bed.At(0, Health::BRICKED), 0.8 * 10 / watt, 31);
    EXPECT_NEAR(bed.At(1, Health::BRICKED), 0.4 * 10 / watt, 31);
    EXPECT_EQ(bed.At(2, Health::BRICKED), 0); // below the level at which devices stop
    EXPECT_GT(bed.fleet->BatteryLevel(DeviceId{2}, 0), 0);
}

} // namespace
} // namespace ns3::iotfleet
