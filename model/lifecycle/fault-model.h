// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_LIFECYCLE_FAULT_MODEL_H
#define IOTFLEET_LIFECYCLE_FAULT_MODEL_H

#include "model/fleet/timer-queue.h"
#include "model/lifecycle/fault.h"

#include "ns3/object.h"
#include "ns3/traced-callback.h"

#include <memory>
#include <vector>

namespace ns3::iotfleet
{

/**
 * Everything that breaks in a fleet besides its networks: the faults of a scenario, one object
 * each, and what they share: timers, and the update agent's questions. It changes the truth and
 * nothing else. It decides nothing itself: kinds of faults stand in files of their own.
 *
 * Costs nothing where there is no fault; a timer is 16 bytes.
 */
class FaultModel : public Object, public UpdateHazards
{
  public:
    /// Signature of the Failure trace source, that of UpdateAgent.
    using FailureTracedCallback = UpdateAgent::FailureTracedCallback;

    static TypeId GetTypeId();

    FaultModel();
    ~FaultModel() override;

    /// Adds a fault, before Start().
    void Add(std::unique_ptr<Fault> fault);

    /**
     * Begins to watch and to strike; the fleet must be complete and the agent started.
     * @param context whom to strike; `after` and `note` are filled in
     * @throws std::invalid_argument if a named device does not exist
     */
    void Start(FaultContext context);

    const std::vector<std::unique_ptr<Fault>>& Faults() const
    {
        return m_faults;
    }

    // UpdateHazards
    std::optional<BootFate> AtFirstBoot(DeviceId device, ImageId image) override;
    PowerLossOdds AtInstallation(DeviceId device) const override;
    ReportFate AtReport(DeviceId device) override;

  protected:
    void DoDispose() override;

  private:
    Fault& ByNumber(uint32_t number);
    void OnTransition(const Transition& step);
    void OnFailure(DeviceId device, std::string_view cause, const std::string& detail);

    std::vector<std::unique_ptr<Fault>> m_faults; ///< in the order of the scenario
    FaultContext m_context;
    std::unique_ptr<TimerQueue> m_timers;
    TracedCallback<DeviceId, std::string_view, const std::string&> m_failure;
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_LIFECYCLE_FAULT_MODEL_H
