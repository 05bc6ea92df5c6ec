// SPDX-License-Identifier: GPL-2.0-only

#include "model/wire/loratap.h"
#include "test/test-support.h"

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <memory>
#include <sstream>
#include <unistd.h>

namespace ns3::iotfleet::wire
{

namespace
{

const LoraTapInfo JOIN_INFO{.frequencyHz = 868'100'000,
                            .bandwidthHz = 125'000,
                            .spreadingFactor = 12,
                            .rssiDbm = -120,
                            .snrDb = -7.25};
const LoraTapInfo DATA_INFO{.frequencyHz = 923'300'000,
                            .bandwidthHz = 500'000,
                            .spreadingFactor = 8,
                            .rssiDbm = -80,
                            .snrDb = 9.5};

/** A directory that goes away with the test. */
class TemporaryDirectory
{
  public:
    TemporaryDirectory()
        : m_path(std::filesystem::temp_directory_path() /
                 ("iotfleet-loratap-" + std::to_string(getpid())))
    {
        std::filesystem::create_directories(m_path);
    }

    ~TemporaryDirectory()
    {
        std::filesystem::remove_all(m_path);
    }

    std::filesystem::path File(const char* name) const
    {
        return m_path / name;
    }

  private:
    std::filesystem::path m_path;
};

/** @return what a command writes to standard output. */
std::string
OutputOf(const std::string& command)
{
    struct Close
    {
        void operator()(std::FILE* pipe) const
        {
            pclose(pipe);
        }
    };

    const std::unique_ptr<std::FILE, Close> pipe(popen(command.c_str(), "r"));
    std::string output;
    std::array<char, 256> buffer{};
    while (pipe && std::fgets(buffer.data(), buffer.size(), pipe.get()) != nullptr)
    {
        output += buffer.data();
    }
    return output;
}

void
WriteCapture(const std::filesystem::path& file)
{
    std::ofstream out(file, std::ios::binary);
    LoraTapWriter writer(out);
    writer.Write(1'500'123'999,
                 JOIN_INFO,
                 FromHex("00040302010403020105040302050403022d106a990e12"));
    writer.Write(2'000'000'000, DATA_INFO, FromHex("40f17dbe4900020001954378762b11ff0d"));
    EXPECT_TRUE(writer.IsGood());
}

// Written out by hand from the LoRaTap version 0 layout: 868100000 = 0x33be27a0,
// -120 dBm = -139 + 76 / 4 below the noise, -7.25 dB = -29 / 4.
TEST(LoraTap, HeaderBytes)
{
    EXPECT_EQ(ToHex(EncodeLoraTapHeader(JOIN_INFO)), "0000000f33be27a0010c4c1313e334");
}

// pcap: magic, version 2.4, zone, accuracy, snap length, link type 270, then the record;
// 923300000 = 0x370870a0.
TEST(LoraTap, FileBytes)
{
    std::ostringstream out;
    LoraTapWriter writer(out);
    writer.Write(3'000'004'000, DATA_INFO, FromHex("e0"));
    const auto text = out.str();
    EXPECT_EQ(ToHex(std::vector<uint8_t>(text.begin(), text.end())),
              "d4c3b2a1020004000000000000000000ffff00000e010000"
              "03000000040000001000000010000000"
              "0000000f370870a004083b3b3b2634e0");
}

TEST(LoraTap, TsharkReadsWhatWeWrite)
{
    if (OutputOf("tshark --version 2>/dev/null").empty())
    {
        GTEST_SKIP() << "tshark is not installed";
    }
    const TemporaryDirectory directory;
    const auto file = directory.File("frames.pcap");
    WriteCapture(file);
    const auto output =
        OutputOf("tshark -r '" + file.string() +
                 "' -T fields -E separator=, -e frame.time_epoch -e loratap.channel.frequency"
                 " -e loratap.channel.bandwidth -e loratap.channel.sf -e loratap.rssi.packet"
                 " -e loratap.rssi.snr -e loratap.syncword -e lorawan.mhdr.mtype"
                 " -e lorawan.join_request.deveui -e lorawan.fhdr.devaddr -e lorawan.fhdr.fcnt"
                 " -e lorawan.fport -e _ws.malformed 2>/dev/null");
    EXPECT_EQ(output,
              "1.500123000,868100000,1,12,76,227,0x34,0,02:03:04:05:02:03:04:05,,,,\n"
              "2.000000000,923300000,4,8,59,38,0x34,2,,0x49be7df1,2,0x01,\n");
}

} // namespace

} // namespace ns3::iotfleet::wire
