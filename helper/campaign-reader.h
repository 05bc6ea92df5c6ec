// SPDX-License-Identifier: GPL-2.0-only

#ifndef IOTFLEET_HELPER_CAMPAIGN_READER_H
#define IOTFLEET_HELPER_CAMPAIGN_READER_H

#include "helper/campaign.h"

namespace ns3::iotfleet
{

/**
 * Reads a campaign file and checks what it says itself. It does not read the scenarios.
 *
 * @param path the campaign file
 * @return a campaign without known faults
 * @throws ScenarioError with all faults
 */
Campaign ReadCampaign(const std::filesystem::path& path);

} // namespace ns3::iotfleet

#endif // IOTFLEET_HELPER_CAMPAIGN_READER_H
