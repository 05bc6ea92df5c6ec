// SPDX-License-Identifier: GPL-2.0-only
#include "test/vector-files.h"

#include <algorithm>
#include <set>

namespace ns3::iotfleet::test
{

namespace
{

/// A file, or those of an extension in a folder and all below it, sorted.
std::vector<std::filesystem::path>
FilesOf(const std::filesystem::path& place, std::string_view extension)
{
    if (std::filesystem::is_regular_file(place))
    {
        return {place};
    }
    std::vector<std::filesystem::path> files;
    if (std::filesystem::is_directory(place))
    {
        for (const auto& entry : std::filesystem::recursive_directory_iterator(place))
        {
            if (entry.is_regular_file() && entry.path().extension() == extension)
            {
                files.push_back(entry.path());
            }
        }
    }
    std::ranges::sort(files);
    return files;
}

} // namespace

std::vector<std::filesystem::path>
VectorFiles(std::string_view relative, std::string_view extension)
{
    std::vector<std::filesystem::path> bases{SourcePath("test/data")};
    if (const auto shared = SharedPath("vectors"))
    {
        bases.push_back(*shared);
    }
    std::vector<std::filesystem::path> distinct;
    std::set<std::string> contents;
    for (const auto& base : bases)
    {
        for (const auto& file : FilesOf(base / relative, extension))
        {
            if (contents.insert(ReadText(file)).second)
            {
                distinct.push_back(file);
            }
        }
    }
    return distinct;
}

} // namespace ns3::iotfleet::test
