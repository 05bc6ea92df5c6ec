// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_TEST_REPORT_SAMPLE_H
#define IOTFLEET_TEST_REPORT_SAMPLE_H

#include "model/record/metric-dictionary.h"
#include "model/record/results-database.h"

#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

/**
 * @file
 * @ingroup iotfleet-test
 * Results databases made up for the tests of the report and the figures.
 */
namespace ns3::iotfleet::test
{

/// What a test's run looks like.
struct Sample
{
    uint32_t devices{200};
    std::string text{"plain"}; ///< in every place where a user's text can stand
    std::optional<double> timeTo99S{31 * 3600.0};
    std::optional<double> goalS{};
    uint32_t runs{1}; ///< of each variant
    uint32_t variants{1};
    double spread{1}; ///< of times and energies of the runs: 0 makes them equal
};

inline DeviceRow
MakeDevice(const Sample& sample, int64_t runId, uint32_t id)
{
    DeviceRow device;
    device.runId = runId;
    device.deviceId = id;
    device.name = sample.text + std::to_string(id);
    device.grp = sample.text;
    device.site = sample.text;
    device.xM = 10.0 * (id % 20);
    device.yM = 10.0 * (id / 20); // NOLINT: rows of a grid
    device.enrolment = "enrolled";
    device.enrolledS = 10;
    device.updateState = "confirmed";
    device.updatedS = 100000;
    device.firmware = "1.4.2";
    device.believedFirmware = "1.4.2";
    device.believedUpdate = "updated";
    device.health = "healthy";
    device.believedHealth = "fine";
    device.access = "full";
    device.targeted = true;
    device.wave = 1;
    device.campaignEnergyJ = 1.0 + 0.01 * (id % 100);
    device.dailyEnergyJ = 5.0;
    if (id < 3)
    {
        device.health = "bricked";
        device.updatedS.reset();
        device.believedUpdate = id == 0 ? "updated" : "unreported";
    }
    return device;
}

inline void
AddTables(const Sample& sample, ResultsDatabase& database, int64_t runId)
{
    for (uint32_t id = 0; id < sample.devices; ++id)
    {
        database.Add(MakeDevice(sample, runId, id));
        database.Add(DeviceEventRow{runId, 10.0, id, "enrolled"});
    }
    for (uint32_t id = 0; id < sample.devices; ++id)
    {
        database.Add(DeviceEventRow{runId, 95000.0, id, "notified"});
        database.Add(
            DeviceEventRow{runId, 100000.0 + id % 1000, id, id < 3 ? "bricked" : "updated"});
    }
    for (uint32_t i = 0; i <= 10; ++i)
    {
        ProgressRow row;
        row.runId = runId;
        row.tS = 20000.0 * i;
        row.enrolled = 200;
        row.updated = 20 * i;
        row.believedUpdated = i > 0 ? 20 * (i - 1) : 0;
        database.Add(row);
    }
    database.Add(WaveRow{runId,
                         1,
                         90000.0,
                         180000.0,
                         sample.devices,
                         197,
                         0,
                         3,
                         "abort",
                         sample.text,
                         sample.text});
    database.Add(SessionRow{runId,
                            1,
                            sample.text,
                            5,
                            90000,
                            95000.0,
                            100,
                            200,
                            199,
                            10,
                            1,
                            90010.0,
                            94000.0,
                            2,
                            37.5,
                            198});
    GatewayRow gateway;
    gateway.runId = runId;
    gateway.xM = 50;
    gateway.yM = 50;
    gateway.name = sample.text;
    gateway.downlinkAirtimeS = 100;
    gateway.dutyCycleUsed = 0.83;
    gateway.busiestBand = sample.text;
    database.Add(gateway);
    database.Add(GatewayHourRow{runId, 0, 25, sample.text, 30, 36.0});
    database.Add(FailureRow{runId, 5, 95000, sample.text, sample.text});
    database.Add(QuarantineRow{runId, 7, 50000, sample.text, std::nullopt, false});
}

inline void
AddMetrics(const Sample& sample, ResultsDatabase& database, int64_t runId, uint32_t run)
{
    const auto add = [&](std::string_view name, std::optional<double> value) {
        database.Add(
            MetricRow{runId, std::string(name), value, std::string(FindMetric(name)->unit)});
    };
    add("devices_total", sample.devices);
    add("devices_updated", sample.devices - 3.0);
    add("devices_bricked", 3);
    add("max_duty_cycle_used", 0.83);
    add("devices_targeted", 200);
    add("time_to_50_updated_s", 7200);
    add("energy_per_device_j_mean", 100.0 + 10.0 * sample.spread * run);
    add("time_to_99_updated_s",
        sample.timeTo99S ? std::optional(*sample.timeTo99S + 3600.0 * sample.spread * run)
                         : std::nullopt);
    add("time_to_all_updated_s", std::nullopt);
}

inline std::filesystem::path
WriteSample(const std::filesystem::path& folder, const Sample& sample)
{
    const std::filesystem::path file = folder / "sample.db";
    ResultsDatabase database(file);
    for (uint32_t i = 0; i < sample.runs * sample.variants; ++i)
    {
        RunRow run;
        const uint32_t variant = i / sample.runs;
        run.variant = sample.variants == 1 ? "" : sample.text + " " + std::to_string(variant);
        run.scenario = sample.text;
        run.scenarioJson = nlohmann::json{{"description", sample.text}}.dump();
        run.devices = sample.devices;
        run.seed = i % sample.runs + 1;
        run.status = "ok";
        run.simS = 200000;
        run.rolloutStartS = 90000;
        run.targetFirmware = "1.4.2";
        const int64_t runId = database.AddRun(run);
        AddTables(sample, database, runId);
        AddMetrics(sample, database, runId, i % sample.runs + 5 * variant);
        if (sample.goalS)
        {
            database.Add(ExpectationRow{runId, "time_to_99_updated_s", std::nullopt, sample.goalS});
        }
    }
    database.Commit();
    return file;
}

} // namespace ns3::iotfleet::test

#endif // IOTFLEET_TEST_REPORT_SAMPLE_H
