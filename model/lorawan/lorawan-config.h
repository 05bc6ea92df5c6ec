// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_LORAWAN_LORAWAN_CONFIG_H
#define IOTFLEET_LORAWAN_LORAWAN_CONFIG_H

#include "model/lorawan/lora-phy.h"

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

namespace ns3::iotfleet
{

/// How long a gateway keeps off a sub-band after a transmission.
enum class DutyCycleRule : uint8_t
{
    PERIOD, ///< starts are ToA/share apart: the share is used exactly
    HOUR,   ///< the same, and no hour at all holds more than the share (EN 300 220-1)
    PAUSE,  ///< ToA/share of silence after the end
    NONE,   ///< gateways do not enforce it (some servers pace instead); its use is still reported
};

inline constexpr std::array<std::string_view, 4> DUTY_CYCLE_RULE_NAMES{"period",
                                                                       "hour",
                                                                       "pause",
                                                                       "none"};

/// How devices set their clocks.
enum class ClockSync : uint8_t
{
    NONE,        ///< never after they were switched on
    DEVICE_TIME, ///< the MAC command DeviceTimeReq, on an uplink that goes out anyway
    TS003,       ///< by a service, with messages of its own (ClockSyncAgent)
};

inline constexpr std::array<std::string_view, 3> CLOCK_SYNC_NAMES{"none", "device-time", "ts003"};

/// When the server hands the next multicast frame to the gateways.
enum class PacingKind : uint8_t
{
    GATEWAY,  ///< at once; the gateways' duty cycle alone spaces the frames
    INTERVAL, ///< a fixed spacing
    AIRTIME,  ///< a multiple of the server's own estimate of the time on air
};

inline constexpr std::array<std::string_view, 3> PACING_KIND_NAMES{"gateway",
                                                                   "interval",
                                                                   "airtime"};

/// Whether a server's estimate of the time on air counts the low data rate optimisation.
enum class LdroEstimate : uint8_t
{
    AUTO, ///< as the air does
    ON,
    OFF,
};

inline constexpr std::array<std::string_view, 3> LDRO_ESTIMATE_NAMES{"auto", "on", "off"};

/// Server pacing of multicast frames (validation data A, item 2).
struct PacingConfig
{
    PacingKind kind{PacingKind::GATEWAY};
    double intervalS{5};                          ///< INTERVAL
    double airtimeFactor{9};                      ///< AIRTIME: spacing in units of the estimate
    uint32_t airtimeExtraBytes{13};               ///< AIRTIME: added to the application payload
    bool airtimeCrc{false};                       ///< AIRTIME: the estimate counts a payload CRC
    LdroEstimate airtimeLdro{LdroEstimate::AUTO}; ///< AIRTIME: low data rate optimisation
    double tickS{0};         ///< the server looks at its schedule this often; 0 = always
    double tickPhaseS{0};    ///< from the start of the schedule to the first look
    double tickExtraMinS{0}; ///< what a tick takes longer, uniform between these two
    double tickExtraMaxS{0};
    double sendTimeS{0}; ///< and longer still if a frame is handed over in it
};

/// Class A receive windows of devices that have joined; see ReceiveWindows.
struct ReceiveWindowConfig
{
    static constexpr uint8_t REGION_RATE = 0xFF;

    uint8_t rx1DelayS{1};             ///< RxDelay, 1 to 15; RX2 opens a second later
    bool rx1DelayByCommand{false};    ///< it is told by RXTimingSetupReq, not by the join-accept
    uint8_t rx1Offset{0};             ///< RX1DROffset
    uint8_t rx2DataRate{REGION_RATE}; ///< REGION_RATE: the region's
    uint32_t rx2FrequencyHz{0};       ///< 0: the region's
};

/// An uplink channel besides those of the region and its CFList.
struct ExtraChannel
{
    uint32_t frequencyHz{0};
    uint8_t minDataRate{0};
    uint8_t maxDataRate{5};

    bool operator==(const ExtraChannel&) const = default;
};

/// What the server asks and tells devices by MAC commands, besides ADR and receive windows.
struct MacCommandConfig
{
    static constexpr uint8_t REGION_RATE = 0xFF;

    double deviceStatusS{0};     ///< DevStatusReq: least time between two of a device; 0: none
    uint8_t maxDutyCycle{0};     ///< DutyCycleReq: 2^-n of the time in all bands together; 0: none
    uint32_t pingFrequencyHz{0}; ///< PingSlotChannelReq; 0: the region's
    uint8_t pingDataRate{REGION_RATE};  ///< PingSlotChannelReq; REGION_RATE: the region's
    std::vector<ExtraChannel> channels; ///< NewChannelReq; regions with dynamic channels
};

/// OTAA as devices and join server do it.
struct JoinConfig
{
    double serverRate{100};      ///< join requests per second that the join server can handle
    uint32_t serverQueue{10000}; ///< requests that wait; more are dropped
    double serverDelayS{0.02};   ///< latency besides queueing
    bool loramacBackoff{false};  ///< credits granted at window starts, as LoRaMac-node does
    double retryMinS{10};
    double retryMaxS{20};
    bool cfList{true};          ///< join-accept of 33 instead of 17 bytes
    uint8_t linkLostUplinks{0}; ///< without a downlink, then it joins anew; 0: it never does
};

/// Everything about a LoRaWAN that the scenario decides; see helper/scenario.h for the keys.
struct LorawanConfig
{
    bool version11{false}; ///< LoRaWAN 1.1 instead of 1.0.4
    /// Between two reports of a gateway that it lives, seconds; after two of them without one it is
    /// taken for offline (as ChirpStack does with its default of 30 s).
    double gatewayStatsIntervalS{30};
    double deviceTxPowerDbm{14};
    double gatewayTxPowerDbm{27};
    double deviceAntennaGainDbi{0};
    double deviceNoiseFigureDb{6};
    double gatewayNoiseFigureDb{6};
    Fading fading{Fading::NONE};
    double fadingDb{0};
    double frameLoss{0}; ///< extra loss of any frame
    double interferenceReachDb{10};
    double shadowingDb{0};
    double buildingLossDb{12};
    double buildingSpreadDb{3};
    uint32_t maxLinks{8}; ///< gateways remembered per device
    bool adr{true};
    double adrMarginDb{10};
    bool deviceDutyCycle{true}; ///< devices keep their sub-bands' duty cycle
    DutyCycleRule dutyCycleRule{DutyCycleRule::PERIOD};
    double dedupWindowS{0.2};
    uint8_t confirmedRetries{8};
    uint8_t subBand{0}; ///< fixed-channel plans: 1..8; 0 = all
    double classBBeaconLoss{0};
    bool windowsDeafen{false}; ///< class A receive windows, too, keep class B and C from receiving
    double classBAssumedDriftPpm{40}; ///< devices widen their windows for a clock this bad
    double classBPingSymbols{30};     ///< most that a ping slot's window grows, as LoRaMac-node
    double classBBeaconSymbols{255};  ///< most that a beacon's window grows, as LoRaMac-node
    double classBSearchS{256};        ///< a search for a first beacon lasts at least this long
    double classBSearchPauseS{3600};  ///< after a search in vain
    double clockDriftPpm{20};         ///< standard deviation over the devices
    ClockSync clockSync{ClockSync::NONE};
    double clockSyncS{86400}; ///< devices set their clock this often
    JoinConfig join;
    PacingConfig pacing;
    ReceiveWindowConfig windows;
    MacCommandConfig macCommands;
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_LORAWAN_LORAWAN_CONFIG_H
