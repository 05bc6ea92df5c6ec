// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_UPDATE_DISTRIBUTOR_H
#define IOTFLEET_UPDATE_DISTRIBUTOR_H

#include "model/fleet/types.h"

#include <functional>
#include <vector>

namespace ns3::iotfleet
{

/**
 * What a rollout needs of whatever brings an image to devices. It is told who gets which image; it
 * does not know of waves, and a rollout does not know of sessions. Results go to the
 * DeviceRegistry.
 */
class Distributor
{
  public:
    virtual ~Distributor() = default;

    /**
     * Brings `image` to `devices` (ascending).
     * @param devices who
     * @param image what
     * @param finished called once, when nothing more will be tried or waited for: whoever is then
     *        neither UPDATED nor FAILED in the registry counts as unreported
     */
    virtual void Distribute(std::vector<DeviceId> devices,
                            ImageId image,
                            std::function<void()> finished) = 0;

    /// The same of an older image: whoever reports it has then WENT_BACK, and is not UPDATED.
    virtual void BringBack(std::vector<DeviceId> devices,
                           ImageId image,
                           std::function<void()> finished) = 0;

    /**
     * Stops all distributions at once: no set-up, fragment or install command leaves any more. What
     * devices hold they may install, and may report. `finished` may be called before it returns.
     */
    virtual void StopOffering() = 0;
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_UPDATE_DISTRIBUTOR_H
