// SPDX-License-Identifier: GPL-2.0-only

#include "helper/temporary-folder.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <stdexcept>

namespace ns3::iotfleet
{

TemporaryFolder::TemporaryFolder(const std::filesystem::path& beside)
{
    std::string pattern =
        beside.empty() ? (std::filesystem::temp_directory_path() / "iot-fleet-XXXXXX").string()
                       : beside.string() + ".partial-XXXXXX";
    if (::mkdtemp(pattern.data()) == nullptr)
    {
        throw std::runtime_error(pattern + ": cannot make it: " + std::strerror(errno));
    }
    m_path = pattern;
}

TemporaryFolder::~TemporaryFolder()
{
    Remove();
}

void
TemporaryFolder::Remove() const
{
    std::error_code ignored;
    std::filesystem::remove_all(m_path, ignored);
}

const std::filesystem::path&
TemporaryFolder::GetPath() const
{
    return m_path;
}

} // namespace ns3::iotfleet
