// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_LIFECYCLE_FAULT_H
#define IOTFLEET_LIFECYCLE_FAULT_H

#include "model/access/access-network.h"
#include "model/lifecycle/hit-rule.h"
#include "model/update/update-agent.h"
#include "model/update/update-hazards.h"

#include <functional>
#include <memory>
#include <set>
#include <string_view>

namespace ns3::iotfleet
{

/// What faults may touch: the truth and the devices, nothing of the operator's.
struct FaultContext
{
    Ptr<Fleet> fleet;
    Ptr<AccessNetwork> access;
    Ptr<UpdateAgent> agent;
    const FirmwareCatalog* catalog{nullptr};
    CounterRandom random;
    /// Calls Fault::OnTimer of fault `fault` for a device in `seconds`.
    std::function<void(uint32_t fault, DeviceId device, double seconds)> after;
    /// Notes in the results what befell a device: cause (static text), detail (a sentence).
    std::function<void(DeviceId device, std::string_view cause, const std::string& detail)> note;
};

/// Since when and until when a fault may strike, seconds of simulated time.
struct FaultWindow
{
    double startS{0};
    std::optional<double> endS; ///< empty = the run's end

    bool HoldsNow() const;
};

/**
 * One entry of a scenario's `/faults` that strikes devices. Kinds derive from it and override what
 * they need; a kind knows nothing of the others. FaultModel runs them.
 *
 * A fault keeps a side table of the devices that it struck, and nothing for the others.
 */
class Fault
{
  public:
    /**
     * @param number its number in the scenario: faults do not disturb each other's draws
     * @param target whom it may strike
     */
    Fault(uint32_t number, HitConfig target);
    virtual ~Fault();

    Fault(const Fault&) = delete;
    Fault& operator=(const Fault&) = delete;

    /**
     * The fleet is complete and the run begins.
     * @throws std::invalid_argument if a named device does not exist
     */
    void Start(const FaultContext& context);

    /// A timer that it set has run out.
    virtual void OnTimer(DeviceId device);

    /// A device has confirmed the image that it runs now.
    virtual void OnConfirmed(DeviceId device, ImageId image);

    /// The agent says that an update went wrong.
    virtual void OnFailure(DeviceId device, std::string_view cause);

    /// UpdateHazards::AtFirstBoot; the first fault that says something decides.
    virtual std::optional<BootFate> AtFirstBoot(DeviceId device, ImageId image);

    /// UpdateHazards::AtInstallation; the first fault with a probability decides.
    virtual PowerLossOdds AtInstallation(DeviceId device) const;

    /// UpdateHazards::AtReport; adds its share to `fate`.
    virtual void AtReport(DeviceId device, ReportFate& fate);

    uint32_t Number() const
    {
        return m_number;
    }

    /// Devices struck so far.
    const std::set<DeviceId>& Struck() const
    {
        return m_struck;
    }

    /// When it first struck; nothing while it has not.
    std::optional<Tick> FirstStrike() const
    {
        return m_first;
    }

  protected:
    /// Sets the first timers, where a kind has any.
    virtual void DoStart();

    /// Notes that the device has been struck now; whether for the first time.
    bool Strike(DeviceId device);

    /// OnTimer(device) in `seconds`; at once if negative.
    void After(DeviceId device, double seconds) const;

    /// A uniform draw of Purpose::FAULT_TIME that belongs to this fault and device alone.
    double Draw(DeviceId device, uint32_t salt = 0) const;

    const FaultContext& Context() const
    {
        return m_context;
    }

    const HitRule& Rule() const
    {
        return *m_rule;
    }

  private:
    uint32_t m_number;
    HitConfig m_target;
    FaultContext m_context;
    std::unique_ptr<HitRule> m_rule;
    std::set<DeviceId> m_struck;
    std::optional<Tick> m_first;
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_LIFECYCLE_FAULT_H
