// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_UPDATE_VERSION_WAIT_H
#define IOTFLEET_UPDATE_VERSION_WAIT_H

#include "model/update/device-filter.h"

#include <string>

namespace ns3::iotfleet
{

/**
 * Whether enough of some other devices are believed to run a version, so that a wave may start: the
 * wait event "other device version" of SUIT update management, on the operator's side
 * (draft-ietf-suit-update-management). Nobody to wait for is no evidence: it then waits.
 *
 * Cost: O(fleet) a look.
 */
class VersionWait
{
  public:
    /// `view` must outlive it.
    VersionWait(const WaitConfig& config, const OperatorView& view);

    bool IsOver() const;

    /// "90 % of 40 devices to run 1.2.0 (36 do)".
    std::string Sentence() const;

  private:
    struct Tally
    {
        uint32_t devices{0};
        uint32_t there{0}; ///< believed to run the version
    };

    Tally Count() const;

    WaitConfig m_config;
    const OperatorView& m_view;
    DeviceFilter m_filter;
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_UPDATE_VERSION_WAIT_H
