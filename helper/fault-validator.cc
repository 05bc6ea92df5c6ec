// SPDX-License-Identifier: GPL-2.0-only
#include "helper/fault-validator.h"

#include "helper/units.h"

#include <algorithm>
#include <set>

namespace ns3::iotfleet
{

namespace
{

/** Checks one fault after the other. */
class FaultChecker
{
  public:
    FaultChecker(const Scenario& scenario,
                 std::string file,
                 const std::function<bool(const std::string&)>& hasDevice)
        : m_scenario(scenario),
          m_file(std::move(file)),
          m_hasDevice(hasDevice)
    {
        for (const auto& gateway : scenario.lorawan.gateways)
        {
            m_gateways.push_back(gateway.name);
        }
        for (const auto& image : scenario.firmware.images)
        {
            m_images.push_back(image.version);
        }
        for (const auto& group : scenario.fleet.groups)
        {
            m_groups.insert(group.name);
            Note(group.site, group.hardware, group.profile);
        }
        for (const auto& device : scenario.fleet.devices)
        {
            Note(device.site, device.hardware, device.profile);
        }
    }

    std::vector<ScenarioProblem> Run()
    {
        for (std::size_t i = 0; i < m_scenario.faults.size(); ++i)
        {
            const FaultSpec& fault = m_scenario.faults[i];
            m_where = "/faults/" + std::to_string(i);
            if (const auto* kind = FindFaultKind(fault.kind))
            {
                Check(*kind, fault);
            }
        }
        return std::move(m_problems);
    }

  private:
    using Names = std::set<std::string>;

    void Note(const std::string& site, const std::string& hardware, const std::string& profile)
    {
        m_sites.insert(site);
        m_hardwares.insert(hardware);
        m_profiles.insert(profile);
    }

    void Refuse(const std::string& key, const std::string& message, const std::string& list = {})
    {
        m_problems.push_back({m_file, m_where + key, message, list});
    }

    void CheckName(const std::string& key,
                   const std::string& name,
                   const std::vector<std::string>& names,
                   const std::string& what,
                   const std::string& list = {})
    {
        if (const auto message = ExpectOneOf(name, names, what); !message.empty())
        {
            Refuse(key, message, list);
        }
    }

    /** An empty text stands for all. */
    void CheckFilter(const std::string& key,
                     const std::string& name,
                     const Names& names,
                     const std::string& what)
    {
        if (!name.empty())
        {
            CheckName(key, name, {names.begin(), names.end()}, what, "/fleet/inventory");
        }
    }

    void Check(const FaultKind& kind, const FaultSpec& fault)
    {
        if (kind.Has(FaultKey::GATEWAY))
        {
            auto names = m_gateways;
            names.insert(names.begin(), "*");
            CheckName("/gateway",
                      fault.gateway,
                      names,
                      "a gateway or \"*\"",
                      "/access/lorawan/gateways");
        }
        if (kind.Has(FaultKey::END))
        {
            CheckSpan(fault);
        }
        if (kind.Has(FaultKey::MTTR) && fault.mtbfS.has_value() != fault.mttrS.has_value())
        {
            Refuse("", "found one of mtbf and mttr, expected both or none");
        }
        if (kind.Has(FaultKey::IMAGE) && !fault.image.empty())
        {
            CheckName("/image", fault.image, m_images, "an image");
        }
        if (kind.Has(FaultKey::POWER) && fault.probability == 0)
        {
            Refuse("", "found no probability, expected one more than 0");
        }
        if (kind.Has(FaultKey::SPREAD) && fault.mtbfS && fault.spreadS > 0)
        {
            Refuse("", "found both spread and mtbf, expected one of them");
        }
        if (kind.Has(FaultKey::CLOCK) && fault.offsetS == 0 && fault.driftPpm == 0)
        {
            Refuse("", "found neither offset nor drift, expected at least one");
        }
        if (kind.Has(FaultKey::REPORT) && fault.lost + fault.late + fault.wrong == 0)
        {
            Refuse("", "found none of lost, late and wrong, expected at least one");
        }
        if (kind.Has(FaultKey::TARGET))
        {
            CheckTarget(fault.target);
        }
    }

    void CheckSpan(const FaultSpec& fault)
    {
        if (fault.endS && *fault.endS <= fault.startS)
        {
            Refuse("/end",
                   "found \"" + FormatQuantity(UnitKind::DURATION, *fault.endS) +
                       "\", expected a duration longer than the start, \"" +
                       FormatQuantity(UnitKind::DURATION, fault.startS) + "\"");
        }
    }

    void CheckTarget(const FaultTargetSpec& target)
    {
        CheckFilter("/site", target.site, m_sites, "a site of the fleet");
        CheckFilter("/group", target.group, m_groups, "a group of the fleet");
        CheckFilter("/hardware", target.hardware, m_hardwares, "a hardware batch of the fleet");
        CheckFilter("/profile", target.profile, m_profiles, "a profile of the fleet");
        for (std::size_t d = 0; d < target.devices.size(); ++d)
        {
            if (!m_hasDevice(target.devices[d]))
            {
                Refuse("/devices/" + std::to_string(d),
                       "found \"" + target.devices[d] +
                           "\", expected the name of a device such as \"GROUP-000001\"",
                       "/fleet/inventory");
            }
        }
        if (target.correlation > 0 && target.cluster == "none")
        {
            Refuse("/correlation",
                   "found a correlation without cluster, expected cluster to be site, hardware or "
                   "group");
        }
    }

    const Scenario& m_scenario;                                 //!< what is checked
    std::string m_file;                                         //!< name for messages
    const std::function<bool(const std::string&)>& m_hasDevice; //!< looks a device up
    std::vector<std::string> m_gateways;
    std::vector<std::string> m_images;
    Names m_groups;
    Names m_sites;
    Names m_hardwares;
    Names m_profiles;
    std::string m_where;                     //!< pointer of the fault being checked
    std::vector<ScenarioProblem> m_problems; //!< found so far
};

} // namespace

std::vector<ScenarioProblem>
ValidateFaults(const Scenario& scenario,
               const std::string& file,
               const std::function<bool(const std::string&)>& hasDevice)
{
    return FaultChecker(scenario, file, hasDevice).Run();
}

} // namespace ns3::iotfleet
