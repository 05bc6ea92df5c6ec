// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_LORAWAN_UPLINK_AIR_H
#define IOTFLEET_LORAWAN_UPLINK_AIR_H

#include "model/lorawan/link-table.h"
#include "model/lorawan/lora-gateway.h"
#include "model/lorawan/lora-phy.h"

#include <array>
#include <span>
#include <vector>

namespace ns3::iotfleet
{

/// A gateway that received an uplink.
struct HeardBy
{
    GatewayId gateway;
    float snrDb;
};

/// An uplink as the air sees it.
struct AirFrame
{
    DeviceId device;
    uint32_t counter; ///< makes the fading draws of this frame its own
    uint16_t channel;
    uint8_t spreadingFactor;
    float txPowerDbm;
    float noiseDbm; ///< at a gateway, in this frame's bandwidth
    Tick start;
    Tick end;
};

/**
 * Uplinks in the air at every gateway and channel: overlap, capture, inter-SF interference, the
 * eight demodulators, and gateways deafened by their own transmissions. One call at the end of a
 * frame decides for every gateway. Not for downlinks, which do not compete with uplinks (inverted
 * IQ).
 *
 * Interference is summed as energy over the time of overlap, each pair once, when the first of the
 * two ends: O(gateways x frames on the channel) per frame.
 */
class UplinkAir
{
  public:
    using Slot = uint32_t;

    UplinkAir(const LinkTable& links,
              const std::vector<Ptr<LoraGateway>>& gateways,
              size_t channels,
              const LorawanConfig& config,
              const CounterRandom& random);

    /// A frame starts; returns its slot until End.
    Slot Begin(const AirFrame& frame);

    const AirFrame& Get(Slot slot) const
    {
        return m_frames[slot];
    }

    /// The frame ends: who received it, best SNR first. The span lives until the next End.
    std::span<const HeardBy> End(Slot slot);

    /// Frames in the air.
    size_t Active() const
    {
        return m_frames.size() - m_free.size();
    }

  private:
    /// A frame at one gateway.
    struct Arrival
    {
        Slot slot;
        uint8_t sf;  ///< 0 = SF7
        bool locked; ///< a demodulator works on it
        bool deaf;   ///< the gateway transmitted when it began
        float powerMw;
        float snrDb;
        std::array<float, SF_COUNT> interferenceMj; ///< energy of overlapping frames, mW s
    };

    std::vector<Arrival>& At(GatewayId gateway, uint16_t channel)
    {
        return m_arrivals[Index(gateway) * m_channels + channel];
    }

    /// A link that matters to the frame being entered, and its power.
    struct Candidate
    {
        GatewayId gateway;
        double powerDbm;
    };

    void FindCandidates(const AirFrame& frame, double weakestDb);
    void Fade(const AirFrame& frame);
    bool Decide(const AirFrame& frame, const Arrival& arrival, GatewayId id) const;

    const LinkTable& m_links;
    const std::vector<Ptr<LoraGateway>>& m_gateways;
    size_t m_channels;
    const LorawanConfig& m_config;
    const CounterRandom& m_random;
    std::vector<std::vector<Arrival>> m_arrivals; ///< [gateway][channel]
    std::vector<AirFrame> m_frames;
    std::vector<Slot> m_free;
    std::vector<Candidate> m_candidates; ///< scratch of Begin
    std::vector<HeardBy> m_heard;
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_LORAWAN_UPLINK_AIR_H
