// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_TEST_PROGRAM_TEST_H
#define IOTFLEET_TEST_PROGRAM_TEST_H

#include "test/folder-test.h"
#include "test/test-support.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <gtest/gtest.h>
#include <string>
#include <sys/wait.h>
#include <vector>

namespace ns3::iotfleet::test
{

/// @return the program `iot-fleet` of this build, or what IOTFLEET_PROGRAM names; it need not exist
inline std::filesystem::path
FindProgram()
{
    std::filesystem::path program;
#ifdef IOTFLEET_BINARY_DIR
    program = std::filesystem::path(IOTFLEET_BINARY_DIR) / "iot-fleet";
#endif
    if (const char* named = std::getenv("IOTFLEET_PROGRAM"))
    {
        program = named;
    }
    return program;
}

/// What a call of the program gave.
struct Outcome
{
    int status{-1};
    std::string output; ///< standard output
    std::string errors; ///< standard error
};

/// Calls the program as users do, in a folder of its own; skips where the build has no program.
class ProgramTest : public FolderTest
{
  protected:
    void SetUp() override
    {
        m_program = FindProgram();
        if (!std::filesystem::exists(m_program))
        {
            GTEST_SKIP() << "this build has no program iot-fleet";
        }
    }

    void TearDown() override
    {
        std::filesystem::permissions(m_folder, std::filesystem::perms::owner_all); // to be removed
    }

    /// @param arguments of the program, as a shell reads them
    Outcome Call(const std::string& arguments) const
    {
        const std::string command = "cd '" + m_folder.string() + "' && '" + m_program.string() +
                                    "' " + arguments + " > .output 2> .errors";
        Outcome outcome;
        outcome.status = WEXITSTATUS(std::system(command.c_str()));
        outcome.output = ReadText(m_folder / ".output");
        outcome.errors = ReadText(m_folder / ".errors");
        std::filesystem::remove(m_folder / ".output");
        std::filesystem::remove(m_folder / ".errors");
        return outcome;
    }

    /// @return names of the files in the folder, sorted
    std::vector<std::string> Files() const
    {
        std::vector<std::string> names;
        for (const auto& entry : std::filesystem::directory_iterator(m_folder))
        {
            names.push_back(entry.path().filename().string());
        }
        std::sort(names.begin(), names.end());
        return names;
    }

    std::filesystem::path m_program;
};

} // namespace ns3::iotfleet::test

#endif // IOTFLEET_TEST_PROGRAM_TEST_H
