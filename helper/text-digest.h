// SPDX-License-Identifier: GPL-2.0-only

#ifndef IOTFLEET_HELPER_TEXT_DIGEST_H
#define IOTFLEET_HELPER_TEXT_DIGEST_H

#include "model/wire/crypto.h"

#include <string>
#include <string_view>

namespace ns3::iotfleet
{

/** SHA-256 over a sequence of texts. Moving bytes from one text to the next changes it. */
class TextDigest
{
  public:
    /** @param bytes the next text */
    void Add(std::string_view bytes);

    /** @return 64 hexadecimal digits; nothing can be added afterwards */
    std::string Finish();

  private:
    void Update(std::string_view bytes);

    wire::Sha256Hasher m_hasher; //!< the digest so far
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_HELPER_TEXT_DIGEST_H
