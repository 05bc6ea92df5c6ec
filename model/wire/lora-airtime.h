// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_WIRE_LORA_AIRTIME_H
#define IOTFLEET_WIRE_LORA_AIRTIME_H

#include <cstdint>
#include <optional>

namespace ns3::iotfleet::wire
{

/**
 * How a LoRa frame is modulated. It does not say at which frequency or power.
 *
 * LoRaWAN uplinks carry a payload CRC, downlinks and beacons do not; beacons have an implicit
 * header and a preamble of 10 symbols.
 */
struct LoraModulation
{
    uint8_t spreadingFactor{7};    ///< 5 to 12 (LoRaWAN: 7 to 12)
    uint32_t bandwidthHz{125'000}; ///< Hz
    uint8_t codingRate{1};         ///< 1 to 4, meaning 4/5 to 4/8
    uint16_t preambleSymbols{8};   ///< programmed preamble; 4.25 symbols are added on the air
    bool explicitHeader{true};     ///< PHY header present
    bool crc{true};                ///< 16-bit PHY payload CRC present
    /// Low data rate optimisation; empty: on when a symbol is longer than 16 ms (SF11 and SF12 at
    /// 125 kHz), as LoRaWAN prescribes.
    std::optional<bool> lowDataRateOptimize{};

    bool operator==(const LoraModulation&) const = default;
};

/** How an (G)FSK frame is sent (EU868 DR7). */
struct FskModulation
{
    uint32_t bitRateBps{50'000}; ///< bits per second
    uint8_t preambleBytes{5};    ///< RP002: 5 bytes
    uint8_t syncWordBytes{3};    ///< RP002: C1 94 C1
    bool crc{true};              ///< 2-byte CRC
};

/** @return length of one symbol, 2^SF / BW, ns, rounded to the nearest. */
int64_t LoraSymbolNs(const LoraModulation& modulation);

/** @return whether low data rate optimisation applies, by choice or by the 16 ms rule. */
bool LoraLowDataRateOptimize(const LoraModulation& modulation);

/** @return preamble length in quarter symbols: 4 * (preambleSymbols + 4.25). */
uint32_t LoraPreambleQuarterSymbols(const LoraModulation& modulation);

/** @return length of preamble and synchronisation, ns. */
int64_t LoraPreambleNs(const LoraModulation& modulation);

/**
 * Number of symbols after the preamble, header included.
 * @param modulation the modulation
 * @param phyBytes PHY payload, bytes (MHDR to MIC for LoRaWAN), 0 to 255
 * @return symbols (Semtech AN1200.22 formula, exact for SF7 to SF12)
 */
uint32_t LoraPayloadSymbols(const LoraModulation& modulation, uint32_t phyBytes);

/**
 * Time on air of a LoRa frame, computed in integers.
 * @param modulation the modulation
 * @param phyBytes PHY payload, bytes, 0 to 255
 * @return ns, exact for the LoRaWAN bandwidths and rounded to the nearest for others
 */
int64_t LoraAirtimeNs(const LoraModulation& modulation, uint32_t phyBytes);

/**
 * Time on air of an FSK frame: preamble, sync word, length byte, payload, CRC.
 * @param modulation the modulation
 * @param phyBytes PHY payload, bytes
 * @return ns, rounded to the nearest
 */
int64_t FskAirtimeNs(const FskModulation& modulation, uint32_t phyBytes);

} // namespace ns3::iotfleet::wire

#endif // IOTFLEET_WIRE_LORA_AIRTIME_H
