// SPDX-License-Identifier: GPL-2.0-only
#include "model/wire/loratap.h"

#include "model/wire/little-endian.h"

#include <algorithm>
#include <cmath>

namespace ns3::iotfleet::wire
{

namespace
{

constexpr uint32_t PCAP_MAGIC_US = 0xa1b2c3d4;
constexpr uint32_t SNAP_LENGTH = 65535;
constexpr double RSSI_OFFSET_DBM = -139;
constexpr uint32_t BANDWIDTH_UNIT_HZ = 125'000;
constexpr int64_t NS_PER_S = 1'000'000'000;
constexpr int64_t NS_PER_US = 1'000;

template <std::size_t N>
void
WriteLittleEndian(std::ostream& out, const std::array<uint64_t, N>& values, std::size_t width)
{
    for (const auto value : values)
    {
        std::array<uint8_t, 8> bytes{};
        PutLittleEndian(value, bytes);
        out.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(width));
    }
}

void
WriteBytes(std::ostream& out, std::span<const uint8_t> bytes)
{
    out.write(reinterpret_cast<const char*>(bytes.data()),
              static_cast<std::streamsize>(bytes.size()));
}

uint8_t
ToByte(double value)
{
    return static_cast<uint8_t>(std::clamp(std::round(value), 0.0, 255.0));
}

} // namespace

std::array<uint8_t, LORATAP_HEADER_BYTES>
EncodeLoraTapHeader(const LoraTapInfo& info)
{
    // LoRaTap follows the SX127x register: below the noise the packet RSSI counts quarters.
    const double rssiStep = info.snrDb < 0 ? 0.25 : 1.0;
    const uint8_t packetRssi = ToByte((info.rssiDbm - RSSI_OFFSET_DBM) / rssiStep);
    const uint8_t currentRssi = ToByte(info.rssiDbm - RSSI_OFFSET_DBM);
    const auto snr = static_cast<int>(std::clamp(std::round(info.snrDb * 4), -128.0, 127.0));
    return {0, // version
            0, // padding
            0,
            LORATAP_HEADER_BYTES,
            static_cast<uint8_t>(info.frequencyHz >> 24),
            static_cast<uint8_t>(info.frequencyHz >> 16),
            static_cast<uint8_t>(info.frequencyHz >> 8),
            static_cast<uint8_t>(info.frequencyHz),
            static_cast<uint8_t>(info.bandwidthHz / BANDWIDTH_UNIT_HZ),
            info.spreadingFactor,
            packetRssi,
            currentRssi, // largest during the packet: one value is known
            currentRssi,
            static_cast<uint8_t>(snr & 0xff),
            info.syncWord};
}

LoraTapWriter::LoraTapWriter(std::ostream& out)
    : m_out(out)
{
    WriteLittleEndian(m_out, std::array<uint64_t, 1>{PCAP_MAGIC_US}, 4);
    WriteLittleEndian(m_out, std::array<uint64_t, 2>{2, 4}, 2); // version 2.4
    WriteLittleEndian(m_out, std::array<uint64_t, 4>{0, 0, SNAP_LENGTH, DLT_LORATAP}, 4);
}

void
LoraTapWriter::Write(int64_t timeNs, const LoraTapInfo& info, std::span<const uint8_t> phyPayload)
{
    const auto seconds = static_cast<uint64_t>(timeNs / NS_PER_S);
    const auto microseconds = static_cast<uint64_t>(timeNs % NS_PER_S / NS_PER_US);
    const uint64_t length = LORATAP_HEADER_BYTES + phyPayload.size();
    WriteLittleEndian(m_out, std::array<uint64_t, 4>{seconds, microseconds, length, length}, 4);
    WriteBytes(m_out, EncodeLoraTapHeader(info));
    WriteBytes(m_out, phyPayload);
}

bool
LoraTapWriter::IsGood() const
{
    return m_out.good();
}

} // namespace ns3::iotfleet::wire
