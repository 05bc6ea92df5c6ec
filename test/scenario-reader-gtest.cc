// SPDX-License-Identifier: GPL-2.0-only

#include "helper/placement.h"
#include "helper/scenario-reader.h"
#include "helper/scenario-writer.h"
#include "test/test-support.h"

#include <fstream>
#include <gtest/gtest.h>
#include <openssl/sha.h>

namespace
{

using namespace ns3::iotfleet;

const std::string MINIMAL = "test/data/scenarios/minimal.json";

Scenario
ReadMinimal(const std::vector<std::string>& sets = {})
{
    return ReadScenario(SourcePath(MINIMAL), sets);
}

/** Writes a scenario where the system keeps temporary files. */
std::filesystem::path
WriteTemporary(const std::string& name, const std::string& text)
{
    const auto path = std::filesystem::path(testing::TempDir()) / name;
    std::ofstream(path) << text;
    return path;
}

TEST(ScenarioReader, FillsDefaults)
{
    const Scenario scenario = ReadMinimal();
    EXPECT_EQ(scenario.name, "minimal");
    EXPECT_EQ(scenario.seed, 1U);
    EXPECT_EQ(scenario.durationS, 7 * 86400.0);
    EXPECT_EQ(scenario.fleet.groups.at(0).telemetry.periodS, 3600);
    EXPECT_EQ(scenario.lorawan.region, "EU868");
    EXPECT_TRUE(scenario.lorawan.backhauls.contains("default"));
    EXPECT_EQ(scenario.firmware.target, "1.1.0");
    EXPECT_EQ(scenario.firmware.images.at(0).sizeBytes, 20000U);
    EXPECT_TRUE(scenario.rollout.enabled);
    EXPECT_EQ(scenario.rollout.waves.at(0).soakS, 3600);
    EXPECT_FALSE(scenario.quarantine.enabled);
}

TEST(ScenarioReader, RolloutAndQuarantineAreThereWhenWritten)
{
    const Scenario scenario = ReadMinimal({"/rollout={}", "/quarantine={}"});
    EXPECT_TRUE(scenario.quarantine.enabled);
    ASSERT_EQ(scenario.rollout.waves.size(), 1U);
    EXPECT_EQ(scenario.rollout.waves.at(0).share, 1.0);
    EXPECT_FALSE(ReadMinimal({"/rollout/enabled=false"}).rollout.enabled);
}

TEST(ScenarioReader, SettingsReplaceValues)
{
    const Scenario scenario = ReadMinimal({"/fleet/groups/0/count=500",
                                           "/duration=3 d",
                                           "/name=\"other\"",
                                           "/rollout/waves/0/share=10 %",
                                           "/distribution={\"fragment_size\": {\"3\": \"51 B\"}}"});
    EXPECT_EQ(scenario.fleet.groups.at(0).count, 500U);
    EXPECT_EQ(scenario.durationS, 3 * 86400.0);
    EXPECT_EQ(scenario.name, "other");
    EXPECT_EQ(scenario.rollout.waves.at(0).share, 0.1);
    EXPECT_EQ(scenario.distribution.fragmentBytesByDataRate.at(3), 51);
}

TEST(ScenarioReader, SeedOfTheCommandLineIsNotPartOfTheText)
{
    const Scenario own = ReadMinimal();
    const Scenario other = ReadScenario(SourcePath(MINIMAL), {}, 99);
    EXPECT_EQ(other.seed, 99U);
    EXPECT_EQ(other.text, own.text);
    EXPECT_EQ(other.sha256, own.sha256);
    EXPECT_NE(ReadMinimal({"/seed=99"}).sha256, own.sha256);
}

TEST(ScenarioReader, DigestCoversTextAndNamedFiles)
{
    // The definition: decimal length, line feed, bytes, for the text and then for each file.
    const auto path = WriteTemporary("digest.json",
                                     "{\"schema\": 1, \"fleet\": {\"groups\": [{\"name\": \"m\", "
                                     "\"count\": 1}]}, \"access\": {\"lorawan\": {\"gateways\": "
                                     "[{}]}}, \"firmware\": {\"images\": [{\"version\": \"2\", "
                                     "\"file\": \"digest.bin\"}]}}");
    WriteTemporary("digest.bin", "firmware");
    const std::string text = ReadText(path);
    const std::string whole = std::to_string(text.size()) + "\n" + text + "8\nfirmware";
    std::vector<uint8_t> digest(SHA256_DIGEST_LENGTH);
    SHA256(reinterpret_cast<const unsigned char*>(whole.data()), whole.size(), digest.data());

    const Scenario scenario = ReadScenario(path);
    EXPECT_EQ(scenario.sha256, ToHex(digest));
    EXPECT_EQ(scenario.firmware.images.at(0).sizeBytes, 8U);
    EXPECT_EQ(scenario.firmware.images.at(0).file, path.parent_path() / "digest.bin");
}

TEST(ScenarioReader, ProfileChangesAreInSiUnits)
{
    const Scenario scenario = ReadMinimal(
        {"/fleet/profiles={\"frugal\": {\"base\": \"nrf52840\", \"rx_current\": \"4.5 mA\", "
         "\"slot_size\": \"96 KiB\", \"redundancy_memory\": 64, \"sensitivity_offset\": \"-1 "
         "dB\"}}",
         "/fleet/groups/0/profile=frugal"});
    const ProfileSpec& profile = scenario.fleet.profiles.at("frugal");
    EXPECT_EQ(profile.base, "nrf52840");
    const std::map<std::string, double> expected{{"rx_current", 0.0045},
                                                 {"slot_size", 98304},
                                                 {"redundancy_memory", 64},
                                                 {"sensitivity_offset", -1}};
    EXPECT_EQ(profile.changes, expected);
}

TEST(ScenarioReader, EffectiveTextReadsBackTheSame)
{
    const std::vector<std::vector<std::string>> variants{
        {},
        {"/rollout/enabled=false", "/quarantine={}"},
        {"/access/lorawan/gateways={\"count\": 7, \"placement\": {\"spacing\": \"2.3 km\"}}"},
        {"/distribution={\"fragment_size\": {\"3\": \"51 B\", \"5\": \"200 B\"}}",
         "/faults=[{\"kind\": \"power-loss\", \"probability\": 0.01}]",
         "/threats=[{\"devices\": [\"meter-000020\"], \"lies\": true}]",
         "/fleet/profiles={\"x\": {\"tx_current\": \"33.3 mA\"}}",
         "/rollout/window={\"start\": \"22 h\", \"end\": \"5.5 h\"}",
         "/record={\"pcap\": {\"gateway\": \"roof\", \"file\": \"a.pcap\"}}",
         "/expect=[{\"metric\": \"devices_updated\", \"min\": 10}]",
         "/fleet/groups/0/data_rate=3",
         "/fleet/groups/0/clock_error=1.23456789 s"}};
    for (const auto& sets : variants)
    {
        const Scenario first = ReadMinimal(sets);
        const std::string text = EffectiveScenario(first);
        const Scenario second = ReadScenario(WriteTemporary("effective.json", text));
        EXPECT_EQ(EffectiveScenario(second), text);
        EXPECT_EQ(second.name, first.name);
        EXPECT_EQ(second.lorawan.gateways.size(), first.lorawan.gateways.size());
    }
}

TEST(ScenarioReader, EffectiveTextOfInventoriesReadsBackTheSame)
{
    const Scenario first = ReadScenario(SourcePath("test/data/scenarios/inventory.json"));
    const std::string text = EffectiveScenario(first);
    const Scenario second = ReadScenario(WriteTemporary("effective-inventory.json", text));
    EXPECT_EQ(EffectiveScenario(second), text);
    EXPECT_EQ(second.fleet.devices.size(), 3U);
    EXPECT_EQ(second.lorawan.gateways.at(0).antennaGainDbi, 5.5);
}

TEST(ScenarioReader, ShippedScenariosAreValid)
{
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::directory_iterator(SourcePath("scenarios")))
    {
        const std::string name = entry.path().filename().string();
        if (entry.path().extension() != ".json" || name == "scenario.schema.json")
        {
            continue;
        }
        ++count;
        try
        {
            const Scenario scenario = ReadScenario(entry.path());
            EXPECT_GT(scenario.description.size(), 40U) << name << " says what one learns";
        }
        catch (const ScenarioError& error)
        {
            ADD_FAILURE() << error.what();
        }
    }
    EXPECT_GE(count, 6U);
}

} // namespace
