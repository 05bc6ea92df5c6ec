// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_LIFECYCLE_BAD_IMAGE_FAULT_H
#define IOTFLEET_LIFECYCLE_BAD_IMAGE_FAULT_H

#include "model/lifecycle/fault.h"
#include "model/lifecycle/image-match.h"

namespace ns3::iotfleet
{

/**
 * An image that some devices do not survive, or do not start: crash, silent brick, boot loop, or an
 * image that runs and cannot join. Which devices: usually those of a hardware batch or of a site.
 * It strikes at the first boot; what follows is the update agent's business.
 */
class BadImageFault : public Fault
{
  public:
    /**
     * @param images the bad ones
     * @param fate what the image does
     */
    BadImageFault(uint32_t number, const HitConfig& target, ImageMatch images, const BootFate& fate)
        : Fault(number, target),
          m_images(images),
          m_fate(fate)
    {
    }

    std::optional<BootFate> AtFirstBoot(DeviceId device, ImageId image) override
    {
        if (!m_images.Holds(image) || !Rule().Hits(device))
        {
            return std::nullopt;
        }
        Strike(device);
        return m_fate;
    }

  private:
    ImageMatch m_images;
    BootFate m_fate;
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_LIFECYCLE_BAD_IMAGE_FAULT_H
