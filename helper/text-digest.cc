// SPDX-License-Identifier: GPL-2.0-only

#include "helper/text-digest.h"

namespace ns3::iotfleet
{

void
TextDigest::Add(std::string_view bytes)
{
    Update(std::to_string(bytes.size()) + "\n");
    Update(bytes);
}

std::string
TextDigest::Finish()
{
    static constexpr std::string_view DIGITS = "0123456789abcdef";
    std::string text;
    for (const uint8_t byte : m_hasher.Finish())
    {
        text += DIGITS[byte >> 4];
        text += DIGITS[byte & 15];
    }
    return text;
}

void
TextDigest::Update(std::string_view bytes)
{
    m_hasher.Update({reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()});
}

} // namespace ns3::iotfleet
