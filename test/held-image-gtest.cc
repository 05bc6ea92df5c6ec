// SPDX-License-Identifier: GPL-2.0-only

// Devices that wait for a command to install an image, of a distribution that was stopped.

#include "test/update-bed.h"

#include <gtest/gtest.h>

namespace ns3::iotfleet
{
namespace
{

using test::UpdateBed;

/// Every device holds the image and waits for the command when the distribution stops.
class HeldImageTest : public testing::Test
{
  protected:
    static constexpr uint32_t N = 20;

    HeldImageTest()
        : bed(N)
    {
        bed.config.rebootBy = "command";
        bed.config.rebootSpreadS = 60;
        bed.config.installAllowanceS = 4 * 3600;
    }

    void StopThenDistribute(ImageId image)
    {
        bed.Start();
        Simulator::Schedule(Hours(3), [this] {
            ASSERT_EQ(bed.Truth(UpdateState::VERIFYING), N);
            bed.service->StopOffering();
        });
        Simulator::Schedule(Hours(5), [this, image] {
            multicastBefore = bed.service->Totals().bytesMulticast;
            bed.service->Distribute(bed.everybody, image, [] {});
        });
        Simulator::Stop(Days(10));
        Simulator::Run();
    }

    UpdateBed bed;
    uint64_t multicastBefore{0};
};

TEST_F(HeldImageTest, IsInstalledWhenItIsOfferedAgain)
{
    StopThenDistribute(bed.target);
    EXPECT_EQ(bed.Truth(UpdateState::CONFIRMED), N);
    EXPECT_EQ(bed.Believed(UpdateBelief::UPDATED), N);
    EXPECT_EQ(bed.service->Totals().bytesMulticast, multicastBefore) << "they had it";
    EXPECT_TRUE(bed.failures.empty());
}

TEST_F(HeldImageTest, MakesRoomForAnotherOne)
{
    FirmwareImage mended;
    mended.version = "1.2.0";
    mended.imageBytes = 2000;
    mended.sequence = 3;
    mended.vendor = "vendor.example";
    mended.deviceClass = "class-a";
    mended.digest = wire::Sha256(std::vector<uint8_t>(2000, 0x3c));
    const auto image = bed.catalog.Add(bed.Sign(mended));
    StopThenDistribute(image);
    EXPECT_EQ(bed.failures["image-deleted"], N) << "and not installed first";
    EXPECT_EQ(bed.Truth(UpdateState::CONFIRMED), N);
    EXPECT_EQ(bed.Believed(UpdateBelief::UPDATED), N);
    for (const auto device : bed.everybody)
    {
        EXPECT_EQ(bed.fleet->Firmware(device), image);
    }
}

TEST(HeldImage, ATooSmallDeviceIsStillRefused)
{
    UpdateBed bed(20);
    bed.config.rebootBy = "command";
    FirmwareImage large;
    large.version = "1.3.0";
    large.imageBytes = 1'000'000; // no slot of an STM32WL55 takes it
    large.sequence = 4;
    bed.target = bed.catalog.Add(large);
    bed.Run();
    EXPECT_EQ(bed.believedFailures["not-enough-memory"], 20U);
    EXPECT_EQ(bed.Believed(UpdateBelief::FAILED), 20U);
    EXPECT_EQ(bed.finished, 1U);
}

} // namespace
} // namespace ns3::iotfleet
