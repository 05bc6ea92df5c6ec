// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_UPDATE_WAVE_DISPATCHER_H
#define IOTFLEET_UPDATE_WAVE_DISPATCHER_H

#include "model/fleet/counter-random.h"
#include "model/fleet/device-list.h"
#include "model/update/disruption-ledger.h"
#include "model/update/failure-book.h"
#include "model/update/local-windows.h"
#include "model/update/operator-view.h"
#include "model/update/penalty-box.h"
#include "model/update/retry-policy.h"
#include "model/update/rollout-pace.h"
#include "model/update/wave-counts.h"

#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ns3::iotfleet
{

/**
 * Says when each member of a wave is offered the image, and counts what became of them: pace,
 * concurrency, budgets, local windows, penalties, time-outs and tries are asked in turn. It judges
 * nothing and sends nothing: the Rollout does.
 *
 * Without any of these policies all members are offered at once and only counted: at most 4 bytes a
 * member (DeviceList), O(members) a count. With them: 22 bytes a member, O(members in progress +
 * looked at) a step.
 */
class WaveDispatcher
{
  public:
    /// Devices that are offered the image together.
    struct Batch
    {
        uint32_t id{0};
        std::vector<DeviceId> devices; ///< ascending
    };

    /**
     * @param config the policies
     * @param view,registry must outlive it; beliefs of timed-out devices are set in the registry
     * @param utcOffsets clock of each site against UTC, by site of the inventory; may be shorter
     * @param failures how devices failed; nullptr: nobody knows
     * @param random jitter (Purpose::WAVE_ORDER by device and try, from 1; the order itself has 0)
     */
    WaveDispatcher(const DispatchConfig& config,
                   const OperatorView& view,
                   DeviceRegistry& registry,
                   const FailureBook* failures,
                   std::vector<Tick> utcOffsets,
                   const CounterRandom& random);

    /// Follow members one by one even if no policy asks for it.
    void Follow()
    {
        m_follows = true;
    }

    /// Whether members are followed; else nothing happens between offer and reports.
    bool Follows() const
    {
        return m_follows;
    }

    /**
     * A wave begins.
     * @param members ascending
     * @param queue the same in the order of their turn; may be empty if members are not followed
     * @param scope all devices, for the sizes of the budgets' groups; only if there are budgets
     */
    void Begin(std::vector<DeviceId> members,
               const std::vector<DeviceId>& queue,
               const std::vector<DeviceId>& scope);

    /// Reads what became of the members, times out, and queues retries.
    void Refresh(Tick now);

    /// Whether a member has come to a bad end since the last question.
    bool TakeNews()
    {
        return std::exchange(m_news, false);
    }

    /// Who is to be offered the image now; remembered as offered.
    Batch Release(Tick now);

    /// The distributor will do nothing more for that batch.
    void Finish(uint32_t batch);

    /// Whether nobody waits for an offer or a retry.
    bool HasOfferedAll() const;

    /// Whether nothing more can come: all offered, and all batches finished or members settled.
    bool IsDone() const;

    /// The next instant after `now` at which Release may find somebody who waits for the clock
    /// alone.
    std::optional<Tick> NextDue(Tick now) const;

    /// Whether somebody is in progress, or waits for those who are.
    bool NeedsLooks() const
    {
        return m_follows && (!m_flight.empty() || m_blocked.budget > 0);
    }

    WaveCounts Count() const;

    /// The wave's time is over: whoever is in progress counts as silent until he reports.
    /// @return devices that were never offered, which are no members any more, ascending
    std::vector<DeviceId> Close();

    /// All of them, ascending, if members are not followed.
    const DeviceList& Members() const
    {
        return m_members;
    }

    /// Members that are not believed to be updated, ascending.
    std::vector<DeviceId> Unfinished() const;

    /// Why devices waited at the last Release, such as "12 outside their window"; empty: they
    /// did not.
    std::string Blocked() const;

    /// Members, including those that Close() took out.
    size_t Size() const
    {
        return m_members.size();
    }

    /// Bytes that are kept by member.
    size_t MemoryBytes() const;

    bool HasBudgets() const
    {
        return m_disruption.HasBudgets();
    }

  private:
    enum class State : uint8_t
    {
        WAITING,  ///< for its turn
        DELAYED,  ///< by jitter
        OFFERED,  ///< in progress
        RETRYING, ///< waits for another try
        DROPPED,  ///< silent for too long; a late report still counts
        LEFT_OUT, ///< never offered and no member any more
        FAILED,
        SUCCEEDED,
    };

    /// A member and when it is due.
    struct Due
    {
        Tick when;
        uint32_t member;

        auto operator<=>(const Due&) const = default;
    };

    /// Members that waited at the last Release, by reason.
    struct BlockedCounts
    {
        uint32_t window{0};
        uint32_t penalty{0};
        uint32_t budget{0};
        Tick nextClock{0}; ///< when the first of the windows opens or penalties end
    };

    struct OfferedBatch
    {
        std::vector<uint32_t> members; ///< empty if members are not followed
        std::vector<uint8_t> tries;
        bool finished{false};
    };

    Batch ReleaseAll();
    Batch Keep(std::vector<uint32_t> members);
    void RecountDisruption();
    uint32_t Allowance(Tick now);
    bool MayOffer(uint32_t member, Tick now);
    Tick OffsetOf(DeviceId device) const;
    void TakeTurn(uint32_t member, Tick now, std::vector<uint32_t>& batch);
    void MoveDelayed(Tick now, std::vector<uint32_t>& batch);
    void QueueRetries(Tick now);
    bool Settle(uint32_t member, Tick now);
    void End(uint32_t member, bool timedOut, Tick now);
    uint32_t InProgress() const;
    bool IsOffered(uint32_t member) const;
    void CountMember(uint32_t member, WaveCounts& counts) const;

    DispatchConfig m_config;
    const OperatorView& m_view;
    DeviceRegistry& m_registry;
    const FailureBook* m_failures;
    std::vector<Tick> m_offsets;
    CounterRandom m_random;
    RolloutPace m_pace;
    RetryPolicy m_retry;
    PenaltyBox m_penalties;
    DisruptionLedger m_disruption;
    LocalWindows m_windows;
    bool m_follows;

    uint64_t m_offeredEver{0};   ///< offers of all waves, tries included
    uint64_t m_succeededEver{0}; ///< of all waves; counted if members are followed

    DeviceList m_members;
    std::vector<State> m_states;
    std::vector<uint8_t> m_tries;
    std::vector<Tick> m_since; ///< of the last offer; NEVER_HEARD: its batch is over
    std::deque<uint32_t> m_queue;
    std::vector<Due> m_delayed;  ///< a heap, next first
    std::vector<Due> m_retrying; ///< a heap, next first
    std::vector<uint32_t> m_flight;
    std::vector<OfferedBatch> m_batches;
    uint32_t m_openBatches{0};
    uint32_t m_leftOut{0};
    bool m_closed{false};
    bool m_news{false};
    BlockedCounts m_blocked;
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_UPDATE_WAVE_DISPATCHER_H
