// SPDX-License-Identifier: GPL-2.0-only

#ifndef IOTFLEET_HELPER_CAMPAIGN_PLAN_H
#define IOTFLEET_HELPER_CAMPAIGN_PLAN_H

#include "helper/campaign.h"

#include <optional>
#include <utility>

/**
 * @file
 * @ingroup iotfleet-helper
 * Which runs a campaign consists of. The same input gives the same plan with the same numbers.
 */

namespace ns3::iotfleet
{

/** One scenario of a campaign as it will be run: a base, a variant and one point of the grid. */
struct CampaignCell
{
    std::string label;          //!< what stands in `run.variant`
    std::filesystem::path file; //!< base scenario; relative paths start at its folder
    std::string text;           //!< the scenario as changed
    std::string sha256;         //!< of that text and of all files that it names
    std::string scenario;       //!< its name
    uint64_t seed{1};           //!< its own seed
    uint64_t devices{0};        //!< in its fleet
    /** JSON pointers of the grid and their values in this cell. */
    std::vector<std::pair<std::string, std::string>> parameters;
};

/**
 * Checks a scenario and makes a cell of it.
 *
 * @param label what stands in `run.variant`
 * @param file where the scenario comes from; relative paths in it start at its folder
 * @param text the scenario, changed or not
 * @return a cell that can be run
 * @throws ScenarioError with all faults; packet captures are refused, because all runs would write
 *         to the same file
 */
CampaignCell MakeCampaignCell(const std::string& label,
                              const std::filesystem::path& file,
                              const std::string& text);

/** A run to ask for: which cell, and which repetition of it, from 0. */
struct RunRequest
{
    std::size_t cell{0};
    uint64_t repetition{0};
};

/**
 * All cells of a campaign and how their repetitions are numbered. Repetition r of every cell has
 * the same seed and run number: differences between cells are differences of pairs.
 */
struct CampaignPlan
{
    std::string name;
    std::string text; //!< what the user asked for (a campaign file); kept in the results
    std::vector<CampaignCell> cells;
    std::vector<uint64_t> seeds; //!< used in turn; empty: each cell's own

    /** @return the key of a run in the results: the cells of repetition 0 first, from 1 */
    int64_t RunId(const RunRequest& request) const;

    /** @return the seed of a run */
    uint64_t Seed(const RunRequest& request) const;

    /** @return the run number of a run, from 1 */
    uint64_t RngRun(const RunRequest& request) const;

    /**
     * @return digest of everything that the results depend on: the text, every cell, the seeds and
     *         the versions of program and simulator
     */
    std::string Sha256() const;
};

/**
 * Reads the scenarios of a campaign and makes its cells: scenarios x variants x grid, the last
 * parameter of the grid running fastest.
 *
 * @param campaign a checked campaign
 * @return its plan
 * @throws ScenarioError with all faults of all cells, each said once
 */
CampaignPlan MakeCampaignPlan(const Campaign& campaign);

} // namespace ns3::iotfleet

#endif // IOTFLEET_HELPER_CAMPAIGN_PLAN_H
