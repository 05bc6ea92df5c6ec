// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_LORAWAN_RECEIVE_WINDOWS_H
#define IOTFLEET_LORAWAN_RECEIVE_WINDOWS_H

#include "model/lorawan/lorawan-config.h"
#include "model/lorawan/region.h"

#include <cstdint>

namespace ns3::iotfleet
{

/// Where the second receive window listens.
struct SecondWindow
{
    uint32_t frequencyHz;
    uint8_t dataRate;
};

/**
 * When and where class A windows open: as the region says until a device has joined, then as the
 * network does. Delay, offset and RX2's data rate come with the join-accept (TS001-1.0.4 section
 * 6.2.6); RX2's frequency by RXParamSetupReq (section 5.4), and the delay by RXTimingSetupReq
 * (section 5.7) where that is asked for, so that some devices know it and others do not yet. A
 * calculation; who knows what is kept by server and devices.
 */
class ReceiveWindows
{
  public:
    /// `config` must outlive this.
    ReceiveWindows(const RegionParameters& region, const ReceiveWindowConfig& config)
        : m_region(region),
          m_config(config)
    {
    }

    /// Whether devices have to be told the delay by a command.
    bool TellsDelay() const
    {
        return m_config.rx1DelayByCommand && m_config.rx1DelayS != m_region.defaults.receiveDelay1S;
    }

    /// @return RxDelay of join-accepts, seconds
    uint8_t JoinAcceptDelayS() const
    {
        return TellsDelay() ? static_cast<uint8_t>(m_region.defaults.receiveDelay1S)
                            : m_config.rx1DelayS;
    }

    /// @return seconds from the end of an uplink to RX1; `join`: of a join request; `told`:
    /// RXTimingSetupReq has arrived, where one is needed
    double Delay1S(bool join, bool told = true) const
    {
        return join ? m_region.defaults.joinAcceptDelay1S
                    : (told ? m_config.rx1DelayS : JoinAcceptDelayS());
    }

    /// @return seconds from the end of an uplink to RX2
    double Delay2S(bool join, bool told = true) const
    {
        return join ? m_region.defaults.joinAcceptDelay2S : Delay1S(false, told) + 1.0;
    }

    /// @return data rate of RX1. @throws std::out_of_range when the region does not define it
    uint8_t Rx1DataRate(uint8_t uplinkDataRate, bool join) const
    {
        return m_region.Rx1DataRate(uplinkDataRate, join ? uint8_t{0} : m_config.rx1Offset);
    }

    /// @return RX2 before the device has joined
    SecondWindow Rx2OfJoin() const
    {
        return {m_region.rx2FrequencyHz, m_region.rx2DataRate};
    }

    /// @return RX2 afterwards; `told`: RXParamSetupReq has arrived, where one is needed
    SecondWindow Rx2(bool told) const
    {
        const bool given = m_config.rx2DataRate != ReceiveWindowConfig::REGION_RATE;
        return {told && MovesRx2() ? m_config.rx2FrequencyHz : m_region.rx2FrequencyHz,
                given ? m_config.rx2DataRate : m_region.rx2DataRate};
    }

    /// Whether devices have to be told a frequency.
    bool MovesRx2() const
    {
        return m_config.rx2FrequencyHz != 0 && m_config.rx2FrequencyHz != m_region.rx2FrequencyHz;
    }

  private:
    const RegionParameters& m_region;
    const ReceiveWindowConfig& m_config;
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_LORAWAN_RECEIVE_WINDOWS_H
