// SPDX-License-Identifier: GPL-2.0-only
#include "model/update/wave-dispatcher.h"

#include "ns3/log.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

namespace ns3::iotfleet
{

NS_LOG_COMPONENT_DEFINE("WaveDispatcher");

namespace
{

/// m_since of a member whose batch is over: whatever the time-out, it has passed.
constexpr Tick NEVER_HEARD = std::numeric_limits<Tick>::min();

/// Jitter is in whole steps, so that devices of the same step can share a session.
constexpr double JITTER_STEP_S = 10;

/// Whether a device reported what it was offered, be it newer or older.
bool
IsSuccess(UpdateBelief belief)
{
    return belief == UpdateBelief::UPDATED || belief == UpdateBelief::WENT_BACK;
}

bool
NeedsFollowing(const DispatchConfig& config)
{
    const auto& pace = config.pace;
    return pace.rate > 0 || pace.concurrent > 0 || pace.jitterS > 0 || config.retry.limit > 0 ||
           !config.budgets.empty() || !config.windows.empty() || config.inProgressTimeoutS > 0;
}

} // namespace

WaveDispatcher::WaveDispatcher(const DispatchConfig& config,
                               const OperatorView& view,
                               DeviceRegistry& registry,
                               const FailureBook* failures,
                               std::vector<Tick> utcOffsets,
                               const CounterRandom& random)
    : m_config(config),
      m_view(view),
      m_registry(registry),
      m_failures(failures),
      m_offsets(std::move(utcOffsets)),
      m_random(random),
      m_pace(config.pace),
      m_retry(config.retry),
      m_penalties(config.penalty),
      m_disruption(config.budgets, view),
      m_windows(config.windows, config.firstDay),
      m_follows(NeedsFollowing(config))
{
}

void
WaveDispatcher::Begin(std::vector<DeviceId> members,
                      const std::vector<DeviceId>& queue,
                      const std::vector<DeviceId>& scope)
{
    m_members = std::move(members);
    m_batches.clear();
    m_openBatches = 0;
    m_leftOut = 0;
    m_closed = false;
    m_queue.clear();
    m_delayed.clear();
    m_retrying.clear();
    m_flight.clear();
    m_blocked = {};
    if (!m_follows)
    {
        return;
    }
    m_states.assign(m_members.size(), State::WAITING);
    m_tries.assign(m_members.size(), 0);
    m_since.assign(m_members.size(), 0);
    for (const auto device : queue)
    {
        m_queue.push_back(m_members.IndexOf(device).value());
    }
    m_disruption.SetScope(scope);
}

void
WaveDispatcher::Refresh(Tick now)
{
    if (!m_follows)
    {
        return;
    }
    std::erase_if(m_flight, [this, now](uint32_t member) { return Settle(member, now); });
    QueueRetries(now);
}

/// Whether a member in progress has come to an end.
bool
WaveDispatcher::Settle(uint32_t member, Tick now)
{
    const auto device = m_members[member];
    const auto belief = m_registry.Update(device);
    if (IsSuccess(belief))
    {
        m_states[member] = State::SUCCEEDED;
        ++m_succeededEver;
        return true;
    }
    const double limitS = m_config.inProgressTimeoutS;
    const bool late =
        m_since[member] == NEVER_HEARD || (limitS > 0 && now - m_since[member] >= ToTicks(limitS));
    const bool silent = late || belief == UpdateBelief::UNREPORTED;
    if (belief == UpdateBelief::FAILED || silent)
    {
        End(member, belief != UpdateBelief::FAILED, now);
        return true;
    }
    return false;
}

void
WaveDispatcher::End(uint32_t member, bool timedOut, Tick now)
{
    const auto device = m_members[member];
    if (timedOut)
    {
        m_registry.SetUpdate(device, UpdateBelief::UNREPORTED);
        m_disruption.FallSilent(device);
    }
    m_news = true;
    m_penalties.Fail(device, now);
    // Nobody is offered anything after Close(): what a member then says is its last word.
    if (!m_closed && m_retry.Allows(m_tries[member], timedOut))
    {
        NS_LOG_INFO("device " << Index(device) << " tried " << +m_tries[member]
                              << " times gets another try");
        m_states[member] = State::RETRYING;
        m_retrying.push_back({now + m_retry.Wait(m_tries[member]), member});
        std::ranges::push_heap(m_retrying, std::greater{});
        return;
    }
    NS_LOG_INFO("device " << Index(device) << (timedOut ? " timed out" : " failed") << " for good");
    m_states[member] = timedOut ? State::DROPPED : State::FAILED;
}

void
WaveDispatcher::QueueRetries(Tick now)
{
    while (!m_retrying.empty() && m_retrying.front().when <= now)
    {
        const auto member = m_retrying.front().member;
        std::ranges::pop_heap(m_retrying, std::greater{});
        m_retrying.pop_back();
        if (IsSuccess(m_registry.Update(m_members[member])))
        {
            m_states[member] = State::SUCCEEDED; // it reported late
            ++m_succeededEver;
            continue;
        }
        m_states[member] = State::WAITING;
        m_queue.push_back(member);
    }
}

uint32_t
WaveDispatcher::InProgress() const
{
    return static_cast<uint32_t>(m_flight.size() + m_delayed.size());
}

WaveDispatcher::Batch
WaveDispatcher::ReleaseAll()
{
    m_offeredEver += m_members.size();
    m_batches.emplace_back();
    ++m_openBatches;
    return {0, {m_members.begin(), m_members.end()}};
}

/// Who is in progress is unavailable, and who has had his turn and waits for his jitter.
void
WaveDispatcher::RecountDisruption()
{
    if (!m_disruption.HasBudgets())
    {
        return;
    }
    m_disruption.Recount(m_registry);
    std::ranges::for_each(m_flight, [this](uint32_t m) { m_disruption.Take(m_members[m]); });
    std::ranges::for_each(m_delayed,
                          [this](const Due& due) { m_disruption.Take(m_members[due.member]); });
}

/// Devices that pace and concurrency let go now.
uint32_t
WaveDispatcher::Allowance(Tick now)
{
    const bool onSuccess = m_config.pace.increaseOn == "succeeded";
    const auto rate = m_pace.Allowance(now, onSuccess ? m_succeededEver : m_offeredEver);
    const auto limit = m_config.pace.concurrent;
    return limit == 0 ? rate : std::min(rate, limit - std::min(limit, InProgress()));
}

WaveDispatcher::Batch
WaveDispatcher::Release(Tick now)
{
    if (!m_follows)
    {
        return m_batches.empty() ? ReleaseAll() : Batch{};
    }
    RecountDisruption();
    const auto allowance = Allowance(now);
    m_blocked = {0, 0, 0, std::numeric_limits<Tick>::max()};
    std::vector<uint32_t> batch;
    uint32_t taken = 0;
    std::erase_if(m_queue, [&](uint32_t member) {
        if (taken == allowance || !MayOffer(member, now))
        {
            return false;
        }
        ++taken;
        TakeTurn(member, now, batch);
        return true;
    });
    m_pace.Spend(taken);
    m_offeredEver += taken;
    MoveDelayed(now, batch);
    NS_LOG_INFO("offered to " << batch.size() << " devices, " << m_queue.size() << " wait, "
                              << InProgress() << " in progress"
                              << (Blocked().empty() ? "" : "; " + Blocked()));
    return Keep(std::move(batch));
}

/// Remembers members that are offered the image together; nobody is no batch.
WaveDispatcher::Batch
WaveDispatcher::Keep(std::vector<uint32_t> members)
{
    if (members.empty())
    {
        return {};
    }
    std::ranges::sort(members);
    Batch batch{static_cast<uint32_t>(m_batches.size()), {}};
    auto& kept = m_batches.emplace_back();
    ++m_openBatches;
    for (const auto member : members)
    {
        batch.devices.push_back(m_members[member]);
        kept.tries.push_back(m_tries[member]);
    }
    kept.members = std::move(members);
    return batch;
}

Tick
WaveDispatcher::OffsetOf(DeviceId device) const
{
    const auto site = m_view.Value(DeviceKey::SITE, device);
    return site < m_offsets.size() ? m_offsets[site] : 0;
}

/// Asks the policies that look at single devices; notes what they say.
bool
WaveDispatcher::MayOffer(uint32_t member, Tick now)
{
    const auto device = m_members[member];
    if (const auto opens = m_windows.NextOpen(now, OffsetOf(device)); opens > now)
    {
        ++m_blocked.window;
        m_blocked.nextClock = std::min(m_blocked.nextClock, opens);
        return false;
    }
    if (const auto until = m_penalties.Until(device); until > now)
    {
        ++m_blocked.penalty;
        m_blocked.nextClock = std::min(m_blocked.nextClock, until);
        return false;
    }
    const bool allowed = m_disruption.Allows(device);
    m_blocked.budget += allowed ? 0U : 1U;
    return allowed;
}

void
WaveDispatcher::TakeTurn(uint32_t member, Tick now, std::vector<uint32_t>& batch)
{
    const auto device = m_members[member];
    m_disruption.Take(device);
    m_tries[member] = static_cast<uint8_t>(std::min(m_tries[member] + 1, 255));
    const double jitterS = m_config.pace.jitterS;
    const double u =
        jitterS > 0
            ? m_random.Uniform(Purpose::WAVE_ORDER, static_cast<uint32_t>(device), m_tries[member])
            : 0;
    const double delayS = std::floor(u * jitterS / JITTER_STEP_S) * JITTER_STEP_S;
    if (delayS > 0)
    {
        m_states[member] = State::DELAYED;
        m_delayed.push_back({now + ToTicks(delayS), member});
        std::ranges::push_heap(m_delayed, std::greater{});
        return;
    }
    m_states[member] = State::OFFERED;
    m_since[member] = now;
    m_flight.push_back(member);
    batch.push_back(member);
}

void
WaveDispatcher::MoveDelayed(Tick now, std::vector<uint32_t>& batch)
{
    while (!m_delayed.empty() && m_delayed.front().when <= now)
    {
        const auto member = m_delayed.front().member;
        std::ranges::pop_heap(m_delayed, std::greater{});
        m_delayed.pop_back();
        m_states[member] = State::OFFERED;
        m_since[member] = now;
        m_flight.push_back(member);
        batch.push_back(member);
    }
}

void
WaveDispatcher::Finish(uint32_t id)
{
    if (id >= m_batches.size() || m_batches[id].finished)
    {
        return;
    }
    auto& batch = m_batches[id];
    batch.finished = true;
    --m_openBatches;
    for (size_t i = 0; i < batch.members.size(); ++i)
    {
        const auto member = batch.members[i];
        if (m_states[member] == State::OFFERED && m_tries[member] == batch.tries[i])
        {
            m_since[member] = NEVER_HEARD;
        }
    }
}

bool
WaveDispatcher::HasOfferedAll() const
{
    return m_follows ? m_queue.empty() && m_delayed.empty() && m_retrying.empty()
                     : !m_batches.empty();
}

bool
WaveDispatcher::IsDone() const
{
    return HasOfferedAll() && (m_follows ? m_flight.empty() : m_openBatches == 0);
}

std::optional<Tick>
WaveDispatcher::NextDue(Tick now) const
{
    if (!m_follows)
    {
        return std::nullopt;
    }
    Tick due = std::numeric_limits<Tick>::max();
    if (!m_delayed.empty())
    {
        due = std::min(due, m_delayed.front().when);
    }
    if (!m_retrying.empty())
    {
        due = std::min(due, m_retrying.front().when);
    }
    const auto asked = m_blocked.window + m_blocked.penalty;
    if (asked > 0)
    {
        due = std::min(due, m_blocked.nextClock);
    }
    if (m_queue.size() > asked + m_blocked.budget)
    {
        due = std::min(due, m_pace.NextStep().value_or(due));
    }
    return due == std::numeric_limits<Tick>::max() ? std::nullopt
                                                   : std::optional(std::max(due, now));
}

bool
WaveDispatcher::IsOffered(uint32_t member) const
{
    if (!m_follows)
    {
        return true;
    }
    const auto earlierTries = m_states[member] == State::DELAYED ? 1 : 0;
    return m_tries[member] > earlierTries;
}

void
WaveDispatcher::CountMember(uint32_t member, WaveCounts& counts) const
{
    const auto device = m_members[member];
    const auto belief = m_registry.Update(device);
    if (!IsOffered(member))
    {
        return;
    }
    ++counts.offered;
    const auto state = m_follows ? m_states[member] : State::OFFERED;
    if (state == State::SUCCEEDED || IsSuccess(belief))
    {
        ++counts.succeeded;
    }
    else if (state == State::FAILED || state == State::DROPPED || state == State::OFFERED)
    {
        if (belief == UpdateBelief::FAILED)
        {
            FailureBook::Count(m_failures, device, counts);
        }
        else if (belief == UpdateBelief::UNREPORTED || state == State::DROPPED)
        {
            ++counts.unreported;
        }
    }
}

WaveCounts
WaveDispatcher::Count() const
{
    WaveCounts counts;
    counts.targeted = static_cast<uint32_t>(m_members.size()) - m_leftOut;
    for (uint32_t member = 0; member < m_members.size(); ++member)
    {
        CountMember(member, counts);
    }
    if (m_closed || (!m_follows && !m_batches.empty() && m_openBatches == 0))
    {
        counts.unreported += counts.Pending();
    }
    return counts;
}

std::vector<DeviceId>
WaveDispatcher::Close()
{
    std::vector<DeviceId> leftOut;
    if (std::exchange(m_closed, true))
    {
        return leftOut;
    }
    for (uint32_t member = 0; m_follows && member < m_members.size(); ++member)
    {
        auto& state = m_states[member];
        if (!IsOffered(member))
        {
            state = State::LEFT_OUT;
            leftOut.push_back(m_members[member]);
        }
        else if (state == State::WAITING || state == State::DELAYED || state == State::RETRYING)
        {
            const bool failed = m_registry.Update(m_members[member]) == UpdateBelief::FAILED;
            state = failed ? State::FAILED : State::DROPPED;
        }
    }
    m_leftOut = static_cast<uint32_t>(leftOut.size());
    m_queue.clear();
    m_delayed.clear();
    m_retrying.clear();
    return leftOut;
}

std::vector<DeviceId>
WaveDispatcher::Unfinished() const
{
    std::vector<DeviceId> devices;
    for (uint32_t member = 0; member < m_members.size(); ++member)
    {
        const bool isMember = !m_follows || m_states[member] != State::LEFT_OUT;
        if (isMember && m_registry.Update(m_members[member]) != UpdateBelief::UPDATED)
        {
            devices.push_back(m_members[member]);
        }
    }
    return devices;
}

std::string
WaveDispatcher::Blocked() const
{
    std::string text;
    const auto add = [&text](uint32_t count, const char* why) {
        if (count > 0)
        {
            text += (text.empty() ? "" : ", ") + std::to_string(count) + " " + why;
        }
    };
    add(m_blocked.window, "outside their window");
    add(m_blocked.penalty, "in the penalty box");
    add(m_blocked.budget, "beyond the disruption budget");
    return text;
}

size_t
WaveDispatcher::MemoryBytes() const
{
    size_t bytes = m_members.MemoryBytes() + m_states.capacity() * sizeof(State) +
                   m_tries.capacity() + m_since.capacity() * sizeof(Tick) +
                   m_queue.size() * sizeof(uint32_t) +
                   (m_delayed.capacity() + m_retrying.capacity()) * sizeof(Due) +
                   m_flight.capacity() * sizeof(uint32_t) + m_disruption.MemoryBytes();
    for (const auto& batch : m_batches)
    {
        bytes +=
            sizeof batch + batch.members.capacity() * sizeof(uint32_t) + batch.tries.capacity();
    }
    return bytes;
}

} // namespace ns3::iotfleet
