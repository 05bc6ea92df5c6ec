// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_LORAWAN_DOWNLINK_AIR_H
#define IOTFLEET_LORAWAN_DOWNLINK_AIR_H

#include "model/lorawan/lorawan-core.h"

#include <deque>
#include <span>
#include <vector>

namespace ns3::iotfleet
{

/// A transmission of one gateway.
struct DownlinkOnAir
{
    GatewayId gateway;
    uint32_t frequencyHz;
    uint8_t spreadingFactor;
    uint32_t bandwidthHz;
    float powerDbm; ///< at the antenna's input
    Tick start;
    Tick end;
    uint32_t content; ///< equal for copies of one frame, which do not disturb each other
};

/**
 * Downlinks in the air: which device gets which, given link, fading and the other gateways that
 * transmit on the same channel at the same time.
 */
class DownlinkAir
{
  public:
    explicit DownlinkAir(const LorawanCore& core)
        : m_core(core)
    {
    }

    /// Power with which a gateway may transmit at this frequency, dBm at its antenna's input.
    double PowerDbm(GatewayId gateway, uint32_t frequencyHz) const;

    /// Notes the transmissions of one frame (its copies), which may lie in the future.
    void Add(std::span<const DownlinkOnAir> copies);

    /// A number that no other frame's copies have.
    uint32_t NextContent()
    {
        return ++m_content;
    }

    /// Signal to noise ratio at the device, fading aside, dB; very low where there is no link.
    double SnrDb(DeviceId device, const DownlinkOnAir& frame) const;

    /// Probability that the device receives `frame`: link margin, fading, interference, frame loss.
    double Probability(DeviceId device, const DownlinkOnAir& frame) const;

    /// One draw of that probability.
    bool Receives(DeviceId device, const DownlinkOnAir& frame) const;

    /// Transmissions that overlap `frame` on its channel, copies of it excepted.
    void FindInterferers(const DownlinkOnAir& frame, std::vector<DownlinkOnAir>& others) const;

    /// The same with the interferers at hand, for loops over devices.
    double Probability(DeviceId device,
                       const DownlinkOnAir& frame,
                       std::span<const DownlinkOnAir> others) const;

  private:
    /// Gain of a link in dB; very low where there is none.
    double GainDb(DeviceId device, GatewayId gateway) const;

    /// All copies of a frame, so that a simulcast of many gateways is one entry.
    struct Frame
    {
        uint32_t content;
        uint32_t frequencyHz;
        Tick start; ///< of the first copy
        Tick end;   ///< of the last one
        std::vector<DownlinkOnAir> copies;
    };

    const LorawanCore& m_core;
    std::deque<Frame> m_frames;
    uint32_t m_content{0};
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_LORAWAN_DOWNLINK_AIR_H
