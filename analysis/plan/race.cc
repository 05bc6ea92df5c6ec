// SPDX-License-Identifier: GPL-2.0-only
#include "analysis/plan/race.h"

#include <algorithm>
#include <cassert>
#include <numeric>

namespace ns3::iotfleet::analysis
{

namespace
{

constexpr size_t FINALISTS = 2;

/// The mean of a member of all scores; empty if one is missing.
std::optional<double>
MeanOf(const std::vector<GoalScore>& scores, std::optional<double> GoalScore::*member)
{
    double sum = 0;
    for (const GoalScore& score : scores)
    {
        if (!(score.*member))
        {
            return std::nullopt;
        }
        sum += *(score.*member);
    }
    return scores.empty() ? std::nullopt : std::optional(sum / static_cast<double>(scores.size()));
}

} // namespace

double
Racer::MetShare() const
{
    const auto met = std::ranges::count(scores, true, &GoalScore::isMet);
    return scores.empty() ? 0 : static_cast<double>(met) / static_cast<double>(scores.size());
}

double
Racer::MeanViolation() const
{
    double sum = 0;
    for (const GoalScore& score : scores)
    {
        sum += score.violation;
    }
    return scores.empty() ? 0 : sum / static_cast<double>(scores.size());
}

std::optional<double>
Racer::MeanObjective() const
{
    return MeanOf(scores, &GoalScore::objective);
}

std::optional<double>
Racer::MeanTime() const
{
    return MeanOf(scores, &GoalScore::time);
}

Race::Race(size_t strategies, const RaceOptions& options)
    : m_options(options),
      m_racers(strategies)
{
    assert(strategies > 0 && options.repetitions > 0);
}

std::vector<Race::Run>
Race::NextRuns() const
{
    std::vector<Run> runs;
    for (size_t strategy = 0; !m_isOver && strategy < m_racers.size(); ++strategy)
    {
        const Racer& racer = m_racers[strategy];
        for (uint64_t r = racer.scores.size(); racer.isRunning && r < m_target; ++r)
        {
            runs.push_back({strategy, r});
        }
    }
    return runs;
}

void
Race::EndRound(const std::vector<GoalScore>& scores)
{
    const auto runs = NextRuns();
    assert(scores.size() == runs.size());
    for (size_t i = 0; i < runs.size(); ++i)
    {
        m_racers[runs[i].strategy].scores.push_back(scores[i]);
    }
    if (m_target >= m_options.repetitions)
    {
        m_isOver = true;
        return;
    }
    const auto ranking = Ranking();
    for (size_t i = Survivors(ranking.size()); i < ranking.size(); ++i)
    {
        m_racers[ranking[i]].isRunning = false;
    }
    m_target = std::min(2 * m_target, m_options.repetitions);
}

const std::vector<Racer>&
Race::GetRacers() const
{
    return m_racers;
}

std::vector<size_t>
Race::Ranking() const
{
    std::vector<size_t> ranking;
    for (size_t i = 0; i < m_racers.size(); ++i)
    {
        if (m_racers[i].isRunning)
        {
            ranking.push_back(i);
        }
    }
    std::ranges::stable_sort(ranking, [this](size_t a, size_t b) { return IsBetter(a, b); });
    return ranking;
}

bool
Race::MeetsGoal(size_t strategy) const
{
    return m_racers[strategy].MetShare() >= m_options.requiredShare - 1e-12;
}

size_t
Race::MostRuns(size_t strategies, const RaceOptions& options)
{
    size_t runs = strategies;
    size_t running = strategies;
    for (size_t target = 1; target < options.repetitions;)
    {
        running = Survivors(running);
        const size_t next = std::min(2 * target, options.repetitions);
        runs += running * (next - target);
        target = next;
    }
    return runs;
}

bool
Race::IsBetter(size_t a, size_t b) const
{
    const bool aMeets = MeetsGoal(a);
    if (aMeets != MeetsGoal(b))
    {
        return aMeets;
    }
    const Racer& one = m_racers[a];
    const Racer& other = m_racers[b];
    if (!aMeets && one.MetShare() != other.MetShare())
    {
        return one.MetShare() > other.MetShare();
    }
    if (!aMeets && one.MeanViolation() != other.MeanViolation())
    {
        return one.MeanViolation() < other.MeanViolation();
    }
    const auto x = one.MeanObjective();
    const auto y = other.MeanObjective();
    if (!x || !y)
    {
        return x.has_value() && !y.has_value();
    }
    return m_options.isLeast ? *x < *y : *x > *y;
}

size_t
Race::Survivors(size_t running)
{
    return std::min(running, std::max(FINALISTS, (running + 1) / 2));
}

} // namespace ns3::iotfleet::analysis
