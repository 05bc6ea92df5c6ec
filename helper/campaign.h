// SPDX-License-Identifier: GPL-2.0-only

#ifndef IOTFLEET_HELPER_CAMPAIGN_H
#define IOTFLEET_HELPER_CAMPAIGN_H

#include "helper/scenario-json.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

/**
 * @file
 * @ingroup iotfleet-helper
 * What a campaign file says, in plain structs. Which runs follow from it is campaign-plan.h's task.
 */

namespace ns3::iotfleet
{

/** A strategy: a name and what it changes in the scenario. */
struct VariantSpec
{
    std::string name;
    ScenarioJson patch; //!< JSON merge patch (RFC 7396), applied first; null for none
    ScenarioJson set;   //!< object of JSON pointers and values, applied after it; null for none
};

/** An interval that has to be narrow before the campaign may stop early. */
struct NarrowSpec
{
    std::string metric;
    ScenarioJson width;                  //!< as written: a quantity, or a number for unit "1"
    std::optional<double> widthInUnit;   //!< the same in the metric's unit
    std::optional<double> relativeWidth; //!< of the mean's size
};

/** How often each variant is run. */
struct RepetitionSpec
{
    std::optional<uint64_t> count; //!< repetitions of each variant; with `until` the most
    ScenarioJson seeds;            //!< list of seeds, used in turn; null for the scenario's own
    std::vector<NarrowSpec> until; //!< all of them end the campaign early
    double confidence{0.95};       //!< of these intervals
    uint64_t minimum{5};           //!< repetitions before the first look
    uint64_t round{5};             //!< repetitions between looks
};

/** A campaign file. */
struct Campaign
{
    std::filesystem::path file; //!< as the user named it
    std::string text;           //!< its content
    std::string name;
    std::string description;
    std::vector<std::string> scenarios; //!< paths as written
    ScenarioJson grid;                  //!< object of JSON pointers and lists of values, or null
    std::vector<VariantSpec> variants;
    RepetitionSpec runs;
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_HELPER_CAMPAIGN_H
