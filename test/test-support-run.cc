// SPDX-License-Identifier: GPL-2.0-only
#include "test/test-support-run.h"

#include "helper/scenario-reader.h"
#include "helper/scenario-runner.h"

#include <cmath>
#include <fstream>
#include <gtest/gtest.h>
#include <limits>

namespace ns3::iotfleet::test
{

using analysis::SqliteFile;
using analysis::SqliteQuery;

WholeRun::WholeRun(const std::filesystem::path& scenario,
                   const std::vector<std::string>& sets,
                   uint64_t run)
    : WholeRun(std::make_unique<TemporaryFolder>(), scenario, sets, run)
{
}

WholeRun::WholeRun(std::unique_ptr<TemporaryFolder> folder,
                   const std::filesystem::path& scenario,
                   const std::vector<std::string>& sets,
                   uint64_t run)
    : m_folder(std::move(folder))
{
    RunOptions options;
    options.database = m_folder->GetPath() / "run.db";
    options.run = run;
    RunScenario(ReadScenario(scenario, sets), options);
    m_file = std::make_unique<SqliteFile>(options.database);
}

WholeRun
WholeRun::OfText(const std::string& json, const std::vector<std::string>& sets, uint64_t run)
{
    auto folder = std::make_unique<TemporaryFolder>();
    const auto file = folder->GetPath() / "scenario.json";
    std::ofstream(file) << json;
    return WholeRun(std::move(folder), file, sets, run);
}

double
WholeRun::Metric(std::string_view name) const
{
    const auto values = Column("SELECT value FROM metric WHERE value IS NOT NULL AND name = '" +
                               std::string(name) + "'");
    EXPECT_EQ(values.size(), 1U) << "metric " << name << " is NULL or absent";
    return values.size() == 1 ? values.front() : std::numeric_limits<double>::quiet_NaN();
}

double
WholeRun::Number(const std::string& sql) const
{
    const auto values = Column(sql);
    EXPECT_FALSE(values.empty()) << sql;
    return values.empty() ? std::numeric_limits<double>::quiet_NaN() : values.front();
}

std::vector<double>
WholeRun::Column(const std::string& sql) const
{
    SqliteQuery query(*m_file, sql);
    std::vector<double> values;
    while (query.Next())
    {
        std::optional<double> value;
        query.Read(value);
        values.push_back(value.value_or(std::numeric_limits<double>::quiet_NaN()));
    }
    return values;
}

std::string
WholeRun::Text(const std::string& sql) const
{
    SqliteQuery query(*m_file, sql);
    std::string text;
    EXPECT_TRUE(query.Next()) << sql;
    query.Read(text);
    return text;
}

void
ExpectAllUpdated(const WholeRun& run)
{
    const double devices = run.Number("SELECT devices FROM run");
    EXPECT_EQ(run.Metric("devices_updated"), devices);
    EXPECT_EQ(run.Metric("devices_failed"), 0);
    EXPECT_EQ(run.Metric("devices_bricked"), 0);
    EXPECT_EQ(run.Number("SELECT count(*) FROM device, run WHERE firmware = target_firmware AND "
                         "update_state = 'confirmed' AND updated_s IS NOT NULL"),
              devices);
}

void
ExpectAirWithinLaw(const WholeRun& run)
{
    // Starts that are time on air / share apart: an hour can hold one frame more, 2.8 s at most.
    for (const double used :
         run.Column("SELECT max(0, (duty_cycle_used - 1) * (SELECT min(limit_s) "
                    "FROM gateway_hour AS h WHERE h.gateway_id = "
                    "g.gateway_id AND band = busiest_band)) FROM gateway AS g"))
    {
        EXPECT_FALSE(used > 2.8) << "a gateway was on the air " << used << " s beyond its share";
    }
    // An hour of the clock is one of the hours that the law means.
    EXPECT_EQ(run.Number("SELECT count(*) FROM gateway_hour WHERE downlink_airtime_s > limit_s + "
                         "2.8"),
              0);
}

void
ExpectBooksBalance(const WholeRun& run)
{
    const double devices = run.Number("SELECT devices FROM run");
    EXPECT_EQ(run.Number("SELECT count(*) FROM device"), devices);
    EXPECT_EQ(run.Metric("devices_total"), devices);
    EXPECT_EQ(run.Number("SELECT enrolled FROM progress ORDER BY t_s DESC LIMIT 1"),
              run.Metric("devices_enrolled"));
    EXPECT_EQ(run.Number("SELECT count(*) FROM device WHERE enrolment = 'enrolled'"),
              run.Metric("devices_enrolled"));
    EXPECT_EQ(run.Number("SELECT count(*) FROM device WHERE energy_j < 0 OR campaign_energy_j < 0 "
                         "OR campaign_energy_j > energy_j * 1.000001"),
              0);
    EXPECT_EQ(run.Text("SELECT status FROM run"), "ok");
}

} // namespace ns3::iotfleet::test
