// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_LORAWAN_CLASS_B_DEVICES_H
#define IOTFLEET_LORAWAN_CLASS_B_DEVICES_H

#include "model/fleet/timer-queue.h"
#include "model/lorawan/beacon-receivers.h"
#include "model/lorawan/device-mac.h"

#include <unordered_map>
#include <vector>

namespace ns3::iotfleet
{

/**
 * Devices of class B outside multicast sessions: after the join a device asks for the time and
 * tells its ping slots (DeviceTimeReq, PingSlotInfoReq), finds a beacon, says so by the class B bit
 * of an uplink, and listens in its ping slots. Two hours without a beacon make it a class A device
 * that says so and asks for the time again (TS001-1.0.4 sections 12 to 15). It is the devices'
 * side; what the server believes stands in NetworkServer.
 *
 * 40 bytes a device of class B, nothing for others.
 */
class ClassBDevices
{
  public:
    ClassBDevices(LorawanCore& core, DeviceMac& mac, BeaconReceivers& receivers);

    /// The device is of class B. `periodicity`: 0..7, a slot every 0.96 * 2^periodicity seconds.
    void Add(DeviceId d, uint8_t periodicity);

    bool IsEmpty() const
    {
        return m_rows.empty();
    }

    /// What the device tells in PingSlotInfoReq.
    uint8_t Periodicity(DeviceId d) const;

    /// Whether the device listens in class B now.
    bool IsInClassB(DeviceId d) const;

    /// Whether the device's receiver catches a frame in its ping slot at `start`.
    bool CatchesSlot(DeviceId d, Tick start) const;

    /// The device has a session of the network.
    void OnJoined(DeviceId d);

    /// A downlink answered these MAC commands (a set of DownlinkOption).
    void OnOptions(DeviceId d, MacOptions options);

    /// The device has found a beacon or given up; from BeaconReceivers.
    void OnChange(DeviceId d, bool locked);

    /// The device is off for good: it pays up to now, and neither listens nor asks again.
    void Silence(DeviceId d);

    /// A beacon has ended; to be told before BeaconReceivers is.
    void OnBeacon();

    /// Puts everything up to now into the devices' accounts.
    void Settle()
    {
        OnBeacon();
    }

    /// Devices that listen in class B now.
    uint32_t Active() const
    {
        return m_active;
    }

    size_t MemoryBytes() const
    {
        return m_rows.capacity() * sizeof(Row) + m_byDevice.size() * 16;
    }

  private:
    static constexpr BeaconReceivers::Index NOT_FOLLOWING = 0xFFFFFFFF;

    enum TimerKind : uint16_t
    {
        ASK,  ///< for the time
        TELL, ///< the server which class it is in
    };

    struct Row
    {
        DeviceId device{NO_DEVICE};
        BeaconReceivers::Index follower{NOT_FOLLOWING};
        Tick since{0}; ///< slots are charged up to here
        uint8_t periodicity{7};
        uint8_t asks{0};
        bool inClassB{false};
        bool silent{false};
    };

    Row* Find(DeviceId d);
    const Row* Find(DeviceId d) const;
    void OnTimer(const Timer& timer);
    void AskLater(Row& row, double leastS, double spreadS);
    void Enter(Row& row);
    void Leave(Row& row);
    void ChargeSlots(Row& row);
    uint8_t SlotDataRate(DeviceId d) const;

    LorawanCore& m_core;
    DeviceMac& m_mac;
    BeaconReceivers& m_receivers;
    std::vector<Row> m_rows;
    std::unordered_map<uint32_t, uint32_t> m_byDevice;
    TimerQueue m_timers;
    uint32_t m_active{0};
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_LORAWAN_CLASS_B_DEVICES_H
