// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_LORAWAN_SESSION_WINDOWS_H
#define IOTFLEET_LORAWAN_SESSION_WINDOWS_H

#include "model/fleet/device-list.h"

#include <vector>

namespace ns3::iotfleet
{

/// Parameters of a receiver that is open all the time.
struct OpenReceiver
{
    uint32_t frequencyHz;
    uint8_t dataRate;

    bool operator==(const OpenReceiver&) const = default;
};

/**
 * Where the network server believes that the receivers of class C devices are because of the
 * sessions that they were called to (TS005 McClassCSessionReq overrides frequency and data rate).
 * It knows what was announced and what it sent, and not who followed the call or has left early: a
 * window lasts until the end that was announced, though its group may be gone before.
 *
 * Cost: O(windows) a question, which are few; lists of members are shared.
 */
class SessionWindows
{
  public:
    /**
     * The members of a group have been called to a session.
     * @param group whose session it is
     * @param members of the group
     * @param receiver where they will listen
     * @param start of the window; before it the session before, if one runs, is the one that counts
     * @param end by the time-out of the session
     */
    void Announce(GroupId group, DeviceList members, OpenReceiver receiver, Tick start, Tick end);

    /// The server has sent to the group at another data rate, which members follow.
    void Follow(GroupId group, uint8_t dataRate);

    /**
     * Until when a device cannot be reached at `rx2`, as far as the server can know.
     * @return an instant in the past (0) if it can be reached now
     */
    Tick AwayUntil(DeviceId d, Tick now, OpenReceiver rx2) const;

    /// Bytes that the windows hold, without lists that running groups hold as well.
    size_t MemoryBytes() const;

  private:
    struct Window
    {
        GroupId group;
        DeviceList members;
        OpenReceiver receiver;
        Tick start;
        Tick end;
    };

    void ForgetEnded();

    std::vector<Window> m_windows; ///< in the order of their announcement
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_LORAWAN_SESSION_WINDOWS_H
