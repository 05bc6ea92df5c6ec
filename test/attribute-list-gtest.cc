// SPDX-License-Identifier: GPL-2.0-only

// Every knob of a scenario is an attribute of the class that it turns, or stands below with the
// reason why not. A new key makes this test fail until its attribute is named.

#include "helper/scenario-schema.h"
#include "test/test-support.h"

#include "ns3/type-id.h"

#include <gtest/gtest.h>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

namespace
{

using namespace ns3;
using nlohmann::json;

/// "Class:Attribute" of a key; several for a knob of both sides; "" for no attribute, as explained.
using Owners = std::vector<std::string>;

const std::map<std::string, Owners> LORAWAN{
    {"region", {""}},               // argument of LorawanNetwork::Configure(): it decides the rest
    {"gateways", {""}},             // nodes
    {"backhauls", {""}},            // one a gateway: BackhaulLink
    {"backhaul_model", {""}},       // IpBackhaul or DelayBackhaul: LorawanNetwork::SetBackhaul()
    {"outages", {""}},              // a list: LoraGateway::AddOutage()
    {"propagation/model", {""}},    // ns-3's own: LorawanNetwork::SetPropagation()
    {"propagation/exponent", {""}}, // LogDistancePropagationLossModel
    {"propagation/reference_loss", {""}},
    {"propagation/reference_distance", {""}},
    {"propagation/environment", {""}}, // OkumuraHataPropagationLossModel
    {"propagation/city_size", {""}},
    {"version", {"LorawanNetwork:Version11"}},
    {"propagation/shadowing", {"LorawanNetwork:Shadowing"}},
    {"propagation/building_penetration", {"LorawanNetwork:BuildingLoss"}},
    {"propagation/building_penetration_spread", {"LorawanNetwork:BuildingSpread"}},
    {"propagation/fading", {"LorawanNetwork:Fading"}},
    {"propagation/fading_deviation", {"LorawanNetwork:FadingDeviation"}},
    {"propagation/frame_loss", {"LorawanNetwork:FrameLoss"}},
    {"propagation/interference_reach", {"LorawanNetwork:InterferenceReach"}},
    {"join/server_rate", {"LorawanNetwork:JoinServerRate"}},
    {"join/server_queue", {"LorawanNetwork:JoinServerQueue"}},
    {"join/server_delay", {"LorawanNetwork:JoinServerDelay"}},
    {"join/backoff", {"LorawanNetwork:JoinLoramacBackoff"}},
    {"join/retry_min", {"LorawanNetwork:JoinRetryMin"}},
    {"join/retry_max", {"LorawanNetwork:JoinRetryMax"}},
    {"join/link_lost_after", {"LorawanNetwork:LinkLostAfter"}},
    {"join/cf_list", {"LorawanNetwork:JoinCfList"}},
    {"clock_sync/method", {"LorawanNetwork:ClockSyncMethod"}},
    {"clock_sync/period", {"LorawanNetwork:ClockSync", "ClockSyncAgent:Period"}},
    {"clock_sync/answer_required", {"ClockSyncAgent:AnswerRequired"}},
    {"clock_sync/periodicity", {"ClockSyncService:Periodicity"}},
    {"clock_sync/resync_at", {"ClockSyncService:ResyncAt"}},
    {"clock_sync/resync_transmissions", {"ClockSyncService:ResyncTransmissions"}},
    {"pacing/kind", {"LorawanNetwork:Pacing"}},
    {"pacing/interval", {"LorawanNetwork:PacingInterval"}},
    {"pacing/airtime_factor", {"LorawanNetwork:PacingAirtimeFactor"}},
    {"pacing/airtime_extra", {"LorawanNetwork:PacingAirtimeExtra"}},
    {"pacing/airtime_crc", {"LorawanNetwork:PacingAirtimeCrc"}},
    {"pacing/airtime_ldro", {"LorawanNetwork:PacingAirtimeLdro"}},
    {"pacing/tick", {"LorawanNetwork:PacingTick"}},
    {"pacing/tick_phase", {"LorawanNetwork:PacingTickPhase"}},
    {"pacing/tick_extra_min", {"LorawanNetwork:PacingTickExtraMin"}},
    {"pacing/tick_extra_max", {"LorawanNetwork:PacingTickExtraMax"}},
    {"pacing/send_time", {"LorawanNetwork:PacingSendTime"}},
    {"receive_windows/rx1_delay", {"LorawanNetwork:Rx1Delay"}},
    {"receive_windows/rx1_delay_by", {"LorawanNetwork:Rx1DelayByCommand"}},
    {"receive_windows/rx1_offset", {"LorawanNetwork:Rx1DataRateOffset"}},
    {"receive_windows/rx2_data_rate", {"LorawanNetwork:Rx2DataRate"}},
    {"receive_windows/rx2_frequency", {"LorawanNetwork:Rx2Frequency"}},
    {"mac_commands/device_status_interval", {"LorawanNetwork:DeviceStatusInterval"}},
    {"mac_commands/max_duty_cycle", {"LorawanNetwork:MaxDutyCycle"}},
    {"mac_commands/ping_slot_frequency", {"LorawanNetwork:PingSlotFrequency"}},
    {"mac_commands/ping_slot_data_rate", {"LorawanNetwork:PingSlotDataRate"}},
    {"mac_commands/channels", {""}}, // a list: MacCommandConfig::channels
    {"adr", {"LorawanNetwork:Adr"}},
    {"adr_margin", {"LorawanNetwork:AdrMargin"}},
    {"device_tx_power", {"LorawanNetwork:DeviceTxPower"}},
    {"gateway_stats_interval", {"LorawanNetwork:GatewayStatsInterval"}},
    {"gateway_tx_power", {"LorawanNetwork:GatewayTxPower"}},
    {"device_antenna_gain", {"LorawanNetwork:DeviceAntennaGain"}},
    {"gateway_noise_figure", {"LorawanNetwork:GatewayNoiseFigure"}},
    {"device_noise_figure", {"LorawanNetwork:DeviceNoiseFigure"}},
    {"device_duty_cycle", {"LorawanNetwork:DeviceDutyCycle"}},
    {"duty_cycle_rule", {"LorawanNetwork:DutyCycleRule"}},
    {"class_a_preempts", {"LorawanNetwork:WindowsDeafen"}},
    {"dedup_window", {"LorawanNetwork:DedupWindow"}},
    {"confirmed_retries", {"LorawanNetwork:ConfirmedRetries"}},
    {"sub_band", {"LorawanNetwork:SubBand"}},
    {"assumed_drift", {"LorawanNetwork:AssumedDrift"}},
    {"beacon_loss", {"LorawanNetwork:BeaconLoss"}},
};

const std::map<std::string, Owners> DISTRIBUTION{
    {"policy", {"UpdateService:Policy"}},
    {"threshold", {"UpdateService:Threshold"}},
    {"class", {"UpdateService:SessionClass"}},
    {"ts004", {"UpdateService:Ts004", "UpdateAgent:Ts004"}},
    {"data_rate", {"UpdateService:DataRate"}},
    {"fragment_size", {"UpdateService:FragmentSize", "UpdateService:FragmentSizeByDataRate"}},
    {"redundancy", {"UpdateService:Redundancy"}},
    {"data_rate_margin", {"UpdateService:DataRateMargin"}},
    {"gateways", {"UpdateService:GatewayMode"}},
    {"ping_periodicity", {"UpdateService:PingPeriodicity"}},
    {"frequency", {"UpdateService:SessionFrequency"}},
    {"session_timeout", {"UpdateService:TimeOutRule"}},
    {"session_timeout_exponent", {"UpdateService:TimeOut"}},
    {"fec", {"UpdateService:Fec"}},
    {"redundancy_from", {"UpdateService:RedundancyFrom"}},
    {"redundancy_quantile", {"UpdateService:RedundancyQuantile"}},
    {"parity_groups", {"UpdateService:ParityGroups"}},
    {"gateway_names", {"UpdateService:Gateways"}},
    {"gateway_cover", {"UpdateService:GatewayCover"}},
    {"concurrent_sessions", {"UpdateService:ConcurrentSessions"}},
    {"unicast_window", {"UpdateService:UnicastWindow"}},
    {"poll_period", {"UpdateAgent:PollPeriod"}},
    {"poll_confirmed", {"UpdateAgent:PollConfirmed"}},
    {"delete_after", {"UpdateService:DeleteAfter"}},
    {"ladder/fastest", {"UpdateService:LadderFastest"}},
    {"ladder/fragments", {"UpdateService:LadderFragments"}},
    {"carousel/period", {"UpdateService:CarouselPeriod"}},
    {"carousel/window", {"UpdateService:CarouselWindow"}},
    {"carousel/threshold", {"UpdateService:CarouselThreshold"}},
    {"carousel/duration", {"UpdateService:CarouselDuration"}},
    {"pooling", {"UpdateService:Pooling"}},
    {"start_margin", {"UpdateService:StartMargin"}},
    {"setup_timeout", {"UpdateService:SetupTimeout"}},
    {"setup_retries", {"UpdateService:SetupRetries"}},
    {"session_gap", {"UpdateService:SessionGap"}},
    {"block_ack_delay", {"UpdateService:BlockAckDelay"}},
    {"status_request", {"UpdateService:StatusRequest"}},
    {"repair/multicast_rounds", {"UpdateService:RepairRounds"}},
    {"repair/redundancy_step", {"UpdateService:RepairRedundancyStep"}},
    {"repair/unicast", {"UpdateService:RepairUnicast"}},
    {"repair/unicast_limit", {"UpdateService:RepairUnicastLimit"}},
    {"repair/success_threshold", {"UpdateService:RepairSuccessThreshold"}},
    {"repair/status_timeout", {"UpdateService:RepairStatusTimeout"}},
    {"repair/quantile", {"UpdateService:RepairQuantile"}},
    {"report_timeout", {"UpdateService:ReportTimeout"}},
    {"device_setup_delay", {"UpdateAgent:FragSetupDelay"}},
    {"close_when_done", {"UpdateAgent:CloseWhenDone"}},
    {"redundancy_memory", {"UpdateAgent:RedundancyMemory"}},
    {"reboot", {"UpdateAgent:RebootBy"}},
    {"reboot_spread", {"UpdateAgent:RebootSpread"}},
    {"confirm", {"UpdateAgent:ConfirmBy"}},
    {"trial", {"UpdateAgent:Trial"}},
};

const std::map<std::string, Owners> ROLLOUT{
    {"enabled", {""}},    // whether there is an object
    {"disclosure", {""}}, // of the metrics alone
    {"waves", {""}},      // lists are set by Rollout::Configure(), here and below
    {"stop_when", {""}},
    {"actions", {""}},
    {"windows", {""}},
    {"budget", {""}},
    {"roll_back/to", {""}}, // an image: Rollout::SetRollBackImage()
    {"start", {"Rollout:Start"}},
    {"order", {"Rollout:Order"}},
    {"dynamic/enabled", {"Rollout:Dynamic"}},
    {"dynamic/size", {"Rollout:DynamicSize"}},
    {"dynamic/wait", {"Rollout:DynamicWait"}},
    {"dynamic/until", {"Rollout:DynamicUntil"}},
    {"unreported", {"Rollout:Unreported"}},
    {"on_error", {"Rollout:OnError"}},
    {"resume_after", {"Rollout:ResumeAfter"}},
    {"roll_back/timeout", {"Rollout:RollBackTimeout"}},
    {"require_enrolled", {"Rollout:RequireEnrolled"}},
    {"window/start", {"Rollout:WindowStart"}},
    {"window/end", {"Rollout:WindowEnd"}},
    {"gates/battery", {"Rollout:GateBattery"}},
    {"gates/power", {"Rollout:GatePower"}},
    {"pace/rate", {"Rollout:PaceRate"}},
    {"pace/interval", {"Rollout:PaceInterval"}},
    {"pace/factor", {"Rollout:PaceFactor"}},
    {"pace/increase_every", {"Rollout:PaceIncreaseEvery"}},
    {"pace/increase_on", {"Rollout:PaceIncreaseOn"}},
    {"pace/maximum", {"Rollout:PaceMaximum"}},
    {"pace/concurrent", {"Rollout:PaceConcurrent"}},
    {"pace/jitter", {"Rollout:PaceJitter"}},
    {"in_progress_timeout", {"Rollout:InProgressTimeout"}},
    {"retry/limit", {"Rollout:RetryLimit"}},
    {"retry/on", {"Rollout:RetryOn"}},
    {"retry/wait", {"Rollout:RetryWait"}},
    {"retry/factor", {"Rollout:RetryFactor"}},
    {"retry/longest", {"Rollout:RetryLongest"}},
    {"penalty/failures", {"Rollout:PenaltyFailures"}},
    {"penalty/within", {"Rollout:PenaltyWithin"}},
    {"penalty/time", {"Rollout:PenaltyTime"}},
};

const std::map<std::string, Owners> QUARANTINE{
    {"enabled", {""}}, // whether there are objects
    {"detector/window", {"Detector:Window"}},
    {"detector/true_positive_rate", {"Detector:TruePositiveRate"}},
    {"detector/false_positive_rate", {"Detector:FalsePositiveRate"}},
    {"detector/latency", {"Detector:Latency"}},
    {"detector/start", {"Detector:Start"}},
    {"detector/k", {"QuarantineController:K"}},
    {"detector/n", {"QuarantineController:N"}},
    {"level", {"QuarantineController:Level"}},
    {"probation", {"QuarantineController:Probation"}},
    {"release_after", {"QuarantineController:ReleaseAfter"}},
};

/// Calls `visit` with every key below a node of the schema that holds a value.
void
ForEachKey(const json& node,
           const std::string& path,
           const std::function<void(const std::string&, const json&)>& visit)
{
    for (const auto& [key, child] : node.at("properties").items())
    {
        const std::string below = path.empty() ? key : path + "/" + key;
        child.contains("properties") ? ForEachKey(child, below, visit) : visit(below, child);
    }
}

/// The words that a key takes; empty if it takes something else.
std::set<std::string>
WordsOf(const json& key)
{
    return key.contains("enum") ? key["enum"].get<std::set<std::string>>()
                                : std::set<std::string>{};
}

std::set<std::string>
Split(const std::string& text, char sign)
{
    std::set<std::string> parts;
    std::istringstream in(text);
    for (std::string part; std::getline(in, part, sign);)
    {
        parts.insert(part);
    }
    return parts;
}

/// Whether a key takes "5 min".
bool
IsTime(const json& key)
{
    return key.value("description", "").find("Units: s, us, ms, min, h, d.") != std::string::npos;
}

/// Fields of messages in whole seconds, which are counted.
const std::set<std::string> WHOLE_SECONDS{"LorawanNetwork:Rx1Delay"};

void
ExpectAttribute(const std::string& owner, const std::string& key, const json& schema)
{
    const auto colon = owner.find(':');
    TypeId type;
    ASSERT_TRUE(TypeId::LookupByNameFailSafe("ns3::iotfleet::" + owner.substr(0, colon), &type))
        << owner;
    TypeId::AttributeInformation info;
    ASSERT_TRUE(type.LookupAttributeByName(owner.substr(colon + 1), &info))
        << key << " is no attribute: " << owner;
    EXPECT_FALSE(info.help.empty()) << owner;
    if (info.checker->GetValueTypeName().find("EnumValue") != std::string::npos)
    {
        EXPECT_EQ(Split(info.checker->GetUnderlyingTypeInformation(), '|'), WordsOf(schema))
            << owner;
    }
    EXPECT_EQ(info.checker->GetValueTypeName() == "ns3::TimeValue",
              IsTime(schema) && !WHOLE_SECONDS.contains(owner))
        << owner << " is a " << info.checker->GetValueTypeName();
}

void
ExpectAttributes(const std::string& pointer, const std::map<std::string, Owners>& owners)
{
    const auto schema = json::parse(iotfleet::ScenarioSchemaText());
    std::set<std::string> seen;
    ForEachKey(schema.at(json::json_pointer(pointer)),
               "",
               [&](const std::string& key, const json& k) {
                   seen.insert(key);
                   const auto found = owners.find(key);
                   ASSERT_NE(found, owners.end())
                       << pointer << '/' << key
                       << ": make it an attribute, and name it in this test";
                   for (const auto& owner : found->second)
                   {
                       owner.empty() ? void() : ExpectAttribute(owner, key, k);
                   }
               });
    for (const auto& [key, unused] : owners)
    {
        EXPECT_TRUE(seen.contains(key)) << pointer << '/' << key << " is no key any more";
    }
}

TEST(AttributeList, HoldsEveryKnobOfTheNetwork)
{
    ExpectAttributes("/properties/access/properties/lorawan", LORAWAN);
}

TEST(AttributeList, HoldsEveryKnobOfTheDistribution)
{
    ExpectAttributes("/properties/distribution", DISTRIBUTION);
}

TEST(AttributeList, HoldsEveryKnobOfTheRollout)
{
    ExpectAttributes("/properties/rollout", ROLLOUT);
}

TEST(AttributeList, HoldsEveryKnobOfTheQuarantine)
{
    ExpectAttributes("/properties/quarantine", QUARANTINE);
}

} // namespace
