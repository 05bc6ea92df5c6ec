// SPDX-License-Identifier: GPL-2.0-only

#include "model/lorawan/region.h"

#include <algorithm>
#include <array>
#include <gtest/gtest.h>

namespace ns3::iotfleet
{

namespace
{

TEST(Region, NamesAreKnownAndOthersAreRefused)
{
    EXPECT_EQ(RegionNames(), (std::vector<std::string>{"EU868", "US915"}));
    try
    {
        GetRegion("EU867");
        FAIL();
    }
    catch (const std::invalid_argument& error)
    {
        EXPECT_NE(std::string(error.what()).find("EU868, US915"), std::string::npos);
    }
}

// RP002-1.0.4 table 13 (EU868) and the digest shared/standards/firmware.md section 1.2.
TEST(Region, PayloadLimits)
{
    const auto& eu = GetRegion("EU868");
    const std::array<uint16_t, 7> euLimits{51, 51, 51, 115, 242, 242, 242};
    for (uint8_t rate = 0; rate < euLimits.size(); rate++)
    {
        EXPECT_EQ(eu.DataRate(rate).maxAppPayloadBytes, euLimits[rate]);
    }
    const auto& us = GetRegion("US915");
    const std::array<uint16_t, 6> usDownlink{53, 129, 242, 242, 242, 242};
    for (uint8_t i = 0; i < usDownlink.size(); i++)
    {
        const auto& rate = us.DataRate(static_cast<uint8_t>(8 + i));
        EXPECT_EQ(rate.maxAppPayloadBytes, usDownlink[i]);
        EXPECT_EQ(rate.spreadingFactor, 12 - i);
        EXPECT_EQ(rate.bandwidthHz, 500'000U);
        EXPECT_FALSE(rate.uplink);
    }
    EXPECT_EQ(us.DataRate(0).maxAppPayloadBytes, 11);
    EXPECT_EQ(us.FindDataRate(7), nullptr);
    EXPECT_THROW(us.DataRate(14), std::out_of_range);
}

TEST(Region, AppPayloadIsMacPayloadWithoutHeaderAndPort)
{
    for (const auto& name : RegionNames())
    {
        for (const auto& rate : GetRegion(name).dataRates)
        {
            EXPECT_EQ(rate.maxMacPayloadBytes, rate.maxAppPayloadBytes + 8) << name;
        }
    }
}

TEST(Region, UplinksKeepTheDwellTime)
{
    const auto& us = GetRegion("US915");
    for (const auto& rate : us.dataRates)
    {
        if (!rate.uplink)
        {
            continue;
        }
        const uint32_t phyBytes = rate.maxAppPayloadBytes + 13U;
        EXPECT_LE(static_cast<double>(us.AirtimeNs(rate.index, phyBytes, true)),
                  1e9 * *us.uplinkDwellTimeS)
            << int{rate.index};
    }
}

// shared/standards/firmware.md section 1.1: downlinks without CRC, PHY length.
TEST(Region, DownlinkAirtimes)
{
    const auto& eu = GetRegion("EU868");
    const auto seconds = [&](uint8_t rate, uint32_t bytes) {
        return static_cast<double>(eu.AirtimeNs(rate, bytes, false)) / 1e9;
    };
    EXPECT_NEAR(seconds(0, 64), 2.79347, 5e-6);
    EXPECT_NEAR(seconds(1, 64), 1.47866, 5e-6);
    EXPECT_NEAR(seconds(2, 64), 0.69837, 5e-6);
    EXPECT_NEAR(seconds(3, 128), 0.67686, 5e-6);
    EXPECT_NEAR(seconds(4, 255), 0.69683, 5e-6);
    EXPECT_NEAR(seconds(5, 255), 0.39450, 5e-6);
    EXPECT_EQ(eu.AirtimeNs(7, 200, true), 33'760'000); // FSK, TTN vector
    EXPECT_THROW(eu.Modulation(7, true), std::invalid_argument);
}

TEST(Region, ChannelsOfEurope)
{
    const auto& eu = GetRegion("EU868");
    const auto channels = eu.UplinkChannels();
    ASSERT_EQ(channels.size(), 3U);
    EXPECT_EQ(channels[0].frequencyHz, 868'100'000U);
    EXPECT_EQ(channels[2].frequencyHz, 868'500'000U);
    EXPECT_EQ(eu.Rx1FrequencyHz(channels[1]), 868'300'000U);
    EXPECT_TRUE(eu.DownlinkChannels().empty());
    EXPECT_THROW(eu.UplinkChannels(1), std::out_of_range);
}

TEST(Region, ChannelsOfAmerica)
{
    const auto& us = GetRegion("US915");
    const auto channels = us.UplinkChannels();
    ASSERT_EQ(channels.size(), 72U);
    EXPECT_EQ(channels[63].frequencyHz, 914'900'000U);
    EXPECT_EQ(channels[71].frequencyHz, 914'200'000U);
    const auto second = us.UplinkChannels(2);
    ASSERT_EQ(second.size(), 9U);
    EXPECT_EQ(second.front().index, 8);
    EXPECT_EQ(second.front().frequencyHz, 903'900'000U);
    EXPECT_EQ(second.back().index, 65);
    EXPECT_EQ(second.back().frequencyHz, 904'600'000U);
    EXPECT_THROW(us.UplinkChannels(9), std::out_of_range);
    ASSERT_EQ(us.DownlinkChannels().size(), 8U);
    EXPECT_EQ(us.DownlinkChannels().back().frequencyHz, 927'500'000U);
    EXPECT_EQ(us.Rx1FrequencyHz(channels[9]), 923'900'000U);
    EXPECT_EQ(us.Rx1FrequencyHz(channels[65]), 923'900'000U);
}

// EU868: DR of the uplink minus offset, not below 0. US915: RP002-1.0.4 table 22, where
// DR0 (SF10/125) with offset 0 answers at DR10 (SF10/500), bounded by 8 and 13.
TEST(Region, Rx1DataRates)
{
    const auto& eu = GetRegion("EU868");
    const auto& us = GetRegion("US915");
    for (int rate = 0; rate <= 7; rate++)
    {
        for (int offset = 0; offset <= 5; offset++)
        {
            EXPECT_EQ(eu.Rx1DataRate(static_cast<uint8_t>(rate), static_cast<uint8_t>(offset)),
                      std::max(0, rate - offset));
        }
    }
    for (int rate = 0; rate <= 4; rate++)
    {
        for (int offset = 0; offset <= 3; offset++)
        {
            EXPECT_EQ(us.Rx1DataRate(static_cast<uint8_t>(rate), static_cast<uint8_t>(offset)),
                      std::clamp(10 + rate - offset, 8, 13));
        }
    }
    EXPECT_THROW(us.Rx1DataRate(0, 4), std::out_of_range);
    EXPECT_THROW(eu.Rx1DataRate(8, 0), std::out_of_range);
}

TEST(Region, SubBandsOfEurope)
{
    const auto& eu = GetRegion("EU868");
    const auto* fuota = eu.FindSubBand(eu.rx2FrequencyHz);
    ASSERT_NE(fuota, nullptr);
    EXPECT_DOUBLE_EQ(fuota->dutyCycle, 0.1);
    EXPECT_DOUBLE_EQ(fuota->maxErpDbm, 27);
    EXPECT_DOUBLE_EQ(eu.FindSubBand(868'100'000)->dutyCycle, 0.01);
    EXPECT_DOUBLE_EQ(eu.FindSubBand(868'900'000)->dutyCycle, 0.001);
    EXPECT_EQ(eu.FindSubBand(869'300'000), nullptr);
    EXPECT_DOUBLE_EQ(GetRegion("US915").FindSubBand(923'300'000)->dutyCycle, 1.0);
}

TEST(Region, TransmitPowers)
{
    EXPECT_DOUBLE_EQ(GetRegion("EU868").TxPowerDbm(0), 16);
    EXPECT_DOUBLE_EQ(GetRegion("EU868").TxPowerDbm(7), 2);
    EXPECT_THROW(GetRegion("EU868").TxPowerDbm(8), std::out_of_range);
    EXPECT_DOUBLE_EQ(GetRegion("US915").TxPowerDbm(14), 2);
}

TEST(Region, BeaconsAndPingSlotsHopInAmericaOnly)
{
    const auto& eu = GetRegion("EU868");
    EXPECT_EQ(eu.BeaconFrequencyHz(128 * 5), 869'525'000U);
    EXPECT_EQ(eu.PingSlotFrequencyHz(128 * 5, 77), 869'525'000U);
    const auto& us = GetRegion("US915");
    EXPECT_EQ(us.BeaconFrequencyHz(128 * 9), 923'900'000U);
    EXPECT_EQ(us.PingSlotFrequencyHz(128 * 9, 0xffffffff), 923'300'000U);
    EXPECT_EQ(us.BeaconModulation().preambleSymbols, 10);
    EXPECT_FALSE(us.BeaconModulation().explicitHeader);
}

// The beacon must end before the reserved 2.12 s do.
TEST(Region, BeaconsFitTheirReservedTime)
{
    for (const auto& name : RegionNames())
    {
        const auto& region = GetRegion(name);
        const auto airtimeNs =
            wire::LoraAirtimeNs(region.BeaconModulation(), region.beacon.sizeBytes);
        EXPECT_LT(static_cast<double>(airtimeNs), 2.12e9);
    }
}

} // namespace

} // namespace ns3::iotfleet
