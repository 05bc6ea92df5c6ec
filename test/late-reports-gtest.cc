// SPDX-License-Identifier: GPL-2.0-only
#include "test/update-bed.h"

#include <gtest/gtest.h>

/**
 * @file
 * What the operator believes of devices whose messages come late or cross each other: the belief
 * follows what they say, and truth and belief agree in the end.
 */
namespace ns3::iotfleet
{
namespace
{

using test::UpdateBed;

constexpr DeviceId STRAGGLER{3};

/// Reports that come late, or not the first time.
class BadReports : public UpdateHazards
{
  public:
    double delayS{0};
    uint32_t lost{0}; ///< reports that are lost before others arrive

    std::optional<BootFate> AtFirstBoot(DeviceId, ImageId) override
    {
        return std::nullopt;
    }

    PowerLossOdds AtInstallation(DeviceId) const override
    {
        return {};
    }

    ReportFate AtReport(DeviceId) override
    {
        const bool isLost = lost > 0;
        lost -= isLost ? 1 : 0;
        return {isLost, false, delayS};
    }
};

/// Calls `then` once, as soon as `condition` holds; looks each second.
void
Once(const std::function<bool()>& condition, const std::function<void()>& then)
{
    if (condition())
    {
        return then();
    }
    Simulator::Schedule(Seconds(1), [=] { Once(condition, then); });
}

/// The session request does not reach the straggler: it hears nothing of the session.
void
KeepFromTheSession(UpdateBed& bed)
{
    const auto members = static_cast<uint32_t>(bed.everybody.size());
    Once([&bed, members] { return bed.network->sentByPort[wire::ts005::FPORT] >= 2 * members; },
         [&bed] {
             const Tick now = Simulator::Now().GetNanoSeconds();
             bed.network->Suspend(STRAGGLER, now + ToTicks(bed.config.startMarginS + 30));
         });
}

/// A time-out of ten minutes, and reports that take an hour: given up first, believed then.
TEST(LateReports, CorrectTheBelief)
{
    UpdateBed bed(20);
    BadReports reports;
    reports.delayS = 3600;
    bed.config.reportTimeoutS = 600;
    bed.agent->SetHazards(&reports);
    bed.Start();
    uint32_t givenUp = 0;
    Once([&bed] { return bed.finished > 0; },
         [&] { givenUp = bed.Believed(UpdateBelief::UNREPORTED); });
    Simulator::Stop(Days(2));
    Simulator::Run();
    EXPECT_EQ(givenUp, 20U);
    EXPECT_EQ(bed.Truth(UpdateState::CONFIRMED), 20U);
    EXPECT_EQ(bed.Believed(UpdateBelief::UPDATED), 20U);
    EXPECT_EQ(bed.Believed(UpdateBelief::UNREPORTED), 0U);
    EXPECT_EQ(bed.registry.Firmware(STRAGGLER), bed.target);
}

/// The same of devices that are brought back: they are not updated, however late they say so.
TEST(LateReports, OfARollBackAreNoUpdates)
{
    UpdateBed bed(20);
    BadReports reports;
    reports.delayS = 3600;
    bed.config.reportTimeoutS = 600;
    bed.agent->SetHazards(&reports);
    auto older = bed.catalog.Get(bed.running);
    older.version = "1.0.0+rollback";
    older.sequence = 3;
    older.digest = wire::Sha256(std::vector<uint8_t>(2000, 0x3c));
    const auto back = bed.catalog.Add(bed.Sign(older));
    bed.Start();
    Simulator::Schedule(Days(1), [&] {
        EXPECT_EQ(bed.Believed(UpdateBelief::UPDATED), 20U);
        bed.service->BringBack(bed.everybody, back, [&] {
            EXPECT_EQ(bed.Believed(UpdateBelief::UNREPORTED), 20U) << "given up first";
            ++bed.finished;
        });
    });
    Simulator::Stop(Days(3));
    Simulator::Run();
    EXPECT_EQ(bed.finished, 2U);
    for (const auto device : bed.everybody)
    {
        EXPECT_EQ(bed.fleet->Firmware(device), back);
    }
    EXPECT_EQ(bed.Believed(UpdateBelief::WENT_BACK), 20U);
    EXPECT_EQ(bed.Believed(UpdateBelief::UPDATED), 0U);
    EXPECT_EQ(bed.registry.Firmware(STRAGGLER), back);
}

/// Without confirmation a device under trial goes back. It is heard although it was given up.
TEST(LateReports, ConfirmATrialThatWasGivenUp)
{
    UpdateBed bed(20);
    bed.config.reportTimeoutS = 60;
    bed.config.confirmBy = "server-contact";
    bed.config.rebootSpreadS = 1200; // most come to their trial after the time-out
    bed.config.trialS = 300;
    bed.config.installAllowanceS = -1500; // asked at once, and given up a minute later
    bed.Run();
    EXPECT_EQ(bed.Truth(UpdateState::CONFIRMED), 20U);
    EXPECT_EQ(bed.Believed(UpdateBelief::UPDATED), 20U);
}

/// A stale answer makes the operator ask for the status of a block that the device has installed
/// meanwhile. "No such session" is no failure then.
TEST(LateReports, AnInstalledImageIsNoLostOne)
{
    UpdateBed bed(1);
    BadReports reports;
    reports.lost = 1;
    bed.config.reportRetryS = 3600;
    bed.agent->SetHazards(&reports);
    bed.Start();
    const auto isAsked = [&bed] { return bed.network->sentByPort[wire::ts006::FPORT] > 0; };
    Once(isAsked, [&bed] {
        using namespace wire::ts006;
        const auto stale = wire::MakePayload(FPORT,
                                             wire::PackageVersion::V2,
                                             DevVersionAns{VersionCode("1.0.0"), 0},
                                             DevUpgradeImageAns{});
        bed.network->SendToOperator(bed.everybody.front(), stale, false);
    });
    Simulator::Stop(Days(2));
    Simulator::Run();
    EXPECT_EQ(bed.Truth(UpdateState::CONFIRMED), 1U);
    EXPECT_EQ(bed.believedFailures, (std::map<std::string, uint32_t>{}));
    EXPECT_EQ(bed.Believed(UpdateBelief::UPDATED), 1U);
}

/// Its report was lost, say: the image comes again, and nothing is under way on a device that runs
/// it.
TEST(LateReports, WhoIsOfferedItsImageAgainStaysConfirmed)
{
    UpdateBed bed(20);
    bed.Start();
    Simulator::Stop(Days(2));
    Simulator::Run();
    ASSERT_EQ(bed.Truth(UpdateState::CONFIRMED), 20U);
    uint32_t left = 0;
    bed.fleet->TraceConnectWithoutContext(
        "Transition",
        Callback<void, const Transition&>(
            [&left](const Transition& step) { left += step.machine == Machine::UPDATE ? 1 : 0; }));
    bed.service->Distribute(bed.everybody, bed.target, [&bed] { ++bed.finished; });
    Simulator::Stop(Days(2));
    Simulator::Run();
    EXPECT_EQ(bed.finished, 2U);
    EXPECT_EQ(left, 0U);
    EXPECT_EQ(bed.Truth(UpdateState::CONFIRMED), 20U);
    EXPECT_EQ(bed.Believed(UpdateBelief::UPDATED), 20U);
}

/// Silence is good news of those only that said they would listen.
TEST(LeftBehind, IsNotTakenAsComplete)
{
    UpdateBed bed(20);
    bed.config.repair.unicast = false;
    bed.Start();
    KeepFromTheSession(bed);
    Simulator::Stop(Days(4));
    Simulator::Run();
    EXPECT_EQ(bed.service->Sessions().at(0).believedCompleted, 19U);
    EXPECT_EQ(bed.Truth(UpdateState::CONFIRMED), 19U);
    EXPECT_EQ(bed.Believed(UpdateBelief::FAILED), 1U);
}

/// The service to it begins with the reports of the others, and lasts longer than the time-out.
TEST(LeftBehind, IsServedAsLongAsItGetsOn)
{
    UpdateBed bed(20);
    bed.config.reportTimeoutS = 250;
    bed.network->downlinkDelayS = 40; // 22 fragments of 112 B, four at a time: 240 s
    bed.Start();
    KeepFromTheSession(bed);
    Simulator::Stop(Days(4));
    Simulator::Run();
    const auto& session = bed.service->Sessions().at(0);
    EXPECT_EQ(session.believedCompleted, 19U);
    EXPECT_GT(session.fragmentsSent, session.firstPass);
    EXPECT_EQ(bed.Truth(UpdateState::CONFIRMED), 20U);
    EXPECT_EQ(bed.Believed(UpdateBelief::UPDATED), 20U);
    EXPECT_GT(bed.finishedS, session.endedS + bed.config.reportTimeoutS);
}

/// Who falls silent in the midst of the service is given up all the same.
TEST(LeftBehind, IsGivenUpWhenItFallsSilent)
{
    UpdateBed bed(20);
    bed.config.reportTimeoutS = 1000;
    bed.config.setupRetryS = 100;
    bed.network->downlinkDelayS = 40;
    bed.Start();
    KeepFromTheSession(bed);
    const auto isServed = [&bed] {
        const auto& sessions = bed.service->Sessions();
        return !sessions.empty() && sessions[0].fragmentsSent > sessions[0].firstPass + 8;
    };
    Once(isServed, [&bed] { bed.network->Silence(STRAGGLER); });
    Simulator::Stop(Days(4));
    Simulator::Run();
    EXPECT_EQ(bed.finished, 1U);
    EXPECT_EQ(bed.Believed(UpdateBelief::UPDATED), 19U);
    EXPECT_EQ(bed.registry.Update(STRAGGLER), UpdateBelief::UNREPORTED);
}

/// Silence does not cure: a compromised device whose image leaves the hole open stays so.
TEST(Mute, LeavesTheCompromisedCompromised)
{
    for (const bool isFixed : {true, false})
    {
        UpdateBed bed(1);
        if (!isFixed)
        {
            auto image = bed.catalog.Get(bed.target);
            image.version = "1.2.0";
            image.fixesVulnerability = false;
            bed.target = bed.catalog.Add(image);
        }
        bed.Run();
        const DeviceId device = bed.everybody.front();
        ASSERT_EQ(bed.Truth(UpdateState::CONFIRMED), 1U);
        bed.fleet->Set(device, Health::COMPROMISED, "test");
        bed.agent->Mute(device, "slow-leak", "it fell silent");
        EXPECT_EQ(bed.fleet->GetHealth(device), isFixed ? Health::FAULTY : Health::COMPROMISED);
        EXPECT_EQ(bed.Truth(UpdateState::FAILED), 1U);
        EXPECT_TRUE(bed.network->IsSilenced(device));
    }
}

} // namespace
} // namespace ns3::iotfleet
