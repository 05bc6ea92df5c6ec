// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_LIFECYCLE_THREAT_MODEL_H
#define IOTFLEET_LIFECYCLE_THREAT_MODEL_H

#include "model/fleet/counter-random.h"
#include "model/fleet/firmware-catalog.h"
#include "model/fleet/fleet.h"

#include "ns3/object.h"
#include "ns3/ptr.h"
#include "ns3/traced-callback.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace ns3::iotfleet
{

/// One attack: exactly one of share, count and devices says whom it hits.
struct ThreatConfig
{
    double atS{0};
    std::optional<double> share{};   ///< 0..1 of all devices, at random; rounded to whole devices
    std::optional<uint32_t> count{}; ///< random devices
    std::vector<std::string> devices{}; ///< by name
    bool ignoresCommands{false};        ///< the malware ignores set-up and commands
    bool liesInReports{false};          ///< it reports the target version and installs nothing
};

/// What an attack did.
struct ThreatRecord
{
    Tick time;
    uint32_t threat; ///< index of the ThreatConfig
    uint32_t attacked;
    uint32_t compromised; ///< the others resisted
};

/**
 * Attacks of given size at given times. It changes the truth (health to COMPROMISED, and how the
 * device's agent behaves) and nothing else; nothing spreads from what it compromised.
 *
 * An attack hits its devices whatever they are. Those are compromised that are alive and either
 * VULNERABLE, or HEALTHY with an image that does not fix the vulnerability; the others resist.
 */
class ThreatModel : public Object
{
  public:
    /// Tells the device's agent how its malware behaves.
    using Misbehave = std::function<void(DeviceId device, bool ignores, bool lies)>;

    /// Signature of the Attack trace source.
    using AttackTracedCallback = void (*)(const ThreatRecord& record);

    static TypeId GetTypeId();

    ThreatModel();
    ~ThreatModel() override;

    void SetFleet(Ptr<Fleet> fleet);

    /// Tells which images fix the vulnerability; must outlive the model.
    void SetCatalog(const FirmwareCatalog* catalog);

    void SetRandom(const CounterRandom& random);
    void SetMisbehave(Misbehave misbehave);

    /**
     * Adds an attack, before Start().
     * @throws std::invalid_argument if not exactly one of share, count and devices is given
     */
    void Add(ThreatConfig threat);

    /**
     * Schedules all attacks; the fleet must be complete.
     * @throws std::invalid_argument if a named device does not exist
     */
    void Start();

  protected:
    void DoDispose() override;

  private:
    std::vector<DeviceId> ChooseRandom(size_t count, uint32_t threat) const;
    bool IsSusceptible(DeviceId device) const;
    void Attack(uint32_t threat, const std::vector<DeviceId>& devices);

    Ptr<Fleet> m_fleet;
    const FirmwareCatalog* m_catalog{nullptr};
    CounterRandom m_random;
    Misbehave m_misbehave;
    std::vector<ThreatConfig> m_threats;

    TracedCallback<const ThreatRecord&> m_attack;
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_LIFECYCLE_THREAT_MODEL_H
