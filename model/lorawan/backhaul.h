// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_LORAWAN_BACKHAUL_H
#define IOTFLEET_LORAWAN_BACKHAUL_H

#include "model/fleet/counter-random.h"
#include "model/fleet/outage-calendar.h"
#include "model/fleet/types.h"

#include "ns3/object.h"

#include <functional>
#include <optional>
#include <vector>

namespace ns3::iotfleet
{

/// One gateway's way to the network server.
struct BackhaulLink
{
    double delayS{0.05}; ///< one way
    double jitterS{0};   ///< uniform, added
    double loss{0};      ///< per datagram
    double rateBps{10e6};
};

/**
 * How datagrams travel between gateways and network server. Gateways without power
 * (LoraGateway::IsDown) are left out by the caller. A gateway whose link is cut goes on receiving;
 * what it forwards is lost, and the server, which misses its keep-alives, sends nothing through it.
 */
class Backhaul : public Object
{
  public:
    using Arrival = std::function<void()>;

    static TypeId GetTypeId();

    /// A datagram of `bytes` to the server; `arrival` is called when it gets there, if it does.
    virtual void ToServer(GatewayId from, uint32_t bytes, Arrival arrival) = 0;

    /// The other way.
    virtual void ToGateway(GatewayId to, uint32_t bytes, Arrival arrival) = 0;

    /// What the server reckons with when it plans a downlink, one way.
    virtual Tick PlannedDelay(GatewayId gateway) const = 0;

    /**
     * Whether Foretell works: arrivals can be told without sending anything, which saves most
     * events of a large fleet.
     */
    virtual bool CanForetell() const
    {
        return false;
    }

    /// Arrival of a datagram sent now in either direction; nothing if it gets lost.
    virtual std::optional<Tick> Foretell(GatewayId gateway);

    /// The link of a gateway is cut in this time; before the start of the simulation.
    virtual void AddOutage(GatewayId gateway, TimeSpan span);

    /// Whether the link of a gateway is ever cut.
    bool HasOutages(GatewayId gateway) const
    {
        return Index(gateway) < m_outages.size() && !m_outages[Index(gateway)].IsEmpty();
    }

    /// Whether the link of a gateway is cut.
    bool IsCut(GatewayId gateway, Tick when) const
    {
        return Index(gateway) < m_outages.size() && m_outages[Index(gateway)].Holds(when);
    }

  private:
    std::vector<OutageCalendar> m_outages; ///< by gateway; only as long as needed
};

/// Delay, jitter and loss without packets: for fleets whose backhaul is not the question.
class DelayBackhaul : public Backhaul
{
  public:
    static TypeId GetTypeId();

    DelayBackhaul();
    ~DelayBackhaul() override;

    void Configure(std::vector<BackhaulLink> links, const CounterRandom& random);

    void ToServer(GatewayId from, uint32_t bytes, Arrival arrival) override;
    void ToGateway(GatewayId to, uint32_t bytes, Arrival arrival) override;
    Tick PlannedDelay(GatewayId gateway) const override;

    bool CanForetell() const override
    {
        return true;
    }

    std::optional<Tick> Foretell(GatewayId gateway) override;

  private:
    void Send(GatewayId gateway, Arrival arrival);

    std::vector<BackhaulLink> m_links;
    CounterRandom m_random;
    std::vector<uint32_t> m_sent; ///< datagrams per gateway: the draws' counter
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_LORAWAN_BACKHAUL_H
