// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_UPDATE_UPDATE_HAZARDS_H
#define IOTFLEET_UPDATE_UPDATE_HAZARDS_H

#include "model/fleet/types.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace ns3::iotfleet
{

/// What a bad image does to a device that boots it for the first time.
struct BootFate
{
    /// In the order of what is left of the device.
    enum class Kind : uint8_t
    {
        REVERTS,     ///< fails `resets` times, then the boot loader goes back to the old image
        CANNOT_JOIN, ///< runs, and its radio or key store does not
        BRICKS,      ///< fails `resets` times and never comes back
    };

    Kind kind{Kind::REVERTS};
    std::string_view cause; ///< static text: the word for table `failure`
    uint32_t resets{1};     ///< starts that fail
    /// Time from a start to the watchdog's reset, seconds; empty: the agent's attribute Watchdog.
    std::optional<double> resetS{};
    /// CANNOT_JOIN: the device goes back to the old image after this long, seconds; empty: never.
    std::optional<double> revertAfterS{};
};

/// What threatens an installation.
struct PowerLossOdds
{
    double probability{0};            ///< that the power fails during one attempt to install
    std::optional<double> brickShare; ///< of those; empty: by the profile's slots
};

/// What becomes of a report that a device is about to send.
struct ReportFate
{
    bool lost{false};
    bool wrong{false}; ///< it names another image than the running one
    double delayS{0};
};

/**
 * Bad luck on the devices' side, asked at the few instants at which an update agent needs it. It is
 * part of the truth: nothing on the operator's side sees it. Answers about a device and an image
 * must not depend on how often they are asked, except AtReport.
 */
class UpdateHazards
{
  public:
    virtual ~UpdateHazards() = default;

    /// Asked when `device` boots `image` for the first time; nothing where the image is good.
    virtual std::optional<BootFate> AtFirstBoot(DeviceId device, ImageId image) = 0;

    /// Asked while `device` installs.
    virtual PowerLossOdds AtInstallation(DeviceId device) const = 0;

    /// Asked for every report (TS006 answer) of `device`.
    virtual ReportFate AtReport(DeviceId device) = 0;
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_UPDATE_UPDATE_HAZARDS_H
