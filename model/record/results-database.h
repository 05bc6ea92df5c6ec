// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_RECORD_RESULTS_DATABASE_H
#define IOTFLEET_RECORD_RESULTS_DATABASE_H

#include "model/record/results-schema.h"
#include "model/record/row-tables.h"

#include <filesystem>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace ns3::iotfleet
{

/// A results database could not be created, written or completed; what() is one whole sentence that
/// names the file. An environment failure (disk full, no permission) unless the caller broke a key.
class DatabaseError : public std::runtime_error
{
  public:
    using std::runtime_error::runtime_error;
};

/// @throw DatabaseError if `file` exists and is not a results database, so that writing one there
/// would destroy something else.
void RefuseForeignFile(const std::filesystem::path& file);

/**
 * Writes the results database of one or more runs: rows go in, and nothing comes out until
 * Commit(). It does not compute metrics and does not read databases (analysis/ does).
 *
 * Rows are collected in `FILE.partial-<pid>` next to FILE, in one transaction. Commit() makes the
 * file durable and renames it over FILE in one step; without Commit() the destructor removes it. A
 * killed process can leave only the partial file, so a FILE that exists is always whole.
 *
 * Equal rows give equal content (ContentSha256() in content-hash.h). Cost: about 1 us for a
 * narrow row, 2 to 3 us for a row of `device`; memory: SQLite's page cache, at most 16 MiB.
 */
class ResultsDatabase
{
  public:
    /**
     * Creates the partial file and its tables.
     *
     * @param file where Commit() puts the database; an existing file there is replaced only if it
     *        is a results database itself.
     * @throw DatabaseError if `file` exists and is something else, or its folder is not writable.
     */
    explicit ResultsDatabase(std::filesystem::path file);
    ~ResultsDatabase();

    ResultsDatabase(const ResultsDatabase&) = delete;
    ResultsDatabase& operator=(const ResultsDatabase&) = delete;

    /**
     * Adds a run, to be called before rows of that run.
     *
     * @return the run's id: row.runId, or the next free number where that is 0.
     */
    int64_t AddRun(const RunRow& row);

    /// Sets what is known at the end of run `runId` only.
    void FinishRun(int64_t runId, const RunEnd& end);

    /**
     * Closes rows of `given_up`: each gets the time of the first correction of its device that
     * comes after it. O((rows + corrections) log corrections); call it once a run.
     *
     * @param runId the run
     * @param corrections of a device each, in any order
     */
    void Correct(int64_t runId, const std::vector<GivenUpCorrection>& corrections);

    /// @name One row; throws DatabaseError when it cannot be written or its key exists already.
    ///@{
    void Add(const MetricRow& row);
    void Add(const DeviceRow& row);
    void Add(const TransitionRow& row);
    void Add(const DeviceEventRow& row);
    void Add(const ProgressRow& row);
    void Add(const WaveRow& row);
    void Add(const GatewayRow& row);
    void Add(const SessionRow& row);
    void Add(const AlarmRow& row);
    void Add(const QuarantineRow& row);
    void Add(const GatewayHourRow& row);
    void Add(const FailureRow& row);
    void Add(const GivenUpRow& row);
    void Add(const ExpectationRow& row);
    void Add(const CostRow& row);
    void Add(const FaultRow& row);
    void Add(const RunParameterRow& row);
    void Add(const RunFailureRow& row);
    void Add(const CampaignRow& row);
    ///@}

    /**
     * Copies all rows of another results database, whose runs must have other numbers.
     *
     * @param file a whole results database with the same tables; it stays as it is.
     * @throw DatabaseError if it cannot be read, has other tables, or a run of its is here already.
     */
    void Absorb(const std::filesystem::path& file);

    /**
     * Completes the database: commits, flushes it to the disk and renames it over its final name.
     * Nothing can be added afterwards.
     *
     * @throw DatabaseError, and then the final name is as it was before.
     */
    void Commit();

    /// @return the file that holds the rows until Commit().
    const std::filesystem::path& GetPartialFile() const;

  private:
    struct Closer
    {
        void operator()(sqlite3* db) const;
        void operator()(sqlite3_stmt* statement) const;
    };

    using Connection = std::unique_ptr<sqlite3, Closer>;
    using Statement = std::unique_ptr<sqlite3_stmt, Closer>;

    template <TableRow Row>
    void Insert(const Row& row);

    void Open();
    void Execute(const std::string& sql);
    Statement Prepare(const std::string& sql);
    void Step(sqlite3_stmt* statement);
    void Discard() noexcept;
    [[noreturn]] void Fail(const std::string& action) const;

    std::filesystem::path m_file;
    std::filesystem::path m_partial;
    Connection m_db;                                 ///< null after Commit()
    std::map<std::string_view, Statement> m_inserts; ///< by table
    int64_t m_lastRunId{0};
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_RECORD_RESULTS_DATABASE_H
