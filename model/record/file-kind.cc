// SPDX-License-Identifier: GPL-2.0-only
#include "model/record/file-kind.h"

#include "model/record/results-schema.h"

#include <array>
#include <cstdint>
#include <fstream>
#include <string_view>

namespace ns3::iotfleet
{

namespace
{

/// An SQLite file begins with its name and carries its application's number in bytes 68 to 71, big
/// endian (SQLite file format, section 1.3); reading it so needs no lock on a file that may not be
/// ours.
FileKind
LookInside(const std::filesystem::path& file)
{
    std::array<char, 72> header{};
    std::ifstream in(file, std::ios::binary);
    in.read(header.data(), header.size());
    if (std::string_view(header.data(), 15) != "SQLite format 3")
    {
        return FileKind::PLAIN;
    }
    uint32_t id = 0;
    for (size_t i = 68; i < 72; ++i)
    {
        id = (id << 8U) | static_cast<uint8_t>(header[i]);
    }
    return id == static_cast<uint32_t>(RESULTS_APPLICATION_ID) ? FileKind::RESULTS
                                                               : FileKind::SQLITE;
}

} // namespace

FileKind
LookAtFile(const std::filesystem::path& file)
{
    std::error_code error;
    const auto status = std::filesystem::status(file, error);
    if (!std::filesystem::exists(status))
    {
        return FileKind::ABSENT;
    }
    if (std::filesystem::is_directory(status))
    {
        return FileKind::FOLDER;
    }
    return std::filesystem::is_regular_file(status) ? LookInside(file) : FileKind::SPECIAL;
}

std::string
FoundInsteadOfText(const std::filesystem::path& file)
{
    switch (LookAtFile(file))
    {
    case FileKind::RESULTS:
        return "a results database";
    case FileKind::SQLITE:
        return "a database of another program";
    case FileKind::FOLDER:
        return "a folder";
    case FileKind::SPECIAL:
        return "a device, pipe or socket";
    case FileKind::ABSENT:
    case FileKind::PLAIN:
        break;
    }
    return {};
}

} // namespace ns3::iotfleet
