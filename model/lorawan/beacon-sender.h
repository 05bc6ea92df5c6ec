// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_LORAWAN_BEACON_SENDER_H
#define IOTFLEET_LORAWAN_BEACON_SENDER_H

#include "model/lorawan/lorawan-core.h"

#include <functional>
#include <span>
#include <vector>

namespace ns3::iotfleet
{

/// A beacon that has ended on the air: all gateways send it at once, with one content.
struct BeaconOnAir
{
    Tick start;
    Tick end;
    uint32_t frequencyHz;
    std::span<const GatewayId> gateways; ///< who sent it, ascending
    bool complete;                       ///< no gateway was down
};

/**
 * Sends beacons at every gateway while somebody needs them (TS001-1.0.4 section 13). One ns-3 event
 * a beacon and one at its end. It does not know who listens.
 */
class BeaconSender
{
  public:
    using SentHandler = std::function<void(GatewayId, uint32_t frequencyHz, Tick start)>;
    using EndHandler = std::function<void(const BeaconOnAir&)>;

    explicit BeaconSender(LorawanCore& core);

    /// Who is told of each gateway's beacon as it begins; nobody by default.
    void SetSentHandler(SentHandler handler)
    {
        m_onSent = std::move(handler);
    }

    /// Who is told when a beacon has ended.
    void SetEndHandler(EndHandler handler)
    {
        m_onEnd = std::move(handler);
    }

    /// Beacons are sent from now on, until as many calls of Release().
    void Need();
    void Release();

  private:
    void Step();
    void Send(Tick now);
    void KeepShare(bool keep);
    void End(Tick start, uint32_t frequencyHz);

    LorawanCore& m_core;
    SentHandler m_onSent;
    EndHandler m_onEnd;
    Tick m_airtime;
    std::vector<GatewayId> m_senders; ///< of the beacon on the air
    uint32_t m_users{0};
    bool m_running{false};
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_LORAWAN_BEACON_SENDER_H
