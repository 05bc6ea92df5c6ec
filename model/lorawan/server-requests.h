// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_LORAWAN_SERVER_REQUESTS_H
#define IOTFLEET_LORAWAN_SERVER_REQUESTS_H

#include "model/fleet/types.h"
#include "model/lorawan/lorawan-core.h"

#include <vector>

namespace ns3::iotfleet
{

/**
 * What the network server wants to ask and tell each device by MAC commands (see
 * MacCommandConfig), as far as it knows by what arrived. It does not send anything: NetworkServer
 * puts what is due into downlinks that have room for it.
 *
 * Memory: 4 bytes a device where states of devices are asked for, 2 where settings are told,
 * 2 where channels are, nothing otherwise.
 */
class ServerRequests
{
  public:
    /// `core` must outlive this.
    explicit ServerRequests(const LorawanCore& core)
        : m_core(core)
    {
    }

    void Resize(size_t devices);

    /// @return DownlinkOptions that the next downlink to the device should carry
    MacOptions DueFor(DeviceId d, Tick now) const;

    /// @return settings that the device does not know as far as the server knows, a set of SETTINGS
    MacOptions Untold(DeviceId d) const
    {
        return m_untold.empty() ? MacOptions{0} : m_untold[Index(d)];
    }

    /// @return channels that the device does not know as far as the server knows, as a set
    uint16_t UntoldChannels(DeviceId d) const
    {
        return m_untoldChannels.empty() ? uint16_t{0} : m_untoldChannels[Index(d)];
    }

    /// @return those that it does
    uint16_t KnownChannels(DeviceId d) const
    {
        return m_channels & static_cast<uint16_t>(~UntoldChannels(d));
    }

    /// A downlink with these options goes out.
    void NoteSent(DeviceId d, MacOptions options, Tick now);

    /// An uplink with these answers has arrived (a set of UplinkOption, and one of channels).
    void NoteAnswers(DeviceId d, MacOptions answers, uint16_t channels);

    /// The device joins, and has to be told everything.
    void NoteJoin(DeviceId d);

    /// The device was told everything before the simulation began.
    void NoteActivated(DeviceId d);

    size_t MemoryBytes() const
    {
        return m_statusAskedS.capacity() * sizeof(float) +
               m_untold.capacity() * sizeof(MacOptions) +
               m_untoldChannels.capacity() * sizeof(uint16_t);
    }

  private:
    const LorawanCore& m_core;
    MacOptions m_settings{0};         ///< that differ from the defaults
    std::vector<MacOptions> m_untold; ///< settings without an answer; empty where all are default
    uint16_t m_channels{0};           ///< all extra ones
    std::vector<uint16_t> m_untoldChannels; ///< empty where there are none
    std::vector<float> m_statusAskedS; ///< last DevStatusReq, seconds; empty where none are sent
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_LORAWAN_SERVER_REQUESTS_H
