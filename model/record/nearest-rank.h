// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_RECORD_NEAREST_RANK_H
#define IOTFLEET_RECORD_NEAREST_RANK_H

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace ns3::iotfleet
{

/**
 * The quantile that every count of devices or runs in the results goes by: the smallest value that
 * `share` of `population` do not exceed (nearest rank, Hyndman and Fan's type 1).
 *
 * @param share 0 to 1; rounding errors of up to 1e-9 devices do not ask for one more
 * @param population how many there are, with and without a value; at least 1
 * @return the place of that value in ascending order, from 1
 */
inline size_t
NearestRank(double share, size_t population)
{
    const double place = std::ceil(share * static_cast<double>(population) - 1e-9);
    return static_cast<size_t>(std::max(place, 1.0));
}

} // namespace ns3::iotfleet

#endif // IOTFLEET_RECORD_NEAREST_RANK_H
