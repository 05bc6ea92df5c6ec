// SPDX-License-Identifier: GPL-2.0-only

#ifndef IOTFLEET_HELPER_POLICY_IMPORT_H
#define IOTFLEET_HELPER_POLICY_IMPORT_H

#include "helper/import/import-source.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

/**
 * @file
 * @ingroup iotfleet-helper
 * Turns the configuration of a real rollout manager into a scenario, and says of each field what
 * became of it. It reads files only; it talks to no service.
 */

namespace ns3::iotfleet
{

/** A scenario made of a foreign configuration. */
struct ImportedPolicy
{
    ScenarioJson scenario; //!< whole and valid
    std::vector<ImportNote> notes;
};

/** One format that can be imported. */
struct ImportFormat
{
    std::string name;   //!< as on the command line
    std::string accept; //!< what file it takes, in one line
};

/** @return all formats, in alphabetical order */
const std::vector<ImportFormat>& ImportFormats();

/**
 * Reads a configuration and puts its policy into a scenario.
 *
 * @param format name of a format
 * @param file configuration, JSON or YAML
 * @param base scenario whose fleet, network and images are kept; its `rollout` (and what else the
 *        format configures) is replaced. Without one, an example fleet: 1,000 devices under three
 *        gateways, and as many of each site, group or hardware batch that the policy names.
 * @return the scenario, checked
 * @throws ScenarioError for an unknown format, and for a file that cannot be used
 */
ImportedPolicy ImportPolicy(const std::string& format,
                            const std::filesystem::path& file,
                            const std::optional<std::filesystem::path>& base);

/** @name The formats: each adds its policy to a scenario and explains the fields. */
///@{
void ImportAwsIotJob(ImportSource& source, ScenarioJson& scenario);
void ImportChirpstackFuota(ImportSource& source, ScenarioJson& scenario);
void ImportFlightctlFleet(ImportSource& source, ScenarioJson& scenario);
void ImportHawkbitRollout(ImportSource& source, ScenarioJson& scenario);
void ImportMenderDeployment(ImportSource& source, ScenarioJson& scenario);
void ImportNerveshubDeploymentGroup(ImportSource& source, ScenarioJson& scenario);
///@}

} // namespace ns3::iotfleet

#endif // IOTFLEET_HELPER_POLICY_IMPORT_H
