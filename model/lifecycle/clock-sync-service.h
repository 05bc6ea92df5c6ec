// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_LIFECYCLE_CLOCK_SYNC_SERVICE_H
#define IOTFLEET_LIFECYCLE_CLOCK_SYNC_SERVICE_H

#include "model/access/access-network.h"
#include "model/fleet/device-registry.h"
#include "model/lifecycle/clock-sync-config.h"
#include "model/wire/ts003-clock-sync.h"

#include "ns3/event-id.h"
#include "ns3/object.h"
#include "ns3/traced-callback.h"

#include <vector>

namespace ns3::iotfleet
{

/**
 * The operator's side of TS003: answers requests for the time of devices whose clock is off by a
 * second or more (or that want an answer anyway), tells them how often to ask, and can order the
 * whole fleet to ask at once. It knows messages and the registry only.
 */
class ClockSyncService : public Object
{
  public:
    /// Signature of the Request trace source: what correction the device needs.
    using RequestTracedCallback = void (*)(DeviceId device, int32_t correctionS);

    static TypeId GetTypeId();

    /// Registers at port 202; both pointers must outlive it.
    void Start(const Ptr<AccessNetwork>& access,
               const DeviceRegistry* registry,
               const ClockSyncConfig& config);

    /// The same with what the attributes tell.
    void Start(const Ptr<AccessNetwork>& access, const DeviceRegistry* registry);

    /// The configuration as it is now.
    const ClockSyncConfig& GetConfig() const
    {
        return m_config;
    }

    /// ForceDeviceResyncCmd to one device. `transmissions`: 1..7
    void ForceResync(DeviceId device, uint8_t transmissions);

    /// Answers sent so far.
    uint64_t Answers() const
    {
        return m_answers;
    }

  protected:
    void DoDispose() override;

  private:
    static TypeId AddConfigAttributes(TypeId tid);

    void OnUplink(const UplinkMessage& message);
    void Handle(const UplinkMessage& message, const wire::PackageVersionAns& answer);
    void Handle(const UplinkMessage& message, const wire::ts003::AppTimeReq& request);
    void Handle(const UplinkMessage& message,
                const wire::ts003::DeviceAppTimePeriodicityAns& answer);
    void ResyncAll();
    template <class Command>
    void Send(DeviceId device, const Command& command);

    Ptr<AccessNetwork> m_access;
    const DeviceRegistry* m_registry{nullptr};
    ClockSyncConfig m_config;
    std::vector<bool> m_told; ///< by device: it has answered DeviceAppTimePeriodicityReq
    EventId m_resync;
    uint64_t m_answers{0};
    TracedCallback<DeviceId, int32_t> m_request;
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_LIFECYCLE_CLOCK_SYNC_SERVICE_H
