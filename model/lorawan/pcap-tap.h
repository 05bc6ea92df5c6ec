// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_LORAWAN_PCAP_TAP_H
#define IOTFLEET_LORAWAN_PCAP_TAP_H

#include "model/lorawan/frame-encoder.h"
#include "model/lorawan/lorawan-network.h"
#include "model/wire/loratap.h"

#include <map>
#include <ostream>
#include <vector>

namespace ns3::iotfleet
{

/**
 * Writes what one gateway received and sent as a LoRaTap capture, with the frames' real bytes. It
 * listens to the network's trace sources only, so that a run is the same with it as without.
 *
 * Time stamps: the end of a received frame, as gateways report it, and the start of a transmitted
 * one, so that a receive window's delay can be read from the file. RSSI of a transmitted frame is
 * the power at the antenna's input, and its SNR is 0.
 *
 * About 20 us for a frame of this gateway, most of it cryptography; 50 ns for one of another.
 */
class PcapTap
{
  public:
    /**
     * Starts to listen.
     * @param network where the gateway is; the tap must be gone before it is disposed of
     * @param gateway whose frames are written
     * @param source see FrameEncoder
     * @param out binary stream; must outlive the tap
     */
    PcapTap(const Ptr<LorawanNetwork>& network,
            GatewayId gateway,
            FrameEncoder::Source source,
            std::ostream& out);

    /// Stops; does not write what Finish() has not.
    ~PcapTap();

    PcapTap(const PcapTap&) = delete;
    PcapTap& operator=(const PcapTap&) = delete;

    /// Writes what has begun by now; call it when the simulation has stopped.
    void Finish();

    /// Frames written.
    uint64_t Frames() const
    {
        return m_frames;
    }

    /// Whether everything could be written.
    bool IsGood() const
    {
        return m_writer.IsGood();
    }

  private:
    struct Record
    {
        wire::LoraTapInfo info;
        std::vector<uint8_t> bytes;
    };

    void OnUplink(const UplinkEnd& uplink);
    void OnDownlink(const DownlinkFrame& frame, const DownlinkOnAir& onAir, bool sent);
    void OnGroupFrame(const GroupTransmission& frame);
    void OnBeacon(GatewayId gateway, uint32_t frequencyHz, Tick start);
    void Connect(bool on);
    void Write(Tick until);

    Ptr<LorawanNetwork> m_network;
    GatewayId m_gateway;
    FrameEncoder m_encoder;
    wire::LoraTapWriter m_writer;
    std::multimap<Tick, Record> m_waiting; ///< transmissions ahead
    uint64_t m_frames{0};
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_LORAWAN_PCAP_TAP_H
