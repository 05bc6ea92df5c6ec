// SPDX-License-Identifier: GPL-2.0-only

#ifndef IOTFLEET_HELPER_OUTPUT_FILES_H
#define IOTFLEET_HELPER_OUTPUT_FILES_H

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ns3::iotfleet
{

/** When a results database may take the place of one that holds a campaign or several runs. */
struct ReplaceRule
{
    bool force{false};                //!< always: the user says so
    std::optional<std::string> plan;  //!< SHA-256 of a plan whose own database may be replaced
    std::optional<uint64_t> mostRuns; //!< ... if it holds no more runs than this
};

/**
 * The files of one command. They are looked at before the work: a mistyped folder is found, and
 * nothing is written over a database, an input or another output.
 */
class OutputFiles
{
  public:
    /** @param file read by the command, not to be written over; may be empty */
    void AddInput(const std::filesystem::path& file);

    /**
     * @param option as the user wrote it, such as `-o`
     * @param file of text or pictures, to be written; may be empty
     * @throws ScenarioError where it cannot be written without destroying something else
     */
    void AddFile(const std::string& option, const std::filesystem::path& file);

    /**
     * @param option as the user wrote it, such as `-o`
     * @param file results database to be written; may be empty
     * @param rule when it may replace one that took long to make
     * @throws ScenarioError where it cannot be written without destroying something else
     */
    void AddDatabase(const std::string& option,
                     const std::filesystem::path& file,
                     const ReplaceRule& rule);

    /** @return the names that files have while they are written; none is left by a whole command */
    std::vector<std::filesystem::path> GetPartialFiles() const;

    /**
     * Writes a file that was added, whole or not at all.
     *
     * @throws DatabaseError where it cannot be written; it is as before then
     */
    static void Write(const std::filesystem::path& file, std::string_view text);

    /**
     * Gives a finished file the name of one that was added.
     *
     * @param finished in the same file system
     * @throws DatabaseError where that fails
     */
    static void Publish(const std::filesystem::path& finished, const std::filesystem::path& file);

  private:
    /** A file of the command. */
    struct Use
    {
        std::filesystem::path file;
        std::string words; //!< what it is, for messages
        bool isOutput{false};
    };

    void RequirePlace(const std::string& option, const std::filesystem::path& file) const;

    std::vector<Use> m_uses; //!< so far
};

/** @return whether a file is a database, of whatever program; reads its first bytes only */
bool IsDatabase(const std::filesystem::path& file);

} // namespace ns3::iotfleet

#endif // IOTFLEET_HELPER_OUTPUT_FILES_H
