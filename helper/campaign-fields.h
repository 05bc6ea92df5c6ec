// SPDX-License-Identifier: GPL-2.0-only

#ifndef IOTFLEET_HELPER_CAMPAIGN_FIELDS_H
#define IOTFLEET_HELPER_CAMPAIGN_FIELDS_H

#include "helper/campaign.h"
#include "helper/scenario-visitor.h"

namespace ns3::iotfleet
{

/** Version of the campaign format that this program reads. */
inline constexpr uint64_t CAMPAIGN_FORMAT = 1;

/** The list of all keys of a campaign file, as scenario-fields.h has it for scenarios. */
void VisitCampaign(ScenarioVisitor& v, Campaign& campaign);

} // namespace ns3::iotfleet

#endif // IOTFLEET_HELPER_CAMPAIGN_FIELDS_H
