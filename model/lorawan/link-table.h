// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_LORAWAN_LINK_TABLE_H
#define IOTFLEET_LORAWAN_LINK_TABLE_H

#include "model/fleet/counter-random.h"
#include "model/fleet/types.h"
#include "model/lorawan/lorawan-config.h"

#include "ns3/mobility-model.h"
#include "ns3/propagation-loss-model.h"
#include "ns3/ptr.h"

#include <functional>
#include <span>
#include <vector>

namespace ns3::iotfleet
{

/// One device-gateway link.
struct Link
{
    GatewayId gateway;
    int16_t
        gainCdb; ///< received minus transmitted power, 1/100 dB: loss, shadowing, walls, antennas

    double GainDb() const
    {
        return gainCdb / 100.0;
    }
};

/// What the table needs to know of a gateway.
struct GatewaySite
{
    Ptr<MobilityModel> mobility;
    double antennaGainDbi{0}; ///< feeder loss already taken off
};

/// What it needs to know of a device.
struct DeviceSite
{
    float x;
    float y;
    float z;
    bool indoor;
};

/**
 * Which gateways each device can matter to, strongest first: built once from ns-3's propagation
 * loss models plus static shadowing and building penetration. Devices do not move.
 *
 * Cost: building O(devices x gateways in range); 4 bytes a link + 4 bytes a device.
 */
class LinkTable
{
  public:
    /**
     * Builds the table.
     * @param gateways the gateways, in the order of GatewayId
     * @param devices how many devices
     * @param site tells where a device stands
     * @param loss ns-3's model (chain); must be deterministic
     * @param config powers, shadowing, walls and the number of links kept
     * @param random source of shadowing and wall loss
     */
    void Build(std::span<const GatewaySite> gateways,
               uint32_t devices,
               const std::function<DeviceSite(DeviceId)>& site,
               const Ptr<PropagationLossModel>& loss,
               const LorawanConfig& config,
               const CounterRandom& random);

    /// Links of a device, strongest first.
    std::span<const Link> Of(DeviceId d) const
    {
        const auto begin = m_begin[Index(d)];
        return {m_links.data() + begin, m_begin[Index(d) + 1] - begin};
    }

    /// Asks the processor to load where a device's links are ...
    void PrefetchIndex(DeviceId d) const
    {
        __builtin_prefetch(&m_begin[Index(d)]);
    }

    /// ... and, once that is there, the links.
    void Prefetch(DeviceId d) const
    {
        __builtin_prefetch(m_links.data() + m_begin[Index(d)]);
    }

    size_t MemoryBytes() const
    {
        return m_begin.capacity() * sizeof(uint32_t) + m_links.capacity() * sizeof(Link);
    }

  private:
    std::vector<uint32_t> m_begin{0};
    std::vector<Link> m_links;
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_LORAWAN_LINK_TABLE_H
