// SPDX-License-Identifier: GPL-2.0-only

// What the program says about files that cannot be used, word by word.

#include "helper/rollout-validator.h"
#include "helper/scenario-reader.h"
#include "test/test-support.h"

#include <gtest/gtest.h>

namespace
{

using namespace ns3::iotfleet;
using Lines = std::vector<std::string>;

/** The messages about a file of test/data/scenarios, without the path of that folder. */
Lines
MessagesAbout(const std::string& name, const Lines& sets = {})
{
    const std::string folder = SourcePath("test/data/scenarios").string() + "/";
    Lines lines;
    try
    {
        ReadScenario(folder + name, sets);
    }
    catch (const ScenarioError& error)
    {
        for (const ScenarioProblem& problem : error.GetProblems())
        {
            std::string line = FormatProblem(problem);
            for (auto at = line.find(folder); at != std::string::npos; at = line.find(folder))
            {
                line.erase(at, folder.size());
            }
            lines.push_back(line);
        }
    }
    return lines;
}

/** The messages about the minimal scenario after some changes. */
Lines
MessagesAfter(const Lines& sets)
{
    return MessagesAbout("minimal.json", sets);
}

TEST(ScenarioErrors, NoSuchFile)
{
    EXPECT_EQ(MessagesAbout("absent.json"),
              Lines{"absent.json: found no readable file, expected a scenario"});
}

TEST(ScenarioErrors, FskIsNoDataRateOfThisRadio)
{
    EXPECT_EQ(
        MessagesAfter({"/distribution/data_rate=7", "/fleet/groups/0/data_rate=7"}),
        (Lines{"minimal.json: /fleet/groups/0/data_rate: found 7, expected a LoRa uplink data "
               "rate of EU868: 0, 1, 2, 3, 4, 5, 6",
               "minimal.json: /distribution/data_rate: found 7, expected a LoRa downlink data "
               "rate of EU868: 0, 1, 2, 3, 4, 5, 6"}));
}

TEST(ScenarioErrors, SyntaxHasLineAndColumn)
{
    EXPECT_EQ(MessagesAbout("syntax-error.json"),
              Lines{"syntax-error.json: 3:57: JSON syntax error while parsing object key - "
                    "unexpected '}'; expected string literal"});
}

TEST(ScenarioErrors, DuplicateKey)
{
    EXPECT_EQ(MessagesAbout("duplicate-key.json"),
              Lines{"duplicate-key.json: /fleet/groups/1/count: found the key twice, expected it "
                    "once"});
}

TEST(ScenarioErrors, BareNumberWhereAUnitIsMeaningful)
{
    EXPECT_EQ(MessagesAfter({"/rollout/waves/1/soak=3600"}),
              Lines{"minimal.json: /rollout/waves/1/soak: found 3600 (number), expected a duration "
                    "with unit such as \"1 h\""});
}

TEST(ScenarioErrors, WrongUnit)
{
    EXPECT_EQ(MessagesAfter({"/firmware/images/0/size=20 kb"}),
              (Lines{"minimal.json: /firmware/images/0/size: found \"20 kb\" (string), expected a "
                     "size with unit such as \"51 B\""}));
}

TEST(ScenarioErrors, UnknownKeyWithSuggestion)
{
    EXPECT_EQ(MessagesAfter({"/stop={\"wen\": \"duration\"}"}),
              Lines{"minimal.json: /stop/wen: found unknown key \"wen\"; did you mean \"when\"? "
                    "(accepted: when, linger)"});
}

TEST(ScenarioErrors, MissingKey)
{
    EXPECT_EQ(MessagesAfter({"/fleet/groups/0={\"count\": 3}"}),
              Lines{"minimal.json: /fleet/groups/0: found no key \"name\", expected it: Name of "
                    "the group; its devices are called NAME-000001 and so on."});
}

TEST(ScenarioErrors, WrongType)
{
    EXPECT_EQ(MessagesAfter({"/fleet/groups/0/activated=1"}),
              Lines{"minimal.json: /fleet/groups/0/activated: found 1 (number), expected true or "
                    "false"});
    EXPECT_EQ(MessagesAfter({"/access/lorawan/gateways=3"}),
              Lines{"minimal.json: /access/lorawan/gateways: found 3 (number), expected an array"});
}

TEST(ScenarioErrors, UnknownChoice)
{
    EXPECT_EQ(MessagesAfter({"/access/lorawan/region=EU686"}),
              Lines{"minimal.json: /access/lorawan/region: found \"EU686\" (string), expected one "
                    "of EU868, US915"});
    EXPECT_EQ(MessagesAfter({"/rollout/order=radom"}),
              Lines{"minimal.json: /rollout/order: found \"radom\" (string), expected one of "
                    "random, site, data-rate, battery; did you mean \"random\"?"});
}

TEST(ScenarioErrors, OutOfRange)
{
    EXPECT_EQ(MessagesAfter({"/rollout/waves/0/share=1.5"}),
              Lines{"minimal.json: /rollout/waves/0/share: found 1.5 (number), expected a share "
                    "more than 0 and at most 1, or a percentage such as \"10 %\""});
    EXPECT_EQ(MessagesAfter({"/duration=-1 h"}),
              Lines{"minimal.json: /duration: found \"-1 h\" (string), expected a duration more "
                    "than \"0 s\""});
    EXPECT_EQ(MessagesAfter({"/seed=0"}),
              Lines{"minimal.json: /seed: found 0 (number), expected a whole number from 1 to "
                    "4294967294"});
    EXPECT_EQ(MessagesAfter({"/schema=2"}),
              Lines{"minimal.json: /schema: found 2 (number), expected 1"});
}

TEST(ScenarioErrors, NumbersBeyondAllBounds)
{
    EXPECT_EQ(MessagesAfter({"/fleet/groups/0/count=4294967295",
                             "/threats=[{\"devices\": [\"meter-000001\"]}]"}),
              (Lines{"minimal.json: /fleet: found 4294967295 devices, expected at most 16777216",
                     "minimal.json: /threats/0/devices/0: found \"meter-000001\", expected the "
                     "name of a device such as \"GROUP-000001\""}));
    EXPECT_EQ(MessagesAfter({"/duration=1e999 s"}),
              Lines{"minimal.json: /duration: found \"1e999 s\" (string), expected a duration with "
                    "unit such as \"1 h\""});
}

TEST(ScenarioErrors, NameOfAnInventoryRowTakenTwice)
{
    EXPECT_EQ(
        MessagesAbout(
            "inventory.json",
            {"/fleet/groups/0/name=m", "/fleet/groups/0/count=1", "/fleet/inventory=clash.csv"}),
        Lines{"inventory.json: /fleet/groups/0: found generated device \"m-000001\", "
              "expected a name that is not in the inventory"});
}

TEST(ScenarioErrors, BrokenReferences)
{
    EXPECT_EQ(MessagesAfter({"/fleet/groups/0/profile=stm32wl5"}),
              Lines{"minimal.json: /fleet/groups/0/profile: found \"stm32wl5\", expected a device "
                    "profile: stm32wl55, nucleo-wl55jc1, nrf52840, esp32, mains; did you mean "
                    "\"stm32wl55\"?"});
    EXPECT_EQ(MessagesAfter({"/access/lorawan/outages=[{\"gateway\": \"rof\", \"start\": \"1 h\", "
                             "\"end\": \"2 h\"}]"}),
              Lines{"minimal.json: /access/lorawan/outages/0/gateway: found \"rof\", expected a "
                    "gateway or \"*\": *, roof; did you mean \"roof\"?"});
    EXPECT_EQ(MessagesAfter({"/firmware/target=2.0"}),
              Lines{"minimal.json: /firmware/target: found 2.0 (number), expected a text in "
                    "quotes: \"2.0\", and on a command line '\"2.0\"'"});
    EXPECT_EQ(MessagesAfter({"/firmware/target=9.9.9"}),
              Lines{"minimal.json: /firmware/target: found \"9.9.9\", expected the version of an "
                    "image: 1.1.0"});
    EXPECT_EQ(MessagesAfter({"/threats=[{\"devices\": [\"meter-21\"]}]"}),
              Lines{"minimal.json: /threats/0/devices/0: found \"meter-21\", expected the name of "
                    "a device such as \"GROUP-000001\""});
}

TEST(ScenarioErrors, ContradictingKeys)
{
    EXPECT_EQ(MessagesAfter({"/rollout/waves/0/count=3"}),
              Lines{"minimal.json: /rollout/waves/0: found both of share and count, expected "
                    "exactly one"});
    EXPECT_EQ(MessagesAfter({"/firmware/images/0/size=null"}),
              Lines{"minimal.json: /firmware/images/0: found none of file and size, expected "
                    "exactly one"});
    EXPECT_EQ(MessagesAfter({"/threats=[{}]"}),
              Lines{"minimal.json: /threats/0: found 0 of share, count and devices, expected "
                    "exactly one"});
}

TEST(ScenarioErrors, LimitsOfTheRegion)
{
    EXPECT_EQ(MessagesAfter({"/distribution={\"data_rate\": 9}"}),
              Lines{"minimal.json: /distribution/data_rate: found 9, expected a LoRa downlink data "
                    "rate of EU868: 0, 1, 2, 3, 4, 5, 6"});
    // RP002-1.0.4: N is 51 bytes at DR0 of EU868, of which 3 are the fragment's header.
    EXPECT_EQ(MessagesAfter({"/distribution={\"data_rate\": 0, \"fragment_size\": \"49 B\"}"}),
              Lines{"minimal.json: /distribution/fragment_size: found \"49 B\", expected at most "
                    "\"48 B\", which is what data rate 0 of EU868 carries"});
    EXPECT_EQ(MessagesAfter({"/distribution={\"data_rate\": 0, \"fragment_size\": \"48 B\"}"}),
              Lines{});
}

TEST(ScenarioErrors, RolloutOfWhatAllDevicesRun)
{
    const std::string found = "found \"1.1.0\", which all devices run already, expected a version "
                              "that some device does not run: the rollout would update nothing";
    EXPECT_EQ(MessagesAfter({"/fleet/groups/0/firmware=1.1.0"}),
              Lines{"minimal.json: /firmware/images/0/version: " + found});
    EXPECT_EQ(MessagesAfter({"/fleet/groups/0/firmware=1.1.0",
                             R"(/firmware/images/-={"version":"1.2.0","size":"20 kB"})",
                             "/firmware/target=1.1.0"}),
              Lines{"minimal.json: /firmware/target: " + found});
    // A mixed fleet, and one without a rollout, are what they are.
    EXPECT_EQ(MessagesAfter({"/fleet/groups/0/firmware=1.1.0",
                             R"(/fleet/groups/-={"name":"old","count":1,"firmware":"1.0.0"})"}),
              Lines{});
    const std::string images = R"(/firmware/images=[{"version":"1.0.0","size":"20 kB"}])";
    EXPECT_EQ(MessagesAbout("inventory.json", {images}), Lines{}) << "no rollout";
}

TEST(ScenarioErrors, DevicesThatTheRolloutPassesOverAreCounted)
{
    const std::string file = SourcePath("test/data/scenarios/minimal.json").string();
    const std::string newer = R"(/fleet/groups/-={"name":"new","count":7,"firmware":"1.1.0"})";
    EXPECT_EQ(CountUpToDate(ReadScenario(file, {newer})), 7U);
}

TEST(ScenarioErrors, MissingFirmwareFile)
{
    EXPECT_EQ(MessagesAfter({"/firmware/images/0={\"version\": \"2\", \"file\": \"absent.bin\"}"}),
              Lines{"minimal.json: /firmware/images/0/file: found no readable, non-empty file "
                    "absent.bin, expected a firmware image"});
}

TEST(ScenarioErrors, SettingsThatLeadNowhere)
{
    EXPECT_EQ(MessagesAfter({"/fleet/groups/1/count=3",
                             "/fleet/groups/1={}",
                             "/schema/x=1",
                             "count=3",
                             "/fleet/groups/x=3"}),
              (Lines{"--set: /fleet/groups/1/count: found no item 1, expected an index below 1, or "
                     "- to append",
                     "--set: /fleet/groups/1: found no item 1, expected an index below 1, or - to "
                     "append",
                     "--set: /schema/x: found 1 (number) at /schema, expected an object or array",
                     "--set count=3: expected POINTER=VALUE such as /seed=7",
                     "--set: /fleet/groups/x: found no item x, expected an index below 1, or - to "
                     "append"}));
}

TEST(ScenarioErrors, SettingsOfBlocksThatDoNotExist)
{
    const Lines lines = MessagesAfter({"/flet/groups/0/count=3"});
    ASSERT_EQ(lines.size(), 1U);
    EXPECT_EQ(lines[0].substr(0, 69),
              "minimal.json: /flet: found unknown key \"flet\"; did you mean \"fleet\"? ");
}

TEST(ScenarioErrors, SettingsMakeBlocksThatTheFileLeavesOut)
{
    EXPECT_EQ(MessagesAfter({"/stop/when=all-updated",
                             "/record/transitions=true",
                             "/threats/-={\"at\": \"1 h\", \"count\": 1}",
                             "/threats/-/at=\"2 h\"",
                             "/threats/1/count=2"}),
              Lines{});
}

TEST(ScenarioErrors, MetricThatDoesNotExist)
{
    const Lines lines = MessagesAfter({"/expect=[{\"metric\": \"devices_update\", \"min\": 3}]"});
    ASSERT_EQ(lines.size(), 1U);
    EXPECT_EQ(lines[0].substr(0, 90),
              "minimal.json: /expect/0/metric: found \"devices_update\", expected a metric: "
              "devices_total, ");
    EXPECT_EQ(lines[0].substr(lines[0].size() - 33), "; did you mean \"devices_updated\"?");
}

TEST(ScenarioErrors, EveryErrorIsReported)
{
    EXPECT_EQ(MessagesAfter({"/duration=7",
                             "/fleet/groups/0/count=-3",
                             "/fleet/groups/0/profile=mian",
                             "/rolout=1",
                             "/rollout/waves/0/soak=1"}),
              (Lines{"minimal.json: /duration: found 7 (number), expected a duration with unit "
                     "such as \"1 h\"",
                     "minimal.json: /fleet/groups/0/count: found -3 (number), expected a whole "
                     "number from 0 to 4294967295",
                     "minimal.json: /rollout/waves/0/soak: found 1 (number), expected a duration "
                     "with unit such as \"1 h\"",
                     "minimal.json: /rolout: found unknown key \"rolout\"; did you mean "
                     "\"rollout\"? (accepted: schema, name, description, seed, duration, stop, "
                     "fleet, access, firmware, distribution, rollout, quarantine, threats, faults, "
                     "costs, record, expect)",
                     "minimal.json: /fleet/groups/0/profile: found \"mian\", expected a device "
                     "profile: stm32wl55, nucleo-wl55jc1, nrf52840, esp32, mains"}));
}

TEST(ScenarioErrors, EveryBadRowIsReported)
{
    const std::string group = "expected a group of /fleet/groups: meter, lamp";
    EXPECT_EQ(
        MessagesAbout("inventory.json", {"/fleet/inventory=bad-devices.csv"}),
        (Lines{"bad-devices.csv: line 3, column id: found \"m-1\", expected a name that no row "
               "above has",
               "bad-devices.csv: line 4, column x: found \"north\", expected a number of m or a "
               "length with unit such as \"3 km\"",
               "bad-devices.csv: line 5, column y: found nothing, expected a number of m or a "
               "length with unit such as \"3 km\"",
               "bad-devices.csv: line 6, column battery: found \"55\", expected a share from 0 to "
               "1 or a percentage such as \"10 %\"",
               "bad-devices.csv: line 7, column group: found \"metre\", " + group,
               "bad-devices.csv: line 8, column indoor: found \"maybe\", expected 1, true, yes, "
               "0, false or no",
               "bad-devices.csv: line 9, column data_rate: found \"2.5\", expected a whole number "
               "from 0 to 15",
               "bad-devices.csv: line 10: found 3 cells, expected 7 as in the header",
               "bad-devices.csv: line 11, column id: found nothing, expected a name"}));
}

TEST(ScenarioErrors, OneFaultOfManyRowsIsOneError)
{
    EXPECT_EQ(
        MessagesAbout("inventory.json", {"/fleet/inventory=alike-devices.csv"}),
        (Lines{"alike-devices.csv: line 2, column group: found \"metre\", expected a group of "
               "/fleet/groups: meter, lamp (and 2 more rows like this)",
               "alike-devices.csv: line 2, column profile: found \"solar\", expected a device "
               "profile: stm32wl55, nucleo-wl55jc1, nrf52840, esp32, mains (and 1 more row like "
               "this)",
               "alike-devices.csv: line 3, column group: found \"lamb\", expected a group of "
               "/fleet/groups: meter, lamp"}));
}

TEST(ScenarioErrors, FaultOfAGroupIsNotToldOfItsDevices)
{
    // Three rows of devices.csv; two of them take what the group says.
    EXPECT_EQ(MessagesAbout("inventory.json",
                            {"/fleet/groups/0/profile=mians", "/fleet/groups/0/data_rate=9"}),
              (Lines{"inventory.json: /fleet/groups/0/profile: found \"mians\", expected a device "
                     "profile: stm32wl55, nucleo-wl55jc1, nrf52840, esp32, mains",
                     "inventory.json: /fleet/groups/0/data_rate: found 9, expected a LoRa uplink "
                     "data rate of EU868: 0, 1, 2, 3, 4, 5, 6"}));
}

TEST(ScenarioErrors, NamesOfTablesThatCannotBeReadAreNotMissed)
{
    EXPECT_EQ(
        MessagesAfter({R"(/access/lorawan/gateways={"csv":"absent.csv"})",
                       R"(/access/lorawan/outages=[{"gateway":"roof","start":"1 h","end":"2 h"}])",
                       R"(/rollout/waves/0/filter={"gateway":["roof"]})",
                       R"(/record/pcap={"gateway":"roof","file":"x.pcap"})"}),
        Lines{"absent.csv: found no readable file, expected a CSV file"});
    EXPECT_EQ(MessagesAbout(
                  "inventory.json",
                  {"/fleet/inventory=absent.csv", R"(/threats=[{"at":"1 h","devices":["m-1"]}])"}),
              Lines{"absent.csv: found no readable file, expected a CSV file"});
    // A cell beside the names hides nothing.
    EXPECT_EQ(MessagesAbout("inventory.json",
                            {"/fleet/inventory=alike-devices.csv",
                             R"(/threats=[{"at":"1 h","devices":["m-9"]}])"})
                  .back(),
              "inventory.json: /threats/0/devices/0: found \"m-9\", expected the name of a device "
              "such as \"GROUP-000001\"");
}

// RP002-1.0.4: 16 dBm EIRP in EU868, 30 dBm in US915.
TEST(ScenarioErrors, DevicesThatRadiateTooMuch)
{
    const std::string power = "/access/lorawan/device_tx_power=";
    EXPECT_EQ(MessagesAfter({power + "16 dBm"}), Lines{});
    EXPECT_EQ(MessagesAfter({power + "20 dBm"}),
              Lines{"minimal.json: /access/lorawan/device_tx_power: found \"20 dBm\", expected at "
                    "most \"16 dBm\": devices of EU868 radiate \"16 dBm\" at most, with "
                    "device_antenna_gain \"0 dBi\""});
    const std::string gain = "/access/lorawan/device_antenna_gain=3 dBi";
    EXPECT_EQ(MessagesAfter({power + "13 dBm", gain}), Lines{});
    EXPECT_EQ(MessagesAfter({power + "14 dBm", gain}).size(), 1U);
    const std::string us = "/access/lorawan/region=US915";
    EXPECT_EQ(MessagesAfter({us, power + "30 dBm"}), Lines{});
    EXPECT_EQ(MessagesAfter({us, power + "31 dBm"}).size(), 1U);
}

TEST(ScenarioErrors, MoreThreatsThanDevices)
{
    EXPECT_EQ(MessagesAfter({"/threats=[{\"count\": 20}]"}), Lines{});
    EXPECT_EQ(MessagesAfter({"/threats=[{\"count\": 21}]"}),
              Lines{"minimal.json: /threats/0/count: found 21, expected at most 20, the devices of "
                    "the fleet"});
}

// stm32wl55 has 108 KiB, nrf52840 440 KiB.
TEST(ScenarioErrors, NoSlotForTheTarget)
{
    const std::string size = "/firmware/images/0/size=";
    EXPECT_EQ(MessagesAfter({size + "110592 B"}), Lines{});
    EXPECT_EQ(
        MessagesAfter({size + "110593 B"}),
        Lines{"minimal.json: /firmware/images/0/size: found 110593 B, expected at most 110592 "
              "B, the slot_size of stm32wl55, the largest of the fleet's profiles"});
    const Lines own{"/fleet/profiles={\"wide\": {\"slot_size\": \"300 kB\"}}",
                    "/fleet/groups=[{\"name\": \"a\", \"count\": 1}, "
                    "{\"name\": \"b\", \"count\": 1, \"profile\": \"wide\"}]"};
    EXPECT_EQ(MessagesAfter({own[0], own[1], size + "300 kB"}), Lines{}); // one device can
    EXPECT_EQ(MessagesAfter({own[0], own[1], size + "301 kB"}).size(), 1U);
    EXPECT_EQ(MessagesAfter({size + "500 kB", "/rollout/enabled=false"}), Lines{});
}

TEST(ScenarioErrors, BadHeader)
{
    EXPECT_EQ(MessagesAbout("inventory.json", {"/fleet/inventory=bad-header.csv"}),
              (Lines{"bad-header.csv: line 1: found unknown column \"hight\" (accepted: id, x, y, "
                     "z, profile, firmware, battery, group, site, indoor, hardware, data_rate)",
                     "bad-header.csv: line 1: found column \"x\" twice, expected it once",
                     "bad-header.csv: line 1: found no column \"y\", which is required"}));
    EXPECT_EQ(MessagesAbout("inventory.json", {"/fleet/inventory=absent.csv"}),
              Lines{"absent.csv: found no readable file, expected a CSV file"});
}

// A fleet of nobody is refused whether it is counted or listed.
TEST(ScenarioErrors, NoDeviceAtAll)
{
    EXPECT_EQ(MessagesAbout("inventory.json", {"/fleet/inventory=only-header.csv"}),
              Lines{"only-header.csv: found a header line alone, expected one row a device"});
    EXPECT_EQ(MessagesAfter({"/fleet/groups/0/count=0"}),
              Lines{"minimal.json: /fleet: found no device, expected a count in a group or an "
                    "inventory"});
}

} // namespace
