// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_HELPER_SCENARIO_H
#define IOTFLEET_HELPER_SCENARIO_H

#include "helper/cost-spec.h"
#include "helper/fault-spec.h"
#include "helper/mac-commands-spec.h"
#include "helper/payload-spec.h"
#include "helper/receive-windows-spec.h"
#include "model/update/rollout-policy-config.h"
#include "model/update/strategy-config.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

/**
 * @file
 * A scenario as typed values: what a scenario file says once it has been read, checked and filled
 * with defaults. SI units throughout (seconds, metres, bytes, dBm, dB, joules, amperes, volts); the
 * user's units stay at the border (scenario-reader.h). Each member names its key in the file.
 *
 * These structs say what to simulate. They are not the objects that simulate it: scenario-runner.h
 * turns the one into the other.
 */
namespace ns3::iotfleet
{

/// A point on the map; `x`, `y` in metres, `z` metres above ground.
struct PositionM
{
    double x{0};
    double y{0};
    double z{0};
};

/// `/fleet/groups/N/placement`: where the devices of a group stand.
struct PlacementSpec
{
    std::string kind{"disc"};   ///< "disc", "rectangle", "grid", "point", "clusters"
    PositionM center;           ///< middle of the area
    double radiusM{2000};       ///< disc: radius; clusters: radius of the whole area
    double widthM{2000};        ///< rectangle, grid
    double heightM{2000};       ///< rectangle, grid
    uint32_t clusters{10};      ///< clusters: how many
    double clusterRadiusM{100}; ///< clusters: radius of one
};

/// `telemetry`: the devices' ordinary traffic, which a campaign disturbs.
struct TelemetrySpec
{
    double periodS{3600};       ///< `period`; 0 = none
    uint8_t sizeBytes{20};      ///< `size`: application payload
    bool confirmed{false};      ///< `confirmed`
    double jitter{0.1};         ///< `jitter`: share of the period, uniform
    bool linkCheck{false};      ///< `link_check`: uplinks carry LinkCheckReq
    bool pauseInSession{false}; ///< `pause_in_session`: silent from class B/C set-up to completion
    std::optional<double> firstS; ///< `first`: first uplink after enrolment; default random phase
};

/// `/fleet/groups/N`: devices that are alike.
struct FleetGroupSpec
{
    std::string name;
    uint32_t count{0};
    std::string profile{"stm32wl55"};
    std::string site{"main"};
    std::string firmware{"1.0.0"}; ///< version that runs at the start
    std::string hardware{"a"};     ///< hardware batch or revision
    PlacementSpec placement;
    double indoorShare{0};           ///< `indoor_share`: share of devices behind walls
    double antennaHeightM{1.5};      ///< `antenna_height`
    double batteryLevel{1.0};        ///< `battery`: share of the capacity left at the start
    std::string deviceClass{"A"};    ///< `class`: LoRaWAN class outside sessions: A, B or C
    uint8_t pingPeriodicity{7};      ///< `ping_periodicity`: class B, slots every 0.96 * 2^n s
    std::optional<uint8_t> dataRate; ///< `data_rate`: fixed uplink data rate; else from the link
    TelemetrySpec telemetry;
    double powerOnS{0};                ///< `power_on`: instant
    double powerOnSpreadS{0};          ///< `power_on_spread`: uniform after `power_on`
    bool activated{false};             ///< `activated`: has a session from the start, does not join
    std::string session{"persistent"}; ///< `session`: or "volatile": a reboot loses it
    double clockDriftPpm{20};          ///< `clock_drift`: standard deviation over the devices, ppm
    double clockErrorS{0};             ///< `clock_error`: devices open sessions up to this early
};

/// One row of a device inventory (`/fleet/inventory`), or one generated device.
struct DeviceSpec
{
    std::string name;
    uint32_t group{0}; ///< index into FleetSpec::groups (shared settings)
    std::string site;
    std::string profile;
    std::string firmware;
    std::string hardware;
    PositionM position;
    bool indoor{false};
    double batteryLevel{1.0};
    std::optional<uint8_t> dataRate;
    std::optional<double> telemetryFirstS;
};

/// `/fleet/profiles/NAME/tx_currents/N`: what transmitting at a power draws.
struct TxCurrentSpec
{
    double powerDbm{14};
    double currentA{0};
};

/// `/fleet/profiles/NAME`: a device profile by changes to a built-in one.
struct ProfileSpec
{
    std::string base{"stm32wl55"};
    std::vector<TxCurrentSpec> txCurrents; ///< `tx_currents`: empty = the built-in one's
    std::map<std::string, double> changes; ///< member name of DeviceProfile -> value, SI units
};

/// `/fleet/sites/NAME`: what is particular of a site.
struct SiteSpec
{
    double utcOffsetS{0}; ///< `utc_offset`: local time minus the simulation's
};

/// `/fleet`
struct FleetSpec
{
    std::vector<FleetGroupSpec> groups;
    std::optional<std::filesystem::path> inventory; ///< CSV of devices
    std::map<std::string, ProfileSpec> profiles;
    std::map<std::string, SiteSpec> sites;
    std::string firstDay{"mon"};     ///< `first_day`: weekday at time zero
    std::vector<DeviceSpec> devices; ///< rows read from the inventory; empty when generated
};

/// `/access/lorawan/gateways/N`
struct GatewaySpec
{
    std::string name;
    PositionM position{0, 0, 30};
    double antennaGainDbi{2.15};
    double feederLossDb{0};
    std::string backhaul{"default"}; ///< name of a backhaul in `/access/lorawan/backhauls`
};

/// A span of simulated time.
struct OutageSpec
{
    std::string gateway; ///< gateway's name; "*" = all
    double startS{0};
    double endS{0};
};

/// `/access/lorawan/backhauls/NAME`
struct BackhaulSpec
{
    double delayS{0.05};  ///< one way
    double jitterS{0};    ///< uniform, added
    double loss{0};       ///< probability per datagram
    double rateBps{10e6}; ///< data rate of the link
};

/// `/access/lorawan/propagation`
struct PropagationSpec
{
    std::string model{"log-distance"}; ///< "log-distance" or "okumura-hata"
    double exponent{3.76};             ///< log-distance
    double referenceLossDb{7.7};       ///< log-distance: loss at `reference_distance`
    double referenceDistanceM{1};      ///< log-distance
    std::string environment{"urban"};  ///< okumura-hata: urban, suburban, open
    std::string citySize{"large"};     ///< okumura-hata: small, medium, large
    double shadowingDb{0};             ///< standard deviation, static per device and gateway
    double buildingLossDb{12};         ///< `building_penetration`: mean for indoor devices
    double buildingSpreadDb{3};        ///< `building_penetration_spread`
    std::string fading{"none"};        ///< per frame: "none", "gaussian", "rayleigh"
    double fadingDb{0};                ///< gaussian: standard deviation
    double frameLoss{0};               ///< `frame_loss`: extra loss of any frame, probability
    double interferenceReachDb{10};    ///< links this far below the noise floor still interfere
};

/// `/access/lorawan/join`
struct JoinSpec
{
    double serverRate{100};      ///< `server_rate`: joins the join server handles per second
    uint32_t serverQueue{10000}; ///< `server_queue`: requests that wait; more are dropped
    double serverDelayS{0.02};   ///< `server_delay`: service latency besides queueing
    std::string backoff{"spec"}; ///< "spec" (LoRaWAN retransmission back-off) or "loramac-node"
    double retryMinS{10};        ///< shortest time to the next join request
    double retryMaxS{20};        ///< longest first wait; doubled at each try up to one hour
    bool cfList{true};           ///< join-accept carries a CFList (33 bytes instead of 17)
    std::optional<uint8_t> linkLostUplinks; ///< `link_lost_after`; default never
};

/// `/access/lorawan/pacing`: when the server hands the next multicast frame to the gateways.
struct PacingSpec
{
    std::string kind{"gateway"}; ///< "gateway" (duty cycle alone), "interval", "airtime"
    double intervalS{5};         ///< interval: fixed spacing
    double airtimeFactor{9};     ///< airtime: spacing in units of the estimated time on air
    uint32_t airtimeExtraBytes{
        13};                ///< airtime: bytes added to the application payload in the estimate
    bool airtimeCrc{false}; ///< airtime: estimate counts a CRC
    std::string airtimeLdro{"auto"}; ///< airtime: low data rate optimisation "auto", "on", "off"
    double tickS{0};                 ///< poll tick of the server's loop; 0 = exact
    double tickPhaseS{0};    ///< `tick_phase`: from the start of the schedule to the first look
    double tickExtraMinS{0}; ///< extra length of a tick, uniform between these two
    double tickExtraMaxS{0};
    double sendTimeS{0}; ///< `send_time`: a tick in which a frame is handed over is longer by this
};

/// `/access/lorawan/clock_sync`: how devices set their clocks, which sessions are opened by.
struct ClockSyncSpec
{
    std::string method{"none"};         ///< "none", "device-time", "ts003"
    double periodS{86400};              ///< `period`
    bool answerRequired{false};         ///< `answer_required`: ts003
    std::optional<uint8_t> periodicity; ///< ts003: DeviceAppTimePeriodicityReq, 128 s * 2^n
    std::optional<double> resyncAtS;    ///< `resync_at`: ts003, ForceDeviceResyncCmd to everybody
    uint8_t resyncTransmissions{1};     ///< `resync_transmissions`: ts003, 1..7
};

/// `/access/lorawan`
struct LorawanSpec
{
    std::string region{"EU868"};
    std::string version{"1.0.4"}; ///< "1.0.4" or "1.1"
    std::vector<GatewaySpec> gateways;
    std::map<std::string, BackhaulSpec> backhauls;
    double gatewayStatsIntervalS{30}; ///< `gateway_stats_interval`
    std::string backhaulModel{"ip"};  ///< `backhaul_model`: "ip" (ns-3 links) or "delay"
    std::vector<OutageSpec> outages;
    PropagationSpec propagation;
    JoinSpec join;
    ClockSyncSpec clockSync;
    ReceiveWindowsSpec receiveWindows;
    MacCommandsSpec macCommands;
    PacingSpec pacing;
    bool adr{true};
    double adrMarginDb{10};                  ///< `adr_margin`: installation margin
    std::optional<double> deviceTxPowerDbm;  ///< `device_tx_power`; default what is usual there
    std::optional<double> gatewayTxPowerDbm; ///< `gateway_tx_power`; default the region's limit
    double deviceAntennaGainDbi{0};
    double gatewayNoiseFigureDb{6};
    double deviceNoiseFigureDb{6};
    bool deviceDutyCycle{true}; ///< `device_duty_cycle`: devices keep their sub-bands' limits
    std::string dutyCycleRule{"period"}; ///< "period" (ToA/share) or "pause" (ToA*(1/share) after)
    double dedupWindowS{0.2};            ///< `dedup_window`: server waits for copies of an uplink
    uint8_t confirmedRetries{8}; ///< `confirmed_retries`: transmissions of a confirmed uplink
    uint8_t subBand{0};          ///< US915: 1..8; 0 = all channels
    std::string classAPreempts{"transmission"}; ///< `class_a_preempts`: or "windows"
    double classBBeaconLoss{0}; ///< `beacon_loss`: extra probability that a beacon is missed
    double assumedDriftPpm{40}; ///< `assumed_drift`: class B windows widen for a clock this bad
};

/// `/firmware/images/N/defect`: what a bad image does to devices. Truth; the operator does not
/// know.
struct DefectSpec
{
    double probability{0};      ///< share of devices that it hits
    std::string effect{"none"}; ///< "crash" (reverts), "silent-brick", "boot-loop"
    std::string hardware;       ///< only this hardware batch; empty = all
};

/// `/firmware/images/N`
struct ImageSpec
{
    std::string version;
    std::optional<std::filesystem::path> file;
    uint64_t sizeBytes{0}; ///< of `file`, or `size`
    uint64_t sequence{1};  ///< SUIT manifest sequence number
    std::string vendor{"vendor.example"};
    std::string deviceClass{"class-a"}; ///< `class`: SUIT class
    bool fixesVulnerability{true};      ///< `fixes`
    bool manifest{true};                ///< `manifest`: carry a SUIT envelope before the image
    std::string tamper{"none"}; ///< "none", "signature", "digest", "vendor", "class", "sequence"
    DefectSpec defect;
};

/// `/firmware`
struct FirmwareSpec
{
    std::vector<ImageSpec> images;
    std::string target; ///< version that the rollout installs
    PayloadSpec payload;
};

/// `/distribution/repair`
struct RepairSpec
{
    uint32_t multicastRounds{2};   ///< `multicast_rounds`
    double redundancyStep{0.1};    ///< `redundancy_step`: coded fragments per round, of all
    bool unicast{true};            ///< `unicast`: class A/C unicast fragments after the rounds
    uint32_t unicastLimit{200};    ///< `unicast_limit`: devices served so, at most
    double successThreshold{0.99}; ///< `success_threshold`: share that ends the repair
    double statusTimeoutS{0};      ///< `status_timeout`; 0 = the longest answer delay + 60 s
    double quantile{1};            ///< `quantile`: share of the answers that a round is to satisfy
};

/// `/distribution`
struct DistributionSpec
{
    std::string policy{"ALL"};       ///< ALL, BASELINE, FASTEST, THRESHOLD, PER-GATEWAY, UNICAST
    double thresholdS{1000};         ///< THRESHOLD: waiting time after which devices are pooled
    std::string sessionClass{"C"};   ///< `class`: B or C
    std::string ts004{"2.0.0"};      ///< "1.0.0" or "2.0.0"
    std::optional<uint8_t> dataRate; ///< `data_rate`: multicast data rate; else what members hear
    std::optional<uint8_t>
        fragmentBytes; ///< `fragment_size`; else the largest the data rate allows
    std::map<uint8_t, uint8_t>
        fragmentBytesByDataRate; ///< `fragment_size` as an object by data rate
    double redundancy{0.3};      ///< coded fragments per uncoded fragment in the first pass
    double dataRateMarginDb{3};  ///< `data_rate_margin`: link margin kept when choosing the rate
    std::string gatewayMode{"simulcast"}; ///< `gateways`: staggered, list, set-cover, single
    uint8_t pingPeriodicity{4};           ///< `ping_periodicity`: class B multicast, 0..7
    std::optional<double> frequencyHz;    ///< `frequency` of sessions; default the region's
    std::string timeOutRule{"predicted"}; ///< `session_timeout`: "predicted" or "chirpstack"
    std::optional<uint8_t> timeOut;       ///< `session_timeout_exponent`; goes before the rule
    double poolingS{0};                   ///< `pooling`: wait before the set-up of a session
    double startMarginS{60};          ///< `start_margin`: from the last set-up message to the start
    double setupTimeoutS{6 * 3600.0}; ///< `setup_timeout`: set-up ends without the missing devices
    uint32_t setupRetries{3};         ///< `setup_retries` of each unanswered set-up message
    double sessionGapS{0};            ///< `session_gap`: pause between sessions of one policy
    uint8_t blockAckDelay{4};         ///< `block_ack_delay`: TS004, answers within 2^(n+4) s
    bool statusRequest{true};         ///< `status_request`: ask for FragSessionStatusAns
    RepairSpec repair;
    double reportTimeoutS{24 * 3600.0}; ///< `report_timeout`: silence counted as unreported
    double fragSetupDelayS{0}; ///< `device_setup_delay`: device prepares flash before it answers
    bool closeWhenDone{true};  ///< `close_when_done`: device leaves the session once complete
    uint32_t redundancyMemory{
        0}; ///< `redundancy_memory`: lost fragments a device can hold; 0 = profile
    std::string rebootBy{"device"};     ///< `reboot`: "device" (by itself) or "command" (TS006)
    double rebootSpreadS{0};            ///< `reboot_spread`: jitter of that reboot
    std::string confirmBy{"self-test"}; ///< `confirm`: "self-test" or "server-contact"
    double trialS{60};                  ///< `trial`: time under trial before confirm or roll back
    StrategyConfig strategy;            ///< keys of the same object
};

/// `/rollout/waves/N`: one of share and count; neither of them only with a filter or for_each.
struct WaveSpec
{
    std::optional<double> share;   ///< `share`: of the fleet, cumulative shares not needed
    std::optional<uint32_t> count; ///< `count`: devices
    std::string name;
    double soakS{0};              ///< `soak`: after the wave's reports are in
    double successThreshold{0.9}; ///< `success_threshold`: reported success that lets go on
    double errorThreshold{0.1};   ///< `error_threshold`: failures that stop
    double timeoutS{7 * 86400.0}; ///< `timeout`: a wave ends then at the latest
    std::string shareOf{"all"};   ///< `share_of`: "all", "left" or "cumulative"
    FilterConfig filter;
    std::string forEach{"none"}; ///< `for_each`: "none" or by what waves are made
    double notBeforeS{0};        ///< `not_before`: instant
    std::vector<WaitConfig> waitFor;
    std::optional<uint32_t> successCount; ///< `success_count`
    std::optional<uint32_t> errorCount;   ///< `error_count`
    bool stopAtTimeout{true};             ///< `stop_at_timeout`
    std::string then{"continue"};         ///< `then`: "continue" or "pause"
    std::string advance{"reports"};       ///< `advance`: "reports" or "successes"
};

/// `/rollout`
struct RolloutSpec
{
    bool enabled{true};                 ///< false when the file has no `rollout`
    double startS{86400};               ///< `start`
    std::optional<double> disclosureS;  ///< `disclosure`: exposure counts from here
    std::string order{"random"};        ///< random, site, data-rate, battery
    std::vector<WaveSpec> waves;        ///< default: one wave of everybody
    std::string unreported{"failure"};  ///< `unreported`: "failure", "success", "ignore", "pending"
    std::string onError{"abort"};       ///< `on_error`: "pause", "abort" or "roll-back"
    bool requireEnrolled{true};         ///< only devices that the operator has seen enrolled
    std::optional<double> windowStartS; ///< `window/start`: second of the day
    std::optional<double> windowEndS;
    double resumeAfterS{0};       ///< `resume_after`
    double inProgressTimeoutS{0}; ///< `in_progress_timeout`
    std::vector<WindowConfig> windows;
    GateConfig gates;
    PaceConfig pace;
    RetryConfig retry;
    PenaltyConfig penalty;
    std::vector<BudgetConfig> budgets;     ///< `budget`
    std::vector<StopRuleConfig> stopRules; ///< `stop_when`
    std::vector<ActionConfig> actions;
    std::string rollBackTo;               ///< `roll_back/to`: version of an image
    double rollBackTimeoutS{7 * 86400.0}; ///< `roll_back/timeout`
    DynamicConfig dynamic;
};

/// `/threats/N`: a device compromised in the scenario.
struct ThreatSpec
{
    double atS{0};
    std::optional<double> share; ///< of all devices, random
    std::optional<uint32_t> count;
    std::vector<std::string> devices; ///< by name
    bool ignoresCommands{false};      ///< `ignores_commands`
    bool liesInReports{false};        ///< `lies`: reports the target version, installs nothing
};

/// `/quarantine/detector`
struct DetectorSpec
{
    double windowS{3600};            ///< `window`
    double truePositiveRate{0.95};   ///< per window and compromised device
    double falsePositiveRate{0.001}; ///< per window and clean device
    double latencyS{60};             ///< from the end of a window to the alarm
    uint32_t k{2};                   ///< alarms needed ...
    uint32_t n{3};                   ///< ... within this many windows
    double startS{0};                ///< first window begins
};

/// `/quarantine`
struct QuarantineSpec
{
    bool enabled{false};
    DetectorSpec detector;
    std::string level{"restricted"}; ///< "restricted", "blocked" or "rekey"
    double probationS{86400};        ///< `probation`: quiet time after a verified update
    double falseReleaseS{259200};    ///< `release_after`: release a quiet device; 0 = never
};

/// `/stop`
struct StopSpec
{
    std::string when{"duration"}; ///< "duration" or "rollout-finished" or "all-updated"
    double lingerS{0};            ///< goes on this long afterwards
};

/// `/record`
struct RecordSpec
{
    bool transitions{false};
    std::string events{"auto"}; ///< "auto" (by the size of the fleet), "all" or "none"
    double progressS{0};        ///< `progress`: spacing of rows; 0 = duration/500
    bool devices{true};
    std::optional<std::string> pcapGateway;        ///< `pcap/gateway`
    std::optional<std::filesystem::path> pcapFile; ///< `pcap/file`
};

/// `/expect/N`: what `check` asks of a metric: bounds, or a band around a stored baseline.
struct ExpectSpec
{
    std::string metric;
    std::optional<double> min;
    std::optional<double> max;
    std::optional<double> quantile;      ///< over the runs; without it every run is asked
    std::optional<std::string> baseline; ///< file of `check --write-baseline`, as written
    std::optional<double> tolerance;     ///< share of the baseline's mean; else the file's own
};

/// A whole scenario.
struct Scenario
{
    std::filesystem::path file; ///< where it came from
    std::string text;           ///< the file as read, after `--set`
    std::string sha256;         ///< of `text` and the files it names
    std::string name;
    std::string description;
    uint64_t seed{1};
    double durationS{7 * 86400.0};
    StopSpec stop;
    FleetSpec fleet;
    LorawanSpec lorawan;
    FirmwareSpec firmware;
    DistributionSpec distribution;
    RolloutSpec rollout;
    QuarantineSpec quarantine;
    std::vector<ThreatSpec> threats;
    std::vector<FaultSpec> faults;
    CostSpec costs;
    RecordSpec record;
    std::vector<ExpectSpec> expect;
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_HELPER_SCENARIO_H
