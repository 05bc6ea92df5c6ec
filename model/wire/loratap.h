// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_WIRE_LORATAP_H
#define IOTFLEET_WIRE_LORATAP_H

#include <array>
#include <cstdint>
#include <ostream>
#include <span>

/**
 * @file
 * Packet captures of LoRa frames: pcap files of link type DLT_LORATAP (270) with LoRaTap headers of
 * version 0 (github.com/eriknl/LoRaTap), as Wireshark and tshark read them.
 */

namespace ns3::iotfleet::wire
{

inline constexpr uint32_t DLT_LORATAP = 270;
inline constexpr std::size_t LORATAP_HEADER_BYTES = 15;
inline constexpr uint8_t LORAWAN_PUBLIC_SYNC_WORD = 0x34;

/** What a receiver knows about a frame besides its bytes. */
struct LoraTapInfo
{
    uint32_t frequencyHz{0};
    uint32_t bandwidthHz{125'000}; ///< sent in units of 125 kHz
    uint8_t spreadingFactor{7};
    double rssiDbm{0}; ///< of the packet, -139 to 116 dBm in steps of 1 (0.25 when snrDb < 0)
    double snrDb{0};   ///< -32 to 31.75 dB in steps of 0.25
    uint8_t syncWord{LORAWAN_PUBLIC_SYNC_WORD};
};

/** @return the header, big-endian; values out of range are clamped. */
std::array<uint8_t, LORATAP_HEADER_BYTES> EncodeLoraTapHeader(const LoraTapInfo& info);

/**
 * Writes a capture file. It keeps no frames and does not close the stream.
 *
 * The file header is written by the constructor; each Write() costs the frame and 31 bytes.
 */
class LoraTapWriter
{
  public:
    /** @param out binary stream; must outlive the writer */
    explicit LoraTapWriter(std::ostream& out);

    /**
     * Appends a frame.
     * @param timeNs simulated time, ns from 0; the file holds microseconds, rounded down
     * @param info radio parameters
     * @param phyPayload the frame
     */
    void Write(int64_t timeNs, const LoraTapInfo& info, std::span<const uint8_t> phyPayload);

    /** @return whether everything could be written so far. */
    bool IsGood() const;

  private:
    std::ostream& m_out;
};

} // namespace ns3::iotfleet::wire

#endif // IOTFLEET_WIRE_LORATAP_H
