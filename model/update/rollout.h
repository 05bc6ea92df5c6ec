// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_UPDATE_ROLLOUT_H
#define IOTFLEET_UPDATE_ROLLOUT_H

#include "model/fleet/counter-random.h"
#include "model/fleet/device-registry.h"
#include "model/fleet/index-column.h"
#include "model/update/distributor.h"
#include "model/update/rollout-config.h"
#include "model/update/rollout-gate.h"
#include "model/update/rollout-order.h"
#include "model/update/stop-rule.h"
#include "model/update/trailing-waves.h"
#include "model/update/wave-dispatcher.h"

#include "ns3/event-id.h"
#include "ns3/nstime.h"
#include "ns3/object.h"
#include "ns3/traced-callback.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ns3::iotfleet
{

/// How a wave ended.
enum class WaveDecision : uint8_t
{
    RUNNING,
    ADVANCE, ///< the next wave may start
    FINISH,  ///< it was the last
    PAUSE,
    ABORT,
    ROLL_BACK, ///< stopped for good; a wave that rolls back follows
};

/// As in the database, table `wave`.
inline constexpr std::array<std::string_view, 6> WAVE_DECISION_NAMES{"running",
                                                                     "advance",
                                                                     "finish",
                                                                     "pause",
                                                                     "abort",
                                                                     "roll-back"};

/// One wave that has started.
struct WaveRecord
{
    uint32_t wave{0}; ///< 1, 2, ...
    std::string name;
    Tick started{0};
    std::optional<Tick> ended;
    WaveCounts counts; ///< at the end; while it runs: when last looked at
    WaveDecision decision{WaveDecision::RUNNING};
    std::string reason; ///< plain words with numbers
    bool isRollBack{false};
};

/**
 * Brings an image to the fleet wave by wave and stops when too much goes wrong. It reads the
 * registry, never the fleet, and leaves the air to a Distributor. Its gates see results as late as
 * the operator does, so that devices in flight can still be harmed after it has stopped.
 *
 * A wave takes, in the order of the policy, devices in scope that no wave has taken, that its
 * filter lets through, that are enrolled (unless told otherwise), not blocked, above the gates, and
 * not believed to run the image already. Devices that enrol later therefore join later waves, and
 * after the last planned one dynamic waves, if the filter of any planned wave lets them through. A
 * share counts all such devices taken so far or eligible now. When each member is offered the image
 * is the WaveDispatcher's part, whether a wave was good enough the RolloutGate's and the
 * StopRules'.
 *
 * Cost: O(wave) when failures (with stop rules: results) have come in, at most once a CheckInterval
 * (stretched to 1 ms a device for large waves); 2 bytes a device.
 */
class Rollout : public Object
{
  public:
    /// Signature of the trace sources.
    using WaveTracedCallback = void (*)(const WaveRecord& wave);

    static TypeId GetTypeId();

    Rollout();
    ~Rollout() override;

    /// Sets waves and all scalar knobs (which are attributes as well).
    void Configure(const RolloutConfig& config);

    /// These as they are.
    RolloutConfig GetConfig() const;

    /// What it reads and drives; all must outlive it. The inventory is for the orders that need it.
    void SetRegistry(DeviceRegistry* registry);
    void SetDistributor(Distributor* distributor);

    /// Where the distributor notes how devices failed; without it no failure is of a special kind.
    void SetFailures(const FailureBook* failures);
    void SetInventory(InventoryColumns inventory);

    /// Clocks against UTC by site of the inventory, for local maintenance windows.
    void SetUtcOffsets(std::vector<Tick> offsets);

    /// What devices get that go back; without it nothing may ask to roll back.
    void SetRollBackImage(ImageId image);
    void SetRandom(const CounterRandom& random);

    /// Replaces the order or the gate that the configuration names.
    void SetOrder(std::unique_ptr<WaveOrder> order);
    void SetGate(std::unique_ptr<RolloutGate> gate);

    /**
     * Lets the rollout begin at its start time (attribute Start), or at once if that is past.
     * @param image the target
     * @param scope devices that it is for; empty = every row of the registry
     */
    void Start(ImageId image, std::vector<DeviceId> scope = {});

    /**
     * The operator has looked and goes on after a pause. A wave that was stopped midway is offered
     * again to those of its devices that are not UPDATED; otherwise the next wave starts.
     */
    void Resume();

    /// The operator holds the rollout until Resume().
    void Pause(const std::string& reason);

    /// The operator stops the rollout for good.
    void Abort(const std::string& reason);

    /// The operator stops it and brings the roll-back image to all devices that may run the new
    /// one: those that reported it, and those whose fate is not known. Devices of which that turns
    /// out while others go back follow in a wave of their own; each is taken once.
    void RollBack(const std::string& reason);

    /// Counts and judges the current wave now instead of at the next check.
    void Check();

    ImageId Target() const
    {
        return m_image;
    }

    /// Waves that have started, in order; the last may still run.
    const std::vector<WaveRecord>& Waves() const
    {
        return m_records;
    }

    /// Wave that took the device last, 1, 2, ...; nothing if none has.
    std::optional<uint32_t> WaveOf(DeviceId device) const;

    /**
     * Whom the rollout is for, ascending: all that a wave ever took, and, where waves are still to
     * come or were given up, those that they would take if the rollout went on now (a device that
     * is blocked, not enrolled or held back by a gate now is not among the latter). Without the
     * second part a rollout that gives up after its canary would look like one that finished.
     * Nobody before the first wave.
     */
    std::vector<DeviceId> Targeted() const;

    /// Start of the first wave.
    std::optional<Tick> StartedAt() const;

    /// When the rollout finished or aborted.
    std::optional<Tick> EndedAt() const
    {
        return m_ended;
    }

    bool IsPaused() const;

    /// Bytes that are kept by device and by member of the wave.
    size_t MemoryBytes() const;

  protected:
    void DoDispose() override;

  private:
    /// What the rollout waits for.
    enum class Phase : uint8_t
    {
        IDLE,    ///< its start, an open window or devices to take
        RUNNING, ///< reports
        SOAKING,
        PAUSED,
        ENDED,
    };

    /// Whom a wave can take, and how many devices its share is of.
    struct Selection
    {
        std::vector<DeviceId> candidates; ///< ascending
        size_t targets{0};                ///< matching devices, taken or not
        uint32_t heldBack{0};             ///< kept out by the gates alone
    };

    static TypeId AddConfigAttributes(TypeId tid);
    static void AddDispatchAttributes(TypeId& tid);
    void MakePolicies();

    // Choosing a wave's members (rollout-waves.cc)
    MaintenanceWindow Window() const;
    bool CanBeTaken(DeviceId device) const;
    bool PassesGates(DeviceId device) const;
    Selection Select(const WaveConfig& wave) const;
    Selection Select(const WaveConfig& wave, const IndexColumn& waveOf) const;
    size_t Take(const WaveConfig& wave, const Selection& selection) const;
    bool MayStart(const WaveConfig& wave);
    std::vector<WaveConfig> Expand(const WaveConfig& wave, const Selection& selection) const;
    void ExpandWave();
    void TargetWhomWavesToComeWouldTake(std::vector<bool>& targeted) const;
    bool HasMore() const;
    void LeaveOut(const std::vector<DeviceId>& taken);
    bool PrepareDynamicWave();
    void StartNextWave();
    bool TryNextWave();
    void SkipWave(const WaveConfig& wave, const Selection& selection);
    const WaveConfig& CurrentWave() const;

    // The course of a wave (rollout.cc)
    void Begin();
    void Act(const std::string& action);
    void OpenWave(const WaveConfig& wave, size_t members);
    void StartWave(std::vector<DeviceId> devices);
    void MarkTargeted(DeviceId device);
    void Offer();
    void OnDistributed(uint32_t wave, uint32_t batch);
    void OnTimer();
    void Look();
    void Arm();
    Tick NextLook() const;
    Tick CheckSpacing() const;

    // What follows from its reports (rollout-verdict.cc)
    bool HasNews();
    void Recount();
    bool StopIfBad();
    void ReportsAreIn();
    void OnTimeOut();
    void EndSoak();
    void Stop(const std::string& reason, ErrorAction action);
    void HoldRollout();
    void ReleaseUnoffered(const std::string& why);
    WaveCounts CountsBefore() const;
    void CloseWave(WaveDecision decision, std::string reason);
    void EndRollout(const WaveRecord& last);

    // Waves that end early (rollout-early.cc)
    bool AdvanceEarly();
    void KeepTrailing();
    bool LookAtTrailing();
    void StopTrailing();
    void StopForTrailing(size_t bad, const std::string& reason);

    // Going back (rollout-back.cc)
    bool MayRunTheImage(DeviceId device) const;
    std::vector<DeviceId> WhoHasToGoBack() const;
    void StartRollBack();
    void StartRollBackWave(std::vector<DeviceId> devices);
    void LookAtRollBack();
    void EndRollBack();

    Time m_start;
    Time m_windowStart;
    Time m_windowEnd;
    Time m_checkInterval;
    WaveOrderKind m_orderKind{WaveOrderKind::RANDOM};
    UnreportedPolicy m_unreported{UnreportedPolicy::FAILURE};
    ErrorAction m_onError{ErrorAction::ABORT};
    bool m_requireEnrolled{true};
    Time m_resumeAfter;
    Time m_rollBackTimeout;
    std::vector<WaveConfig> m_waves;
    GateConfig m_gates;
    DispatchConfig m_dispatch;
    std::vector<StopRuleConfig> m_stopRuleConfigs;
    std::vector<ActionConfig> m_actions;
    DynamicConfig m_dynamic;

    DeviceRegistry* m_registry{nullptr};
    Distributor* m_distributor{nullptr};
    const FailureBook* m_failures{nullptr};
    InventoryColumns m_inventory;
    std::vector<Tick> m_utcOffsets;
    CounterRandom m_random;
    std::unique_ptr<OperatorView> m_view;
    std::unique_ptr<WaveOrder> m_order;
    std::unique_ptr<RolloutGate> m_gate;
    std::unique_ptr<WaveDispatcher> m_dispatcher;
    std::vector<StopRule> m_stopRules;

    ImageId m_image{NO_IMAGE};
    ImageId m_rollBackImage{NO_IMAGE};
    std::vector<DeviceId> m_scope;
    IndexColumn m_waveOf;          ///< by DeviceId; 0 = not taken
    std::vector<bool> m_targeted;  ///< by DeviceId; taken once, or meant to be when it went back
    std::vector<bool> m_mayHaveIt; ///< the same; a try ended in silence. Empty: of nobody
    std::vector<bool> m_sentBack;  ///< the same; was offered the roll-back image. Empty: nobody
    std::vector<bool> m_leftOut; ///< the same; the last planned wave could have taken it. Empty: it
                                 ///< is still to come, or no dynamic waves follow it
    std::vector<FilterConfig> m_filters; ///< of the planned waves
    bool m_begun{false};
    size_t m_taken{0};
    size_t m_nextWave{0}; ///< index into m_waves of the wave after the current one
    std::vector<WaveRecord> m_records;
    TrailingWaves m_trailing;
    std::string m_notes; ///< to be said with the wave's reason
    std::string m_waitedFor;
    Tick m_waitSince{0};
    std::optional<Tick> m_lateSince; ///< when the first device came that waits for a dynamic wave
    Phase m_phase{Phase::IDLE};
    bool m_rollingBack{false};
    uint32_t m_rollBacks{1}; ///< waves that bring devices back, once the first has begun
    bool m_stoppedMidway{false};
    bool m_distributed{false}; ///< the distributor has done what it can for this wave
    bool m_timedOut{false};
    Tick m_deadline{0};               ///< end of the wave's time or of its soak
    std::array<uint32_t, 3> m_seen{}; ///< registry-wide results when last looked at
    std::optional<Tick> m_ended;
    EventId m_event;
    EventId m_resumeEvent;
    std::vector<EventId> m_actionEvents;

    TracedCallback<const WaveRecord&> m_waveStarted;
    TracedCallback<const WaveRecord&> m_waveEnded;
    TracedCallback<const WaveRecord&> m_rolloutEnded;
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_UPDATE_ROLLOUT_H
