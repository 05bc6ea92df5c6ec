// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_LORAWAN_REGION_H
#define IOTFLEET_LORAWAN_REGION_H

#include "model/wire/lora-airtime.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/**
 * @file
 * LoRaWAN regional parameters (RP002-1.0.4) as data. LR-FHSS data rates are not included.
 */

namespace ns3::iotfleet
{

/** One data rate. */
struct DataRateParameters
{
    uint8_t index{0};               ///< DR number
    bool isFsk{false};              ///< 50 kbit/s FSK rather than LoRa
    uint8_t spreadingFactor{0};     ///< 0 for FSK
    uint32_t bandwidthHz{0};        ///< Hz; 0 for FSK
    uint16_t maxMacPayloadBytes{0}; ///< M: FHDR + FPort + FRMPayload
    uint16_t maxAppPayloadBytes{0}; ///< N: FRMPayload when FOpts is empty
    bool uplink{true};              ///< devices may send with it
    bool downlink{true};            ///< gateways may send with it
};

/** A rule for channels: first + i * step for i in [0, count). */
struct ChannelBlock
{
    uint16_t firstIndex{0}; ///< number of the first channel
    uint16_t count{0};      ///< channels in the block
    uint32_t firstHz{0};    ///< centre of the first one, Hz
    uint32_t stepHz{0};     ///< spacing, Hz
    uint32_t bandwidthHz{125'000};
    uint8_t minDataRate{0};
    uint8_t maxDataRate{0};
};

/** One channel. */
struct Channel
{
    uint16_t index{0};
    uint32_t frequencyHz{0}; ///< centre, Hz
    uint8_t minDataRate{0};
    uint8_t maxDataRate{0};
};

/** A part of the band with its own limits. */
struct SubBand
{
    std::string_view name;
    uint32_t lowHz{0};     ///< inclusive
    uint32_t highHz{0};    ///< exclusive
    double dutyCycle{1.0}; ///< share of any hour one transmitter may be on the air; 1 = no limit
    double maxErpDbm{0};   ///< dBm effective radiated power (EIRP - 2.15 dB)
};

/** Where beacons and ping slots are sent. */
struct BeaconParameters
{
    uint32_t firstHz{0};  ///< Hz
    uint32_t stepHz{0};   ///< Hz between hopping channels
    uint8_t channels{1};  ///< 1: fixed frequency; otherwise it hops
    uint8_t dataRate{0};  ///< of the beacon
    uint8_t sizeBytes{0}; ///< of the beacon, implicit header
    uint8_t pingSlotDataRate{0};
};

/** Protocol defaults (RP002-1.0.4 section "default settings"); times in seconds. */
struct MacDefaults
{
    double receiveDelay1S{1};
    double receiveDelay2S{2};
    double joinAcceptDelay1S{5};
    double joinAcceptDelay2S{6};
    uint16_t adrAckLimit{64};
    uint16_t adrAckDelay{32};
    double retransmitTimeoutS{2};       ///< mean
    double retransmitTimeoutSpreadS{1}; ///< uniform +- around the mean
    uint32_t maxFcntGap{16384};
    uint8_t pingSlotPeriodicity{7};
    double pingSlotPeriodS{128};
    double classBRespTimeoutS{8};
    double classCRespTimeoutS{8};
};

/** Everything that differs between regions. A table of facts; it does not decide anything. */
struct RegionParameters
{
    std::string_view name;
    std::span<const DataRateParameters> dataRates;  ///< indices without an entry are reserved
    std::span<const ChannelBlock> uplinkChannels;   ///< defaults of the region
    std::span<const ChannelBlock> downlinkChannels; ///< empty: RX1 uses the uplink's frequency
    std::span<const uint16_t> joinChannels;         ///< uplink channel numbers; empty: all
    /// Data rates that join requests alternate between, where the region says so (US915:
    /// RP002-1.0.4 section 2.5.1); empty: those of the join channels.
    std::span<const uint8_t> joinDataRates;
    std::span<const SubBand> subBands;
    /// Row: uplink data rate; column: RX1DROffset; see rx1Offsets. 0xff where not defined.
    std::span<const uint8_t> rx1DataRates;
    uint8_t rx1Offsets{0}; ///< columns of rx1DataRates
    uint32_t rx2FrequencyHz{0};
    uint8_t rx2DataRate{0};
    double maxEirpDbm{0};                       ///< TXPower 0
    double usualDevicePowerDbm{0};              ///< conducted; custom there, not of the standard
    uint8_t maxTxPower{0};                      ///< largest TXPower index; each step is 2 dB less
    std::optional<double> uplinkDwellTimeS{};   ///< limit on one uplink's airtime
    std::optional<double> downlinkDwellTimeS{}; ///< limit on one downlink's airtime
    BeaconParameters beacon;
    MacDefaults defaults;

    /** @return the data rate with that index, or nullptr when it is reserved. */
    const DataRateParameters* FindDataRate(uint8_t index) const;

    /** @return the data rate with that index. @throws std::out_of_range when it is reserved. */
    const DataRateParameters& DataRate(uint8_t index) const;

    /**
     * LoRa modulation of a data rate.
     * @param index data rate, LoRa only
     * @param isUplink uplinks carry a payload CRC, downlinks do not
     * @throws std::out_of_range when it is reserved, std::invalid_argument when it is FSK
     */
    wire::LoraModulation Modulation(uint8_t index, bool isUplink) const;

    /** @return time on air of a frame of `phyBytes`, ns; LoRa or FSK. */
    int64_t AirtimeNs(uint8_t dataRate, uint32_t phyBytes, bool isUplink) const;

    /**
     * Longest frame that a data rate may carry: the region's M, and no longer on the air than its
     * dwell time allows.
     * @return PHY payload, bytes; 0 where not even an empty frame is allowed
     * @throws std::out_of_range when the data rate is reserved
     */
    uint32_t MaxPhyBytes(uint8_t dataRate, bool isUplink) const;

    /** @return FRMPayload of that frame, without FOpts, bytes. */
    uint32_t MaxAppPayload(uint8_t dataRate, bool isUplink) const;

    /** @return modulation of the beacon: preamble 10, implicit header, no CRC. */
    wire::LoraModulation BeaconModulation() const;

    /** @return all uplink channels, by index. */
    std::vector<Channel> UplinkChannels() const;

    /**
     * The channels of one sub-band of a fixed-channel plan: 8 of 125 kHz and 1 of 500 kHz.
     * @param subBand 1 to 8; 2 is channels 8 to 15 and 65. 0: all channels
     * @throws std::out_of_range when the region has no such sub-band
     */
    std::vector<Channel> UplinkChannels(unsigned subBand) const;

    /** @return all downlink channels; empty where RX1 uses the uplink's frequency. */
    std::vector<Channel> DownlinkChannels() const;

    /** @return frequency of RX1 after an uplink, Hz. */
    uint32_t Rx1FrequencyHz(const Channel& uplink) const;

    /**
     * Data rate of RX1.
     * @param uplinkDataRate data rate of the uplink
     * @param offset RX1DROffset
     * @throws std::out_of_range when the table does not define it
     */
    uint8_t Rx1DataRate(uint8_t uplinkDataRate, uint8_t offset) const;

    /** @return EIRP of a TXPower index, dBm. @throws std::out_of_range when it is not defined. */
    double TxPowerDbm(uint8_t txPower) const;

    /** @return the sub-band of a frequency, or nullptr when none holds it. */
    const SubBand* FindSubBand(uint32_t frequencyHz) const;

    /** @return beacon frequency at a beacon time (GPS s), Hz. */
    uint32_t BeaconFrequencyHz(uint32_t beaconTimeS) const;

    /** @return ping slot frequency of an address at a beacon time (GPS s), Hz. */
    uint32_t PingSlotFrequencyHz(uint32_t beaconTimeS, uint32_t devAddr) const;
};

/** @return a region by name. @throws std::invalid_argument, naming the regions there are. */
const RegionParameters& GetRegion(std::string_view name);

/** @return names of the regions. */
std::vector<std::string> RegionNames();

} // namespace ns3::iotfleet

#endif // IOTFLEET_LORAWAN_REGION_H
