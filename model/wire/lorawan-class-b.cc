// SPDX-License-Identifier: GPL-2.0-only
#include "model/wire/lorawan-class-b.h"

#include "model/wire/crypto.h"
#include "model/wire/little-endian.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace ns3::iotfleet::wire
{

namespace
{

/** Where the parts of a beacon begin; the rest is reserved. */
struct BeaconLayout
{
    std::size_t param;
    std::size_t time;
    std::size_t firstCrc;
    std::size_t infoDesc;
    std::size_t secondCrc;
};

constexpr BeaconLayout LAYOUT_SF9{1, 2, 6, 8, 15};
constexpr BeaconLayout LAYOUT_SF12{4, 5, 9, 11, 21};

const BeaconLayout*
FindLayout(std::size_t sizeBytes)
{
    if (sizeBytes == BEACON_BYTES_SF9)
    {
        return &LAYOUT_SF9;
    }
    return sizeBytes == BEACON_BYTES_SF12 ? &LAYOUT_SF12 : nullptr;
}

/** The second CRC covers what stands between the two. */
std::pair<uint16_t, uint16_t>
ComputeCrcs(std::span<const uint8_t> frame, const BeaconLayout& layout)
{
    return {BeaconCrc(frame.first(layout.firstCrc)),
            BeaconCrc(frame.subspan(layout.infoDesc, layout.secondCrc - layout.infoDesc))};
}

} // namespace

uint16_t
BeaconCrc(std::span<const uint8_t> bytes)
{
    constexpr uint32_t POLYNOMIAL = 0x1021;
    uint32_t crc = 0;
    for (const uint8_t byte : bytes)
    {
        crc ^= static_cast<uint32_t>(byte) << 8;
        for (int bit = 0; bit < 8; bit++)
        {
            crc = (crc << 1) ^ ((crc & 0x8000U) != 0 ? POLYNOMIAL : 0);
        }
        crc &= 0xffff;
    }
    return static_cast<uint16_t>(crc);
}

std::vector<uint8_t>
EncodeBeacon(const Beacon& beacon, std::size_t sizeBytes)
{
    const auto* layout = FindLayout(sizeBytes);
    if (layout == nullptr)
    {
        throw std::invalid_argument("beacons have 17 or 23 bytes");
    }
    std::vector<uint8_t> frame(sizeBytes);
    const std::span<uint8_t> bytes(frame);
    bytes[layout->param] = beacon.param & 0x03;
    PutLittleEndian(beacon.time, bytes.subspan(layout->time, 4));
    bytes[layout->infoDesc] = beacon.infoDesc;
    std::copy(beacon.info.begin(),
              beacon.info.end(),
              bytes.begin() + static_cast<std::ptrdiff_t>(layout->infoDesc) + 1);
    const auto [first, second] = ComputeCrcs(frame, *layout);
    PutLittleEndian(first, bytes.subspan(layout->firstCrc, 2));
    PutLittleEndian(second, bytes.subspan(layout->secondCrc, 2));
    return frame;
}

std::optional<Beacon>
DecodeBeacon(std::span<const uint8_t> frame)
{
    const auto* layout = FindLayout(frame.size());
    if (layout == nullptr)
    {
        return std::nullopt;
    }
    const auto [first, second] = ComputeCrcs(frame, *layout);
    if (GetLittleEndian(frame.subspan(layout->firstCrc, 2)) != first ||
        GetLittleEndian(frame.subspan(layout->secondCrc, 2)) != second)
    {
        return std::nullopt;
    }
    Beacon beacon;
    beacon.param = frame[layout->param] & 0x03;
    beacon.time = static_cast<uint32_t>(GetLittleEndian(frame.subspan(layout->time, 4)));
    beacon.infoDesc = frame[layout->infoDesc];
    const auto info = frame.subspan(layout->infoDesc + 1, beacon.info.size());
    std::copy(info.begin(), info.end(), beacon.info.begin());
    return beacon;
}

std::array<uint8_t, 6>
EncodeBeaconPosition(double latitudeDeg, double longitudeDeg)
{
    const auto toRaw = [](double degrees, double full) {
        constexpr double HALF_RANGE = 8388608.0; // 2^23
        const double scaled = std::round(degrees / full * HALF_RANGE);
        return static_cast<uint64_t>(
            static_cast<int64_t>(std::clamp(scaled, -HALF_RANGE, HALF_RANGE - 1)));
    };
    std::array<uint8_t, 6> info{};
    PutLittleEndian(toRaw(latitudeDeg, 90), std::span(info).first(3));
    PutLittleEndian(toRaw(longitudeDeg, 180), std::span(info).last(3));
    return info;
}

uint16_t
PingOffset(uint32_t beaconTimeS, uint32_t devAddr, uint16_t pingPeriodSlots)
{
    constexpr Block128 ZERO_KEY{};
    Block128 block{};
    PutLittleEndian(beaconTimeS, std::span(block).first(4));
    PutLittleEndian(devAddr, std::span(block).subspan(4, 4));
    const auto random = AesEcbEncryptBlock(ZERO_KEY, block);
    const auto value = static_cast<uint32_t>(GetLittleEndian(std::span(random).first(2)));
    return static_cast<uint16_t>(value % pingPeriodSlots);
}

} // namespace ns3::iotfleet::wire
