// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_HELPER_PAYLOAD_BUILDER_H
#define IOTFLEET_HELPER_PAYLOAD_BUILDER_H

#include "helper/scenario-error.h"
#include "helper/scenario.h"
#include "model/fleet/firmware-catalog.h"

#include <string>
#include <vector>

namespace ns3::iotfleet
{

/**
 * Adds the forms in which the target travels (`/firmware/payload`) to a catalog that has all
 * images. Sizes come from the files where they are given, from the ratios otherwise.
 * @throws std::runtime_error if a file cannot be read
 */
void AddPayloads(const Scenario& scenario, FirmwareCatalog& catalog);

/// @return what is wrong with `/firmware/payload`; @param file name for messages
std::vector<ScenarioProblem> CheckPayload(const Scenario& scenario, const std::string& file);

} // namespace ns3::iotfleet

#endif // IOTFLEET_HELPER_PAYLOAD_BUILDER_H
