// SPDX-License-Identifier: GPL-2.0-only
#include "test/update-bed.h"

#include "ns3/double.h"

#include <cmath>
#include <gtest/gtest.h>

namespace ns3::iotfleet
{
namespace
{

using test::UpdateBed;

TEST(UpdateService, EverybodyIsUpdatedWithoutLoss)
{
    UpdateBed bed(500);
    bed.Run();
    EXPECT_EQ(bed.Truth(UpdateState::CONFIRMED), 500U);
    EXPECT_EQ(bed.Believed(UpdateBelief::UPDATED), 500U);
    EXPECT_EQ(bed.Truth(Health::HEALTHY), 500U);
    EXPECT_EQ(bed.finished, 1U);
    ASSERT_EQ(bed.service->Sessions().size(), 1U);
    const auto& session = bed.service->Sessions()[0];
    // 2000 B image + envelope in fragments of 112 B, 30 % coded, no repair.
    const auto bytes = double(bed.catalog.Get(bed.target).PayloadBytes());
    const double uncoded = std::ceil(bytes / 112);
    EXPECT_EQ(session.fragmentsSent, uncoded + std::ceil(0.3 * uncoded));
    EXPECT_EQ(session.devices, 500U);
    EXPECT_EQ(session.believedCompleted, 500U);
    EXPECT_EQ(session.kind, "class-C");
    EXPECT_FALSE(bed.service->IsBusy());
    EXPECT_EQ(bed.fleet->Firmware(DeviceId{77}), bed.target);
    EXPECT_EQ(bed.registry.Firmware(DeviceId{77}), bed.target);
    EXPECT_GT(bed.fleet->CampaignEnergyJ(DeviceId{77}), 0);
}

TEST(UpdateService, RepairBringsEverybodyThroughALossyChannel)
{
    for (const char* version : {"1.0.0", "2.0.0"})
    {
        UpdateBed bed(500);
        bed.config.ts004 = version;
        bed.config.redundancy = 0.1;
        bed.network->groupLoss = 0.15;
        bed.network->unicastLoss = 0.1;
        bed.config.setupRetryS = 30;
        bed.config.setupRetries = 8;
        bed.config.repair.unicastLimit = 500;
        bed.config.startMarginS = 300; // time to repeat session requests that were lost
        bed.Run();
        EXPECT_EQ(bed.Truth(UpdateState::CONFIRMED), 500U) << version;
        EXPECT_EQ(bed.Believed(UpdateBelief::UPDATED), 500U) << version;
        EXPECT_GT(bed.service->Totals().air.RepairShare(), 0);
        EXPECT_EQ(bed.finished, 1U);
    }
}

TEST(UpdateService, OneLostFragmentWithoutRedundancyFailsTheUpdate)
{
    UpdateBed bed(20);
    bed.config.redundancy = 0;
    bed.config.statusRequest = false;
    bed.config.repair.unicast = false;
    bed.network->neverHeard = {3};
    bed.Run();
    EXPECT_EQ(bed.Truth(UpdateState::FAILED), 20U);
    EXPECT_EQ(bed.Believed(UpdateBelief::FAILED), 20U);
    EXPECT_EQ(bed.failures["fragments-missing"], 20U);
    EXPECT_EQ(bed.finished, 1U);
}

TEST(UpdateService, UnicastRepairIsLimited)
{
    UpdateBed bed(50);
    bed.config.redundancy = 0;
    bed.config.repair.multicastRounds = 0;
    bed.config.repair.unicastLimit = 7;
    bed.network->neverHeard = {3, 4};
    bed.Run();
    EXPECT_EQ(bed.Truth(UpdateState::CONFIRMED), 7U);
    EXPECT_EQ(bed.Truth(UpdateState::FAILED), 43U);
    EXPECT_EQ(bed.Believed(UpdateBelief::UPDATED), 7U);
    EXPECT_EQ(bed.Believed(UpdateBelief::FAILED), 43U);
}

/** Downlinks over 51 B never leave for one device, and what is queued behind them neither. */
class NarrowNetwork : public test::FakeAccessNetwork
{
  public:
    NarrowNetwork(uint32_t devices, DeviceId narrow)
        : FakeAccessNetwork(devices),
          m_narrow(narrow)
    {
    }

    void SendToDevice(DeviceId device, const wire::AppPayload& payload) override
    {
        if (device == m_narrow && (m_held > 0 || payload.size > MaxPayload(0)))
        {
            ++m_held;
            return;
        }
        FakeAccessNetwork::SendToDevice(device, payload);
    }

    uint32_t PendingToDevice(DeviceId device) const override
    {
        return FakeAccessNetwork::PendingToDevice(device) + (device == m_narrow ? m_held : 0);
    }

    void DropPending(DeviceId device) override
    {
        m_held = device == m_narrow ? 0 : m_held;
        FakeAccessNetwork::DropPending(device);
    }

  private:
    DeviceId m_narrow;
    uint32_t m_held{0};
};

/** All lack a fragment of 115 B; `narrow` is heard every hour with room for 51 B, or never. */
void
RunNarrow(UpdateBed& bed, DeviceId narrow, bool isHeard)
{
    bed.network = CreateObject<NarrowNetwork>(20, narrow);
    bed.network->neverHeard = {3};
    bed.config.redundancy = 0;
    bed.config.dataRate = 5;
    bed.config.repair.multicastRounds = 0;
    for (int hour = 0; isHeard && hour < 240; ++hour)
    {
        Simulator::Schedule(Hours(hour), [&bed, narrow] {
            bed.registry.Hear(narrow, Simulator::Now().GetNanoSeconds(), {GatewayId{0}, 10, 0});
        });
    }
    bed.Run();
}

TEST(UpdateService, FragmentsTooLongForAMembersWindowsDoNotHoldUpTheOthers)
{
    UpdateBed bed(20);
    RunNarrow(bed, DeviceId{3}, true);
    EXPECT_EQ(bed.Believed(UpdateBelief::UPDATED), 19U);
    EXPECT_EQ(bed.believedFailures["fragment-too-long-for-unicast"], 1U);
    EXPECT_EQ(bed.finished, 1U);
    EXPECT_LT(bed.finishedS, 24 * 3600);
}

TEST(UpdateService, AMemberThatUnicastDoesNotReachIsNotWaitedForForEver)
{
    UpdateBed bed(20);
    RunNarrow(bed, DeviceId{3}, false); // silent since the start
    EXPECT_EQ(bed.Believed(UpdateBelief::UPDATED), 19U);
    EXPECT_EQ(bed.unreported["incomplete"], 1U);
    EXPECT_EQ(bed.finished, 1U);
    // Two times the silence that counts as unreported, and the others' reports.
    EXPECT_GT(bed.finishedS, 2 * bed.config.reportTimeoutS);
    EXPECT_LT(bed.finishedS, 4 * bed.config.reportTimeoutS);
}

TEST(UpdateService, UnicastPolicyNeedsNoGroup)
{
    UpdateBed bed(30);
    bed.config.policy = "UNICAST";
    bed.network->unicastLoss = 0.05;
    bed.Run();
    EXPECT_EQ(bed.Truth(UpdateState::CONFIRMED), 30U);
    EXPECT_EQ(bed.Believed(UpdateBelief::UPDATED), 30U);
    EXPECT_EQ(bed.service->Totals().bytesMulticast, 0U);
    EXPECT_EQ(bed.service->Sessions()[0].kind, "unicast");
}

TEST(UpdateService, ReceptionMemoryMakesUncodedFragmentsComeAgain)
{
    UpdateBed bed(100);
    bed.config.redundancyMemory = 2;
    bed.config.repair.unicast = false;
    bed.config.repair.successThreshold = 1;
    bed.network->groupLoss = 0.3;
    bed.Run();
    // Without any re-sent uncoded fragment only those with at most 2 of 21 lost could decode: 2.7
    // %.
    EXPECT_GT(bed.Truth(UpdateState::CONFIRMED), 50U);
    EXPECT_EQ(bed.Truth(UpdateState::CONFIRMED) + bed.Truth(UpdateState::FAILED), 100U);
}

TEST(UpdateService, FastestRunsOneSessionADataRate)
{
    UpdateBed bed(40);
    bed.config.policy = "FASTEST";
    bed.config.sessionGapS = 100;
    for (uint32_t i = 0; i < 40; ++i)
    {
        bed.registry.Hear(DeviceId{i}, 0, {GatewayId{0}, 20, static_cast<uint8_t>(2 + i % 4)});
    }
    bed.Run();
    const auto& sessions = bed.service->Sessions();
    ASSERT_EQ(sessions.size(), 4U);
    for (size_t i = 0; i < 4; ++i)
    {
        EXPECT_EQ(sessions[i].dataRate, 5 - i);
        EXPECT_EQ(sessions[i].devices, 10U);
        EXPECT_TRUE(i == 0 || sessions[i].startedS >= sessions[i - 1].endedS + 100);
    }
    EXPECT_EQ(bed.Truth(UpdateState::CONFIRMED), 40U);
}

TEST(UpdateService, LinkMarginLowersTheDataRate)
{
    UpdateBed bed(1);
    // Floor of DR5 is -7.5 dB: 3 dB of margin are kept at DR4 only.
    bed.registry.Hear(DeviceId{0}, 0, {GatewayId{0}, -6, 5});
    bed.Run();
    EXPECT_EQ(bed.service->Sessions().at(0).dataRate, 4);
}

TEST(UpdateService, WrongSignatureIsRefusedByEveryDevice)
{
    UpdateBed bed(25);
    auto image = bed.catalog.Get(bed.target);
    image.version = "1.2.0";
    image.envelope.at(image.envelope.size() / 2) ^= 1;
    bed.target = bed.catalog.Add(image);
    bed.Run();
    EXPECT_EQ(bed.Truth(UpdateState::FAILED), 25U);
    EXPECT_EQ(bed.Believed(UpdateBelief::FAILED), 25U);
    EXPECT_EQ(bed.fleet->Firmware(DeviceId{3}), bed.running);
    EXPECT_EQ(bed.believedFailures["image-corrupt"], 25U);
    EXPECT_EQ(bed.failures["fragments-missing"], 0U);
}

TEST(UpdateService, WrongVendorIsRefusedAsSuch)
{
    UpdateBed bed(5);
    auto image = bed.catalog.Get(bed.target);
    image.version = "1.2.0";
    image.vendor = "other.example";
    bed.target = bed.catalog.Add(bed.Sign(image));
    bed.Run();
    EXPECT_EQ(bed.failures["wrong-vendor"], 5U);
    EXPECT_EQ(bed.believedFailures["image-wrong-hardware"], 5U);
}

TEST(UpdateService, SilentBricksStayUnreported)
{
    UpdateBed bed(200);
    auto image = bed.catalog.Get(bed.target);
    image.version = "1.2.0";
    image.defectEffect = DefectEffect::SILENT_BRICK;
    image.defectProbability = 0.2;
    bed.target = bed.catalog.Add(image);
    bed.Run();
    const uint32_t bricked = bed.Truth(Health::BRICKED);
    // Binomial(200, 0.2): 40 +- 5 sigma.
    EXPECT_NEAR(bricked, 40, 5 * std::sqrt(200 * 0.2 * 0.8));
    EXPECT_EQ(bed.failures["silent-brick"], bricked);
    EXPECT_EQ(bed.Believed(UpdateBelief::UNREPORTED), bricked);
    EXPECT_EQ(bed.unreported["silent"], bricked);
    EXPECT_EQ(bed.Believed(UpdateBelief::UPDATED), 200 - bricked);
}

TEST(UpdateService, CrashingImageIsRolledBackAndReported)
{
    for (const auto effect : {DefectEffect::CRASH, DefectEffect::BOOT_LOOP})
    {
        UpdateBed bed(30);
        auto image = bed.catalog.Get(bed.target);
        image.version = "1.2.0";
        image.defectEffect = effect;
        image.defectProbability = 1;
        image.defectHardware = "a";
        bed.target = bed.catalog.Add(image);
        bed.Run();
        EXPECT_EQ(bed.Truth(UpdateState::ROLLED_BACK), 30U);
        EXPECT_EQ(bed.Truth(Health::VULNERABLE), 30U);
        EXPECT_EQ(bed.Believed(UpdateBelief::FAILED), 30U);
        EXPECT_EQ(bed.believedFailures["image-gone"], 30U);
    }
}

TEST(UpdateService, LiarIsBelievedAndNotUpdated)
{
    UpdateBed bed(10);
    bed.Start();
    bed.fleet->Set(DeviceId{4}, Health::COMPROMISED, "test");
    bed.agent->SetMisbehaviour(DeviceId{4}, false, true);
    Simulator::Stop(Days(3));
    Simulator::Run();
    EXPECT_EQ(bed.Believed(UpdateBelief::UPDATED), 10U);
    EXPECT_EQ(bed.Truth(UpdateState::CONFIRMED), 9U);
    EXPECT_EQ(bed.fleet->GetHealth(DeviceId{4}), Health::COMPROMISED);
}

TEST(UpdateService, WhoIgnoresCommandsIsUnreported)
{
    UpdateBed bed(10);
    bed.config.setupRetryS = 100;
    bed.Start();
    bed.fleet->Set(DeviceId{4}, Health::COMPROMISED, "test");
    bed.agent->SetMisbehaviour(DeviceId{4}, true, false);
    Simulator::Stop(Days(3));
    Simulator::Run();
    EXPECT_EQ(bed.Believed(UpdateBelief::UPDATED), 9U);
    EXPECT_EQ(bed.Believed(UpdateBelief::UNREPORTED), 1U);
    EXPECT_EQ(bed.Truth(UpdateState::CONFIRMED), 9U);
    EXPECT_EQ(bed.unreported["no-answer-to-set-up"], 1U);
    EXPECT_EQ(bed.unreported.size(), 1U);
}

TEST(UpdateService, CompromisedDeviceThatObeysIsCured)
{
    UpdateBed bed(3);
    bed.fleet->Set(DeviceId{1}, Health::COMPROMISED, "test");
    bed.Run();
    EXPECT_EQ(bed.Truth(Health::HEALTHY), 3U);
}

TEST(UpdateService, WhoIsRemovedBeforeItsSessionIsSettled)
{
    UpdateBed bed(10);
    bed.config.poolingS = 600;
    bed.Start();
    Simulator::Schedule(Seconds(11), [&] { bed.service->RemoveFromSessions(DeviceId{2}); });
    Simulator::Stop(Seconds(12));
    Simulator::Run();
    EXPECT_EQ(bed.registry.Update(DeviceId{2}), UpdateBelief::UNREPORTED);
    EXPECT_EQ(bed.unreported["removed"], 1U);
    EXPECT_EQ(bed.finished, 0U);
    for (const auto device : bed.everybody)
    {
        bed.service->RemoveFromSessions(device);
    }
    EXPECT_EQ(bed.unreported["removed"], 10U);
    EXPECT_EQ(bed.finished, 1U) << "nobody is left to wait for";
    EXPECT_FALSE(bed.service->IsBusy());
}

TEST(UpdateService, RebootByCommandAndConfirmationByServerContact)
{
    UpdateBed bed(50);
    bed.config.rebootBy = "command";
    bed.config.rebootSpreadS = 300;
    bed.config.confirmBy = "server-contact";
    bed.config.trialS = 600;
    bed.network->unicastLoss = 0.05;
    bed.Run();
    EXPECT_EQ(bed.Truth(UpdateState::CONFIRMED), 50U);
    EXPECT_EQ(bed.Believed(UpdateBelief::UPDATED), 50U);
}

TEST(UpdateService, AcknowledgedReceptionIsBelieved)
{
    UpdateBed bed(50);
    bed.config.ackReception = true;
    bed.config.blockAckDelay = 0;
    bed.Start();
    uint32_t believed = 0;
    bed.service->TraceConnectWithoutContext(
        "SessionEnded",
        Callback<void, const SessionRecord&>([&](const SessionRecord&) {
            believed = bed.Believed(UpdateBelief::RECEIVED) + bed.Believed(UpdateBelief::UPDATED);
        }));
    Simulator::Stop(Days(3));
    Simulator::Run();
    EXPECT_EQ(believed, 50U);
}

TEST(UpdateService, ClassBSessionBeginsOnABeacon)
{
    UpdateBed bed(20);
    bed.config.sessionClass = "B";
    bed.Run();
    const auto& session = bed.service->Sessions().at(0);
    EXPECT_EQ(session.kind, "class-B");
    EXPECT_EQ(std::fmod(session.startedS, 128), 0);
    EXPECT_EQ(bed.Truth(UpdateState::CONFIRMED), 20U);
}

TEST(UpdateService, PowerLossBricksOrInstallsAgain)
{
    UpdateBed bed(300);
    bed.agent->SetAttribute("PowerLossProbability", DoubleValue(0.2));
    bed.agent->SetAttribute("PowerLossBrickShare", DoubleValue(0.5));
    bed.Run();
    // A device bricks with p/2 at each attempt and tries again with p/2: p/2 / (1 - p/2) = 1/9.
    const double share = 0.1 / 0.9;
    EXPECT_NEAR(bed.Truth(Health::BRICKED), 300 * share, 5 * std::sqrt(300 * share * (1 - share)));
    EXPECT_EQ(bed.Truth(UpdateState::CONFIRMED), 300 - bed.Truth(Health::BRICKED));
}

TEST(UpdateService, RekeyCostsOneMessageAMemberLeft)
{
    UpdateBed bed(60);
    bed.Run();
    bed.network->keep = true;
    EXPECT_EQ(bed.service->RekeyWithout(DeviceId{5}), 59U);
    ASSERT_EQ(bed.network->downlinks.size(), 59U);
    for (const auto& payload : bed.network->downlinks)
    {
        EXPECT_EQ(payload.port, wire::ts005::FPORT);
        EXPECT_EQ(payload.size, 30); // McGroupSetupReq of TS005 section 3.3: 1 + 29 bytes
    }
    EXPECT_EQ(bed.service->RekeyWithout(DeviceId{5}), 0U);
}

TEST(UpdateService, StopOfferingEndsADistribution)
{
    UpdateBed bed(40);
    bed.config.statusRequest = false;
    bed.Start();
    Simulator::Schedule(Seconds(100), [&] { bed.service->StopOffering(); }); // first pass
    Simulator::Stop(Days(3));
    Simulator::Run();
    EXPECT_EQ(bed.finished, 1U);
    EXPECT_EQ(bed.Truth(UpdateState::CONFIRMED), 0U);
    EXPECT_EQ(bed.Believed(UpdateBelief::UPDATED), 0U);
    EXPECT_FALSE(bed.service->IsBusy());
}

TEST(UpdateService, RemovedDeviceTakesNoPart)
{
    UpdateBed bed(10);
    bed.Start();
    Simulator::Schedule(Seconds(11), [&] { bed.service->RemoveFromSessions(DeviceId{2}); });
    Simulator::Stop(Days(3));
    Simulator::Run();
    EXPECT_EQ(bed.Truth(UpdateState::CONFIRMED), 9U);
    EXPECT_EQ(bed.Believed(UpdateBelief::UNREPORTED), 1U);
}

TEST(UpdateService, SecondDistributionReachesUpdatedDevicesAgain)
{
    UpdateBed bed(10);
    auto image = bed.catalog.Get(bed.target);
    image.version = "1.2.0";
    image.sequence = 3;
    const ImageId newest = bed.catalog.Add(bed.Sign(image));
    bed.Start();
    uint32_t second = 0;
    Simulator::Schedule(Days(2),
                        [&] { bed.service->Distribute(bed.everybody, newest, [&] { ++second; }); });
    Simulator::Stop(Days(5));
    Simulator::Run();
    EXPECT_EQ(second, 1U);
    EXPECT_EQ(bed.fleet->Firmware(DeviceId{0}), newest);
    EXPECT_EQ(bed.Believed(UpdateBelief::UPDATED), 10U);
}

TEST(UpdateService, WhoRunsTheImageAlreadyReportsItWithoutASession)
{
    UpdateBed bed(10);
    bed.fleet->SetFirmware(DeviceId{3}, bed.target);
    bed.Run();
    EXPECT_EQ(bed.Believed(UpdateBelief::UPDATED), 10U);
    EXPECT_EQ(bed.Truth(UpdateState::CONFIRMED), 9U);
}

TEST(UpdateService, BlockedAndUnknownDevicesAreNotOffered)
{
    UpdateBed bed(10);
    bed.registry.SetAccess(DeviceId{0}, Access::BLOCKED);
    bed.registry.SetEnrolled(DeviceId{1}, false);
    bed.Run();
    EXPECT_EQ(bed.Truth(UpdateState::CONFIRMED), 8U);
    EXPECT_EQ(bed.Believed(UpdateBelief::UNREPORTED), 2U);
    EXPECT_EQ(bed.unreported["blocked"], 1U);
    EXPECT_EQ(bed.unreported["not-enrolled"], 1U);
    EXPECT_EQ(bed.service->Sessions().at(0).devices, 8U);
}

} // namespace
} // namespace ns3::iotfleet
