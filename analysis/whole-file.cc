// SPDX-License-Identifier: GPL-2.0-only
#include "analysis/whole-file.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <stdexcept>
#include <string>
#include <unistd.h>

namespace ns3::iotfleet::analysis
{

void
WriteWholeFile(const std::filesystem::path& file, std::string_view content)
{
    const std::filesystem::path partial = file.string() + ".partial-" + std::to_string(::getpid());
    errno = 0;
    std::ofstream out(partial, std::ios::binary);
    out.write(content.data(), static_cast<std::streamsize>(content.size()));
    out.close();
    std::error_code error;
    if (out)
    {
        std::filesystem::rename(partial, file, error);
    }
    if (!out || error)
    {
        const std::string reason = error ? error.message() : std::strerror(errno);
        std::filesystem::remove(partial, error);
        throw std::runtime_error(file.string() + ": cannot write it: " + reason);
    }
}

} // namespace ns3::iotfleet::analysis
