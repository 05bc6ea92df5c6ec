// SPDX-License-Identifier: GPL-2.0-only

// Attacks change the truth as configured, and nothing else.

#include "model/lifecycle/threat-model.h"

#include "ns3/simulator.h"

#include <array>
#include <boost/math/distributions/chi_squared.hpp>
#include <gtest/gtest.h>
#include <stdexcept>
#include <tuple>
#include <vector>

namespace
{

using namespace ns3;
using namespace ns3::iotfleet;

FirmwareImage
Image(std::string version, bool fixes)
{
    FirmwareImage image;
    image.version = std::move(version);
    image.fixesVulnerability = fixes;
    return image;
}

DeviceSeed
Device(ImageId firmware, std::string name = {})
{
    DeviceSeed seed;
    seed.name = std::move(name);
    seed.firmware = firmware;
    return seed;
}

class ThreatTest : public testing::Test
{
  protected:
    void TearDown() override
    {
        m_model = nullptr;
        m_fleet = nullptr;
        Simulator::Destroy();
    }

    void Make(uint32_t devices, uint64_t run = 1)
    {
        m_catalog = FirmwareCatalog();
        m_old = m_catalog.Add(Image("1", false));
        m_fixed = m_catalog.Add(Image("2", true));
        m_fleet = CreateObject<Fleet>();
        for (uint32_t i = 0; i < devices; ++i)
        {
            const auto device = m_fleet->Add(Device(m_old));
            m_fleet->Set(device, Health::VULNERABLE, "test");
        }
        m_records.clear();
        m_told.clear();
        m_model = CreateObject<ThreatModel>();
        m_model->SetFleet(m_fleet);
        m_model->SetCatalog(&m_catalog);
        m_model->SetRandom(CounterRandom(2, run));
        m_model->SetMisbehave([this](DeviceId device, bool ignores, bool lies) {
            m_told.emplace_back(device, ignores, lies);
        });
        m_model->TraceConnectWithoutContext("Attack", MakeCallback(&ThreatTest::Keep, this));
    }

    void Run(double untilS)
    {
        m_model->Start();
        Simulator::Stop(Seconds(untilS));
        Simulator::Run();
    }

    void Keep(const ThreatRecord& record)
    {
        m_records.push_back(record);
    }

    uint32_t Compromised() const
    {
        return m_fleet->Count(Machine::HEALTH, static_cast<uint8_t>(Health::COMPROMISED));
    }

    FirmwareCatalog m_catalog;
    ImageId m_old{NO_IMAGE};
    ImageId m_fixed{NO_IMAGE};
    Ptr<Fleet> m_fleet;
    Ptr<ThreatModel> m_model;
    std::vector<ThreatRecord> m_records;
    std::vector<std::tuple<DeviceId, bool, bool>> m_told;
};

TEST_F(ThreatTest, AShareIsThatShareOfAllDevices)
{
    Make(2000);
    m_model->Add({.atS = 500, .share = 0.05, .ignoresCommands = true});
    m_model->Start();
    Simulator::Stop(Seconds(499.9));
    Simulator::Run();
    EXPECT_EQ(Compromised(), 0);
    Simulator::Stop(Seconds(1));
    Simulator::Run();
    EXPECT_EQ(Compromised(), 100);
    ASSERT_EQ(m_told.size(), 100);
    EXPECT_TRUE(std::get<1>(m_told[0]));
    EXPECT_FALSE(std::get<2>(m_told[0]));
    EXPECT_EQ(m_records.at(0).time, ToTicks(500));
}

TEST_F(ThreatTest, ACountOfDevices)
{
    Make(50);
    m_model->Add({.atS = 1, .count = 7, .liesInReports = true});
    Run(2);
    EXPECT_EQ(Compromised(), 7);
    EXPECT_TRUE(std::get<2>(m_told.at(0)));
    TearDown();
    Make(5);
    m_model->Add({.atS = 1, .count = 7});
    Run(2);
    EXPECT_EQ(Compromised(), 5) << "there are no more";
}

TEST_F(ThreatTest, DevicesByName)
{
    Make(10);
    const auto named = m_fleet->Add(Device(m_old, "pump"));
    m_model->Add({.atS = 1, .devices = {"pump", "device-000004", "pump"}});
    Run(2);
    EXPECT_EQ(Compromised(), 2);
    EXPECT_EQ(m_fleet->GetHealth(named), Health::COMPROMISED) << "healthy ones are hit as well";
    EXPECT_EQ(m_fleet->GetHealth(DeviceId{3}), Health::COMPROMISED);
}

TEST_F(ThreatTest, WrongThreatsAreRefused)
{
    Make(10);
    EXPECT_THROW(m_model->Add({.share = 0.1, .count = 3}), std::invalid_argument);
    EXPECT_THROW(m_model->Add({.atS = 1}), std::invalid_argument);
    m_model->Add({.devices = {"nobody"}});
    EXPECT_THROW(m_model->Start(), std::invalid_argument);
}

TEST_F(ThreatTest, PatchedAndBrokenDevicesResist)
{
    Make(10);
    m_fleet->SetFirmware(DeviceId{0}, m_fixed);
    m_fleet->Set(DeviceId{0}, Health::HEALTHY, "test");
    m_fleet->Set(DeviceId{1}, Health::BRICKED, "test");
    m_fleet->Set(DeviceId{2}, Health::FAULTY, "test");
    m_fleet->Set(DeviceId{3}, Enrolment::RETIRED, "test");
    m_fleet->Set(DeviceId{4}, Health::COMPROMISED, "test");
    m_model->Add({.atS = 1, .share = 1.0});
    Run(2);
    EXPECT_EQ(m_records.at(0).attacked, 10);
    EXPECT_EQ(m_records.at(0).compromised, 5);
    EXPECT_EQ(m_told.size(), 5) << "one that is compromised already keeps its manners";
    EXPECT_EQ(m_fleet->GetHealth(DeviceId{0}), Health::HEALTHY);
    EXPECT_EQ(m_fleet->GetHealth(DeviceId{1}), Health::BRICKED);
}

TEST_F(ThreatTest, TwoAttacksAreDrawnApartAndRepeatably)
{
    const auto hit = [this](uint64_t run) {
        Make(1000, run);
        m_model->Add({.atS = 1, .count = 100});
        m_model->Add({.atS = 2, .count = 100});
        Run(3);
        std::vector<DeviceId> devices;
        for (const auto& [device, ignores, lies] : m_told)
        {
            devices.push_back(device);
        }
        TearDown();
        return devices;
    };
    const auto first = hit(1);
    EXPECT_EQ(hit(1), first);
    EXPECT_NE(hit(2), first);
    EXPECT_GT(first.size(), 150) << "the second attack hits others, but for about ten";
    EXPECT_LT(first.size(), 200);
}

TEST_F(ThreatTest, EverybodyIsHitEquallyOften)
{
    constexpr int DEVICES = 40;
    constexpr int TAKEN = 10;
    constexpr int RUNS = 1000;
    std::array<int, DEVICES> hits{};
    for (uint32_t run = 1; run <= RUNS; ++run)
    {
        Make(DEVICES, run);
        m_model->Add({.atS = 1, .share = double{TAKEN} / DEVICES});
        Run(2);
        for (const auto& told : m_told)
        {
            ++hits.at(Index(std::get<0>(told)));
        }
        TearDown();
    }
    // Drawing without replacement: the usual statistic, scaled, is chi-squared with N-1 degrees.
    constexpr double SHARE = double{TAKEN} / DEVICES;
    double statistic = 0;
    for (const int count : hits)
    {
        const double excess = count - RUNS * SHARE;
        statistic += excess * excess / (RUNS * SHARE * (1 - SHARE));
    }
    statistic *= double{DEVICES - 1} / DEVICES;
    const boost::math::chi_squared law(DEVICES - 1);
    EXPECT_LT(statistic, quantile(complement(law, 5e-7)));
    EXPECT_GT(statistic, quantile(law, 5e-7));
}

} // namespace
