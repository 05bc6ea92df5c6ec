// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_UPDATE_UPDATE_CONFIG_H
#define IOTFLEET_UPDATE_UPDATE_CONFIG_H

#include "model/fleet/types.h"
#include "model/update/strategy-config.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

/**
 * @file
 * How images are distributed and installed, SI units. Members named as in a scenario's
 * `/distribution` mean the same as there.
 */
namespace ns3::iotfleet
{

/// What the operator does about devices that miss fragments after the first pass.
struct RepairConfig
{
    uint32_t multicastRounds{2};   ///< at most this many rounds of further multicast fragments
    double redundancyStep{0.1};    ///< most coded fragments in one round, share of the uncoded ones
    bool unicast{true};            ///< fragments to single devices after the multicast rounds
    uint32_t unicastLimit{200};    ///< devices served so in one session, at most
    double successThreshold{0.99}; ///< believed share of complete devices that ends the rounds
    double statusTimeoutS{0};      ///< wait for answers; 0 = the longest answer delay + 60 s
    double quantile{1};            ///< share of the answers that a round is to satisfy, 0..1
};

/// Settings of UpdateService (operator) and UpdateAgent (devices).
struct UpdateConfig
{
    std::string policy{"ALL"};       ///< ALL, BASELINE, FASTEST, THRESHOLD, PER-GATEWAY, UNICAST
    double thresholdS{1000};         ///< THRESHOLD: waiting time after which devices are pooled
    std::string sessionClass{"C"};   ///< B or C
    std::string ts004{"2.0.0"};      ///< "1.0.0" or "2.0.0": packages TS004 and TS005
    std::optional<uint8_t> dataRate; ///< multicast (downlink) data rate; else what members hear
    std::optional<uint8_t> fragmentBytes; ///< else the largest that the data rate allows
    std::map<uint8_t, uint8_t> fragmentBytesByDataRate; ///< goes before fragmentBytes
    double redundancy{0.3};               ///< coded per uncoded fragment in the first pass
    double dataRateMarginDb{3};           ///< link margin kept when choosing the rate
    std::string gatewayMode{"simulcast"}; ///< staggered, list, set-cover or single
    uint8_t pingPeriodicity{4};           ///< class B multicast, 0..7
    std::string timeOutRule{"predicted"}; ///< of sessions, of TIME_OUT_RULE_NAMES
    std::optional<uint8_t> timeOut;       ///< exponent of all sessions, 0..15, in place of the rule
    double poolingS{0};                   ///< wait before the set-up of a session
    double startMarginS{60};              ///< least time from the end of set-up to the start
    double setupTimeoutS{6 * 3600.0};     ///< set-up ends without the missing devices
    uint32_t setupRetries{3};             ///< of each unanswered set-up message
    double sessionGapS{0};                ///< pause between sessions of one policy
    uint8_t blockAckDelay{4};             ///< TS004: answers within 2^(n+4) s, 0..7
    bool statusRequest{true};             ///< ask members for FragSessionStatusAns
    RepairConfig repair;
    double reportTimeoutS{24 * 3600.0}; ///< silence that counts as unreported
    double fragSetupDelayS{0};          ///< device prepares its flash before it answers
    bool closeWhenDone{true};           ///< a device leaves the session once complete
    uint32_t redundancyMemory{0};       ///< lost fragments a device can hold; 0 = its profile's
    std::string rebootBy{"device"};     ///< "device" or "command" (TS006)
    double rebootSpreadS{0};            ///< uniform jitter of that reboot
    std::string confirmBy{"self-test"}; ///< "self-test" or "server-contact"
    double trialS{60};                  ///< time under trial before confirm or roll back
    StrategyConfig strategy;

    std::vector<GatewayId> gateways; ///< those that a scenario names for gatewayMode "list"

    // Not in a scenario (defaults of the program).
    double setupRetryS{600};       ///< spacing of the looks for unanswered set-up messages
    bool ackReception{false};      ///< TS004-2.0.0 AckReception: devices announce completion
    double snrFloorDr0Db{-20};     ///< demodulation floor of uplink data rate 0; 2.5 dB a step
    double dutyCycle{0.1};         ///< of the multicast channel, for the predicted duration
    double installAllowanceS{120}; ///< expected time from reception to trial, for the first report
    double reportRetryS{1800};     ///< first wait for a version answer; doubled each time
    uint32_t pingFrequencyHz{869525000}; ///< of ping slots; 0 = the region's hopping
    uint32_t frequencyHz{869525000};     ///< of the multicast channel, as session requests tell it
    uint32_t channelHz{
        0}; ///< of multicast sessions of either class, in place of these two; 0 = not
    bool lorawan11{false}; ///< McRootKey from AppKey (1.1) instead of GenAppKey (1.0.x)
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_UPDATE_UPDATE_CONFIG_H
