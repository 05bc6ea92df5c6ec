// SPDX-License-Identifier: GPL-2.0-only

#include "model/wire/suit-uuid.h"

#include "model/wire/crypto.h"

#include <algorithm>
#include <openssl/evp.h>

namespace ns3::iotfleet::wire::suit
{

Uuid
MakeUuidV5(const Uuid& nameSpace, std::string_view name)
{
    std::string message(nameSpace.begin(), nameSpace.end());
    message += name;
    // SHA-1 makes names here and protects nothing.
    std::array<uint8_t, 20> digest{};
    std::size_t written = 0;
    if (EVP_Q_digest(nullptr,
                     "SHA1",
                     nullptr,
                     message.data(),
                     message.size(),
                     digest.data(),
                     &written) != 1)
    {
        throw CryptoError("OpenSSL: SHA1");
    }
    Uuid uuid{};
    std::copy_n(digest.begin(), uuid.size(), uuid.begin());
    uuid[6] = static_cast<uint8_t>((uuid[6] & 0x0f) | 0x50); // version 5
    uuid[8] = static_cast<uint8_t>((uuid[8] & 0x3f) | 0x80); // variant of the RFC
    return uuid;
}

Uuid
MakeVendorId(std::string_view domain)
{
    return MakeUuidV5(NAMESPACE_DNS, domain);
}

Uuid
MakeClassId(const Uuid& vendorId, std::string_view classInformation)
{
    return MakeUuidV5(vendorId, classInformation);
}

std::string
ToString(const Uuid& uuid)
{
    static constexpr std::string_view DIGITS = "0123456789abcdef";
    std::string out;
    for (std::size_t i = 0; i < uuid.size(); ++i)
    {
        if (i == 4 || i == 6 || i == 8 || i == 10)
        {
            out += '-';
        }
        out += DIGITS[uuid[i] >> 4];
        out += DIGITS[uuid[i] & 0x0f];
    }
    return out;
}

} // namespace ns3::iotfleet::wire::suit
