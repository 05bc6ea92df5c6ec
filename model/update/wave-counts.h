// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_UPDATE_WAVE_COUNTS_H
#define IOTFLEET_UPDATE_WAVE_COUNTS_H

#include <cstdint>

namespace ns3::iotfleet
{

/// A wave, or several, as the operator counts them.
struct WaveCounts
{
    uint32_t targeted{0};
    uint32_t succeeded{0};  ///< reported the target version
    uint32_t failed{0};     ///< reported a failure
    uint32_t unreported{0}; ///< silent until a time-out
    uint32_t rejected{0};   ///< of the failed: refused the set-up, the transfer or the image
    uint32_t rolledBack{0}; ///< of the failed: had the whole image and run their old one still
    uint32_t offered{0};    ///< got the image offered; tries are not counted

    /// Devices of which nothing final is known yet.
    uint32_t Pending() const
    {
        return targeted - succeeded - failed - unreported;
    }

    /// Devices of which something final is known, silence included.
    uint32_t Finished() const
    {
        return succeeded + failed + unreported;
    }

    WaveCounts& operator+=(const WaveCounts& other)
    {
        targeted += other.targeted;
        succeeded += other.succeeded;
        failed += other.failed;
        unreported += other.unreported;
        rejected += other.rejected;
        rolledBack += other.rolledBack;
        offered += other.offered;
        return *this;
    }

    bool operator==(const WaveCounts&) const = default;
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_UPDATE_WAVE_COUNTS_H
