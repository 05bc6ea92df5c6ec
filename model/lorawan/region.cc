// SPDX-License-Identifier: GPL-2.0-only
#include "model/lorawan/region.h"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace ns3::iotfleet
{

namespace
{

// EU863-870, RP002-1.0.4 section 2.4.
constexpr std::array<DataRateParameters, 8> EU868_DATA_RATES{{
    {0, false, 12, 125'000, 59, 51, true, true},
    {1, false, 11, 125'000, 59, 51, true, true},
    {2, false, 10, 125'000, 59, 51, true, true},
    {3, false, 9, 125'000, 123, 115, true, true},
    {4, false, 8, 125'000, 250, 242, true, true},
    {5, false, 7, 125'000, 250, 242, true, true},
    {6, false, 7, 250'000, 250, 242, true, true},
    {7, true, 0, 0, 250, 242, true, true},
}};
constexpr std::array<ChannelBlock, 1> EU868_UPLINK{{
    {0, 3, 868'100'000, 200'000, 125'000, 0, 5},
}};
constexpr std::array<uint16_t, 3> EU868_JOIN{0, 1, 2};
// ERC Recommendation 70-03 annex 1, as network stacks apply it.
constexpr std::array<SubBand, 6> EU868_SUB_BANDS{{
    {"K", 863'000'000, 865'000'000, 0.001, 14},
    {"L", 865'000'000, 868'000'000, 0.01, 14},
    {"M", 868'000'000, 868'600'000, 0.01, 14},
    {"N", 868'700'000, 869'200'000, 0.001, 14},
    {"P", 869'400'000, 869'650'000, 0.1, 27},
    {"Q", 869'700'000, 870'000'000, 0.01, 14},
}};
constexpr std::array<uint8_t, 48> EU868_RX1{
    0, 0, 0, 0, 0, 0, // DR0
    1, 0, 0, 0, 0, 0, // DR1
    2, 1, 0, 0, 0, 0, // DR2
    3, 2, 1, 0, 0, 0, // DR3
    4, 3, 2, 1, 0, 0, // DR4
    5, 4, 3, 2, 1, 0, // DR5
    6, 5, 4, 3, 2, 1, // DR6
    7, 6, 5, 4, 3, 2, // DR7
};
constexpr RegionParameters EU868{
    .name = "EU868",
    .dataRates = EU868_DATA_RATES,
    .uplinkChannels = EU868_UPLINK,
    .downlinkChannels = {},
    .joinChannels = EU868_JOIN,
    .joinDataRates = {},
    .subBands = EU868_SUB_BANDS,
    .rx1DataRates = EU868_RX1,
    .rx1Offsets = 6,
    .rx2FrequencyHz = 869'525'000,
    .rx2DataRate = 0,
    .maxEirpDbm = 16,
    .usualDevicePowerDbm = 14,
    .maxTxPower = 7,
    .uplinkDwellTimeS = {},
    .downlinkDwellTimeS = {},
    .beacon = {869'525'000, 0, 1, 3, 17, 3},
    .defaults = {},
};

// US902-928, RP002-1.0.4 section 2.5; DR5 and DR6 are LR-FHSS.
constexpr std::array<DataRateParameters, 11> US915_DATA_RATES{{
    {0, false, 10, 125'000, 19, 11, true, false},
    {1, false, 9, 125'000, 61, 53, true, false},
    {2, false, 8, 125'000, 133, 125, true, false},
    {3, false, 7, 125'000, 250, 242, true, false},
    {4, false, 8, 500'000, 250, 242, true, false},
    {8, false, 12, 500'000, 61, 53, false, true},
    {9, false, 11, 500'000, 137, 129, false, true},
    {10, false, 10, 500'000, 250, 242, false, true},
    {11, false, 9, 500'000, 250, 242, false, true},
    {12, false, 8, 500'000, 250, 242, false, true},
    {13, false, 7, 500'000, 250, 242, false, true},
}};
constexpr std::array<ChannelBlock, 2> US915_UPLINK{{
    {0, 64, 902'300'000, 200'000, 125'000, 0, 3},
    {64, 8, 903'000'000, 1'600'000, 500'000, 4, 4},
}};
constexpr std::array<ChannelBlock, 1> US915_DOWNLINK{{
    {0, 8, 923'300'000, 600'000, 500'000, 8, 13},
}};
constexpr std::array<uint8_t, 2> US915_JOIN_RATES{0, 4};
// FCC 15.247 sets no duty cycle; 30 dBm EIRP (RP002) is 27.85 dBm ERP.
constexpr std::array<SubBand, 1> US915_SUB_BANDS{{
    {"US915", 902'000'000, 928'000'000, 1.0, 27.85},
}};
constexpr std::array<uint8_t, 20> US915_RX1{
    10, 9,  8,  8,  // DR0
    11, 10, 9,  8,  // DR1
    12, 11, 10, 9,  // DR2
    13, 12, 11, 10, // DR3
    13, 13, 12, 11, // DR4
};
constexpr RegionParameters US915{
    .name = "US915",
    .dataRates = US915_DATA_RATES,
    .uplinkChannels = US915_UPLINK,
    .downlinkChannels = US915_DOWNLINK,
    .joinChannels = {},
    .joinDataRates = US915_JOIN_RATES,
    .subBands = US915_SUB_BANDS,
    .rx1DataRates = US915_RX1,
    .rx1Offsets = 4,
    .rx2FrequencyHz = 923'300'000,
    .rx2DataRate = 8,
    .maxEirpDbm = 30,
    .usualDevicePowerDbm = 20,
    .maxTxPower = 14,
    .uplinkDwellTimeS = 0.4,
    .downlinkDwellTimeS = {},
    .beacon = {923'300'000, 600'000, 8, 8, 23, 8},
    .defaults = {},
};

constexpr std::array<const RegionParameters*, 2> REGIONS{&EU868, &US915};

std::vector<Channel>
Expand(std::span<const ChannelBlock> blocks)
{
    std::vector<Channel> channels;
    for (const auto& block : blocks)
    {
        for (uint16_t i = 0; i < block.count; i++)
        {
            channels.push_back({static_cast<uint16_t>(block.firstIndex + i),
                                block.firstHz + i * block.stepHz,
                                block.minDataRate,
                                block.maxDataRate});
        }
    }
    return channels;
}

} // namespace

const DataRateParameters*
RegionParameters::FindDataRate(uint8_t index) const
{
    const auto it = std::find_if(dataRates.begin(), dataRates.end(), [index](const auto& rate) {
        return rate.index == index;
    });
    return it == dataRates.end() ? nullptr : &*it;
}

const DataRateParameters&
RegionParameters::DataRate(uint8_t index) const
{
    const auto* rate = FindDataRate(index);
    if (rate == nullptr)
    {
        throw std::out_of_range(std::string(name) + " has no data rate " + std::to_string(index));
    }
    return *rate;
}

wire::LoraModulation
RegionParameters::Modulation(uint8_t index, bool isUplink) const
{
    const auto& rate = DataRate(index);
    if (rate.isFsk)
    {
        throw std::invalid_argument(std::string(name) + " data rate " + std::to_string(index) +
                                    " is FSK");
    }
    wire::LoraModulation modulation;
    modulation.spreadingFactor = rate.spreadingFactor;
    modulation.bandwidthHz = rate.bandwidthHz;
    modulation.crc = isUplink;
    return modulation;
}

int64_t
RegionParameters::AirtimeNs(uint8_t dataRate, uint32_t phyBytes, bool isUplink) const
{
    return DataRate(dataRate).isFsk ? wire::FskAirtimeNs({}, phyBytes)
                                    : wire::LoraAirtimeNs(Modulation(dataRate, isUplink), phyBytes);
}

uint32_t
RegionParameters::MaxPhyBytes(uint8_t dataRate, bool isUplink) const
{
    constexpr uint32_t MHDR_AND_MIC = 5;
    constexpr uint32_t EMPTY_FRAME = 12;
    const auto& dwellS = isUplink ? uplinkDwellTimeS : downlinkDwellTimeS;
    uint32_t bytes = DataRate(dataRate).maxMacPayloadBytes + MHDR_AND_MIC;
    while (dwellS && bytes > 0 &&
           static_cast<double>(AirtimeNs(dataRate, bytes, isUplink)) > *dwellS * 1e9)
    {
        --bytes;
    }
    return bytes < EMPTY_FRAME ? 0 : bytes;
}

uint32_t
RegionParameters::MaxAppPayload(uint8_t dataRate, bool isUplink) const
{
    constexpr uint32_t OVERHEAD = 13; // MHDR, FHDR without FOpts, FPort, MIC
    const uint32_t bytes = MaxPhyBytes(dataRate, isUplink);
    return bytes < OVERHEAD ? 0 : bytes - OVERHEAD;
}

wire::LoraModulation
RegionParameters::BeaconModulation() const
{
    auto modulation = Modulation(beacon.dataRate, false);
    modulation.preambleSymbols = 10;
    modulation.explicitHeader = false;
    return modulation;
}

std::vector<Channel>
RegionParameters::UplinkChannels() const
{
    return Expand(uplinkChannels);
}

std::vector<Channel>
RegionParameters::UplinkChannels(unsigned subBand) const
{
    auto channels = UplinkChannels();
    if (subBand == 0)
    {
        return channels;
    }
    if (uplinkChannels.size() != 2 || subBand > uplinkChannels[1].count)
    {
        throw std::out_of_range(std::string(name) + " has no channel sub-band " +
                                std::to_string(subBand));
    }
    const unsigned narrow = uplinkChannels[0].count;
    const unsigned perBand = narrow / uplinkChannels[1].count;
    std::erase_if(channels, [=](const Channel& channel) {
        const unsigned band =
            channel.index < narrow ? channel.index / perBand : channel.index - narrow;
        return band != subBand - 1;
    });
    return channels;
}

std::vector<Channel>
RegionParameters::DownlinkChannels() const
{
    return Expand(downlinkChannels);
}

uint32_t
RegionParameters::Rx1FrequencyHz(const Channel& uplink) const
{
    if (downlinkChannels.empty())
    {
        return uplink.frequencyHz;
    }
    const auto& block = downlinkChannels.front();
    return block.firstHz + (uplink.index % block.count) * block.stepHz;
}

uint8_t
RegionParameters::Rx1DataRate(uint8_t uplinkDataRate, uint8_t offset) const
{
    const std::size_t at = static_cast<std::size_t>(uplinkDataRate) * rx1Offsets + offset;
    if (offset >= rx1Offsets || at >= rx1DataRates.size())
    {
        throw std::out_of_range(std::string(name) + " defines no RX1 data rate for uplink DR " +
                                std::to_string(uplinkDataRate) + " and offset " +
                                std::to_string(offset));
    }
    return rx1DataRates[at];
}

double
RegionParameters::TxPowerDbm(uint8_t txPower) const
{
    if (txPower > maxTxPower)
    {
        throw std::out_of_range(std::string(name) + " has no TXPower " + std::to_string(txPower));
    }
    return maxEirpDbm - 2.0 * txPower;
}

const SubBand*
RegionParameters::FindSubBand(uint32_t frequencyHz) const
{
    const auto it = std::find_if(subBands.begin(), subBands.end(), [=](const SubBand& band) {
        return frequencyHz >= band.lowHz && frequencyHz < band.highHz;
    });
    return it == subBands.end() ? nullptr : &*it;
}

uint32_t
RegionParameters::BeaconFrequencyHz(uint32_t beaconTimeS) const
{
    return PingSlotFrequencyHz(beaconTimeS, 0);
}

uint32_t
RegionParameters::PingSlotFrequencyHz(uint32_t beaconTimeS, uint32_t devAddr) const
{
    const uint64_t hop = static_cast<uint64_t>(devAddr) + beaconTimeS / 128;
    return beacon.firstHz + static_cast<uint32_t>(hop % beacon.channels) * beacon.stepHz;
}

const RegionParameters&
GetRegion(std::string_view name)
{
    std::string known;
    for (const auto* region : REGIONS)
    {
        if (region->name == name)
        {
            return *region;
        }
        known += (known.empty() ? "" : ", ") + std::string(region->name);
    }
    throw std::invalid_argument("unknown region \"" + std::string(name) + "\"; known are " + known);
}

std::vector<std::string>
RegionNames()
{
    std::vector<std::string> names;
    for (const auto* region : REGIONS)
    {
        names.emplace_back(region->name);
    }
    return names;
}

} // namespace ns3::iotfleet
