// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_QUARANTINE_QUARANTINE_ACCOUNTANT_H
#define IOTFLEET_QUARANTINE_QUARANTINE_ACCOUNTANT_H

#include "model/fleet/fleet.h"
#include "model/quarantine/quarantine-config.h"
#include "model/quarantine/quarantine-controller.h"

#include "ns3/object.h"
#include "ns3/ptr.h"

#include <array>
#include <map>
#include <optional>
#include <set>
#include <vector>

namespace ns3::iotfleet
{

/// One stay of a device in quarantine, its probation included.
struct QuarantineRecord
{
    DeviceId device;
    Tick entered;
    QuarantineLevel level;
    std::optional<Tick> released; ///< full access again; nothing while it is inside
    bool trulyCompromised;        ///< on entry
};

/**
 * Joint counts of truth and belief over time: what quarantine achieved and what it cost. It belongs
 * to the experimenter, who sees both sides; nothing in the simulation may read it.
 *
 * With compromised and clean (everything else) as the truth and the four values of HealthBelief,
 * every device is in one of eight cells at any instant; the accountant integrates their counts.
 * "Held" means QUARANTINED or PROBATION: both stay below full access until the release.
 *
 * Cost: O(1) per transition of health or belief.
 */
class QuarantineAccountant : public Object
{
  public:
    static TypeId GetTypeId();

    QuarantineAccountant();
    ~QuarantineAccountant() override;

    /**
     * Begins to count, from the state of things now. There need not be a controller: without one
     * everybody is FINE.
     */
    void Watch(Ptr<Fleet> fleet,
               const DeviceRegistry* registry,
               Ptr<QuarantineController> controller = nullptr);

    /// Stays in order of entry.
    const std::vector<QuarantineRecord>& Records() const
    {
        return m_records;
    }

    /// Devices held now.
    uint32_t HeldNow() const;

    /// `quarantined_total`: devices that were held at least once. O(stays).
    size_t QuarantinedTotal() const;

    /// Device-hours up to now in one cell.
    double DeviceHours(bool compromised, HealthBelief belief) const;

    /// `false_quarantine_device_hours`: clean and held. That a device was rightly put away does not
    /// matter: mended and not yet released, it is held although it is clean.
    double FalseQuarantineDeviceHours() const;

    /// `missed_compromised_device_hours`: compromised and not held (FINE or SUSPECT).
    double MissedCompromisedDeviceHours() const;

    /// `remediated_share`: of the devices that were ever compromised, whether or not anybody
    /// noticed, the share that is HEALTHY now; nothing if there was none.
    std::optional<double> RemediatedShare() const;

    /// `compromised_peak`: most devices compromised at one instant.
    uint32_t CompromisedPeak() const
    {
        return m_peak;
    }

    /// `compromised_final`: devices compromised now.
    uint32_t CompromisedNow() const;

  protected:
    void DoDispose() override;

  private:
    static constexpr size_t BELIEFS = HEALTH_BELIEF_NAMES.size();
    using Cells = std::array<std::array<double, BELIEFS>, 2>; ///< by compromised, HealthBelief

    void OnTransition(const Transition& transition);
    void OnBelief(const BeliefStep& step);
    void Move(bool compromised, HealthBelief from, bool compromisedTo, HealthBelief to);
    bool IsCompromised(DeviceId device) const;

    Ptr<Fleet> m_fleet;
    const DeviceRegistry* m_registry{nullptr};
    Ptr<QuarantineController> m_controller;
    Cells m_devices{}; ///< now
    Cells m_deviceS{}; ///< integrals up to m_last
    Tick m_last{0};
    uint32_t m_peak{0};
    std::vector<QuarantineRecord> m_records;
    std::map<DeviceId, size_t> m_open;    ///< stays not yet ended: index into m_records
    std::set<DeviceId> m_everCompromised; ///< by now
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_QUARANTINE_QUARANTINE_ACCOUNTANT_H
