// SPDX-License-Identifier: GPL-2.0-only

// What a gateway's capture holds, as other programs see it: tshark, and test/pcap-check.py, which
// checks MICs and follows keys with python3-cryptography.

#include "helper/firmware-builder.h"
#include "helper/pcap-recording.h"
#include "helper/scenario-reader.h"
#include "model/wire/lorawan-frame.h"
#include "test/test-support.h"

#include "ns3/simulator.h"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <sys/wait.h>

namespace ns3::iotfleet
{
namespace
{

constexpr uint32_t DEVICES = 6;

/// Eight hundred frames: joins, confirmed telemetry, ADR, and an image by class C.
const char* const SCENARIO = R"({
  "schema": 1, "name": "pcap", "seed": 3, "duration": "2 d",
  "fleet": { "groups": [ { "name": "m", "count": 6, "power_on_spread": "10 min",
      "placement": { "kind": "disc", "radius": "900 m" },
      "telemetry": { "period": "1 h", "size": "20 B", "confirmed": true } } ] },
  "access": { "lorawan": { "region": "EU868",
      "gateways": [ { "name": "mast", "x": "0 m", "y": "0 m", "z": "30 m" } ] } },
  "firmware": { "images": [ { "version": "1.1.0", "size": "2 kB", "sequence": 2 } ] },
  "distribution": { "class": "C", "redundancy": 0.3 },
  "rollout": { "start": "6 h", "waves": [ { "name": "all", "share": 1 } ] },
  "record": { "pcap": { "gateway": "mast", "file": "unused.pcap" } }
})";

/// What a run left behind.
struct Outcome
{
    uint64_t events{0};
    uint64_t heard{0};
    uint64_t sent{0};
    uint64_t recorded{0};
    uint64_t updated{0};
    double energyJ{0};
    std::vector<uint8_t> image; ///< envelope and content
};

class PcapRecordingTest : public testing::Test
{
  protected:
    PcapRecordingTest()
        : base(testing::TempDir() + "iot-fleet-pcap-" +
               testing::UnitTest::GetInstance()->current_test_info()->name()),
          file(base + ".pcap")
    {
        std::ofstream(base + ".json") << SCENARIO;
    }

    ~PcapRecordingTest() override
    {
        std::remove((base + ".json").c_str());
        std::remove((base + ".keys").c_str());
        std::remove(file.c_str());
    }

    Outcome Run(const std::vector<std::string>& sets = {}, bool record = true)
    {
        const auto scenario = ReadScenario(base + ".json", sets);
        Outcome outcome;
        {
            FleetSimulation simulation(scenario, 1);
            std::optional<PcapRecording> recording;
            if (record)
            {
                recording.emplace(simulation, "mast", file);
            }
            Simulator::Stop(Seconds(scenario.durationS));
            Simulator::Run();
            if (recording)
            {
                recording->Finish();
                outcome.recorded = recording->Frames();
            }
            Fill(outcome, simulation);
        }
        outcome.events = Simulator::GetEventCount();
        Simulator::Destroy();
        return outcome;
    }

    static void Fill(Outcome& outcome, FleetSimulation& simulation)
    {
        const auto& counters = simulation.network->Gateways().front()->counters;
        outcome.heard = counters.framesRx;
        outcome.sent = counters.framesTx;
        const auto& image = simulation.catalog.Get(simulation.target);
        outcome.image = image.envelope;
        const auto content = ImageContent(simulation.scenario.firmware.images.front());
        outcome.image.insert(outcome.image.end(), content.begin(), content.end());
        EXPECT_EQ(wire::Sha256(content), image.digest);
        for (uint32_t i = 0; i < simulation.fleet->Size(); ++i)
        {
            const DeviceId d{i};
            outcome.updated += simulation.fleet->Firmware(d) == simulation.target ? 1 : 0;
            outcome.energyJ += simulation.fleet->TotalEnergyJ(d, LorawanCore::Now());
        }
    }

    /// PHY payloads in the file: 24 bytes of file header, 16 before each packet, 15 of LoRaTap.
    std::vector<std::vector<uint8_t>> PhyPayloads() const
    {
        const auto bytes = ReadBytes(file);
        std::vector<std::vector<uint8_t>> payloads;
        for (size_t at = 24; at < bytes.size();)
        {
            const size_t size = bytes[at + 8] | bytes[at + 9] << 8;
            const auto begin = bytes.begin() + static_cast<std::ptrdiff_t>(at) + 16;
            payloads.emplace_back(begin + 15, begin + static_cast<std::ptrdiff_t>(size));
            at += 16 + size;
        }
        return payloads;
    }

    /// What test/pcap-check.py finds in the file; null where it cannot run.
    nlohmann::json Check() const;

    std::string base;
    std::string file;
};

/// Output of a command, and its exit code.
std::pair<std::string, int>
Call(const std::string& command)
{
    FILE* pipe = popen(command.c_str(), "r");
    std::string text;
    std::array<char, 4096> buffer{};
    for (size_t n = 0; (n = fread(buffer.data(), 1, buffer.size(), pipe)) > 0;)
    {
        text.append(buffer.data(), n);
    }
    const int status = pclose(pipe);
    return {text, WIFEXITED(status) ? WEXITSTATUS(status) : -1};
}

nlohmann::json
PcapRecordingTest::Check() const
{
    std::ofstream keys(base + ".keys");
    for (uint32_t i = 0; i < DEVICES; ++i)
    {
        std::array<char, 17> eui{};
        std::snprintf(eui.data(), eui.size(), "%016llx", 0x0200'0000'0000'0000ULL + i);
        keys << eui.data() << ' ' << ToHex(AppKeyOf(DeviceId{i})) << '\n';
    }
    keys.close();
    const auto [text, code] = Call("python3 '" + SourcePath("test/pcap-check.py").string() + "' '" +
                                   file + "' < '" + base + ".keys'");
    if (code == 77 || code == 127)
    {
        return nullptr;
    }
    EXPECT_EQ(code, 0);
    return nlohmann::json::parse(text);
}

TEST_F(PcapRecordingTest, HoldsEveryFrameOfTheGateway)
{
    const auto outcome = Run();
    EXPECT_EQ(outcome.updated, DEVICES) << "the scenario is meant to succeed";
    EXPECT_GT(outcome.heard, 100U);
    EXPECT_GT(outcome.sent, 100U);
    EXPECT_EQ(outcome.recorded, outcome.heard + outcome.sent);
    EXPECT_EQ(PhyPayloads().size(), outcome.recorded);
}

TEST_F(PcapRecordingTest, HoldsBeaconsAndStaggeredCopiesToo)
{
    const auto outcome = Run({"/distribution/class=B",
                              "/distribution/data_rate=3",
                              "/distribution/gateways=staggered",
                              R"(/access/lorawan/gateways=[
                                  {"name": "mast", "x": "0 m", "y": "0 m", "z": "30 m"},
                                  {"name": "hill", "x": "900 m", "y": "0 m", "z": "30 m"}])"});
    EXPECT_EQ(outcome.recorded, outcome.heard + outcome.sent);
}

TEST_F(PcapRecordingTest, KnowsFramesOfLorawan11AndOfUs915)
{
    for (const auto& sets : {std::vector<std::string>{R"(/access/lorawan/version="1.1")"},
                             std::vector<std::string>{"/access/lorawan/region=US915",
                                                      "/access/lorawan/sub_band=2",
                                                      "/distribution/data_rate=8"}})
    {
        const auto outcome = Run(sets);
        EXPECT_GT(outcome.heard, 100U);
        EXPECT_EQ(outcome.recorded, outcome.heard + outcome.sent);
    }
}

TEST_F(PcapRecordingTest, DoesNotChangeTheRun)
{
    const auto with = Run();
    const auto without = Run({}, false);
    EXPECT_EQ(with.events, without.events);
    EXPECT_EQ(with.heard, without.heard);
    EXPECT_EQ(with.sent, without.sent);
    EXPECT_EQ(with.energyJ, without.energyJ);
}

TEST_F(PcapRecordingTest, MicsKeysAndFragmentsAreThoseOfTheStandards)
{
    const auto outcome = Run();
    const auto found = Check();
    if (found.is_null())
    {
        GTEST_SKIP() << "needs python3-cryptography";
    }
    EXPECT_EQ(found["badMics"], 0);
    EXPECT_EQ(found["unknown"], 0) << "the only gateway hears every join";
    EXPECT_EQ(found["frames"], outcome.recorded);
    EXPECT_GE(found["joinRequests"], DEVICES);
    EXPECT_GE(found["joinAccepts"], DEVICES);
    EXPECT_GT(found["multicast"], 10);
    // Uncoded fragments come first: the image as the vendor signed it.
    const auto image = ToHex(outcome.image);
    EXPECT_EQ(found["block"].get<std::string>().substr(0, image.size()), image);
}

// TS001-1.0.4 sections 5.4 and 6.2.6: DLSettings is RX1DROffset 2 and RX2 DR3, RxDelay 5;
// RXParamSetupReq repeats the settings and has the frequency in units of 100 Hz, little-endian.
TEST_F(PcapRecordingTest, TellsDevicesOfTheirReceiveWindows)
{
    Run({R"(/access/lorawan/receive_windows={"rx1_delay":"5 s","rx1_offset":2,"rx2_data_rate":3,
            "rx2_frequency":"869.85 MHz"})"});
    const auto found = Check();
    if (found.is_null())
    {
        GTEST_SKIP() << "needs python3-cryptography";
    }
    EXPECT_EQ(found["badMics"], 0);
    EXPECT_EQ(found["windows"], nlohmann::json::array({"2305"}));
    EXPECT_GE(found["rxRequests"].size(), DEVICES);
    EXPECT_GE(found["rxAnswers"].size(), DEVICES);
    for (const auto& request : found["rxRequests"])
    {
        EXPECT_EQ(request, "2384ba84"); // 0x84ba84 = 8,698,500
    }
    for (const auto& answer : found["rxAnswers"])
    {
        EXPECT_EQ(answer, "07");
    }
}

// TS001-1.0.4 section 5.5. Devices of the scenario have nearly full batteries, and are near: their
// battery is 254 or a step or two less, and the margin some positive number of six bits.
TEST_F(PcapRecordingTest, HoldsAnswersToDevStatusReq)
{
    Run({R"(/access/lorawan/mac_commands={"device_status_interval":"12 h"})"});
    const auto found = Check();
    if (found.is_null())
    {
        GTEST_SKIP() << "needs python3-cryptography";
    }
    EXPECT_EQ(found["badMics"], 0);
    EXPECT_GE(found["statusRequests"].size(), 3 * DEVICES);
    EXPECT_GE(found["statusAnswers"].size(), 3 * DEVICES);
    for (const auto& answer : found["statusAnswers"])
    {
        const auto bytes = FromHex(answer.get<std::string>());
        EXPECT_GE(bytes.at(0), 250);
        EXPECT_LE(bytes.at(0), 254);
        EXPECT_GE(bytes.at(1), 1);
        EXPECT_LE(bytes.at(1), 31);
    }
    const auto [text, code] = Call("tshark -r '" + file +
                                   "' -T fields -e lorawan.device_status_response.battery"
                                   " -Y lorawan.device_status_response.battery 2>/dev/null");
    if (code != 127)
    {
        EXPECT_EQ(static_cast<size_t>(std::ranges::count(text, '\n')),
                  found["statusAnswers"].size());
    }
}

// TS001-1.0.4 sections 5.3, 5.6 and 5.7: MaxDutyCycle; ChIndex 8, 868,050,000 Hz as 0x847434 in
// units of 100 Hz, data rates 5 and 0; Del. Join-accepts have the region's RxDelay, 1.
TEST_F(PcapRecordingTest, TellsDevicesOfSettings)
{
    Run({R"(/access/lorawan/mac_commands={"max_duty_cycle":3,
            "channels":[{"frequency":"868.05 MHz"}]})",
         R"(/access/lorawan/receive_windows={"rx1_delay":"5 s","rx1_delay_by":"command"})"});
    const auto found = Check();
    if (found.is_null())
    {
        GTEST_SKIP() << "needs python3-cryptography";
    }
    EXPECT_EQ(found["badMics"], 0);
    EXPECT_EQ(found["windows"], nlohmann::json::array({"0001"}));
    EXPECT_EQ(found["settings"]["true"],
              nlohmann::json::parse(R"([["03"],["0834748450"],["05"]])"));
    EXPECT_EQ(found["settings"]["false"], nlohmann::json::parse(R"([[""],["03"],[""]])"));
    const auto [text, code] = Call("tshark -r '" + file +
                                   "' -T fields -e lorawan.dutycycle_request.dutycycle"
                                   " -e lorawan.new_channel_request.index"
                                   " -e lorawan.rx_timing_request.delay"
                                   " -Y lorawan.rx_timing_request.delay 2>/dev/null");
    if (code != 127)
    {
        EXPECT_NE(text.find("3\t8\t5\n"), std::string::npos) << text;
    }
}

// TS001-1.0.4 section 5.2, RP002-1.0.4: LinkADRReq names the channels of sub-band 2, which are 8 to
// 15 of the first sixteen; NbTrans 1.
TEST_F(PcapRecordingTest, NamesTheChannelsOfASubBand)
{
    Run({"/access/lorawan/region=US915",
         "/access/lorawan/sub_band=2",
         "/distribution/data_rate=8"});
    const auto found = Check();
    if (found.is_null())
    {
        GTEST_SKIP() << "needs python3-cryptography";
    }
    EXPECT_EQ(found["badMics"], 0);
    EXPECT_GE(found["adrRequests"].size(), 1U);
    for (const auto& request : found["adrRequests"])
    {
        EXPECT_EQ(request.get<std::string>().substr(2), "00ff01");
    }
}

TEST_F(PcapRecordingTest, TsharkReadsIt)
{
    const auto outcome = Run();
    const auto [text, code] = Call(
        "tshark -r '" + file +
        "' -T fields -E separator=, -E occurrence=f -e lorawan.fhdr.devaddr -e lorawan.fhdr.fcnt"
        " -e _ws.malformed 2>/dev/null");
    if (code == 127)
    {
        GTEST_SKIP() << "needs tshark";
    }
    ASSERT_EQ(code, 0);
    const auto payloads = PhyPayloads();
    std::istringstream lines(text);
    std::string line;
    size_t index = 0;
    std::set<uint32_t> addresses;
    for (; std::getline(lines, line); ++index)
    {
        ASSERT_LT(index, payloads.size());
        const auto decoded = wire::DecodeDataFrame(payloads[index]);
        // Wireshark 4.0 takes the MIC of a frame without FPort for one and runs out of bytes.
        const bool portless = decoded && !decoded->frame.fPort;
        const auto malformed = line.substr(line.rfind(',') + 1);
        EXPECT_TRUE(malformed.empty() || portless) << "frame " << index + 1 << ": " << line;
        if (decoded)
        {
            std::array<char, 32> expected{};
            std::snprintf(expected.data(),
                          expected.size(),
                          "0x%08x,%u,",
                          decoded->frame.devAddr,
                          decoded->frame.fCnt);
            EXPECT_EQ(line.substr(0, line.rfind(',') + 1), expected.data());
            addresses.insert(decoded->frame.devAddr);
        }
    }
    EXPECT_EQ(index, outcome.recorded);
    EXPECT_EQ(addresses.size(), DEVICES + 1U) << "the devices and the multicast group";
}

} // namespace
} // namespace ns3::iotfleet
