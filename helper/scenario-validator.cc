// SPDX-License-Identifier: GPL-2.0-only

#include "helper/scenario-validator.h"

#include "helper/fault-validator.h"
#include "helper/payload-builder.h"
#include "helper/placement.h"
#include "helper/rollout-validator.h"
#include "helper/scenario-checks-fleet.h"
#include "helper/scenario-checks-lorawan.h"
#include "helper/strategy-validator.h"
#include "model/fleet/device-profile.h"
#include "model/lorawan/region.h"

#include <algorithm>
#include <set>

namespace ns3::iotfleet
{

namespace
{

constexpr uint64_t MOST_FRAGMENTS = 16383; // TS004-2.0.0 section 3.2: index N has 14 bits
constexpr uint64_t MOST_DEVICES = 16'777'216;

/** The checks of one scenario, one function for each block of the file. */
class Checker
{
  public:
    Checker(const Scenario& scenario, std::string file)
        : m_scenario(scenario),
          m_region(GetRegion(scenario.lorawan.region)),
          m_file(std::move(file))
    {
    }

    std::vector<ScenarioProblem> Run()
    {
        CheckGroups();
        CheckInventory();
        CheckProfiles();
        CheckGateways();
        CheckOutages();
        CheckRadio();
        const auto refuse = [this](const std::string& where, const std::string& what) {
            Refuse(where, what);
        };
        CheckLorawanDetails(m_scenario, refuse);
        CheckFleetDetails(m_scenario, refuse);
        CheckImages();
        CheckDistribution();
        CheckStrategy();
        CheckFragmentSizes();
        CheckRollout();
        CheckQuarantine();
        CheckThreats();
        CheckFaults();
        CheckRecord();
        ValidateExpectations(m_scenario, m_file, m_problems);
        ValidateCosts(m_scenario, m_file, m_problems);
        return std::move(m_problems);
    }

  private:
    void Refuse(const std::string& where, const std::string& message)
    {
        m_problems.push_back({m_file, where, message});
    }

    static std::string At(const char* list, std::size_t index, const char* key = "")
    {
        return list + ("/" + std::to_string(index)) + key;
    }

    /** A text that must be one of some names. */
    void CheckReference(const std::string& where,
                        const std::string& name,
                        const std::vector<std::string>& names,
                        const std::string& what,
                        const std::string& list = {})
    {
        if (const auto message = ExpectOneOf(name, names, what); !message.empty())
        {
            m_problems.push_back({m_file, where, message, list});
        }
    }

    void CheckUnique(std::set<std::string>& seen, const std::string& where, const std::string& name)
    {
        if (name.empty())
        {
            Refuse(where, "found an empty name, expected a name");
        }
        else if (!seen.insert(name).second)
        {
            Refuse(where, "found \"" + name + "\" twice, expected a name of its own");
        }
    }

    /** LoRa data rates that devices or gateways may use, as texts for messages. */
    std::vector<std::string> DataRates(bool uplink) const
    {
        std::vector<std::string> rates;
        for (const DataRateParameters& rate : m_region.dataRates)
        {
            if (!rate.isFsk && (uplink ? rate.uplink : rate.downlink))
            {
                rates.push_back(std::to_string(rate.index));
            }
        }
        return rates;
    }

    void CheckDataRate(const std::string& where, std::optional<uint8_t> dataRate, bool uplink)
    {
        const auto rates = DataRates(uplink);
        if (dataRate &&
            std::find(rates.begin(), rates.end(), std::to_string(*dataRate)) == rates.end())
        {
            Refuse(where,
                   "found " + std::to_string(*dataRate) + ", expected " +
                       (uplink ? "a LoRa uplink" : "a LoRa downlink") + " data rate of " +
                       std::string(m_region.name) + ": " + JoinWords(rates));
        }
    }

    std::vector<std::string> ProfileNames(bool withOwn) const
    {
        std::vector<std::string> names;
        for (const DeviceProfile& profile : BuiltInProfiles())
        {
            names.push_back(profile.name);
        }
        for (const auto& [name, profile] : m_scenario.fleet.profiles)
        {
            if (withOwn)
            {
                names.push_back(name);
            }
        }
        return names;
    }

    void CheckGroups()
    {
        const auto& groups = m_scenario.fleet.groups;
        if (groups.empty())
        {
            Refuse("/fleet/groups", "found no group, expected at least one");
            return;
        }
        std::set<std::string> seen;
        for (std::size_t i = 0; i < groups.size(); ++i)
        {
            CheckUnique(seen, At("/fleet/groups", i, "/name"), groups[i].name);
            CheckReference(At("/fleet/groups", i, "/profile"),
                           groups[i].profile,
                           ProfileNames(true),
                           "a device profile");
            CheckDataRate(At("/fleet/groups", i, "/data_rate"), groups[i].dataRate, true);
        }
        CheckFleetSize();
    }

    void CheckFleetSize()
    {
        const uint64_t devices = CountDevices(m_scenario);
        if (devices == 0 && !m_scenario.fleet.inventory)
        {
            Refuse("/fleet", "found no device, expected a count in a group or an inventory");
        }
        if (devices > MOST_DEVICES)
        {
            Refuse("/fleet",
                   "found " + std::to_string(devices) + " devices, expected at most " +
                       std::to_string(MOST_DEVICES));
        }
    }

    /** Generated devices must not be called like those of the inventory. */
    void CheckInventoryNames()
    {
        const auto& rows = m_scenario.fleet.devices;
        if (rows.empty() || CountDevices(m_scenario) > MOST_DEVICES)
        {
            return;
        }
        std::set<std::string> seen;
        const DevicePlan plan(m_scenario);
        for (uint32_t i = 0; i < plan.Size(); ++i)
        {
            const DeviceSpec device = plan.At(i);
            if (!device.name.empty() && !seen.insert(device.name).second &&
                seen.size() >= rows.size())
            {
                Refuse("/fleet/groups/" + std::to_string(device.group),
                       "found generated device \"" + device.name +
                           "\", expected a name that is not in the inventory");
                return;
            }
        }
    }

    /** Cells of the inventory that name something in the scenario; empty ones are the group's. */
    void CheckInventory()
    {
        CheckInventoryNames();
        RowProblems rows(m_problems);
        const auto rates = DataRates(true);
        for (const DeviceSpec& device : m_scenario.fleet.devices)
        {
            const FleetGroupSpec& group = m_scenario.fleet.groups[device.group];
            const auto refuse = [&](const std::string& column, const std::string& message) {
                rows.Add({m_scenario.fleet.inventory->string(),
                          "device " + device.name + ", column " + column,
                          message},
                         column + ": " + message);
            };
            if (device.dataRate && device.dataRate != group.dataRate &&
                std::find(rates.begin(), rates.end(), std::to_string(*device.dataRate)) ==
                    rates.end())
            {
                refuse("data_rate",
                       "found " + std::to_string(*device.dataRate) +
                           ", expected a LoRa uplink data rate of " + std::string(m_region.name) +
                           ": " + JoinWords(rates));
            }
        }
    }

    void CheckProfiles()
    {
        for (const auto& [name, profile] : m_scenario.fleet.profiles)
        {
            CheckReference("/fleet/profiles/" + name + "/base",
                           profile.base,
                           ProfileNames(false),
                           "a built-in device profile");
            CheckTxCurrents("/fleet/profiles/" + name, profile);
        }
    }

    void CheckTxCurrents(const std::string& where, const ProfileSpec& profile)
    {
        if (!profile.txCurrents.empty() && profile.changes.contains("tx_current"))
        {
            Refuse(where + "/tx_current", "found tx_currents as well, expected one of the two");
        }
        std::set<double> powers;
        for (size_t i = 0; i < profile.txCurrents.size(); ++i)
        {
            if (!powers.insert(profile.txCurrents[i].powerDbm).second)
            {
                Refuse(At((where + "/tx_currents").c_str(), i, "/power"),
                       "found a power that an entry before has, expected each power once");
            }
        }
    }

    std::vector<std::string> GatewayNames() const
    {
        std::vector<std::string> names;
        for (const GatewaySpec& gateway : m_scenario.lorawan.gateways)
        {
            names.push_back(gateway.name);
        }
        return names;
    }

    void CheckGateways()
    {
        const auto& gateways = m_scenario.lorawan.gateways;
        if (gateways.empty())
        {
            Refuse("/access/lorawan/gateways", "found no gateway, expected at least one");
        }
        std::vector<std::string> backhauls;
        for (const auto& [name, backhaul] : m_scenario.lorawan.backhauls)
        {
            backhauls.push_back(name);
        }
        std::set<std::string> seen;
        RowProblems rows(m_problems);
        for (std::size_t i = 0; i < gateways.size(); ++i)
        {
            CheckUnique(seen, At("/access/lorawan/gateways", i, "/name"), gateways[i].name);
            const auto message = ExpectOneOf(gateways[i].backhaul,
                                             backhauls,
                                             "a backhaul of /access/lorawan/backhauls");
            if (!message.empty())
            {
                rows.Add({m_file, At("/access/lorawan/gateways", i, "/backhaul"), message},
                         message);
            }
        }
    }

    /** The gateway and the span of an outage or fault. */
    void CheckSpan(const std::string& where, const std::string& gateway, double start, double end)
    {
        auto names = GatewayNames();
        names.insert(names.begin(), "*");
        CheckReference(where + "/gateway",
                       gateway,
                       names,
                       "a gateway or \"*\"",
                       "/access/lorawan/gateways");
        if (end <= start)
        {
            Refuse(where + "/end",
                   "found \"" + FormatQuantity(UnitKind::DURATION, end) +
                       "\", expected a duration longer than the start, \"" +
                       FormatQuantity(UnitKind::DURATION, start) + "\"");
        }
    }

    void CheckOutages()
    {
        const auto& outages = m_scenario.lorawan.outages;
        for (std::size_t i = 0; i < outages.size(); ++i)
        {
            CheckSpan(At("/access/lorawan/outages", i),
                      outages[i].gateway,
                      outages[i].startS,
                      outages[i].endS);
        }
    }

    void CheckRadio()
    {
        const LorawanSpec& lorawan = m_scenario.lorawan;
        if (lorawan.subBand > 0 && lorawan.region != "US915")
        {
            Refuse("/access/lorawan/sub_band",
                   "found " + std::to_string(lorawan.subBand) + ", expected 0 in " +
                       lorawan.region + ", which has no such sub-bands");
        }
        CheckOrder("/access/lorawan/join/retry_max",
                   lorawan.join.retryMaxS,
                   "retry_min",
                   lorawan.join.retryMinS);
        CheckOrder("/access/lorawan/pacing/tick_extra_max",
                   lorawan.pacing.tickExtraMaxS,
                   "tick_extra_min",
                   lorawan.pacing.tickExtraMinS);
    }

    void CheckOrder(const char* where, double largest, const char* name, double smallest)
    {
        if (largest < smallest)
        {
            Refuse(where,
                   "found \"" + FormatQuantity(UnitKind::DURATION, largest) +
                       "\", expected at least " + name + ", \"" +
                       FormatQuantity(UnitKind::DURATION, smallest) + "\"");
        }
    }

    void CheckImages()
    {
        const FirmwareSpec& firmware = m_scenario.firmware;
        std::set<std::string> seen;
        std::vector<std::string> versions;
        for (std::size_t i = 0; i < firmware.images.size(); ++i)
        {
            CheckUnique(seen, At("/firmware/images", i, "/version"), firmware.images[i].version);
            versions.push_back(firmware.images[i].version);
        }
        if (!firmware.target.empty())
        {
            CheckReference("/firmware/target",
                           firmware.target,
                           versions,
                           "the version of an image");
        }
        if (m_scenario.rollout.enabled && firmware.images.empty())
        {
            Refuse("/firmware/images", "found no image, expected one for the rollout");
        }
    }

    void CheckDistribution()
    {
        const DistributionSpec& distribution = m_scenario.distribution;
        CheckDataRate("/distribution/data_rate", distribution.dataRate, false);
        CheckDataRate("/distribution/ladder/fastest", distribution.strategy.ladder.fastest, false);
        const bool isBulk = distribution.policy != "UNICAST";
        if (isBulk && distribution.sessionClass == "B" && m_region.beacon.channels == 0)
        {
            Refuse("/distribution/class", "found \"B\", expected C: the region has no beacon");
        }
    }

    void CheckStrategy()
    {
        for (auto& problem : ValidateStrategy(m_scenario, m_file))
        {
            m_problems.push_back(std::move(problem));
        }
    }

    /** Bytes of a fragment that fit beside the fragment header (TS004 section 3.2: 3 bytes). */
    void CheckFragment(const std::string& where, uint8_t dataRate, uint8_t bytes)
    {
        constexpr uint16_t HEADER_BYTES = 3;
        const DataRateParameters* rate = m_region.FindDataRate(dataRate);
        if (!rate || !rate->downlink || rate->isFsk)
        {
            CheckDataRate(where, dataRate, false);
            return;
        }
        const int most =
            static_cast<int>(m_region.MaxAppPayload(rate->index, false)) - HEADER_BYTES;
        if (bytes > most)
        {
            Refuse(where,
                   "found \"" + std::to_string(bytes) + " B\", expected at most \"" +
                       std::to_string(most) + " B\", which is what data rate " +
                       std::to_string(dataRate) + " of " + m_scenario.lorawan.region + " carries");
        }
    }

    void CheckFragmentSizes()
    {
        const DistributionSpec& distribution = m_scenario.distribution;
        for (const auto& [dataRate, bytes] : distribution.fragmentBytesByDataRate)
        {
            CheckFragment("/distribution/fragment_size/" + std::to_string(dataRate),
                          dataRate,
                          bytes);
        }
        if (!distribution.fragmentBytes)
        {
            return;
        }
        if (distribution.dataRate)
        {
            CheckFragment("/distribution/fragment_size",
                          *distribution.dataRate,
                          *distribution.fragmentBytes);
        }
        for (const ImageSpec& image : m_scenario.firmware.images)
        {
            const uint64_t fragments = image.sizeBytes / *distribution.fragmentBytes;
            if (image.version == m_scenario.firmware.target && fragments > MOST_FRAGMENTS)
            {
                Refuse("/distribution/fragment_size",
                       "found \"" + std::to_string(*distribution.fragmentBytes) +
                           " B\", which cuts the image of " + std::to_string(image.sizeBytes) +
                           " B into more than " + std::to_string(MOST_FRAGMENTS) +
                           " fragments, expected a larger one");
            }
        }
    }

    void CheckRollout()
    {
        for (auto& problem : ValidateRollout(m_scenario, m_file))
        {
            m_problems.push_back(std::move(problem));
        }
        if (!m_scenario.rollout.enabled && m_scenario.stop.when != "duration")
        {
            Refuse("/stop/when",
                   "found \"" + m_scenario.stop.when +
                       "\", expected duration: there is no rollout");
        }
    }

    void CheckQuarantine()
    {
        const DetectorSpec& detector = m_scenario.quarantine.detector;
        if (detector.k > detector.n)
        {
            Refuse("/quarantine/detector/k",
                   "found " + std::to_string(detector.k) + ", expected at most n, " +
                       std::to_string(detector.n));
        }
    }

    /** Whether a generated name or an inventory row is called so. */
    bool HasDevice(const std::string& name)
    {
        if (m_deviceNames.empty() && CountDevices(m_scenario) <= MOST_DEVICES)
        {
            const DevicePlan plan(m_scenario);
            for (uint32_t i = 0; i < plan.Size(); ++i)
            {
                m_deviceNames.insert(plan.At(i).name);
            }
        }
        return m_deviceNames.contains(name);
    }

    void CheckThreats()
    {
        for (std::size_t i = 0; i < m_scenario.threats.size(); ++i)
        {
            const ThreatSpec& threat = m_scenario.threats[i];
            const int ways = static_cast<int>(threat.share.has_value()) +
                             static_cast<int>(threat.count.has_value()) +
                             static_cast<int>(!threat.devices.empty());
            if (ways != 1)
            {
                Refuse(At("/threats", i),
                       "found " + std::to_string(ways) +
                           " of share, count and devices, expected exactly one");
            }
            if (const auto devices = CountDevices(m_scenario);
                threat.count && *threat.count > devices && devices > 0)
            {
                Refuse(At("/threats", i, "/count"),
                       "found " + std::to_string(*threat.count) + ", expected at most " +
                           std::to_string(devices) + ", the devices of the fleet");
            }
            for (std::size_t d = 0; d < threat.devices.size(); ++d)
            {
                if (!HasDevice(threat.devices[d]))
                {
                    m_problems.push_back(
                        {m_file,
                         At("/threats", i) + At("/devices", d),
                         "found \"" + threat.devices[d] +
                             "\", expected the name of a device such as \"GROUP-000001\"",
                         "/fleet/inventory"});
                }
            }
        }
    }

    void CheckFaults()
    {
        const auto problems = ValidateFaults(m_scenario, m_file, [this](const auto& name) {
            return HasDevice(name);
        });
        m_problems.insert(m_problems.end(), problems.begin(), problems.end());
    }

    void CheckRecord()
    {
        const RecordSpec& record = m_scenario.record;
        if (record.pcapGateway.has_value() != record.pcapFile.has_value())
        {
            Refuse("/record/pcap", "found one of gateway and file, expected both or none");
        }
        if (record.pcapGateway)
        {
            CheckReference("/record/pcap/gateway",
                           *record.pcapGateway,
                           GatewayNames(),
                           "a gateway",
                           "/access/lorawan/gateways");
        }
    }

    const Scenario& m_scenario;              //!< what is checked
    const RegionParameters& m_region;        //!< its region
    std::string m_file;                      //!< name for messages
    std::vector<ScenarioProblem> m_problems; //!< found so far
    std::set<std::string> m_deviceNames;     //!< filled when a device is first named
};

} // namespace

std::vector<ScenarioProblem>
ValidateScenario(const Scenario& scenario, const std::string& file)
{
    auto problems = Checker(scenario, file).Run();
    const auto payload = CheckPayload(scenario, file);
    problems.insert(problems.end(), payload.begin(), payload.end());
    return problems;
}

} // namespace ns3::iotfleet
