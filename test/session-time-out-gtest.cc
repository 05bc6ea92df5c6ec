// SPDX-License-Identifier: GPL-2.0-only

// How long members are told to listen: against tables and vectors of independent programs.

#include "helper/fleet-simulation.h"
#include "model/update/session-time-out.h"
#include "model/wire/lora-airtime.h"
#include "test/scenario-text.h"
#include "test/test-support.h"
#include "test/update-bed.h"

#include "ns3/simulator.h"

#include <cmath>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sstream>

namespace ns3::iotfleet
{
namespace
{

using nlohmann::json;

TEST(SessionTimeOut, IsTheLeastPowerOfTwo)
{
    for (uint32_t exponent = 0; exponent <= 15; ++exponent)
    {
        const double units = std::ldexp(1.0, static_cast<int>(exponent));
        EXPECT_EQ(TimeOutExponent(units), exponent);
        EXPECT_EQ(TimeOutExponent(units + 0.5), exponent + 1);
    }
    EXPECT_EQ(TimeOutExponent(0), 0U);
}

TEST(SessionTimeOut, ChirpstackVectors)
{
    const auto document = json::parse(ReadText(SourcePath("test/data/lora-airtime/airtime.json")));
    const auto& rows = document.at("fuota_session_timeout");
    ASSERT_EQ(rows.size(), 4U);
    for (const auto& row : rows)
    {
        ASSERT_EQ(row.at("cls"), "B");
        const double uncoded =
            std::ceil(row.at("payload").get<double>() / row.at("frag_size").get<double>());
        const double coded = std::ceil(uncoded * row.at("redundancy_pct").get<double>() / 100);
        EXPECT_EQ(TimeOutExponent(ChirpstackClassBPeriods(static_cast<uint32_t>(uncoded + coded),
                                                          row.at("periodicity").get<uint8_t>())),
                  row.at("timeout_exp").get<uint32_t>())
            << row;
    }
    // The same test of ChirpStack (SOURCE.txt) has one fragment of class C, at its 5 s: 2^4 s.
    EXPECT_EQ(TimeOutExponent(ChirpstackClassCSeconds(1, 5)), 4U);
}

/// A row of lorawan_ts004_closed_form.csv.
struct ClosedForm
{
    std::string region;
    uint8_t dataRate;
    uint8_t fragmentBytes;
    double airtimeS;
    uint64_t imageBytes;
    double redundancy;
    uint32_t frames;
    double dutyCycle;
    double intervalS;
    double sessionS;
};

std::vector<ClosedForm>
ReadTable(const std::filesystem::path& path)
{
    std::stringstream file(ReadText(path));
    std::vector<ClosedForm> rows;
    std::string line;
    std::getline(file, line); // header
    while (std::getline(file, line))
    {
        std::stringstream cells(line);
        std::vector<std::string> c;
        for (std::string cell; std::getline(cells, cell, ',');)
        {
            c.push_back(cell);
        }
        rows.push_back({c.at(0),
                        static_cast<uint8_t>(std::stoi(c.at(1))),
                        static_cast<uint8_t>(std::stoi(c.at(5))),
                        std::stod(c.at(7)),
                        std::stoull(c.at(8)),
                        std::stod(c.at(9)) / 100,
                        static_cast<uint32_t>(std::stoul(c.at(11))),
                        std::stod(c.at(13)),
                        std::stod(c.at(14)),
                        std::stod(c.at(15))});
    }
    return rows;
}

/// Sends as fast as a row says, and ends the simulation when a session is announced.
class TableNetwork : public test::FakeAccessNetwork
{
  public:
    TableNetwork(uint32_t devices, const ClosedForm& row)
        : FakeAccessNetwork(devices),
          m_row(row)
    {
    }

    uint8_t MaxPayload(uint8_t) const override
    {
        return static_cast<uint8_t>(m_row.fragmentBytes + 3);
    }

    double GroupAirtimeS(uint8_t, uint8_t) const override
    {
        return m_row.airtimeS;
    }

    GroupPace PaceOf(const GroupConfig&, uint8_t) const override
    {
        return {m_row.airtimeS, m_row.intervalS};
    }

    void AnnounceWindow(GroupId, Tick start, Tick end) override
    {
        windowS = ToSeconds(end - start);
        Simulator::Stop();
    }

    double windowS{-1};

  private:
    ClosedForm m_row;
};

/// The window of a session like this, seconds. No duty cycle slows it: the network's pace does.
double
WindowS(const ClosedForm& row)
{
    test::UpdateBed bed(1, "esp32");
    const auto network = CreateObject<TableNetwork>(1U, row);
    bed.network = network;
    FirmwareImage image = bed.catalog.Get(bed.running);
    image.version = "1.2.0";
    image.sequence = 3;
    image.imageBytes = row.imageBytes;
    bed.target = bed.catalog.Add(image);
    bed.config.dataRate = row.dataRate;
    bed.config.redundancy = row.redundancy;
    bed.config.dutyCycle = 1;
    bed.config.statusRequest = false;
    bed.config.repair.multicastRounds = 0;
    bed.config.repair.statusTimeoutS = 1;
    bed.Run();
    return network->windowS;
}

TEST(SessionTimeOut, HoldsEverySessionOfTheTable)
{
    const auto path = SharedPath("validation/lorawan_ts004_closed_form.csv");
    if (!path)
    {
        GTEST_SKIP() << "the table is not here";
    }
    const auto rows = ReadTable(*path);
    EXPECT_EQ(rows.size(), 400U);
    for (const auto& row : rows)
    {
        const double windowS = WindowS(row);
        const auto what = testing::Message() << row.region << " DR" << int{row.dataRate} << ", "
                                             << row.frames << " frames, " << row.dutyCycle;
        if (row.sessionS > 32768) // a time-out of four bits
        {
            EXPECT_EQ(windowS, 32768) << what;
            continue;
        }
        EXPECT_GE(windowS, row.sessionS) << what;
        // A fifth more, 1 s for an answer that is not asked for, up to the next power of two.
        EXPECT_LT(windowS, 2 * 1.2 * (row.frames * row.intervalS + 1) + 1e-3) << what;
    }
}

constexpr const char* NETWORK = R"({
  "schema": 1, "name": "pace", "duration": "1 h",
  "fleet": { "groups": [ { "name": "m", "count": 1, "activated": true } ] },
  "access": { "lorawan": { "adr": false, "backhaul_model": "delay",
    "backhauls": { "near": { "delay": "0 s" } },
    "gateways": [ { "name": "a", "backhaul": "near" }, { "name": "b", "backhaul": "near" },
      { "name": "c", "backhaul": "near" } ] } }
})";

GroupPace
PaceOf(const std::vector<std::string>& sets, const GroupConfig& group, uint8_t payloadBytes)
{
    FleetSimulation simulation(test::ReadScenarioText(NETWORK, sets), 1);
    const auto pace = simulation.network->PaceOf(group, payloadBytes);
    Simulator::Destroy();
    return pace;
}

TEST(GroupPace, IsTheTablesInterval)
{
    const auto path = SharedPath("validation/lorawan_ts004_closed_form.csv");
    if (!path)
    {
        GTEST_SKIP() << "the table is not here";
    }
    std::set<std::tuple<std::string, uint8_t, double>> seen;
    for (const auto& row : ReadTable(*path))
    {
        if (!seen.insert({row.region, row.dataRate, row.dutyCycle}).second)
        {
            continue; // the same frames of another image
        }
        std::stringstream pacing; // US915 has no duty cycle: a frame a second
        pacing << "/access/lorawan/pacing=";
        if (row.dutyCycle < 1)
        {
            pacing << R"({"kind":"airtime","airtime_factor":)" << 1 / row.dutyCycle << "}";
        }
        else
        {
            pacing << R"({"kind":"interval","interval":")" << row.intervalS << R"( s"})";
        }
        GroupConfig group;
        group.dataRate = row.dataRate;
        const auto pace = PaceOf({"/access/lorawan/region=" + row.region, pacing.str()},
                                 group,
                                 static_cast<uint8_t>(row.fragmentBytes + 3));
        // The table is rounded to 1e-4 s.
        EXPECT_NEAR(pace.airS, row.airtimeS, 1e-4) << row.region << " DR" << int{row.dataRate};
        EXPECT_NEAR(pace.spacingS, row.intervalS, 1e-3) << row.region << " DR" << int{row.dataRate};
    }
    EXPECT_EQ(seen.size(), 20U);
}

TEST(GroupPace, KnowsTurnsSlotsAndTicks)
{
    // DR5: SF7. Behind the payload 13 bytes of LoRaWAN; downlinks have no CRC (TS001-1.0.4).
    wire::LoraModulation modulation;
    modulation.crc = false;
    const double airS = static_cast<double>(wire::LoraAirtimeNs(modulation, 53 + 13)) * 1e-9;
    GroupConfig group;
    group.dataRate = 5;
    const std::string interval = R"(/access/lorawan/pacing={"kind":"interval","interval":"5 s"})";
    EXPECT_NEAR(PaceOf({}, group, 53).spacingS, airS, 1e-9);
    EXPECT_NEAR(PaceOf({interval}, group, 53).spacingS, 5, 1e-9);
    const std::string far = R"(/access/lorawan/backhauls/near/delay="100 ms")";
    EXPECT_NEAR(PaceOf({far}, group, 53).spacingS, airS + 0.1, 1e-9) << "each leaves so early";
    EXPECT_NEAR(PaceOf({far, interval}, group, 53).spacingS, 5, 1e-9);
    const std::string ticks = R"(/access/lorawan/pacing={"kind":"interval","interval":"5 s",)"
                              R"("tick":"1 s","tick_extra_max":"200 ms","send_time":"50 ms"})";
    EXPECT_NEAR(PaceOf({ticks}, group, 53).spacingS, 5 + 1.25, 1e-9);

    group.gatewayMode = GatewayMode::STAGGERED;
    EXPECT_NEAR(PaceOf({}, group, 53).airS, 3 * airS, 1e-9);
    EXPECT_NEAR(PaceOf({}, group, 53).spacingS, 3 * airS, 1e-9);
    EXPECT_NEAR(PaceOf({interval}, group, 53).spacingS, 5, 1e-9);
    group.gateways = {GatewayId{0}, GatewayId{2}};
    EXPECT_NEAR(PaceOf({}, group, 53).airS, 2 * airS, 1e-9);

    // Slots every 0.96 s * 2^1 (TS001-1.0.4 section 13): a copy each.
    group.mode = ListenMode::PERIODIC;
    group.pingPeriodicity = 1;
    EXPECT_NEAR(PaceOf({}, group, 53).spacingS, 2 * 1.92, 1e-9);
    EXPECT_NEAR(PaceOf({}, group, 53).airS, 1.92 + airS, 1e-9);
}

} // namespace
} // namespace ns3::iotfleet
