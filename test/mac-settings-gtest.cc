// SPDX-License-Identifier: GPL-2.0-only

// Settings that the server tells devices by MAC commands, until they answer; and what devices do
// from then on.

#include "model/wire/lorawan-mac-commands.h"
#include "test/mac-command-bed.h"

#include <cmath>
#include <gtest/gtest.h>

namespace
{

using namespace ns3;
using namespace ns3::iotfleet;
using test::Exchange;
using test::RunSensors;

/** Uplinks with an answer. */
std::map<DeviceId, size_t>
Answers(const Exchange& exchange, MacOptions option)
{
    std::map<DeviceId, size_t> all;
    for (const auto& up : exchange.ups)
    {
        all[up.device] += (up.options & option) != 0 ? 1 : 0;
    }
    return all;
}

TEST(MacSettings, SizesAreTheEncoders)
{
    using namespace wire::mac;
    const auto v1 = wire::PackageVersion::V1;
    EXPECT_EQ(DownlinkOptionBytes(DUTY_CYCLE_REQ), EncodedSize(DutyCycleReq{}, v1));
    EXPECT_EQ(UplinkOptionBytes(DUTY_CYCLE_ANS), EncodedSize(DutyCycleAns{}, v1));
}

TEST(MacSettings, NothingIsToldByDefault)
{
    const auto exchange = RunSensors({"/duration=\"6 h\""});
    EXPECT_TRUE(exchange.With(SETTINGS).empty());
}

// Without loss everything is told once a join, and answered once.
TEST(DutyCycleRequest, IsToldOnceAfterTheJoin)
{
    const auto exchange =
        RunSensors({R"(/access/lorawan/mac_commands={"max_duty_cycle":10})", "/duration=\"12 h\""});
    const auto told = exchange.With(DUTY_CYCLE_REQ);
    EXPECT_EQ(told.size(), 5U);
    for (const auto& [device, sent] : told)
    {
        EXPECT_EQ(sent.size(), 1U);
        EXPECT_EQ(sent.front().frame.phyBytes, 14U); // 12 without options, DutyCycleReq 2
    }
    for (const auto& [device, count] : Answers(exchange, DUTY_CYCLE_ANS))
    {
        EXPECT_EQ(count, 1U);
    }
    const auto known = RunSensors({R"(/access/lorawan/mac_commands={"max_duty_cycle":10})",
                                   "/duration=\"6 h\"",
                                   "/fleet/groups/0/activated=true"});
    EXPECT_TRUE(known.With(DUTY_CYCLE_REQ).empty());
}

// The server repeats the request until it hears the answer, which takes 1 / q^2 tries in the mean,
// deviation sqrt(1 - q^2) / q^2, where q is the chance of a frame.
TEST(DutyCycleRequest, IsRepeatedUntilItIsAnswered)
{
    const auto exchange = RunSensors({R"(/access/lorawan/mac_commands={"max_duty_cycle":1})",
                                      "/duration=\"1 d\"",
                                      "/access/lorawan/propagation/frame_loss=0.2928932",
                                      "/fleet/groups/0/count=100"});
    double asked = 0;
    for (const auto& [device, sent] : exchange.With(DUTY_CYCLE_REQ))
    {
        asked += static_cast<double>(sent.size());
    }
    // Of the two frames after one another (request, answer) both are to be heard: 1 / 2.
    EXPECT_NEAR(asked / 100, 2, 4 * std::sqrt(2.0) / 10); // error probability 6e-5
}

// TS001-1.0.4 section 5.3: no more than 1 / 2^n of the time, over all sub-bands. A frame of 25 B at
// DR0 takes 45.25 symbols of 32.768 ms, 1.4828 s; with n = 10 one fits in 25.3 minutes, though
// telemetry wants one in ten, and though the law's 1 % of each band would allow it.
TEST(DutyCycleRequest, HoldsInAllBandsTogether)
{
    const auto run = [](const std::string& n, const std::string& cfList) {
        return RunSensors({R"(/access/lorawan/mac_commands={"max_duty_cycle":)" + n + "}",
                           "/access/lorawan/join/cf_list=" + cfList,
                           "/fleet/groups/0/data_rate=0"});
    };
    for (const std::string cfList : {"true", "false"})
    {
        const auto exchange = run("10", cfList);
        for (const auto& [device, ups] : exchange.ByDevice())
        {
            size_t kept = 0;
            bool told = false;
            for (size_t i = 1; i < ups.size(); ++i)
            {
                told = told || (ups[i - 1].options & DUTY_CYCLE_ANS) != 0;
                if (told)
                {
                    const double airtimeS = ToSeconds(ups[i - 1].end - ups[i - 1].start);
                    const double gapS = ToSeconds(ups[i].start - ups[i - 1].start);
                    EXPECT_GE(gapS, 1024 * airtimeS);
                    EXPECT_LE(gapS, 1024 * airtimeS + 1);
                    ++kept;
                }
            }
            EXPECT_GT(kept, 105U); // of 2 days / 1518.4 s = 113.8
        }
    }
    // Half of the time is no limit to a frame in ten minutes.
    const auto free = run("1", "false");
    for (const auto& [device, ups] : free.ByDevice())
    {
        EXPECT_NEAR(static_cast<double>(ups.size()), 288, 8);
    }
}

} // namespace
