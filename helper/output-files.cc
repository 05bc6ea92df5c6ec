// SPDX-License-Identifier: GPL-2.0-only

#include "helper/output-files.h"

#include "helper/scenario-error.h"
#include "model/record/durable-file.h"
#include "model/record/file-kind.h"
#include "model/record/results-database.h"
#include "model/record/results-source.h"

#include <sqlite3.h>

namespace ns3::iotfleet
{

namespace
{

namespace fs = std::filesystem;

[[noreturn]] void
Refuse(const std::string& option,
       const fs::path& file,
       const std::string& found,
       const std::string& expected)
{
    throw ScenarioError(
        {{option + " " + file.string(), "", "found " + found + ", expected " + expected}});
}

/** Whether two names lead to one file, which need not exist. */
bool
IsSameFile(const fs::path& a, const fs::path& b)
{
    std::error_code error;
    if (fs::equivalent(a, b, error))
    {
        return true;
    }
    const auto whole = [&error](const fs::path& file) {
        return fs::weakly_canonical(fs::absolute(file, error), error);
    };
    return whole(a) == whole(b);
}

uint64_t
CountRuns(const fs::path& database)
{
    uint64_t runs = 0;
    ResultsSource(database).ForEachRow("SELECT count(*) FROM run", [&](sqlite3_stmt* row) {
        runs = static_cast<uint64_t>(sqlite3_column_int64(row, 0));
    });
    return runs;
}

/** What a results database holds that took long to make; empty: nothing but one run, if any. */
std::string
RunsAtStake(const fs::path& database, const ReplaceRule& rule)
try
{
    const uint64_t runs = CountRuns(database);
    const auto campaign = ReadCampaignRow(database);
    if (!campaign)
    {
        return runs > 1 ? std::to_string(runs) + " runs" : "";
    }
    const bool isOwn = rule.plan && campaign->planSha256 == *rule.plan;
    if (isOwn && runs <= rule.mostRuns.value_or(runs))
    {
        return {};
    }
    return "campaign \"" + campaign->name + "\" with " + std::to_string(runs) +
           (runs == 1 ? " run" : " runs");
}

catch (const DatabaseError&)
{
    return "results that this version of iot-fleet cannot read";
}

} // namespace

void
OutputFiles::AddInput(const fs::path& file)
{
    if (!file.empty())
    {
        m_uses.push_back({file, "a file that the command reads", false});
    }
}

void
OutputFiles::AddFile(const std::string& option, const fs::path& file)
{
    if (file.empty())
    {
        return;
    }
    RequirePlace(option, file);
    const std::string found = FoundInsteadOfText(file);
    if (!found.empty())
    {
        Refuse(option, file, found, "the name of a file that may be written over");
    }
    m_uses.push_back({file, "the file of " + option, true});
}

void
OutputFiles::AddDatabase(const std::string& option, const fs::path& file, const ReplaceRule& rule)
{
    if (file.empty())
    {
        return;
    }
    RequirePlace(option, file);
    const FileKind kind = LookAtFile(file);
    if (kind != FileKind::ABSENT && kind != FileKind::RESULTS)
    {
        const std::string found = FoundInsteadOfText(file);
        Refuse(option,
               file,
               found.empty() ? "a file that is no results database" : found,
               "a new name, or a results database that may be replaced");
    }
    const std::string runs =
        kind == FileKind::RESULTS && !rule.force ? RunsAtStake(file, rule) : "";
    if (!runs.empty())
    {
        Refuse(option, file, runs, "another name, or --force to replace them");
    }
    m_uses.push_back({file, "the file of " + option, true});
}

std::vector<fs::path>
OutputFiles::GetPartialFiles() const
{
    std::vector<fs::path> files;
    for (const Use& use : m_uses)
    {
        if (use.isOutput)
        {
            files.push_back(PartialNameOf(use.file));
        }
    }
    return files;
}

void
OutputFiles::Write(const fs::path& file, std::string_view text)
{
    WriteDurably(file, text);
}

void
OutputFiles::Publish(const fs::path& finished, const fs::path& file)
{
    PublishDurably(finished, file);
}

void
OutputFiles::RequirePlace(const std::string& option, const fs::path& file) const
{
    const fs::path folder = file.parent_path();
    std::error_code ignored;
    if (!folder.empty() && !fs::is_directory(folder, ignored))
    {
        Refuse(option, file, "no folder " + folder.string(), "one that exists");
    }
    if (file.filename().empty())
    {
        Refuse(option, file, "a folder", "the name of a file");
    }
    for (const Use& use : m_uses)
    {
        if (IsSameFile(use.file, file))
        {
            Refuse(option, file, use.words, "a file of its own");
        }
    }
}

bool
IsDatabase(const fs::path& file)
{
    const FileKind kind = LookAtFile(file);
    return kind == FileKind::RESULTS || kind == FileKind::SQLITE;
}

} // namespace ns3::iotfleet
