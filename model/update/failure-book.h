// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_UPDATE_FAILURE_BOOK_H
#define IOTFLEET_UPDATE_FAILURE_BOOK_H

#include "model/fleet/types.h"
#include "model/update/wave-counts.h"

#include <cstdint>
#include <unordered_map>

namespace ns3::iotfleet
{

/// How a device failed, as far as its messages tell.
enum class FailureKind : uint8_t
{
    FAILED,      ///< it did not get or keep the image
    REJECTED,    ///< it refused the set-up, the transfer or the image
    ROLLED_BACK, ///< it said that it had the whole image, and runs its old one still
};

/**
 * The operator's notes on how devices failed. That they did is in the DeviceRegistry; here is only
 * what their messages tell of the way.
 *
 * Memory: of devices that failed in another way than FAILED.
 */
class FailureBook
{
  public:
    void Note(DeviceId device, FailureKind kind)
    {
        if (kind == FailureKind::FAILED)
        {
            m_kinds.erase(device);
            return;
        }
        m_kinds[device] = kind;
    }

    /// Of its last failure.
    FailureKind KindOf(DeviceId device) const
    {
        const auto found = m_kinds.find(device);
        return found == m_kinds.end() ? FailureKind::FAILED : found->second;
    }

    /// Counts a failed device by its kind; no book (nullptr) knows no kinds.
    static void Count(const FailureBook* book, DeviceId device, WaveCounts& counts)
    {
        const auto kind = book ? book->KindOf(device) : FailureKind::FAILED;
        ++counts.failed;
        counts.rejected += kind == FailureKind::REJECTED ? 1U : 0U;
        counts.rolledBack += kind == FailureKind::ROLLED_BACK ? 1U : 0U;
    }

  private:
    std::unordered_map<DeviceId, FailureKind> m_kinds; ///< looked up only
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_UPDATE_FAILURE_BOOK_H
