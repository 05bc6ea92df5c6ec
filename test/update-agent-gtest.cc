// SPDX-License-Identifier: GPL-2.0-only
#include "test/test-support.h"
#include "test/update-bed.h"

#include <gtest/gtest.h>

namespace ns3::iotfleet
{
namespace
{

namespace ts004 = wire::ts004;
namespace ts005 = wire::ts005;
namespace ts006 = wire::ts006;
using wire::PackageVersion;

/// One device and an operator that is this test: messages as bytes, no UpdateService.
class Device
{
  public:
    Device()
        : bed(1)
    {
        bed.check = std::make_unique<ImageCheck>(bed.catalog, SuitCheck(bed.key.GetPublicKey()));
        for (const uint8_t port : {ts004::FPORT, ts005::FPORT, ts006::FPORT})
        {
            bed.network->HandleAtOperator(port, [this](const UplinkMessage& message) {
                answer = ToHex(message.payload.View());
            });
        }
    }

    void Start()
    {
        bed.agent->Start(
            {bed.fleet, bed.network, &bed.catalog, &bed.directory, bed.check.get(), {}},
            bed.config);
    }

    /// Sends a command and returns the answer's bytes in hexadecimal, empty if there is none.
    template <class Command>
    std::string Ask(uint8_t port, const Command& command, double waitS = 20)
    {
        answer.clear();
        bed.network->SendToDevice(D, wire::MakePayload(port, PackageVersion::V2, command));
        Wait(waitS);
        return answer;
    }

    void Wait(double seconds)
    {
        Simulator::Stop(Seconds(seconds));
        Simulator::Run();
    }

    ts004::FragSessionSetupReq Setup() const
    {
        ts004::FragSessionSetupReq request;
        request.mcGroupBitMask = 1;
        request.nbFrag = 10;
        request.fragSize = 50;
        request.sessionCnt = 1;
        request.descriptor = {0, 0, 1, 1}; // 1.1.0 = 0x01010000, least significant byte first
        return request;
    }

    /// Puts the device into a group with its block set up.
    void Join()
    {
        ts005::McGroupSetupReq request;
        request.mcAddr = 77;
        Ask(200, request);
        Ask(201, Setup());
        GroupConfig config;
        config.members = {D};
        group = bed.network->CreateGroup(config);
        bed.directory.Add(77, group, config.members);
    }

    /// A class C window of 64 s from `startS` on, in which these fragments are sent.
    void Window(uint32_t startS, const std::vector<uint16_t>& numbers)
    {
        ts005::McClassCSessionReq request;
        request.sessionTime = startS;
        request.sessionTimeOut = 6;
        request.dlFrequencyHz = 869525000;
        Ask(200, request);
        Wait(startS + 1 - Simulator::Now().GetSeconds());
        for (const uint16_t number : numbers)
        {
            GroupFrame frame;
            frame.port = ts004::FPORT;
            frame.sizeBytes = 53;
            frame.number = number;
            bed.network->SendToGroup(group, frame);
        }
        Wait(65);
    }

    /// What a FragSessionStatusAns with these numbers looks like.
    static std::string Status(uint16_t received, uint8_t missing)
    {
        ts004::FragSessionStatusAns status;
        status.nbFragReceived = received;
        status.missingFrag = missing;
        return ToHex(wire::MakePayload(ts004::FPORT, PackageVersion::V2, status).View());
    }

    static constexpr DeviceId D{0};
    test::UpdateBed bed;
    GroupId group{NO_GROUP};
    std::string answer;
};

TEST(UpdateAgent, AnswersMulticastSetup)
{
    Device device;
    device.Start();
    ts005::McGroupSetupReq request;
    request.mcAddr = 0x01020304;
    EXPECT_EQ(device.Ask(200, request), "0200");
    EXPECT_EQ(device.bed.fleet->GetUpdate(Device::D), UpdateState::NOTIFIED);
    EXPECT_EQ(device.Ask(200, ts005::McGroupStatusReq{0xF}), "01110004030201");
    request.mcGroupId = 2;
    EXPECT_EQ(device.Ask(200, request), "0206"); // IDerror: it has room for group 0 only
    EXPECT_EQ(device.Ask(200, ts005::McGroupDeleteReq{0}), "0300");
    EXPECT_EQ(device.Ask(200, ts005::McGroupDeleteReq{0}), "0304");
    EXPECT_EQ(device.Ask(200, wire::PackageVersionReq{}), "000202");
}

TEST(UpdateAgent, RefusesWhatItCannotReceive)
{
    Device device;
    device.Start();
    auto request = device.Setup();
    EXPECT_EQ(device.Ask(201, request), "0200");
    EXPECT_EQ(device.Ask(201, request), "0200"); // a repetition is not a replay
    request.sessionCnt = 0;
    EXPECT_EQ(device.Ask(201, request), "0210"); // SessionCnt replay
    request.sessionCnt = 2;
    request.descriptor = {0, 0, 0, 9};
    EXPECT_EQ(device.Ask(201, request), "0208"); // wrong descriptor: unknown version
    request.descriptor = {0, 0, 0, 1};
    EXPECT_EQ(device.Ask(201, request), "0208"); // runs 1.0.0 already
    request = device.Setup();
    request.sessionCnt = 3;
    request.nbFrag = 16000;
    EXPECT_EQ(device.Ask(201, request), "0202"); // 800 kB do not fit the slot
    request = device.Setup();
    request.sessionCnt = 4;
    request.fragIndex = 1;
    EXPECT_EQ(device.Ask(201, request), "0244");
}

TEST(UpdateAgent, SetupAnswerWaitsForTheFlash)
{
    Device device;
    device.bed.config.fragSetupDelayS = 30;
    device.Start();
    EXPECT_EQ(device.Ask(201, device.Setup(), 34), "");
    device.Wait(3);
    EXPECT_EQ(device.answer, "0200");
}

/// The end of a class C window ends no fragmentation session (TS004, TS005), whatever the operator
/// does about devices that miss fragments.
TEST(UpdateAgent, KeepsItsBlockBetweenWindows)
{
    for (const bool unicast : {false, true})
    {
        Device device;
        device.bed.config.repair.unicast = unicast;
        device.bed.config.rebootBy = "command";
        device.Start();
        device.Join();
        device.Window(200, {1, 2, 3, 4, 5});
        EXPECT_FALSE(device.bed.agent->IsInSession(Device::D));
        EXPECT_EQ(device.bed.fleet->GetUpdate(Device::D), UpdateState::RECEIVING);
        EXPECT_EQ(device.Ask(201, ts004::FragSessionStatusReq{true, 0}), Device::Status(5, 5));
        device.Window(400, {6, 7, 8, 9, 10});
        EXPECT_EQ(device.Ask(201, ts004::FragSessionStatusReq{true, 0}), Device::Status(10, 0));
    }
}

TEST(UpdateAgent, GivesItsBlockUpAfterADay)
{
    Device patient;
    patient.bed.config.repair.unicast = false;
    patient.Start();
    patient.Join();
    patient.Window(200, {1, 2, 3});
    patient.Wait(86390);
    EXPECT_EQ(patient.bed.fleet->GetUpdate(Device::D), UpdateState::RECEIVING);
    patient.Wait(20);
    EXPECT_EQ(patient.bed.fleet->GetUpdate(Device::D), UpdateState::FAILED);
}

TEST(UpdateAgent, GivesItsBlockUpWhenTold)
{
    Device told;
    told.bed.config.repair.unicast = false;
    told.Start();
    told.Join();
    told.Window(200, {1, 2, 3});
    EXPECT_EQ(told.Ask(201, ts004::FragSessionDeleteReq{0}), "0300");
    EXPECT_EQ(told.bed.fleet->GetUpdate(Device::D), UpdateState::FAILED);
}

/// TS004 section 3.2: NbFragReceived counts what was received, not what the block has.
TEST(UpdateAgent, CountsRepeatedFragmentsOfACompleteBlock)
{
    Device device;
    device.bed.config.rebootBy = "command";
    device.bed.config.closeWhenDone = false;
    device.Start();
    device.Join();
    device.Window(200, {1, 2, 3, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12});
    EXPECT_EQ(device.Ask(201, ts004::FragSessionStatusReq{true, 0}), Device::Status(13, 0));
    // Without the group there is no history: at least the block's ten.
    device.bed.directory.Remove(77);
    EXPECT_EQ(device.Ask(201, ts004::FragSessionStatusReq{true, 0}), Device::Status(10, 0));
}

TEST(UpdateAgent, OpensTheSessionByItsOwnClock)
{
    Device device;
    device.bed.network->clockErrorS = 7; // its clock is ahead: it opens too early
    device.Start();
    ts005::McGroupSetupReq group;
    group.mcAddr = 77;
    device.Ask(200, group);
    device.Ask(201, device.Setup());
    GroupConfig config;
    config.members = {Device::D};
    device.bed.directory.Add(77, device.bed.network->CreateGroup(config), config.members);
    ts005::McClassCSessionReq request;
    request.sessionTime = 200;
    request.sessionTimeOut = 6;
    request.dlFrequencyHz = 869525000;
    // Heard at 45 s, when its clock says 52 s: 148 s to go.
    EXPECT_EQ(device.Ask(200, request), "0400940000");
    EXPECT_FALSE(device.bed.agent->IsInSession(Device::D));
    device.Wait(192.9 - 60);
    EXPECT_FALSE(device.bed.agent->IsInSession(Device::D));
    device.Wait(0.2);
    EXPECT_TRUE(device.bed.agent->IsInSession(Device::D));
    EXPECT_EQ(device.bed.fleet->GetUpdate(Device::D), UpdateState::RECEIVING);
    device.Wait(64);
    EXPECT_FALSE(device.bed.agent->IsInSession(Device::D));
    EXPECT_NEAR(device.bed.network->listenedS[0], 64, 1e-6);
}

TEST(UpdateAgent, RefusesSessionsThatHaveBegunOrHaveNoGroup)
{
    Device device;
    device.Start();
    device.Wait(100);
    ts005::McClassCSessionReq request;
    request.sessionTime = 50;
    EXPECT_EQ(device.Ask(200, request), "0410"); // McGroupUndefined
    ts005::McGroupSetupReq group;
    group.mcAddr = 77;
    device.Ask(200, group);
    EXPECT_EQ(device.Ask(200, request), "0420"); // StartMissed
}

TEST(UpdateAgent, TellsItsState)
{
    Device device;
    device.Start();
    EXPECT_EQ(device.Ask(201, ts004::FragSessionStatusReq{true, 0}), "0104");
    auto setup = device.Setup();
    setup.mcGroupBitMask = 0;
    device.Ask(201, setup);
    EXPECT_EQ(device.Ask(201, ts004::FragSessionStatusReq{true, 0}), "010000000a");
    const std::vector<uint8_t> data(50);
    ts004::DataFragment fragment;
    fragment.data = data;
    for (fragment.n = 1; fragment.n <= 9; ++fragment.n)
    {
        device.Ask(201, fragment);
    }
    EXPECT_EQ(device.Ask(201, ts004::FragSessionStatusReq{true, 0}), "0100090001");
}

TEST(UpdateAgent, WaitsForTheRebootCommand)
{
    Device device;
    device.bed.config.rebootBy = "command";
    device.Start();
    auto setup = device.Setup();
    setup.mcGroupBitMask = 0;
    device.Ask(201, setup);
    const std::vector<uint8_t> data(50);
    ts004::DataFragment fragment;
    fragment.data = data;
    EXPECT_EQ(device.Ask(203, ts006::DevUpgradeImageReq{}), "0400"); // none
    for (fragment.n = 1; fragment.n <= 10; ++fragment.n)
    {
        device.Ask(201, fragment);
    }
    EXPECT_EQ(device.bed.fleet->GetUpdate(Device::D), UpdateState::VERIFYING);
    EXPECT_EQ(device.Ask(203, ts006::DevUpgradeImageReq{}), "040300000101"); // valid, 1.1.0
    EXPECT_EQ(device.Ask(203, ts006::DevDeleteImageReq{0x01020000}), "0502");
    EXPECT_EQ(device.Ask(203, ts006::DevRebootCountdownReq{1000}), "03e80300");
    EXPECT_EQ(device.bed.fleet->GetUpdate(Device::D), UpdateState::VERIFYING);
    device.Wait(1200);
    EXPECT_EQ(device.bed.fleet->GetUpdate(Device::D), UpdateState::CONFIRMED);
    EXPECT_EQ(device.Ask(203, ts006::DevVersionReq{}).substr(0, 10), "0100000101");
}

TEST(ImageCheck, VersionCodes)
{
    EXPECT_EQ(VersionCode("1.4.2"), 0x01040200U);
    EXPECT_EQ(VersionCode("255.0.1.9"), 0xFF000109U);
    EXPECT_NE(VersionCode("2026-01"), VersionCode("2026-02"));
    EXPECT_NE(VersionCode("300.1"), VersionCode("44.1"));
}

} // namespace
} // namespace ns3::iotfleet
