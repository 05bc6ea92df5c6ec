// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_LIFECYCLE_IMAGE_MATCH_H
#define IOTFLEET_LIFECYCLE_IMAGE_MATCH_H

#include "model/fleet/types.h"

namespace ns3::iotfleet
{

/**
 * The images that a fault comes with: one, and the copy of it that devices go back to, which has
 * the same content under a manifest, and thus an ImageId, of its own; or all.
 */
class ImageMatch
{
  public:
    /**
     * @param image NO_IMAGE: any
     * @param copy the same content as the roll-back brings it; NO_IMAGE: none
     */
    ImageMatch(ImageId image = NO_IMAGE, ImageId copy = NO_IMAGE)
        : m_image(image),
          m_copy(copy)
    {
    }

    /// Whether the fault comes with this image.
    bool Holds(ImageId image) const
    {
        return m_image == NO_IMAGE || image == m_image || (m_copy != NO_IMAGE && image == m_copy);
    }

  private:
    ImageId m_image;
    ImageId m_copy;
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_LIFECYCLE_IMAGE_MATCH_H
