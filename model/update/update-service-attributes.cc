// SPDX-License-Identifier: GPL-2.0-only
// The knobs of UpdateService as ns-3 attributes. Defaults are those of UpdateConfig.
#include "model/fleet/config-attribute.h"
#include "model/update/fec-code.h"
#include "model/update/session-policy.h"
#include "model/update/session-time-out.h"
#include "model/update/update-service.h"

namespace ns3::iotfleet
{

namespace
{

using Attributes = ConfigAttributes<UpdateService, UpdateConfig>;

constexpr auto STRATEGY = &UpdateConfig::strategy;
constexpr auto REPAIR = &UpdateConfig::repair;
constexpr AttributeRange DATA_RATES{0, 15};

void
AddSession(Attributes& add)
{
    const auto policies = SessionPolicyNames();
    add.Word("Policy",
             "How devices are divided into sessions.",
             {policies.begin(), policies.end()},
             &UpdateConfig::policy);
    add.Duration("Threshold",
                 "THRESHOLD: waiting time after which devices are pooled",
                 AttributeRange::NotNegative(),
                 &UpdateConfig::thresholdS);
    add.Word("SessionClass",
             "LoRaWAN class of multicast sessions.",
             {"B", "C"},
             &UpdateConfig::sessionClass);
    add.Word("Ts004",
             "Version of the packages TS004 and TS005.",
             {"1.0.0", "2.0.0"},
             &UpdateConfig::ts004);
    add.OptionalCount("DataRate",
                      "Multicast data rate; -1 = what the members hear",
                      -1,
                      DATA_RATES,
                      &UpdateConfig::dataRate);
    add.OptionalCount("FragmentSize",
                      "Payload of a fragment, bytes; 0 = the largest that the data rate allows",
                      0,
                      {1, 242},
                      &UpdateConfig::fragmentBytes);
    add.Numbers("FragmentSizeByDataRate",
                "The same by data rate, as RATE:BYTES,RATE:BYTES; goes before FragmentSize.",
                &UpdateConfig::fragmentBytesByDataRate);
    add.Number("DataRateMargin",
               "Link margin kept when choosing the data rate, dB",
               AttributeRange::NotNegative(),
               &UpdateConfig::dataRateMarginDb);
    add.Word("GatewayMode",
             "Which gateways send, and whether at once.",
             {"simulcast", "staggered", "list", "set-cover", "single"},
             &UpdateConfig::gatewayMode);
    add.Numbers("Gateways",
                "GatewayMode list: their numbers, from 0 in the order of the network, as 0,2.",
                &UpdateConfig::gateways);
    add.Count("PingPeriodicity",
              "Class B multicast: a ping slot every 0.96 s * 2^n",
              {0, 7},
              &UpdateConfig::pingPeriodicity);
    add.Word("TimeOutRule",
             "How the time-out of a session is chosen.",
             {TIME_OUT_RULE_NAMES.begin(), TIME_OUT_RULE_NAMES.end()},
             &UpdateConfig::timeOutRule);
    add.OptionalCount("TimeOut",
                      "Exponent of the time-out of all sessions: 2^n s, or beacon periods in class "
                      "B; -1 = by the rule",
                      -1,
                      {0, LONGEST_TIME_OUT},
                      &UpdateConfig::timeOut);
    add.Count("SessionFrequency",
              "Frequency of multicast sessions, Hz; 0 = the region's",
              AttributeRange::NotNegative(),
              &UpdateConfig::channelHz);
}

void
AddSetup(Attributes& add)
{
    add.Duration("Pooling",
                 "Wait before the set-up of a session",
                 AttributeRange::NotNegative(),
                 &UpdateConfig::poolingS);
    add.Duration("StartMargin",
                 "Least time from the end of set-up to the start",
                 AttributeRange::NotNegative(),
                 &UpdateConfig::startMarginS);
    add.Duration("SetupTimeout",
                 "Set-up ends without the missing devices after this",
                 AttributeRange::NotNegative(),
                 &UpdateConfig::setupTimeoutS);
    add.Count("SetupRetries",
              "Repetitions of an unanswered set-up message",
              {0, 1000},
              &UpdateConfig::setupRetries);
    add.Duration("SetupRetry",
                 "Spacing of the looks for unanswered set-up messages",
                 {1},
                 &UpdateConfig::setupRetryS);
    add.Duration("SessionGap",
                 "Pause between sessions of one policy",
                 AttributeRange::NotNegative(),
                 &UpdateConfig::sessionGapS);
    add.Count("BlockAckDelay",
              "TS004: members answer within 2^(n+4) s",
              {0, 7},
              &UpdateConfig::blockAckDelay);
    add.Flag("StatusRequest",
             "Whether members are asked for FragSessionStatusAns.",
             &UpdateConfig::statusRequest);
    add.Duration("ReportTimeout",
                 "Silence that counts as unreported",
                 AttributeRange::NotNegative(),
                 &UpdateConfig::reportTimeoutS);
}

void
AddRepair(Attributes& add)
{
    add.Count("RepairRounds",
              "Rounds of further coded fragments after the first pass",
              {0, 100},
              REPAIR,
              &RepairConfig::multicastRounds);
    add.Number("RepairRedundancyStep",
               "Coded fragments of a round at most, per uncoded fragment",
               {0, 10},
               REPAIR,
               &RepairConfig::redundancyStep);
    add.Flag("RepairUnicast",
             "Whether devices still incomplete then get fragments by unicast.",
             REPAIR,
             &RepairConfig::unicast);
    add.Count("RepairUnicastLimit",
              "Devices served by unicast in one session at most",
              AttributeRange::NotNegative(),
              REPAIR,
              &RepairConfig::unicastLimit);
    add.Number("RepairSuccessThreshold",
               "Believed share of complete devices that ends the repair",
               AttributeRange::Share(),
               REPAIR,
               &RepairConfig::successThreshold);
    add.Duration("RepairStatusTimeout",
                 "Wait for status answers; 0 s = the longest answer delay + 60 s",
                 AttributeRange::NotNegative(),
                 REPAIR,
                 &RepairConfig::statusTimeoutS);
    add.Number("RepairQuantile",
               "Share of the answers that a round is to satisfy; 1 = the worst of them",
               AttributeRange::Share(),
               REPAIR,
               &RepairConfig::quantile);
}

void
AddCoding(Attributes& add)
{
    add.Number("Redundancy",
               "Coded per uncoded fragment in the first pass",
               {0, 10},
               &UpdateConfig::redundancy);
    add.Word("Fec",
             "Code of the fragments.",
             {FEC_CODE_NAMES.begin(), FEC_CODE_NAMES.end()},
             STRATEGY,
             &StrategyConfig::fec);
    add.Count("ParityGroups",
              "Parts of the coded fragments of the first pass, with a status request after each",
              {1, 1000},
              STRATEGY,
              &StrategyConfig::parityGroups);
    add.Word("RedundancyFrom",
             "answers: from what members of earlier sessions lost.",
             {"fixed", "answers"},
             STRATEGY,
             &StrategyConfig::redundancyFrom);
    add.Number("RedundancyQuantile",
               "Share of the members that a redundancy from answers serves",
               AttributeRange::Share(),
               STRATEGY,
               &StrategyConfig::redundancyQuantile);
}

void
AddStrategy(Attributes& add)
{
    add.Count("GatewayCover",
              "GatewayMode set-cover: gateways that reach each member",
              {1, 4},
              STRATEGY,
              &StrategyConfig::gatewayCover);
    add.Count("ConcurrentSessions",
              "Sessions that send at the same time; 0 = as the policy says",
              AttributeRange::NotNegative(),
              STRATEGY,
              &StrategyConfig::concurrentSessions);
    add.Count("UnicastWindow",
              "Unicast fragments that wait in the network for a device",
              {1, 1000},
              STRATEGY,
              &StrategyConfig::unicastWindow);
    add.OptionalDuration("DeleteAfter",
                         "The server forgets the multicast group so long after it has queued the "
                         "first pass; -1 s = when it is done",
                         -1,
                         AttributeRange::NotNegative(),
                         STRATEGY,
                         &StrategyConfig::deleteAfterS);
    constexpr auto LADDER = &StrategyConfig::ladder;
    add.OptionalCount("LadderFastest",
                      "LADDER: first data rate; -1 = the fastest that a member hears",
                      -1,
                      DATA_RATES,
                      STRATEGY,
                      LADDER,
                      &LadderConfig::fastest);
    add.OptionalCount("LadderFragments",
                      "LADDER: fragments at each data rate; 0 = the whole first pass",
                      0,
                      {1, 16383},
                      STRATEGY,
                      LADDER,
                      &LadderConfig::fragments);
}

void
AddCarousel(Attributes& add)
{
    constexpr auto CAROUSEL = &StrategyConfig::carousel;
    const auto duration =
        [&](const char* name, const char* help, AttributeRange range, auto member) {
            add.Duration(name, help, range, STRATEGY, CAROUSEL, member);
        };
    duration("CarouselPeriod",
             "CAROUSEL: from one window to the next",
             {1},
             &CarouselConfig::periodS);
    duration("CarouselWindow",
             "CAROUSEL: how long fragments are sent",
             {1},
             &CarouselConfig::windowS);
    add.Number("CarouselThreshold",
               "CAROUSEL: share of complete devices, of all targets, that ends it",
               AttributeRange::Share(),
               STRATEGY,
               CAROUSEL,
               &CarouselConfig::threshold);
    duration("CarouselDuration",
             "CAROUSEL: it ends after this in any case",
             {1},
             &CarouselConfig::durationS);
}

} // namespace

TypeId
UpdateService::AddAttributes(TypeId tid)
{
    Attributes add(tid, &UpdateService::m_config);
    AddSession(add);
    AddSetup(add);
    AddRepair(add);
    AddCoding(add);
    AddStrategy(add);
    AddCarousel(add);
    return tid;
}

} // namespace ns3::iotfleet
