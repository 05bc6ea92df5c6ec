// SPDX-License-Identifier: GPL-2.0-only

// The directions of doc/architecture.md, checked on the #include lines of all source files.

#include "test/test-support.h"

#include <algorithm>
#include <fstream>
#include <gtest/gtest.h>
#include <map>
#include <numeric>
#include <regex>
#include <set>
#include <string>
#include <vector>

namespace
{

using ns3::iotfleet::test::SourcePath;

/// A folder, and the folders besides itself whose headers its files may include.
struct Layer
{
    std::string_view folder;
    std::vector<std::string_view> below;
    bool knowsNs3{true};
};

/// The folders of the services, which may use each other.
const std::vector<std::string_view> SERVICE_REACH{"model/wire",
                                                  "model/fleet",
                                                  "model/access",
                                                  "model/ns3-compat.h",
                                                  "model/onboarding",
                                                  "model/update",
                                                  "model/quarantine",
                                                  "model/lifecycle",
                                                  "model/threats"};

/// An access network: carries messages and does not know what for.
const std::vector<std::string_view> ACCESS_REACH{"model/wire",
                                                 "model/fleet",
                                                 "model/access",
                                                 "model/ns3-compat.h"};

/// One entry a folder. A source file in a folder that is not listed fails the test.
const std::vector<Layer> LAYERS{
    {"model/ns3-compat.h", {}},
    {"model/wire", {}, false},
    {"model/fleet", {"model/wire", "model/ns3-compat.h"}},
    {"model/access", {"model/wire", "model/fleet", "model/ns3-compat.h"}},
    {"model/lorawan", ACCESS_REACH},
    {"model/lowpan", ACCESS_REACH},
    {"model/onboarding", SERVICE_REACH},
    {"model/update", SERVICE_REACH},
    {"model/quarantine", SERVICE_REACH},
    {"model/lifecycle", SERVICE_REACH},
    {"model/threats", SERVICE_REACH},
    {"model/record",
     {"model/wire", "model/fleet", "model/access", "model/ns3-compat.h", "embedded"}},
    {"helper", {"model", "embedded"}},
    {"analysis", {"model/record", "embedded"}, false},
    {"cli", {"helper", "analysis", "embedded"}},
};

/// One #include line.
struct Inclusion
{
    std::string file; ///< from the module's root
    int line{0};
    std::string header; ///< as it is written
};

using Inclusions = std::vector<Inclusion>;

/// For a message: file and line as compilers write them.
std::string
Describe(const Inclusion& inclusion)
{
    return inclusion.file + ":" + std::to_string(inclusion.line) + ": includes \"" +
           inclusion.header + "\"";
}

/// Whether a path is a folder of ours or lies inside it.
bool
IsInside(std::string_view path, std::string_view folder)
{
    return path.starts_with(folder) && (path.size() == folder.size() || path[folder.size()] == '/');
}

/// The layer of a file, or nothing.
const Layer*
LayerOf(std::string_view path)
{
    const auto found = std::find_if(LAYERS.begin(), LAYERS.end(), [&](const Layer& layer) {
        return IsInside(path, layer.folder);
    });
    return found == LAYERS.end() ? nullptr : &*found;
}

/// Appends the #include lines of one file.
void
ReadInclusions(const std::string& relative, Inclusions& inclusions)
{
    static const std::regex INCLUDE(R"(^\s*#\s*include\s*[<"]([^>"]+)[>"])");
    std::ifstream stream(SourcePath(relative));
    std::string text;
    for (int line = 1; std::getline(stream, text); ++line)
    {
        std::smatch match;
        if (std::regex_search(text, match, INCLUDE))
        {
            inclusions.push_back({relative, line, match[1]});
        }
    }
}

/// The source files of the module that ship as a library or a program.
std::vector<std::string>
SourceFiles()
{
    std::vector<std::string> files;
    for (const auto* folder : {"model", "helper", "analysis", "cli"})
    {
        if (!std::filesystem::exists(SourcePath(folder)))
        {
            continue;
        }
        for (const auto& entry : std::filesystem::recursive_directory_iterator(SourcePath(folder)))
        {
            const auto extension = entry.path().extension();
            if (extension == ".h" || extension == ".cc")
            {
                files.push_back(entry.path().lexically_relative(SourcePath("")).generic_string());
            }
        }
    }
    std::sort(files.begin(), files.end());
    return files;
}

const Inclusions&
AllInclusions()
{
    static const Inclusions ALL = [] {
        Inclusions inclusions;
        for (const auto& file : SourceFiles())
        {
            ReadInclusions(file, inclusions);
        }
        return inclusions;
    }();
    return ALL;
}

/// Whether a header is ours: it is then written from the module's root.
bool
IsOurs(const std::string& header)
{
    return LayerOf(header) != nullptr || IsInside(header, "model") || IsInside(header, "embedded");
}

/// Which of our headers each file includes.
std::map<std::string, std::vector<Inclusion>>
IncludeGraph()
{
    std::map<std::string, std::vector<Inclusion>> graph;
    for (const auto& inclusion : AllInclusions())
    {
        graph[inclusion.file].push_back(inclusion);
    }
    return graph;
}

/// Reports every way on which `file` comes to include a header of ns-3.
void
ExpectNs3Unreachable(const std::map<std::string, std::vector<Inclusion>>& graph,
                     const std::string& origin,
                     const std::string& file,
                     std::set<std::string>& seen)
{
    const auto found = graph.find(file);
    if (found == graph.end() || !seen.insert(file).second)
    {
        return;
    }
    for (const auto& inclusion : found->second)
    {
        EXPECT_FALSE(IsInside(inclusion.header, "ns3"))
            << origin << " must not know ns-3, but " << Describe(inclusion);
        ExpectNs3Unreachable(graph, origin, inclusion.header, seen);
    }
}

/**
 * Walks along the includes from a file.
 * @param graph which of our headers each file includes
 * @param file where the walk stands
 * @param way the files on the way to it
 * @param finished files from which no circle was found
 * @return a circle, "a.h -> b.h -> a.h", or nothing
 */
std::string
FindCircle(const std::map<std::string, std::vector<Inclusion>>& graph,
           const std::string& file,
           std::vector<std::string> way,
           std::set<std::string>& finished)
{
    if (const auto first = std::find(way.begin(), way.end(), file); first != way.end())
    {
        return std::accumulate(first,
                               way.end(),
                               std::string(),
                               [](auto text, const auto& name) { return text + name + " -> "; }) +
               file;
    }
    const auto found = graph.find(file);
    if (found == graph.end() || finished.contains(file))
    {
        return {};
    }
    way.push_back(file);
    for (const auto& inclusion : found->second)
    {
        if (auto circle = FindCircle(graph, inclusion.header, way, finished); !circle.empty())
        {
            return circle;
        }
    }
    finished.insert(file);
    return {};
}

TEST(Layers, EveryFileStandsInAFolderOfTheArchitecture)
{
    ASSERT_GT(SourceFiles().size(), 0U);
    for (const auto& file : SourceFiles())
    {
        EXPECT_NE(LayerOf(file), nullptr) << file << ": no layer has this folder";
    }
}

TEST(Layers, FilesIncludeOnlyWhatStandsBelowThem)
{
    for (const auto& inclusion : AllInclusions())
    {
        const auto* layer = LayerOf(inclusion.file);
        if (layer == nullptr || !IsOurs(inclusion.header))
        {
            continue;
        }
        const bool allowed =
            IsInside(inclusion.header, layer->folder) ||
            std::any_of(layer->below.begin(), layer->below.end(), [&](std::string_view folder) {
                return IsInside(inclusion.header, folder);
            });
        EXPECT_TRUE(allowed) << Describe(inclusion) << ", which does not stand below "
                             << layer->folder;
    }
}

TEST(Layers, WireAndAnalysisReachNoHeaderOfNs3)
{
    const auto graph = IncludeGraph();
    for (const auto& file : SourceFiles())
    {
        const auto* layer = LayerOf(file);
        if (layer != nullptr && !layer->knowsNs3)
        {
            std::set<std::string> seen;
            ExpectNs3Unreachable(graph, file, file, seen);
        }
    }
}

TEST(Layers, NoHeaderIncludesItselfInACircle)
{
    const auto graph = IncludeGraph();
    std::set<std::string> finished;
    for (const auto& [file, inclusions] : graph)
    {
        ASSERT_EQ(FindCircle(graph, file, {}, finished), "");
    }
}

TEST(Layers, IncludesAreWrittenFromTheRootAndNameNoModuleHeader)
{
    for (const auto& inclusion : AllInclusions())
    {
        const bool isModuleHeader =
            IsInside(inclusion.header, "ns3") && inclusion.header.ends_with("-module.h");
        EXPECT_FALSE(isModuleHeader) << Describe(inclusion) << ", which is no C++20 on ns-3 3.37";
        EXPECT_FALSE(inclusion.header.starts_with(".")) << Describe(inclusion);
    }
}

TEST(Layers, EveryFileNamesItsLicenceAndStaysBelow600Lines)
{
    constexpr int LONGEST_FILE = 600;
    for (const auto& file : SourceFiles())
    {
        std::ifstream stream(SourcePath(file));
        std::string text;
        std::getline(stream, text);
        EXPECT_EQ(text, "// SPDX-License-Identifier: GPL-2.0-only") << file << ":1";
        int lines = 1;
        while (std::getline(stream, text))
        {
            ++lines;
        }
        EXPECT_LE(lines, LONGEST_FILE) << file;
    }
}

} // namespace
