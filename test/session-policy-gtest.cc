// SPDX-License-Identifier: GPL-2.0-only
#include "model/update/session-policy.h"

#include <gtest/gtest.h>
#include <stdexcept>

namespace ns3::iotfleet
{
namespace
{

/// Devices 0..n-1 with these data rates, gateway 0 for even ones and 1 for odd ones.
std::vector<Candidate>
MakeCandidates(const std::vector<uint8_t>& dataRates)
{
    std::vector<Candidate> candidates;
    for (uint32_t i = 0; i < dataRates.size(); ++i)
    {
        candidates.push_back({DeviceId{i}, dataRates[i], GatewayId{static_cast<uint16_t>(i % 2)}});
    }
    return candidates;
}

/// Data rates of the sessions when each of them takes `sessionS`.
std::vector<int>
DataRates(const SessionPolicy& policy, std::vector<Candidate> waiting, double sessionS)
{
    std::vector<int> dataRates;
    for (double waitedS = 0; !waiting.empty(); waitedS += sessionS)
    {
        for (const auto& session : policy.Next(waiting, waitedS))
        {
            EXPECT_FALSE(session.devices.empty());
            dataRates.push_back(session.dataRate);
        }
    }
    return dataRates;
}

using Rates = std::vector<int>;

/// The four-device experiment: devices at DR2 to DR5, a session about every 1000 s.
TEST(SessionPolicy, FourDeviceExperiment)
{
    const auto devices = MakeCandidates({5, 4, 3, 2});
    EXPECT_EQ(DataRates(*MakeSessionPolicy("ALL", 0, 0), devices, 1000), (Rates{2}));
    EXPECT_EQ(DataRates(*MakeSessionPolicy("BASELINE", 0, 0), devices, 1000), (Rates{0}));
    EXPECT_EQ(DataRates(*MakeSessionPolicy("FASTEST", 0, 0), devices, 1000), (Rates{5, 4, 3, 2}));
    // The published thresholds of 1000 s and 2000 s gave two and three sessions.
    EXPECT_EQ(DataRates(*MakeSessionPolicy("THRESHOLD", 1000, 0), devices, 1200), (Rates{5, 2}));
    EXPECT_EQ(DataRates(*MakeSessionPolicy("THRESHOLD", 2000, 0), devices, 1200), (Rates{5, 4, 2}));
}

TEST(SessionPolicy, EveryDeviceIsInOneSession)
{
    for (const auto name : SessionPolicyNames())
    {
        auto waiting = MakeCandidates({0, 5, 3, 3, 1, 5, 2});
        const auto policy = MakeSessionPolicy(name, 1500, 0);
        std::vector<int> seen(waiting.size());
        for (double waitedS = 0; !waiting.empty(); waitedS += 1000)
        {
            for (const auto& session : policy->Next(waiting, waitedS))
            {
                for (size_t i = 0; i < session.devices.size(); ++i)
                {
                    ++seen[Index(session.devices[i])];
                    EXPECT_TRUE(i == 0 || session.devices[i - 1] < session.devices[i]);
                }
                EXPECT_EQ(session.unicast, name == "UNICAST");
            }
        }
        EXPECT_EQ(seen, std::vector<int>(7, 1)) << name;
    }
}

TEST(SessionPolicy, PerGatewaySessionsRunTogether)
{
    auto waiting = MakeCandidates({5, 4, 3, 2, 5});
    const auto sessions = MakeSessionPolicy("PER-GATEWAY", 0, 0)->Next(waiting, 0);
    ASSERT_EQ(sessions.size(), 2U);
    EXPECT_EQ(sessions[0].dataRate, 3);
    EXPECT_EQ(sessions[1].dataRate, 2);
    EXPECT_EQ(sessions[1].gateways, std::vector<GatewayId>{GatewayId{1}});
}

TEST(SessionPolicy, UnknownNameIsRefused)
{
    EXPECT_THROW(MakeSessionPolicy("SLOWEST", 0, 0), std::invalid_argument);
}

} // namespace
} // namespace ns3::iotfleet
