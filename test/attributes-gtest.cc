// SPDX-License-Identifier: GPL-2.0-only
#include "model/lorawan/lorawan-network.h"
#include "model/update/update-agent.h"
#include "model/update/update-service.h"

#include "ns3/boolean.h"
#include "ns3/double.h"
#include "ns3/string.h"

#include <gtest/gtest.h>

namespace
{

using namespace ns3;
using namespace ns3::iotfleet;

TEST(AttributesTest, ReachTheSettingsThatTheNetworkUses)
{
    const auto network = CreateObject<LorawanNetwork>();
    network->SetAttribute("DeviceTxPower", DoubleValue(10));
    network->SetAttribute("Adr", BooleanValue(false));
    network->Configure("EU868");
    EXPECT_EQ(network->Core().config.deviceTxPowerDbm, 10);
    EXPECT_FALSE(network->Core().config.adr);
    network->Dispose();
}

TEST(AttributesTest, AreReadBack)
{
    const auto service = CreateObject<UpdateService>();
    service->SetAttribute("Policy", StringValue("FASTEST"));
    StringValue policy;
    service->GetAttribute("Policy", policy);
    EXPECT_EQ(policy.Get(), "FASTEST");
}

TEST(AttributesTest, DefaultsAreThoseOfTheStructs)
{
    DoubleValue trial;
    CreateObject<UpdateAgent>()->GetAttribute("Trial", trial);
    EXPECT_EQ(trial.Get(), UpdateConfig{}.trialS);
}

TEST(AttributesTest, RefuseWhatIsOutOfRange)
{
    const auto network = CreateObject<LorawanNetwork>();
    EXPECT_FALSE(network->SetAttributeFailSafe("FrameLoss", DoubleValue(1.5)));
    EXPECT_TRUE(network->SetAttributeFailSafe("FrameLoss", DoubleValue(0.5)));
}

} // namespace
