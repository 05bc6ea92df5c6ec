// SPDX-License-Identifier: GPL-2.0-only
#include "model/lorawan/lorawan-network.h"
#include "model/ns3-compat.h"
#include "model/update/rollout.h"
#include "model/update/update-agent.h"
#include "model/update/update-service.h"

#include "ns3/boolean.h"
#include "ns3/double.h"
#include "ns3/integer.h"
#include "ns3/nstime.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

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

TEST(AttributesTest, ReachEnumerationsAndNestedSettings)
{
    const auto network = CreateObject<LorawanNetwork>();
    network->SetAttribute("Fading", StringValue("rayleigh"));
    network->SetAttribute("DutyCycleRule", StringValue("pause"));
    network->SetAttribute("JoinServerRate", DoubleValue(3));
    network->SetAttribute("JoinCfList", BooleanValue(false));
    network->SetAttribute("Pacing", StringValue("airtime"));
    network->SetAttribute("PacingAirtimeLdro", StringValue("on"));
    network->SetAttribute("PacingAirtimeExtra", UintegerValue(7));
    network->Configure("EU868");
    const auto& config = network->Core().config;
    EXPECT_EQ(config.fading, Fading::RAYLEIGH);
    EXPECT_EQ(config.dutyCycleRule, DutyCycleRule::PAUSE);
    EXPECT_EQ(config.join.serverRate, 3);
    EXPECT_FALSE(config.join.cfList);
    EXPECT_EQ(config.pacing.kind, PacingKind::AIRTIME);
    EXPECT_EQ(config.pacing.airtimeLdro, LdroEstimate::ON);
    EXPECT_EQ(config.pacing.airtimeExtraBytes, 7U);
    StringValue rule;
    network->GetAttribute("DutyCycleRule", rule);
    EXPECT_EQ(rule.Get(), "pause");
    network->Dispose();
}

TEST(AttributesTest, RefuseUnknownNames)
{
    const auto network = CreateObject<LorawanNetwork>();
    EXPECT_FALSE(network->SetAttributeFailSafe("Fading", StringValue("rician")));
    EXPECT_FALSE(network->SetAttributeFailSafe("Pacing", StringValue("")));
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

TEST(AttributesTest, ReachStructsWithinStructs)
{
    const auto service = CreateObject<UpdateService>();
    service->SetAttribute("CarouselThreshold", DoubleValue(0.5));
    service->SetAttribute("LadderFastest", IntegerValue(3));
    DoubleValue threshold;
    service->GetAttribute("CarouselThreshold", threshold);
    EXPECT_EQ(threshold.Get(), 0.5);
    IntegerValue fastest;
    service->GetAttribute("LadderFastest", fastest);
    EXPECT_EQ(fastest.Get(), 3);
}

TEST(AttributesTest, TimesAreTimes)
{
    const auto service = CreateObject<UpdateService>();
    service->SetAttribute("SetupTimeout", TimeValue(Hours(2)));
    EXPECT_EQ(service->GetConfig().setupTimeoutS, 7200);
    service->SetAttribute("SetupTimeout", StringValue("90min"));
    EXPECT_EQ(service->GetConfig().setupTimeoutS, 5400);
    EXPECT_FALSE(service->SetAttributeFailSafe("SetupTimeout", TimeValue(Seconds(-1))));
    service->SetAttribute("DeleteAfter", TimeValue(Minutes(5)));
    EXPECT_EQ(service->GetConfig().strategy.deleteAfterS, 300);
    service->SetAttribute("DeleteAfter", TimeValue(Seconds(-1)));
    EXPECT_FALSE(service->GetConfig().strategy.deleteAfterS.has_value());
}

TEST(AttributesTest, OneNumberStandsForNone)
{
    const auto service = CreateObject<UpdateService>();
    IntegerValue dataRate;
    service->GetAttribute("DataRate", dataRate);
    EXPECT_EQ(dataRate.Get(), -1);
    EXPECT_TRUE(service->SetAttributeFailSafe("DataRate", IntegerValue(0)));
    service->GetAttribute("DataRate", dataRate);
    EXPECT_EQ(dataRate.Get(), 0);
    EXPECT_FALSE(service->SetAttributeFailSafe("DataRate", IntegerValue(16)));
}

TEST(AttributesTest, TakeSeveralNumbersAsText)
{
    const auto service = CreateObject<UpdateService>();
    service->SetAttribute("FragmentSizeByDataRate", StringValue("0:51,5:200"));
    service->SetAttribute("Gateways", StringValue("2,0"));
    StringValue text;
    service->GetAttribute("FragmentSizeByDataRate", text);
    EXPECT_EQ(text.Get(), "0:51,5:200");
    service->GetAttribute("Gateways", text);
    EXPECT_EQ(text.Get(), "2,0");
    for (const char* bad : {"0", "0:", "0:51,", "0:256", "0;51", "-1:5", "a:b"})
    {
        EXPECT_FALSE(service->SetAttributeFailSafe("FragmentSizeByDataRate", StringValue(bad)))
            << bad;
    }
    EXPECT_FALSE(service->SetAttributeFailSafe("Gateways", StringValue("1,,2")));
}

TEST(AttributesTest, EnumerationsTakeNamesAndValues)
{
    const auto rollout = CreateObject<Rollout>();
    StringValue name;
    rollout->GetAttribute("OnError", name);
    EXPECT_EQ(name.Get(), "abort");
    rollout->SetAttribute("OnError", StringValue("roll-back"));
    compat::EnumAttribute<ErrorAction> action;
    rollout->GetAttribute("OnError", action);
    EXPECT_EQ(static_cast<ErrorAction>(action.Get()), ErrorAction::ROLL_BACK);
    EXPECT_FALSE(rollout->SetAttributeFailSafe("OnError", StringValue("shrug")));
    EXPECT_FALSE(rollout->SetAttributeFailSafe("GatePower", StringValue("solar")));
}

TEST(AttributesTest, DefaultsAreThoseOfTheStructs)
{
    TimeValue trial;
    CreateObject<UpdateAgent>()->GetAttribute("Trial", trial);
    EXPECT_EQ(trial.Get(), Seconds(UpdateConfig{}.trialS));
}

TEST(AttributesTest, RefuseWhatIsOutOfRange)
{
    const auto network = CreateObject<LorawanNetwork>();
    EXPECT_FALSE(network->SetAttributeFailSafe("FrameLoss", DoubleValue(1.5)));
    EXPECT_TRUE(network->SetAttributeFailSafe("FrameLoss", DoubleValue(0.5)));
}

} // namespace
