// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_LORAWAN_PING_CHANNEL_H
#define IOTFLEET_LORAWAN_PING_CHANNEL_H

#include "model/lorawan/lorawan-config.h"
#include "model/lorawan/region.h"

#include <cstdint>

namespace ns3::iotfleet
{

/**
 * Where ping slots of single devices are: as the region says, or where PingSlotChannelReq
 * (TS001-1.0.4 section 14.3) puts them. A calculation; who knows what is kept by server and
 * devices.
 */
class PingChannel
{
  public:
    /// Both must outlive this.
    PingChannel(const RegionParameters& region, const MacCommandConfig& config)
        : m_region(region),
          m_config(config)
    {
    }

    /// Whether devices have to be told.
    bool IsMoved() const
    {
        return m_config.pingFrequencyHz != 0 || DataRate(true) != DataRate(false);
    }

    /// @return data rate of slots; `told`: PingSlotChannelReq has arrived, where one is needed
    uint8_t DataRate(bool told) const
    {
        return told && m_config.pingDataRate != MacCommandConfig::REGION_RATE
                   ? m_config.pingDataRate
                   : m_region.beacon.pingSlotDataRate;
    }

    /// @return frequency of the slots after a beacon, Hz; see RegionParameters::PingSlotFrequencyHz
    uint32_t FrequencyHz(bool told, uint32_t beaconTimeS, uint32_t devAddr) const
    {
        return told && m_config.pingFrequencyHz != 0
                   ? m_config.pingFrequencyHz
                   : m_region.PingSlotFrequencyHz(beaconTimeS, devAddr);
    }

  private:
    const RegionParameters& m_region;
    const MacCommandConfig& m_config;
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_LORAWAN_PING_CHANNEL_H
