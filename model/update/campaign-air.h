// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_UPDATE_CAMPAIGN_AIR_H
#define IOTFLEET_UPDATE_CAMPAIGN_AIR_H

#include "model/fleet/types.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <numeric>

namespace ns3::iotfleet
{

/// What a campaign's downlink is for.
enum class AirPurpose : uint8_t
{
    SET_UP,     ///< keys, fragmentation sessions and calls to multicast sessions, rekeying included
    FIRST_PASS, ///< fragments of the first full pass of each session
    REPAIR,     ///< fragments after it, and questions for what is missing
    REPORTS,    ///< the rest: questions for versions and for what became of silent devices
};

/// Downlink airtime of a campaign by what it was for, seconds, at all gateways.
class CampaignAir
{
  public:
    void Add(AirPurpose purpose, double seconds)
    {
        m_seconds[Index(purpose)] += seconds;
    }

    double Of(AirPurpose purpose) const
    {
        return m_seconds[Index(purpose)];
    }

    double TotalS() const
    {
        return std::accumulate(m_seconds.begin(), m_seconds.end(), 0.0);
    }

    /// What has come since an earlier state.
    CampaignAir Since(const CampaignAir& earlier) const
    {
        CampaignAir air;
        std::ranges::transform(m_seconds, earlier.m_seconds, air.m_seconds.begin(), std::minus<>());
        return air;
    }

    /// What repair took of it, 0..1; 0 where nothing was sent.
    double RepairShare() const
    {
        const double totalS = TotalS();
        return totalS > 0 ? Of(AirPurpose::REPAIR) / totalS : 0;
    }

  private:
    std::array<double, 4> m_seconds{}; ///< by AirPurpose
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_UPDATE_CAMPAIGN_AIR_H
