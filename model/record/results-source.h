// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_RECORD_RESULTS_SOURCE_H
#define IOTFLEET_RECORD_RESULTS_SOURCE_H

#include "model/record/rows.h"

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace ns3::iotfleet
{

/**
 * A whole results database, opened for reading by what writes such databases: to join them and to
 * see what a run gave. It is not for analysis, which has readers of its own.
 */
class ResultsSource
{
  public:
    /// @throw DatabaseError if `file` is absent, unreadable, or no results database of this
    /// version.
    explicit ResultsSource(const std::filesystem::path& file);

    /// @return the names of all tables, in the order in which they were made.
    std::vector<std::string> GetTables() const;

    /// Runs `sql` and calls `visit` for each row of its result.
    /// @throw DatabaseError if that fails
    void ForEachRow(const std::string& sql, const std::function<void(sqlite3_stmt*)>& visit) const;

  private:
    struct Closer
    {
        void operator()(sqlite3* db) const;
        void operator()(sqlite3_stmt* statement) const;
    };

    [[noreturn]] void Fail() const;

    std::filesystem::path m_file;
    std::unique_ptr<sqlite3, Closer> m_db;
};

/// What a campaign has to know of one finished run.
struct RunFile
{
    RunRow run; ///< without the scenario's text
    std::map<std::string, std::optional<double>> metrics;
};

/// @return the one run of a whole results database; nothing where the file is absent, unreadable,
/// something else, or holds not exactly one run.
std::optional<RunFile> ReadRunFile(const std::filesystem::path& file);

/// @return the campaign of a results database; nothing where the file is absent, unreadable,
/// something else, or has no campaign.
std::optional<CampaignRow> ReadCampaignRow(const std::filesystem::path& file);

} // namespace ns3::iotfleet

#endif // IOTFLEET_RECORD_RESULTS_SOURCE_H
