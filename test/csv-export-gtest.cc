// SPDX-License-Identifier: GPL-2.0-only

// CSV of every table, read back by rules of RFC 4180 that are written here anew.

#include "analysis/csv-export.h"
#include "analysis/input-error.h"
#include "model/record/results-database.h"
#include "test/folder-test.h"
#include "test/test-support.h"

#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <regex>

namespace
{

using namespace ns3::iotfleet;
namespace fs = std::filesystem;

using Record = std::vector<std::string>;

/// RFC 4180 section 2, rules 1 to 7; an unquoted empty field reads as "<null>".
std::vector<Record>
ParseCsv(const std::string& text)
{
    std::vector<Record> records(1);
    std::string field;
    bool quoted = false;
    bool wasQuoted = false;
    const auto end = [&] {
        records.back().push_back(field.empty() && !wasQuoted ? "<null>" : field);
        field.clear();
        wasQuoted = false;
    };
    for (size_t i = 0; i < text.size(); ++i)
    {
        const bool doubled = quoted && text.compare(i, 2, "\"\"") == 0;
        if (doubled)
        {
            field += '"';
            ++i;
        }
        else if (text[i] == '"')
        {
            quoted = !quoted;
            wasQuoted = true;
        }
        else if (!quoted && text[i] == ',')
        {
            end();
        }
        else if (!quoted && text.compare(i, 2, "\r\n") == 0)
        {
            end();
            records.emplace_back();
            ++i;
        }
        else
        {
            field += text[i];
        }
    }
    EXPECT_TRUE(records.back().empty()) << "the last record ends with CRLF, too";
    records.pop_back();
    return records;
}

class CsvExportTest : public test::FolderTest
{
  protected:
    void SetUp() override
    {
        ResultsDatabase database(m_folder / "a.db");
        RunRow run;
        run.scenario = "line one\r\nline \"two\", with comma";
        const int64_t runId = database.AddRun(run);
        database.Add(MetricRow{runId, "devices_total", 1.0 / 3, "1"});
        database.Add(MetricRow{runId, "time_to_99_updated_s", std::nullopt, "s"});
        database.Commit();
    }
};

TEST_F(CsvExportTest, WritesEveryTableAndValue)
{
    const auto tables = analysis::ExportCsv(m_folder / "a.db", m_folder / "out/");
    const std::string schema(ResultsSchemaText());
    const std::regex creation("CREATE TABLE ");
    EXPECT_EQ(tables.size(),
              static_cast<size_t>(
                  std::distance(std::sregex_iterator(schema.begin(), schema.end(), creation),
                                std::sregex_iterator())))
        << "as many as `iot-fleet schema results` creates";
    const auto metrics = ParseCsv(ReadText(m_folder / "out" / "metric.csv"));
    ASSERT_EQ(metrics.size(), 3U);
    EXPECT_EQ(metrics[0], (Record{"run_id", "name", "value", "unit"}));
    EXPECT_EQ(std::stod(metrics[1][2]), 1.0 / 3) << "the very same number";
    EXPECT_EQ(metrics[2], (Record{"1", "time_to_99_updated_s", "<null>", "s"}));
    const auto runs = ParseCsv(ReadText(m_folder / "out" / "run.csv"));
    ASSERT_EQ(runs.size(), 2U);
    EXPECT_EQ(runs[1][1], "line one\r\nline \"two\", with comma");
    EXPECT_EQ(runs[1][4], "") << "an empty text is no NULL";
    EXPECT_EQ(runs[1].size(), runs[0].size());
    EXPECT_EQ(ReadText(m_folder / "out" / "alarm.csv"), "run_id,t_s,device_id,is_true\r\n");
}

TEST_F(CsvExportTest, ReplacesAnEarlierExportAndNothingElse)
{
    analysis::ExportCsv(m_folder / "a.db", m_folder / "out");
    EXPECT_NO_THROW(analysis::ExportCsv(m_folder / "a.db", m_folder / "out"));
    std::ofstream(m_folder / "out" / "thesis.tex") << "years of work";
    EXPECT_THROW(analysis::ExportCsv(m_folder / "a.db", m_folder / "out"), analysis::InputError);
    EXPECT_THROW(analysis::ExportCsv(m_folder / "a.db", m_folder / "a.db"), analysis::InputError);
    EXPECT_THROW(analysis::ExportCsv(m_folder / "no.db", m_folder / "b"), analysis::InputError);
    EXPECT_FALSE(fs::exists(m_folder / "b"));
    for (const auto& entry : fs::directory_iterator(m_folder))
    {
        EXPECT_EQ(entry.path().string().find(".partial-"), std::string::npos) << entry.path();
    }
}

} // namespace
