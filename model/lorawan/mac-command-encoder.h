// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_LORAWAN_MAC_COMMAND_ENCODER_H
#define IOTFLEET_LORAWAN_MAC_COMMAND_ENCODER_H

#include "model/lorawan/device-mac.h"

namespace ns3::iotfleet
{

/**
 * Bytes of the MAC commands by which the server begins (settings, and questions of state), and of
 * their answers. Those by which devices begin, and LinkADRReq, are FrameEncoder's.
 */
class MacCommandEncoder
{
  public:
    /// `core` must outlive this.
    explicit MacCommandEncoder(const LorawanCore& core)
        : m_core(core)
    {
    }

    /// Appends what the device answers.
    void AddAnswers(const UplinkEnd& uplink, wire::AppPayload& bytes) const;

    /// Appends what the server asks and tells.
    void AddRequests(const DownlinkFrame& frame, wire::AppPayload& bytes) const;

  private:
    void AddNewChannels(const DownlinkFrame& frame, wire::AppPayload& bytes) const;

    const LorawanCore& m_core;
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_LORAWAN_MAC_COMMAND_ENCODER_H
