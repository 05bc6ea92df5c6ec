// SPDX-License-Identifier: GPL-2.0-only

#include "helper/text-file.h"

#include <fstream>
#include <iterator>

namespace ns3::iotfleet
{

std::optional<std::string>
ReadTextFile(const std::filesystem::path& path)
{
    std::error_code error;
    if (std::filesystem::is_directory(path, error))
    {
        return std::nullopt;
    }
    std::ifstream stream(path, std::ios::binary);
    if (!stream)
    {
        return std::nullopt;
    }
    std::string text((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
    return stream.bad() ? std::nullopt : std::optional(std::move(text));
}

} // namespace ns3::iotfleet
