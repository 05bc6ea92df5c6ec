// SPDX-License-Identifier: GPL-2.0-only

// Tables of others that need no run: closed forms row by row, and the measured board.

#include "model/fleet/device-profile.h"
#include "model/lorawan/region.h"
#include "model/wire/ts004-fragmentation.h"
#include "model/wire/ts005-multicast-setup.h"
#include "test/csv-rows.h"
#include "test/test-support.h"

#include <cmath>
#include <gtest/gtest.h>
#include <optional>

namespace
{

using namespace ns3::iotfleet;
using test::CsvRow;
using test::Number;

/** MHDR, FHDR without options, FPort and MIC around an application payload, bytes. */
constexpr uint32_t MAC_BYTES = 13;

/** A table of the validation data; nothing where it is absent. */
std::optional<std::vector<CsvRow>>
Table(const std::string& name)
{
    const auto path = SharedPath("validation/" + name + ".csv");
    return path ? std::optional(test::ReadCsv(*path)) : std::nullopt;
}

double
AirtimeS(const RegionParameters& region, const CsvRow& row, uint32_t phyBytes, bool isUplink)
{
    const auto rate = static_cast<uint8_t>(Number(row, "dr"));
    return 1e-9 * static_cast<double>(region.AirtimeNs(rate, phyBytes, isUplink));
}

// All rows: data rates and payloads of the region, fragments, airtime and duration of a session.
TEST(PublishedTables, ClosedFormsOfSessions)
{
    const auto table = Table("lorawan_ts004_closed_form");
    if (!table)
    {
        GTEST_SKIP() << "the table is not here";
    }
    constexpr uint32_t FRAGMENT_BYTES = wire::ts004::DATA_FRAGMENT_OVERHEAD_BYTES;
    for (const auto& row : *table)
    {
        SCOPED_TRACE(row.at("region") + ", DR" + row.at("dr") + ", " + row.at("firmware_B") +
                     " B, " + row.at("redundancy_pct") + " %");
        const auto& region = GetRegion(row.at("region"));
        const auto& rate = region.DataRate(static_cast<uint8_t>(Number(row, "dr")));
        EXPECT_EQ(rate.spreadingFactor, Number(row, "sf"));
        EXPECT_EQ(rate.bandwidthHz, 1000 * Number(row, "bw_khz"));
        EXPECT_EQ(rate.maxAppPayloadBytes, Number(row, "max_app_payload_N"));
        const uint32_t fragment = rate.maxAppPayloadBytes - FRAGMENT_BYTES;
        EXPECT_EQ(fragment, Number(row, "frag_size_B"));
        const double airtimeS = AirtimeS(region, row, rate.maxAppPayloadBytes + MAC_BYTES, false);
        EXPECT_NEAR(airtimeS, Number(row, "toa_frag_s"), 0.6e-5);
        const double uncoded = std::ceil(Number(row, "firmware_B") / fragment);
        EXPECT_EQ(uncoded, Number(row, "n_uncoded"));
        const double sent = uncoded + std::ceil(uncoded * Number(row, "redundancy_pct") / 100);
        EXPECT_EQ(sent, Number(row, "n_sent"));
        const double share = Number(row, "duty_cycle");
        const double intervalS = share < 1 ? airtimeS / share : std::max(airtimeS, 1.0);
        EXPECT_NEAR(intervalS, Number(row, "interval_s"), 0.6e-4);
        const double sessionS = (sent - 1) * intervalS + airtimeS;
        EXPECT_NEAR(sessionS, Number(row, "session_s"), 0.051);
        const DeviceProfile profile;
        EXPECT_NEAR(sessionS * profile.supplyV * profile.rxA,
                    Number(row, "classC_rx_energy_J_7p9mA_3V"),
                    0.0062); // of a session rounded to 0.05 s as well
    }
}

// Bytes of the set-up of a session and airtime of a fleet under one gateway, all rows.
TEST(PublishedTables, AirtimeOfAFleet)
{
    const auto table = Table("fleet_airtime_closed_form");
    if (!table)
    {
        GTEST_SKIP() << "the table is not here";
    }
    const auto version = wire::PackageVersion::V1;
    const std::array<std::size_t, 4> setup{
        EncodedSize(wire::ts005::McGroupSetupReq{}, version),
        EncodedSize(wire::ts004::FragSessionSetupReq{}, version),
        EncodedSize(wire::ts005::McClassCSessionReq{}, version),
        EncodedSize(wire::ts004::FragSessionStatusReq{}, version)};
    const auto& region = GetRegion("EU868");
    for (const auto& row : *table)
    {
        SCOPED_TRACE("DR" + row.at("dr") + ", " + row.at("firmware_B") + " B, " +
                     row.at("devices_per_gateway") + " devices");
        const auto fragment = static_cast<uint32_t>(Number(row, "frag_B"));
        const double airtimeS =
            AirtimeS(region,
                     row,
                     fragment + wire::ts004::DATA_FRAGMENT_OVERHEAD_BYTES + MAC_BYTES,
                     false);
        EXPECT_NEAR(airtimeS, Number(row, "toa_frag_s"), 0.6e-5);
        double setupS = 0;
        for (const auto bytes : setup)
        {
            setupS += AirtimeS(region, row, static_cast<uint32_t>(bytes) + MAC_BYTES, false);
        }
        EXPECT_NEAR(setupS, Number(row, "setup_airtime_per_device_s"), 0.6e-4);
        const double uncoded = std::ceil(Number(row, "firmware_B") / fragment);
        EXPECT_EQ(uncoded, Number(row, "M_fragments"));
        const double coded = std::ceil(0.3 * uncoded);
        EXPECT_EQ(coded, Number(row, "R_redundant"));
        const double devices = Number(row, "devices_per_gateway");
        EXPECT_NEAR(devices * uncoded * airtimeS, Number(row, "unicast_airtime_s"), 0.051);
        EXPECT_NEAR((uncoded + coded) * airtimeS + devices * setupS,
                    Number(row, "multicast_total_airtime_s"),
                    0.051);
    }
}

// FUOTASim, class C: airtime of 8 bytes and the fragment, with CRC; silence of nine times that.
TEST(PublishedTables, CampaignsOfFuotaSim)
{
    const auto table = Table("fuotasim_summary");
    if (!table)
    {
        GTEST_SKIP() << "the table is not here";
    }
    const auto& region = GetRegion("EU868");
    for (const auto& row : *table)
    {
        if (row.at("mcast_class") != "C")
        {
            continue; // its class B has beacons and slots of its own making
        }
        const auto bytes = static_cast<uint32_t>(Number(row, "frag_B_incl_2B_hdr"));
        const double airtimeS = AirtimeS(region, row, 8 + bytes, true);
        const double sent = Number(row, "n_uncoded") + Number(row, "n_redundant");
        EXPECT_NEAR(sent * airtimeS + (sent - 1) * 9 * airtimeS,
                    Number(row, "closed_form_campaign_s"),
                    0.0051)
            << "DR" << row.at("dr");
    }
}

// The same authors' simulation of the testbed: frames, and nine times the airtime between them.
TEST(PublishedTables, SessionsOfTheAuthorsSimulation)
{
    const auto table = Table("fuotaa_single_ns3_runs");
    if (!table)
    {
        GTEST_SKIP() << "the table is not here";
    }
    const auto& region = GetRegion("EU868");
    for (const auto& row : *table)
    {
        const auto bytes = static_cast<uint32_t>(Number(row, "phy_len_B"));
        const double airtimeS = AirtimeS(region, row, bytes, true); // with CRC
        EXPECT_NEAR(airtimeS, Number(row, "toa_calc_crc_s"), 0.6e-6) << "DR" << row.at("dr");
        EXPECT_NEAR(9 * airtimeS, Number(row, "frag_interval_s"), 1e-5) << "DR" << row.at("dr");
    }
}

// Empty receive windows of the measured board. How late after an uplink they open is not modelled:
// they open when the standard says (measured: 20 ms early to 31 ms late).
TEST(MeasuredBoard, EmptyReceiveWindows)
{
    const auto table = Table("fuotaa_rx_window_timing");
    if (!table)
    {
        GTEST_SKIP() << "the measurements are not here";
    }
    const auto& board = *FindBuiltInProfile("nucleo-wl55jc1");
    for (const auto& row : *table)
    {
        const auto rate = static_cast<size_t>(Number(row, "window_dr"));
        EXPECT_NEAR(board.emptyWindowS.at(rate), Number(row, "empty_len_mean_s"), 0.0005)
            << "DR" << rate << " after an uplink at DR" << row.at("uplink_dr");
        EXPECT_NEAR(Number(row, "open_delay_after_txdone_mean_s"), Number(row, "window"), 0.035);
    }
}

// Energy of whole traces from the times in each state and the profile's currents. Single traces
// are off by up to 8.3 % (validation/README.md), the mean of all by 0.81 %.
TEST(MeasuredBoard, EnergyOfTraces)
{
    const auto table = Table("fuotaa_energy_model_check");
    if (!table)
    {
        GTEST_SKIP() << "the measurements are not here";
    }
    const auto& board = *FindBuiltInProfile("nucleo-wl55jc1");
    double sum = 0;
    for (const auto& row : *table)
    {
        const double txS = Number(row, "t_tx_s");
        const double rxS = Number(row, "t_rxwin_s") + Number(row, "t_classc_s");
        const double energyJ =
            board.supplyV * (board.TxCurrentA(14, 14) * txS + board.rxA * rxS +
                             board.sleepA * (Number(row, "trace_s") - txS - rxS));
        const double error = energyJ / Number(row, "e_meas_J") - 1;
        EXPECT_LT(std::abs(error), 0.09) << "DR" << row.at("dr") << ", run " << row.at("sample");
        sum += error;
    }
    EXPECT_LT(std::abs(sum / static_cast<double>(table->size())), 0.015);
}

} // namespace
