// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_LORAWAN_LORAWAN_CORE_H
#define IOTFLEET_LORAWAN_LORAWAN_CORE_H

#include "model/fleet/counter-random.h"
#include "model/fleet/device-registry.h"
#include "model/fleet/fleet.h"
#include "model/lorawan/link-table.h"
#include "model/lorawan/lora-gateway.h"
#include "model/lorawan/lorawan-config.h"
#include "model/lorawan/mac-options.h"
#include "model/lorawan/ping-channel.h"
#include "model/lorawan/receive-windows.h"
#include "model/lorawan/region.h"

#include "ns3/simulator.h"

#include <array>
#include <vector>

namespace ns3::iotfleet
{

/// MHDR, FHDR without options and MIC: what every data frame has besides FPort and payload, bytes.
inline constexpr uint32_t FRAME_BYTES_WITHOUT_PORT = 12;

/// What a copy of an uplink weighs on the backhaul besides its PHY payload: UDP/IP and metadata,
/// bytes.
inline constexpr uint32_t FORWARD_OVERHEAD_BYTES = 200;

/// FPort of the devices' ordinary traffic in the simulation.
inline constexpr uint8_t TELEMETRY_PORT = 1;

/// First and last FPort of the management packages (TS003 to TS006).
inline constexpr uint8_t FIRST_MANAGEMENT_PORT = 200;
inline constexpr uint8_t LAST_MANAGEMENT_PORT = 203;

/// A gateway wants a downlink this long before it starts.
inline constexpr Tick GATEWAY_LEAD = TICKS_PER_SECOND / 50;

/// DevAddr of a simulated device: its number as the NwkAddr of NetID 0 (type 0, 25 bits).
constexpr uint32_t
DevAddrOf(DeviceId d)
{
    return static_cast<uint32_t>(d) & 0x01FF'FFFF;
}

/// Whether a device at the restricted level may use this port.
constexpr bool
IsManagementPort(uint8_t port)
{
    return port >= FIRST_MANAGEMENT_PORT && port <= LAST_MANAGEMENT_PORT;
}

/// FPort of TS003, by which devices set their clocks whether or not there is a campaign.
inline constexpr uint8_t CLOCK_SYNC_PORT = 202;

/// On whose account an application message and its answer go: the packages of updates (TS004 to
/// TS006) are a campaign's.
constexpr EnergyAccount
AccountOf(uint8_t port)
{
    return IsManagementPort(port) && port != CLOCK_SYNC_PORT ? EnergyAccount::CAMPAIGN
                                                             : EnergyAccount::OPERATION;
}

/// Time on air of every frame length at every data rate of a region, computed once.
class AirtimeTable
{
  public:
    explicit AirtimeTable(const RegionParameters& region)
    {
        for (const auto& rate : region.dataRates)
        {
            for (uint32_t bytes = 0; bytes < 256; ++bytes)
            {
                m_up[rate.index][bytes] = region.AirtimeNs(rate.index, bytes, true);
                m_down[rate.index][bytes] = region.AirtimeNs(rate.index, bytes, false);
            }
        }
    }

    Tick Up(uint8_t dataRate, uint32_t phyBytes) const
    {
        return m_up[dataRate][phyBytes];
    }

    Tick Down(uint8_t dataRate, uint32_t phyBytes) const
    {
        return m_down[dataRate][phyBytes];
    }

  private:
    using Row = std::array<Tick, 256>;
    std::array<Row, 16> m_up{};
    std::array<Row, 16> m_down{};
};

/// What all parts of one LoRaWAN share. A bundle of references, not an actor.
struct LorawanCore
{
    LorawanCore(const RegionParameters& parameters, const LorawanConfig& settings)
        : region(parameters),
          config(settings),
          windows(region, config.windows),
          pingChannel(region, config.macCommands),
          airtime(parameters)
    {
        for (const auto& rate : region.dataRates)
        {
            rates[rate.index] = &rate;
            maxUplinkBytes[rate.index] =
                static_cast<uint16_t>(rate.uplink ? region.MaxPhyBytes(rate.index, true) : 0);
            gatewayNoiseDbm[rate.index] = static_cast<float>(
                NoiseDbm(std::max(1U, rate.bandwidthHz), config.gatewayNoiseFigureDb));
        }
    }

    const RegionParameters& region;
    LorawanConfig config;
    ReceiveWindows windows;
    PingChannel pingChannel;
    Ptr<Fleet> fleet;
    DeviceRegistry* registry{nullptr};
    CounterRandom random;
    LinkTable links;
    std::vector<Ptr<LoraGateway>> gateways;
    std::vector<double> gatewayAntennaDbi; ///< feeder loss taken off
    std::vector<Channel> channels;         ///< uplink channels that devices use once joined
    std::vector<uint16_t> joinChannels;    ///< indices into channels
    uint16_t firstExtraChannel{0};         ///< from here on channels are told by NewChannelReq
    AirtimeTable airtime;
    std::array<float, 16> gatewayNoiseDbm{};           ///< by data rate
    std::array<const DataRateParameters*, 16> rates{}; ///< by data rate; null where reserved
    std::array<uint16_t, 16> maxUplinkBytes{};         ///< see RegionParameters::MaxPhyBytes

    /// Settings that devices which join have to be told, a set of SETTINGS.
    MacOptions SettingsToTell() const
    {
        return static_cast<MacOptions>((config.macCommands.maxDutyCycle > 0 ? DUTY_CYCLE_REQ : 0) |
                                       (windows.TellsDelay() ? RX_TIMING_SETUP_REQ : 0) |
                                       (pingChannel.IsMoved() ? PING_SLOT_CHANNEL_REQ : 0));
    }

    static Tick Now()
    {
        return Simulator::Now().GetNanoSeconds();
    }

    /// Charges a device for a receiver that was on for `seconds`.
    void ChargeReceiving(DeviceId d, double seconds, EnergyAccount account) const
    {
        fleet->Spend(d, EnergyUse::RX, seconds, fleet->Profile(d).rxA, account);
    }

    double DeviceNoiseDbm(DeviceId d, double bandwidthHz) const
    {
        return NoiseDbm(bandwidthHz, config.deviceNoiseFigureDb) +
               fleet->Profile(d).sensitivityOffsetDb;
    }
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_LORAWAN_LORAWAN_CORE_H
