// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_ANALYSIS_PLAN_RACE_H
#define IOTFLEET_ANALYSIS_PLAN_RACE_H

#include "analysis/plan/goal.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace ns3::iotfleet::analysis
{

/// How thoroughly to search.
struct RaceOptions
{
    size_t repetitions{8};     ///< of the finalists; repetition r of all uses the same random draws
    double requiredShare{0.9}; ///< share of a strategy's runs that must meet the goal
    bool isLeast{true};        ///< whether less of the objective is better
};

/// One strategy in a race: what its runs gave so far.
struct Racer
{
    std::vector<GoalScore> scores; ///< by repetition
    bool isRunning{true};          ///< not eliminated

    /// @return share of its runs that met the goal; 0 without runs.
    double MetShare() const;

    /// @return mean of the violations.
    double MeanViolation() const;

    /// @return mean of the objective; empty if a run has none.
    std::optional<double> MeanObjective() const;

    /// @return mean of the time; empty if it was never reached in a run.
    std::optional<double> MeanTime() const;
};

/**
 * Successive halving (Jamieson and Talwalkar, 2016) with common random numbers: all strategies get
 * one run, the better half of them two, the better half of these four, until the last have as many
 * repetitions as asked for. Because all of them meet the same draws, one run tells more about
 * which is better than about how good either is.
 *
 * A strategy that meets the goal in the required share of its runs is better than one that does
 * not; of two that do, the one with the better objective; of two that do not, the one that meets it
 * more often, then the one that misses it by less. Equal ones keep the order of their numbers.
 *
 * It decides what to run next and never runs anything; what it asks for follows from the scores
 * alone, so that a search that is begun anew with the same scores asks for the same.
 * For k strategies and R repetitions it takes about k (1 + log2(R) / 2) runs instead of k R.
 */
class Race
{
  public:
    /// @param strategies how many, at least 1
    Race(size_t strategies, const RaceOptions& options);

    /// A run to make.
    struct Run
    {
        size_t strategy{0};
        uint64_t repetition{0};
    };

    /// @return the runs of this round; empty when the race is over.
    std::vector<Run> NextRuns() const;

    /// Takes the scores of NextRuns(), in the same order, and eliminates the worse half.
    void EndRound(const std::vector<GoalScore>& scores);

    /// @return all strategies.
    const std::vector<Racer>& GetRacers() const;

    /// @return numbers of the strategies that are still in the race, the best first.
    std::vector<size_t> Ranking() const;

    /// @return whether a strategy meets the goal as often as required.
    bool MeetsGoal(size_t strategy) const;

    /// @return the most runs that a race takes.
    static size_t MostRuns(size_t strategies, const RaceOptions& options);

  private:
    bool IsBetter(size_t a, size_t b) const;
    static size_t Survivors(size_t running);

    RaceOptions m_options;
    std::vector<Racer> m_racers;
    size_t m_target{1}; ///< repetitions that each running strategy has at the end of this round
    bool m_isOver{false};
};

} // namespace ns3::iotfleet::analysis

#endif // IOTFLEET_ANALYSIS_PLAN_RACE_H
