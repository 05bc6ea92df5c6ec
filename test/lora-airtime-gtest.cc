// SPDX-License-Identifier: GPL-2.0-only

#include "model/wire/lora-airtime.h"
#include "test/test-support.h"

#include <cmath>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace ns3::iotfleet::wire
{

namespace
{

using nlohmann::json;

constexpr int64_t NS_PER_US = 1000;

const json&
Vectors()
{
    static const auto document =
        json::parse(ReadText(SourcePath("test/data/lora-airtime/airtime.json")));
    return document;
}

LoraModulation
FromBrocaar(const json& row)
{
    LoraModulation modulation;
    modulation.spreadingFactor = row.at("sf").get<uint8_t>();
    modulation.codingRate = row.value("cr", uint8_t{1});
    modulation.explicitHeader = row.value("explicit_header", true);
    if (row.contains("ldro"))
    {
        modulation.lowDataRateOptimize = row.at("ldro").get<bool>();
    }
    if (row.contains("bw_khz") || row.contains("bw"))
    {
        modulation.bandwidthHz = 1000 * row.value(row.contains("bw") ? "bw" : "bw_khz", 125U);
    }
    return modulation;
}

TEST(LoraAirtime, BrocaarVectors)
{
    const auto& rows = Vectors().at("brocaar");
    for (const auto& row : rows.at("airtime"))
    {
        EXPECT_EQ(LoraAirtimeNs(FromBrocaar(row), row.at("payload").get<uint32_t>()),
                  row.at("airtime_us").get<int64_t>() * NS_PER_US);
    }
    for (const auto& row : rows.at("symbol_us"))
    {
        EXPECT_EQ(LoraSymbolNs(FromBrocaar(row)), row.at("us").get<int64_t>() * NS_PER_US);
    }
    for (const auto& row : rows.at("preamble_us"))
    {
        auto modulation = FromBrocaar(row);
        modulation.preambleSymbols = row.at("n").get<uint16_t>();
        EXPECT_EQ(LoraPreambleNs(modulation), row.at("us").get<int64_t>() * NS_PER_US);
    }
    for (const auto& row : rows.at("payload_symbols"))
    {
        EXPECT_EQ(LoraPayloadSymbols(FromBrocaar(row), row.at("payload").get<uint32_t>()),
                  row.at("n").get<uint32_t>());
    }
}

TEST(LoraAirtime, SignetlabVectors)
{
    for (const auto& row : Vectors().at("signetlab_lorawan_test"))
    {
        LoraModulation modulation;
        modulation.spreadingFactor = row.at("sf").get<uint8_t>();
        modulation.bandwidthHz = row.at("bw_hz").get<uint32_t>();
        modulation.codingRate = row.at("cr").get<uint8_t>();
        modulation.preambleSymbols = row.at("preamble").get<uint16_t>();
        modulation.explicitHeader = !row.at("implicit_header").get<bool>();
        modulation.lowDataRateOptimize = row.at("ldro").get<bool>();
        const auto expected = std::llround(row.at("s").get<double>() * 1e9);
        EXPECT_EQ(LoraAirtimeNs(modulation, row.at("payload").get<uint32_t>()), expected) << row;
    }
}

TEST(LoraAirtime, FskVector)
{
    const auto& row = Vectors().at("ttn_fsk_50k");
    FskModulation modulation;
    modulation.bitRateBps = row.at("bitrate").get<uint32_t>();
    EXPECT_EQ(FskAirtimeNs(modulation, row.at("payload").get<uint32_t>()),
              row.at("us").get<int64_t>() * NS_PER_US);
}

/** The formula of AN1200.22 in floating point, as an independent computation. */
double
ClosedFormS(int spreadingFactor, double bandwidthHz, uint32_t bytes, bool crc)
{
    const double symbolS = std::exp2(spreadingFactor) / bandwidthHz;
    const double optimize = symbolS > 0.016 ? 1 : 0;
    const double bits = 8.0 * bytes - 4.0 * spreadingFactor + 28 + (crc ? 16 : 0);
    const double blocks = std::max(0.0, std::ceil(bits / (4 * (spreadingFactor - 2 * optimize))));
    return (8 + 4.25 + 8 + 5 * blocks) * symbolS;
}

TEST(LoraAirtime, AgreesWithTheClosedFormForEveryLengthAndRate)
{
    for (const bool crc : {false, true})
    {
        for (uint8_t spreadingFactor = 7; spreadingFactor <= 12; spreadingFactor++)
        {
            for (const uint32_t bandwidthHz : {125'000U, 250'000U, 500'000U})
            {
                for (uint32_t bytes = 0; bytes <= 255; bytes++)
                {
                    LoraModulation modulation;
                    modulation.spreadingFactor = spreadingFactor;
                    modulation.bandwidthHz = bandwidthHz;
                    modulation.crc = crc;
                    ASSERT_NEAR(static_cast<double>(LoraAirtimeNs(modulation, bytes)),
                                1e9 * ClosedFormS(spreadingFactor, bandwidthHz, bytes, crc),
                                0.6);
                }
            }
        }
    }
}

TEST(LoraAirtime, LowDataRateOptimisationFollowsTheSixteenMillisecondRule)
{
    const auto optimizes = [](uint8_t spreadingFactor, uint32_t bandwidthHz) {
        LoraModulation modulation;
        modulation.spreadingFactor = spreadingFactor;
        modulation.bandwidthHz = bandwidthHz;
        return LoraLowDataRateOptimize(modulation);
    };
    EXPECT_FALSE(optimizes(10, 125'000));
    EXPECT_TRUE(optimizes(11, 125'000));
    EXPECT_TRUE(optimizes(12, 125'000));
    EXPECT_TRUE(optimizes(12, 250'000)); // 16.384 ms
    EXPECT_FALSE(optimizes(11, 250'000));
    EXPECT_FALSE(optimizes(12, 500'000));
}

} // namespace

} // namespace ns3::iotfleet::wire
