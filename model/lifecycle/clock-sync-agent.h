// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_LIFECYCLE_CLOCK_SYNC_AGENT_H
#define IOTFLEET_LIFECYCLE_CLOCK_SYNC_AGENT_H

#include "model/access/access-network.h"
#include "model/fleet/counter-random.h"
#include "model/fleet/fleet.h"
#include "model/fleet/timer-queue.h"
#include "model/lifecycle/clock-sync-config.h"
#include "model/wire/ts003-clock-sync.h"

#include "ns3/object.h"
#include "ns3/traced-callback.h"

#include <memory>
#include <vector>

namespace ns3::iotfleet
{

/**
 * The devices' side of TS003: asks for the time after the join and then periodically, and sets the
 * clock by the answer. A request tells the clock, in whole seconds, as it goes on the air; the
 * correction is in whole seconds, too, and counts the time on air and on the way as error of the
 * clock. What is left of an error is therefore of the order of a second (TS003-2.0.0 section 3.2).
 *
 * 24 bytes a device.
 */
class ClockSyncAgent : public Object
{
  public:
    /// Signature of the Adjusted trace source: the clock was set by this many seconds.
    using AdjustedTracedCallback = void (*)(DeviceId device, int32_t seconds);

    /// What the agent works on; all pointers must outlive it.
    struct Environment
    {
        Ptr<Fleet> fleet;
        Ptr<AccessNetwork> access;
        CounterRandom random;
    };

    static TypeId GetTypeId();

    /**
     * Takes the fleet (all devices added, none enrolled yet) and registers at port 202.
     * @param environment what to work on
     * @param config periods
     * @param drifts by group of the fleet: whether its clocks drift; others never ask
     */
    void Start(const Environment& environment,
               const ClockSyncConfig& config,
               std::vector<bool> drifts);

    /// The same with the periods that the attributes tell.
    void Start(const Environment& environment, std::vector<bool> drifts);

    /// The configuration as it is now.
    const ClockSyncConfig& GetConfig() const
    {
        return m_config;
    }

    /// Requests made so far.
    uint64_t Requests() const
    {
        return m_requests;
    }

  protected:
    void DoDispose() override;

  private:
    struct Row
    {
        float periodS{0};
        uint16_t generation{0}; ///< makes the timers of an earlier period recognisable
        uint8_t token{0};
        uint8_t repeats{0}; ///< requests of a ForceDeviceResyncCmd that are left
    };

    static TypeId AddConfigAttributes(TypeId tid);

    void OnTransition(const Transition& step);
    void OnDownlink(DeviceId device, const wire::AppPayload& payload);
    void Handle(DeviceId device, const wire::PackageVersionReq& request);
    void Handle(DeviceId device, const wire::ts003::AppTimeAns& answer);
    void Handle(DeviceId device, const wire::ts003::DeviceAppTimePeriodicityReq& request);
    void Handle(DeviceId device, const wire::ts003::ForceDeviceResyncCmd& command);
    void Complete(DeviceId device, wire::AppPayload& payload) const;
    void Ask(DeviceId device);
    void AskAfter(DeviceId device, double seconds);
    uint32_t DeviceTimeS(DeviceId device) const;
    double Uniform(DeviceId device) const;
    template <class Command>
    void Send(DeviceId device, const Command& command);

    Environment m_env;
    ClockSyncConfig m_config;
    std::vector<bool> m_drifts;
    std::vector<Row> m_rows;
    std::unique_ptr<TimerQueue> m_timers;
    uint64_t m_requests{0};
    TracedCallback<DeviceId, int32_t> m_adjusted;
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_LIFECYCLE_CLOCK_SYNC_AGENT_H
