// SPDX-License-Identifier: GPL-2.0-only

#include "model/wire/lora-airtime.h"
#include "test/csv-rows.h"
#include "test/vector-fields.h"

#include <cmath>
#include <gtest/gtest.h>
#include <set>

namespace ns3::iotfleet::wire
{

namespace
{

using test::json;
using test::ReadCsv;
using test::VectorFields;

constexpr int64_t NS_PER_US = 1000;

/** Every copy of the vectors. */
std::vector<json>
Documents()
{
    std::vector<json> documents;
    for (const auto& path : VectorFiles("lora-airtime"))
    {
        documents.push_back(json::parse(ReadText(path)));
    }
    EXPECT_FALSE(documents.empty());
    return documents;
}

/** Bandwidth, which sources write in Hz or in kHz. */
uint32_t
BandwidthHz(const VectorFields& row)
{
    const auto inHz = row.Get({"bw_hz"}, 0);
    const auto other = row.Get({"bw_khz", "bw"}, 125);
    return inHz != 0 ? inHz : (other < 1000 ? 1000 * other : other);
}

/** Coding rate, written as 1 to 4 or as "4/5" to "4/8". */
uint8_t
CodingRate(const VectorFields& row)
{
    const auto field = row.Get<json>({"cr", "coding_rate"}, 1);
    return static_cast<uint8_t>(field.is_string() ? field.get<std::string>().at(2) - '4'
                                                  : field.get<int>());
}

LoraModulation
ModulationOf(const VectorFields& row)
{
    LoraModulation modulation;
    modulation.spreadingFactor = row.Byte({"sf"});
    modulation.bandwidthHz = BandwidthHz(row);
    modulation.codingRate = CodingRate(row);
    modulation.preambleSymbols =
        row.Get<uint16_t>({"preamble", "n_preamble"}, modulation.preambleSymbols);
    modulation.explicitHeader = row.Find({"implicit_header"}) != nullptr
                                    ? !row.Flag({"implicit_header"})
                                    : row.Get({"explicit_header"}, true);
    modulation.crc = row.Get({"crc"}, true);
    if (row.Find({"ldro"}) != nullptr)
    {
        modulation.lowDataRateOptimize = row.Flag({"ldro"});
    }
    return modulation;
}

/** The time a row names, in seconds or microseconds. */
int64_t
ExpectedNs(const VectorFields& row)
{
    const auto* seconds = row.Find({"s", "airtime_s", "toa_s"});
    return seconds != nullptr
               ? std::llround(seconds->get<double>() * 1e9)
               : std::llround(row.Get<double>({"airtime_us", "us", "toa_us"}) * NS_PER_US);
}

/** Times on air of one table. */
void
CheckAirtimes(const json& rows)
{
    for (const auto& item : rows)
    {
        if (!item.is_object())
        {
            ADD_FAILURE() << "not a row of named fields: " << item;
            continue;
        }
        const VectorFields row(item);
        row.Find({"name", "test", "note", "source"}); // words
        EXPECT_EQ(LoraAirtimeNs(ModulationOf(row), row.Get({"payload", "payload_B"})),
                  ExpectedNs(row))
            << item;
        EXPECT_EQ(row.NotAskedFor(), "") << "are fields that nobody reads: " << item;
    }
}

/** What one source tells of the parts of a frame. */
void
CheckParts(const json& tables)
{
    for (const auto& item : tables.value("symbol_us", json::array()))
    {
        const VectorFields row(item);
        EXPECT_EQ(LoraSymbolNs(ModulationOf(row)), ExpectedNs(row)) << item;
    }
    for (const auto& item : tables.value("preamble_us", json::array()))
    {
        const VectorFields row(item);
        auto modulation = ModulationOf(row);
        modulation.preambleSymbols = row.Get<uint16_t>({"n"});
        EXPECT_EQ(LoraPreambleNs(modulation), ExpectedNs(row)) << item;
    }
    for (const auto& item : tables.value("payload_symbols", json::array()))
    {
        const VectorFields row(item);
        EXPECT_EQ(LoraPayloadSymbols(ModulationOf(row), row.Get({"payload"})), row.Get({"n"}))
            << item;
    }
}

TEST(LoraAirtime, BrocaarVectors)
{
    for (const auto& document : Documents())
    {
        const auto tables = document.value("brocaar", json::object());
        CheckAirtimes(tables.value("airtime", json::array()));
        CheckParts(tables);
    }
}

TEST(LoraAirtime, TablesOfOtherProjects)
{
    // What is not a table of LoRa frames, or has a test of its own.
    const std::set<std::string> others{"brocaar", "fuota_session_timeout", "note"};
    for (const auto& document : Documents())
    {
        for (const auto& [name, table] : document.items())
        {
            if (!others.contains(name) && name.find("fsk") == std::string::npos)
            {
                SCOPED_TRACE(name);
                EXPECT_NO_THROW(CheckAirtimes(table));
            }
        }
    }
}

TEST(LoraAirtime, FskVectors)
{
    for (const auto& document : Documents())
    {
        const auto given = document.value("ttn_fsk_50k", json::array());
        for (const auto& row : given.is_object() ? json::array({given}) : given)
        {
            FskModulation modulation;
            modulation.bitRateBps = row.at("bitrate").get<uint32_t>();
            EXPECT_EQ(FskAirtimeNs(modulation, row.at("payload").get<uint32_t>()),
                      row.at("us").get<int64_t>() * NS_PER_US);
        }
    }
}

// Frames of the testbed (validation/README.md, section A): uplinks, with CRC. Measured with a
// firmware that adds 2.2 ms, more or less a half and the resolution of its clock of 1 ms.
TEST(LoraAirtime, MeasuredUplinks)
{
    const auto path = SharedPath("validation/fuotaa_uplink_toa_measured.csv");
    if (!path)
    {
        GTEST_SKIP() << "the measurements are not here";
    }
    constexpr double OVERHEAD_S = 0.0022;
    for (const auto& row : ReadCsv(*path))
    {
        LoraModulation modulation;
        modulation.spreadingFactor = static_cast<uint8_t>(std::stoi(row.at("sf")));
        const auto bytes = static_cast<uint32_t>(std::stoul(row.at("phy_len_B")));
        const double airtimeS = 1e-9 * static_cast<double>(LoraAirtimeNs(modulation, bytes));
        SCOPED_TRACE("DR" + row.at("dr") + ", " + row.at("phy_len_B") + " B");
        EXPECT_NEAR(airtimeS, std::stod(row.at("toa_calc_s")), 1e-5);
        EXPECT_NEAR(airtimeS + OVERHEAD_S, std::stod(row.at("toa_measured_mean_s")), 0.0006);
    }
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
