// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_LORAWAN_FRAME_ENCODER_H
#define IOTFLEET_LORAWAN_FRAME_ENCODER_H

#include "model/lorawan/device-mac.h"
#include "model/lorawan/group-sender.h"
#include "model/wire/lorawan-join.h"
#include "model/wire/lorawan-keys.h"

#include <functional>
#include <unordered_map>
#include <vector>

namespace ns3::iotfleet
{

/**
 * Makes the real bytes of frames of which only size and meaning travel in the simulation:
 * addresses, counters, encryption and MICs as in TS001-1.0.4 (or LoRaWAN 1.1 where the network is
 * one). It follows every device's session by the frames it is shown, and has no part in the
 * simulation itself.
 *
 * Simulated devices have the DevEUI 02-00-00-00 and their number, the NetID 0 and DevAddr = number.
 * A device that never joined has the session of nonces 0.
 *
 * A hash table entry of about 60 bytes for each device that sends or is sent to.
 */
class FrameEncoder
{
  public:
    static constexpr uint64_t FIRST_DEV_EUI = 0x0200'0000'0000'0000;
    static constexpr uint64_t JOIN_EUI = 0x0200'0001'0000'0000;
    static constexpr uint32_t NET_ID = 0;

    /// Root keys of a device; 1.0.x has the AppKey alone.
    struct RootKeys
    {
        wire::Block128 appKey{};
        wire::Block128 nwkKey{};
    };

    /// What others know.
    struct Source
    {
        /// Root keys of a device.
        std::function<RootKeys(DeviceId)> keys;
        /// FRMPayload of a group frame with a number, in plain, `sizeBytes` long.
        std::function<std::vector<uint8_t>(GroupId, const GroupFrame&)> groupFragment;
        /// Puts the data into a message to a single device whose data does not travel; may be
        /// empty.
        std::function<void(DeviceId, wire::AppPayload&)> complete;
        /// What a device tells in PingSlotInfoReq; may be empty where nobody is of class B.
        std::function<uint8_t(DeviceId)> pingPeriodicity;
    };

    /**
     * @param core region and settings; must outlive the object
     * @param source what the network itself does not know
     */
    FrameEncoder(const LorawanCore& core, Source source);

    /// Follows the sessions: call it for every uplink, heard or not, in the order of time.
    void Note(const UplinkEnd& uplink);

    /// The same for every downlink that the server sent, by any gateway.
    void Note(const DownlinkFrame& frame);

    /// @return PHY payload of an uplink; the session is the device's at present
    std::vector<uint8_t> Encode(const UplinkEnd& uplink) const;

    /// @return PHY payload of the downlink that was noted last for its device
    std::vector<uint8_t> Encode(const DownlinkFrame& frame) const;

    /// @return PHY payload of a multicast frame
    std::vector<uint8_t> Encode(const GroupTransmission& frame) const;

    /// @return a beacon; simulated time 0 is GPS time 0
    std::vector<uint8_t> EncodeBeacon(Tick start) const;

    static uint32_t DevAddrOf(DeviceId d)
    {
        return iotfleet::DevAddrOf(d);
    }

    static uint64_t DevEuiOf(DeviceId d)
    {
        return FIRST_DEV_EUI + static_cast<uint32_t>(d);
    }

  private:
    /// What a device and its server agree on.
    struct Session
    {
        uint16_t requested{0};   ///< DevNonce of the last join request
        uint16_t devNonce{0};    ///< of the request that was answered
        uint32_t joinNonce{0};   ///< answers so far
        uint32_t confirmedUp{0}; ///< counter of the last confirmed uplink
        Tick upEnd{0};           ///< end of the last uplink that asked something
        uint8_t marginDb{0};     ///< of that uplink at its best gateway, above the floor
        uint8_t gateways{0};     ///< that heard it
        uint32_t fCntDown{0};    ///< next one; 1.1: of frames without application payload
        uint32_t aFCntDown{0};   ///< 1.1: next one of frames with it
    };

    std::vector<uint8_t> JoinRequest(const UplinkEnd& uplink) const;
    std::vector<uint8_t> JoinAccept(DeviceId d, const Session& session) const;
    std::vector<uint8_t> Secure(DeviceId d,
                                const Session& session,
                                wire::DataFrame frame,
                                const wire::UplinkMic11Context& context) const;
    wire::CfList MakeCfList() const;
    std::vector<uint8_t> LinkAdr(const DownlinkFrame& frame) const;
    std::vector<uint8_t> Options(const UplinkEnd& uplink) const;
    std::vector<uint8_t> Options(const DownlinkFrame& frame) const;
    Session SessionOf(DeviceId d) const;

    const LorawanCore& m_core;
    Source m_source;
    std::unordered_map<uint32_t, Session> m_sessions;
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_LORAWAN_FRAME_ENCODER_H
