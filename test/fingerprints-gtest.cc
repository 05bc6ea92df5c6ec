// SPDX-License-Identifier: GPL-2.0-only

// The shipped scenarios give the results that test/fingerprints.txt says: a change of a model that
// was not meant is found here, and one that was meant is seen in the commit that rewrites the file.

#include "helper/payload-codec.h"
#include "model/record/results-database.h"
#include "test/test-support-run.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <gnu/libc-version.h>
#include <gtest/gtest.h>
#include <map>
#include <sstream>

namespace
{

using namespace ns3::iotfleet;
namespace fs = std::filesystem;

const std::string REWRITE =
    "IOTFLEET_WRITE_FINGERPRINTS=1 build/iot-fleet-gtest --gtest_filter='Fingerprints.*'";

constexpr const char* HEAD =
    R"(# Fingerprints of the shipped scenarios: SHA-256 of what a run leaves in the results database, without the wall clock,
# memory, versions and the scenario's text (HashScope::BEHAVIOUR). Large scenarios are made small by the settings behind
# the hash. Made by test/fingerprints-gtest.cc in the environment of the next line, and compared in no other: compilers, C
# libraries (and the processors they choose functions by) and Zstandard may change last digits. To rewrite it after a
# change that is meant, and said so in the commit:
#   IOTFLEET_WRITE_FINGERPRINTS=1 build/iot-fleet-gtest --gtest_filter='Fingerprints.*'
)";

/// What results may depend on besides scenario and seed (doc/results.md).
std::string
DescribeEnvironment()
{
    std::string text;
#if defined(__clang__)
    text = "clang " + std::to_string(__clang_major__);
#elif defined(__GNUC__)
    text = "g++ " + std::to_string(__GNUC__);
#endif
    text += std::string(", glibc ") + gnu_get_libc_version() + ", Zstandard " + ZstdVersion() +
            ", ns-3 " + IOTFLEET_NS3_VERSION;
#if defined(__x86_64__)
    const bool modern = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    text += std::string(", x86-64 ") + (modern ? "with" : "without") + " AVX2 and FMA";
#endif
    return text;
}

/// One line of the file.
struct Fingerprint
{
    std::string hash;
    std::vector<std::string> sets; ///< as after --set
};

/// The file: environment and scenarios by name.
struct Fingerprints
{
    std::string environment;
    std::map<std::string, Fingerprint> scenarios;
};

fs::path
FilePath()
{
    return SourcePath("test/fingerprints.txt");
}

Fingerprints
ReadFingerprints()
{
    Fingerprints found;
    std::ifstream file(FilePath());
    std::string line;
    while (std::getline(file, line))
    {
        std::istringstream words(line);
        std::string name;
        words >> name;
        if (name.empty() || name.starts_with('#'))
        {
            continue;
        }
        if (name == "environment")
        {
            found.environment = line.substr(name.size() + 1);
            continue;
        }
        Fingerprint& one = found.scenarios[name];
        words >> one.hash;
        for (std::string set; words >> set;)
        {
            one.sets.push_back(set);
        }
    }
    return found;
}

void
WriteFingerprints(const Fingerprints& all)
{
    std::ofstream file(FilePath());
    file << HEAD << "environment " << DescribeEnvironment() << '\n';
    for (const auto& [name, one] : all.scenarios)
    {
        file << name << ' ' << one.hash;
        for (const auto& set : one.sets)
        {
            file << ' ' << set;
        }
        file << '\n';
    }
    ASSERT_TRUE(file.flush()) << FilePath();
}

/// Every scenario of the folder, whatever its name.
std::vector<std::string>
ListScenarios()
{
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(SourcePath("scenarios")))
    {
        const auto& path = entry.path();
        if (path.extension() == ".json" && path.stem().extension().empty())
        {
            names.push_back(path.stem().string());
        }
    }
    std::ranges::sort(names);
    return names;
}

bool
IsRewriting()
{
    return std::getenv("IOTFLEET_WRITE_FINGERPRINTS") != nullptr;
}

/// A database of one run, in a file of its own.
fs::path
WriteRun(const std::string& name, const RunRow& run, double max)
{
    const fs::path file = fs::path(testing::TempDir()) / ("iot-fleet-fingerprint-" + name + ".db");
    ResultsDatabase database(file);
    const int64_t id = database.AddRun(run);
    database.Add(ExpectationRow{id, "devices_bricked", std::nullopt, max});
    database.Commit();
    return file;
}

TEST(Fingerprints, AreOfWhatHappened)
{
    RunRow run;
    const auto one = WriteRun("one", run, 1);
    run.scenarioJson = "{}";
    run.toolVersion = "9";
    run.zstdVersion = "9";
    const auto other = WriteRun("other", run, 2);
    run.simS = 5;
    const auto longer = WriteRun("longer", run, 2);
    EXPECT_NE(ContentSha256(one), ContentSha256(other));
    EXPECT_EQ(ContentSha256(one, HashScope::BEHAVIOUR), ContentSha256(other, HashScope::BEHAVIOUR));
    EXPECT_NE(ContentSha256(one, HashScope::BEHAVIOUR),
              ContentSha256(longer, HashScope::BEHAVIOUR));
    for (const auto& file : {one, other, longer})
    {
        fs::remove(file);
    }
}

TEST(Fingerprints, NameEveryShippedScenario)
{
    const auto known = ReadFingerprints();
    const auto names = ListScenarios();
    EXPECT_GT(names.size(), 10U);
    for (const auto& name : names)
    {
        EXPECT_TRUE(IsRewriting() || known.scenarios.contains(name))
            << name << " has no fingerprint. Add the line \"" << name
            << " - [POINTER=VALUE ...]\" to test/fingerprints.txt, with settings that make it run "
               "for a second at most, and then: "
            << REWRITE;
    }
    for (const auto& [name, one] : known.scenarios)
    {
        EXPECT_TRUE(std::ranges::binary_search(names, name)) << name << " is no shipped scenario";
    }
}

TEST(Fingerprints, AreThoseOfTheFile)
{
    auto all = ReadFingerprints();
    if (!IsRewriting() && all.environment != DescribeEnvironment())
    {
        GTEST_SKIP() << "fingerprints are of \"" << all.environment << "\", and this is \""
                     << DescribeEnvironment() << "\"";
    }
    std::map<std::string, Fingerprint> now;
    for (const auto& name : ListScenarios())
    {
        Fingerprint one = all.scenarios[name];
        const WholeRun run(SourcePath("scenarios/" + name + ".json"), one.sets);
        const std::string hash = run.Hash(HashScope::BEHAVIOUR);
        EXPECT_TRUE(IsRewriting() || hash == one.hash)
            << "The results of the scenario " << name
            << " are not what they were. If that is not meant, a change of a model went further "
               "than it should. If it is, say in the commit which fingerprints change and why, and "
               "rewrite the file: "
            << REWRITE;
        one.hash = hash;
        now[name] = one;
    }
    if (IsRewriting())
    {
        all.scenarios = now;
        WriteFingerprints(all);
    }
}

} // namespace
