// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_TEST_SUPPORT_RUN_H
#define IOTFLEET_TEST_SUPPORT_RUN_H

#include "analysis/results-reader.h"
#include "analysis/sqlite-query.h"
#include "helper/temporary-folder.h"
#include "model/record/content-hash.h"
#include "test/test-support.h"

#include <memory>

/**
 * @file
 * @ingroup iotfleet-test
 * Runs of whole scenarios, as a user makes them, and what tests ask of them.
 */
namespace ns3::iotfleet::test
{

/**
 * One run of a scenario and its results database, which is deleted with the object. It reads what
 * the database says and computes nothing of its own; it is not a model.
 */
class WholeRun
{
  public:
    /**
     * Runs a scenario in this process.
     * @param scenario the file
     * @param sets `POINTER=VALUE` as on the command line
     * @param run number of the run under the scenario's seed
     */
    explicit WholeRun(const std::filesystem::path& scenario,
                      const std::vector<std::string>& sets = {},
                      uint64_t run = 1);

    /// The same with the scenario's text.
    static WholeRun OfText(const std::string& json,
                           const std::vector<std::string>& sets = {},
                           uint64_t run = 1);

    /// A metric; a failed test and NaN where it is NULL or absent.
    double Metric(std::string_view name) const;

    /// The first column of the first row of a query; `?` stands for nothing: there is one run.
    double Number(const std::string& sql) const;

    /// All rows of a query of one column.
    std::vector<double> Column(const std::string& sql) const;

    /// The first column of the first row, as text.
    std::string Text(const std::string& sql) const;

    std::string Hash(HashScope scope = HashScope::ALL) const
    {
        return ContentSha256(m_folder->GetPath() / "run.db", scope);
    }

    /// Where the database lies, and the scenario if it was given as text (scenario.json).
    const std::filesystem::path& Folder() const
    {
        return m_folder->GetPath();
    }

  private:
    WholeRun(std::unique_ptr<TemporaryFolder> folder,
             const std::filesystem::path& scenario,
             const std::vector<std::string>& sets,
             uint64_t run);

    std::unique_ptr<TemporaryFolder> m_folder;
    std::unique_ptr<analysis::SqliteFile> m_file;
};

/// Every device runs and has confirmed the target image, in truth and in the operator's books.
void ExpectAllUpdated(const WholeRun& run);

/// No gateway was on the air for more than its share of any hour and one frame.
void ExpectAirWithinLaw(const WholeRun& run);

/// Nobody is lost: device rows, progress and metrics count the same devices, energy is positive.
void ExpectBooksBalance(const WholeRun& run);

} // namespace ns3::iotfleet::test

namespace ns3::iotfleet
{
using test::ExpectAirWithinLaw;
using test::ExpectAllUpdated;
using test::ExpectBooksBalance;
using test::WholeRun;
} // namespace ns3::iotfleet

#endif // IOTFLEET_TEST_SUPPORT_RUN_H
