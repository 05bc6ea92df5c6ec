// SPDX-License-Identifier: GPL-2.0-only

#include "helper/rollout-validator.h"

#include "helper/placement.h"
#include "helper/units.h"
#include "model/fleet/device-profile.h"
#include "model/update/disruption-budget.h"
#include "model/update/local-windows.h"
#include "model/update/operator-view.h"

#include <algorithm>
#include <map>
#include <set>

namespace ns3::iotfleet
{

namespace
{

constexpr std::size_t MOST_BUDGET_KEYS = 4; // DisruptionBudget packs them into 64 bits

using Names = std::vector<std::string>;

/** What devices are called by, in this scenario. */
struct KnownNames
{
    explicit KnownNames(const Scenario& scenario)
    {
        std::set<std::string> siteSet;
        std::set<std::string> hardwareSet;
        std::set<std::string> versionSet;
        for (const auto& group : scenario.fleet.groups)
        {
            groups.push_back(group.name);
            siteSet.insert(group.site);
            hardwareSet.insert(group.hardware);
            versionSet.insert(group.firmware);
        }
        for (const auto& device : scenario.fleet.devices)
        {
            siteSet.insert(device.site);
            hardwareSet.insert(device.hardware);
            versionSet.insert(device.firmware);
        }
        for (const auto& image : scenario.firmware.images)
        {
            images.push_back(image.version);
            versionSet.insert(image.version);
        }
        for (const auto& gateway : scenario.lorawan.gateways)
        {
            gateways.push_back(gateway.name);
        }
        gateways.emplace_back("unknown");
        for (const auto& profile : BuiltInProfiles())
        {
            profiles.push_back(profile.name);
        }
        for (const auto& [name, profile] : scenario.fleet.profiles)
        {
            profiles.push_back(name);
        }
        sites.assign(siteSet.begin(), siteSet.end());
        hardware.assign(hardwareSet.begin(), hardwareSet.end());
        versions.assign(versionSet.begin(), versionSet.end());
    }

    Names groups;
    Names sites;
    Names hardware;
    Names gateways;
    Names profiles;
    Names images;   //!< versions of /firmware/images
    Names versions; //!< these, and what devices run at the start
};

/** The checks, one function for each block. */
class RolloutChecker
{
  public:
    RolloutChecker(const Scenario& scenario, std::string file)
        : m_scenario(scenario),
          m_rollout(scenario.rollout),
          m_known(scenario),
          m_file(std::move(file))
    {
    }

    std::vector<ScenarioProblem> Run()
    {
        CheckSites();
        CheckTarget();
        CheckWaves();
        CheckStart();
        CheckWindow();
        CheckWindows();
        CheckPace();
        CheckPenalty();
        CheckBudgets();
        CheckStopRules();
        CheckRollBack();
        return std::move(m_problems);
    }

  private:
    void Refuse(const std::string& where, const std::string& message)
    {
        m_problems.push_back({m_file, where, message});
    }

    static std::string At(const std::string& list, std::size_t index)
    {
        return list + "/" + std::to_string(index);
    }

    void CheckName(const std::string& where,
                   const std::string& name,
                   const Names& names,
                   const std::string& what,
                   const std::string& list = {})
    {
        if (const auto message = ExpectOneOf(name, names, what); !message.empty())
        {
            m_problems.push_back({m_file, where, message, list});
        }
    }

    void CheckNames(const std::string& where,
                    const Names& found,
                    const Names& names,
                    const std::string& what,
                    const std::string& list = {})
    {
        for (std::size_t i = 0; i < found.size(); ++i)
        {
            CheckName(At(where, i), found[i], names, what, list);
        }
    }

    void CheckSites()
    {
        for (const auto& [name, site] : m_scenario.fleet.sites)
        {
            CheckName("/fleet/sites/" + name,
                      name,
                      m_known.sites,
                      "the site of some device",
                      "/fleet/inventory");
        }
    }

    /** A fleet that runs the target already is taken for a slip, never for a wish. */
    void CheckTarget()
    {
        const uint64_t devices = CountDevices(m_scenario);
        if (devices == 0 || CountUpToDate(m_scenario) < devices)
        {
            return;
        }
        const auto& images = m_scenario.firmware.images;
        const bool isLast = images.back().version == m_scenario.firmware.target;
        m_problems.push_back(
            {m_file,
             isLast ? At("/firmware/images", images.size() - 1) + "/version" : "/firmware/target",
             "found \"" + m_scenario.firmware.target +
                 "\", which all devices run already, expected a version that some device does not "
                 "run: the rollout would update nothing",
             "/fleet/inventory"});
    }

    void CheckFilter(const std::string& where, const FilterConfig& filter)
    {
        CheckNames(where + "/site",
                   filter.sites,
                   m_known.sites,
                   "the site of some device",
                   "/fleet/inventory");
        CheckNames(where + "/group", filter.groups, m_known.groups, "a group of /fleet/groups");
        CheckNames(where + "/gateway",
                   filter.gateways,
                   m_known.gateways,
                   "a gateway or \"unknown\"",
                   "/access/lorawan/gateways");
        CheckNames(where + "/hardware",
                   filter.hardware,
                   m_known.hardware,
                   "the hardware of some device",
                   "/fleet/inventory");
        CheckNames(where + "/firmware",
                   filter.firmware,
                   m_known.versions,
                   "a version that devices run or get",
                   "/fleet/inventory");
        CheckNames(where + "/profile", filter.profiles, m_known.profiles, "a device profile");
        if (filter.minDataRate && filter.maxDataRate && *filter.maxDataRate < *filter.minDataRate)
        {
            Refuse(where + "/data_rate_max",
                   "found " + std::to_string(*filter.maxDataRate) +
                       ", expected at least data_rate_min, " + std::to_string(*filter.minDataRate));
        }
    }

    void CheckWaves()
    {
        std::set<std::string> seen;
        for (std::size_t i = 0; i < m_rollout.waves.size(); ++i)
        {
            const WaveSpec& wave = m_rollout.waves[i];
            const std::string where = At("/rollout/waves", i);
            if (!seen.insert(wave.name).second)
            {
                Refuse(where + "/name",
                       "found \"" + wave.name + "\" twice, expected a name of its own");
            }
            CheckSize(where, wave);
            CheckAdvance(where, wave);
            CheckFilter(where + "/filter", wave.filter);
            for (std::size_t w = 0; w < wave.waitFor.size(); ++w)
            {
                const std::string at = At(where + "/wait_for", w);
                CheckFilter(at + "/filter", wave.waitFor[w].where);
                CheckName(at + "/version",
                          wave.waitFor[w].version,
                          m_known.versions,
                          "a version that devices run or get",
                          "/fleet/inventory");
            }
        }
    }

    void CheckSize(const std::string& where, const WaveSpec& wave)
    {
        const bool isPart = wave.filter != FilterConfig{} || wave.forEach != "none";
        if (wave.share && wave.count)
        {
            Refuse(where, "found both of share and count, expected exactly one");
        }
        else if (!wave.share && !wave.count && !isPart)
        {
            Refuse(where,
                   "found none of share and count, expected exactly one, or a filter or for_each");
        }
    }

    /** Members of a wave that ends early are not followed one by one. */
    void CheckAdvance(const std::string& where, const WaveSpec& wave)
    {
        const PaceConfig& pace = m_rollout.pace;
        const std::string found = pace.rate > 0 || pace.concurrent > 0 || pace.jitterS > 0 ? "pace"
                                  : !m_rollout.windows.empty()       ? "windows"
                                  : m_rollout.inProgressTimeoutS > 0 ? "in_progress_timeout"
                                  : m_rollout.retry.limit > 0        ? "retry"
                                  : !m_rollout.budgets.empty()       ? "budget"
                                                                     : "";
        if (wave.advance == "successes" && wave.then == "pause")
        {
            Refuse(where + "/then",
                   "found \"pause\" together with advance \"successes\", expected \"continue\" or "
                   "advance \"reports\"");
        }
        if (wave.advance == "successes" && !found.empty())
        {
            Refuse(where + "/advance",
                   "found \"successes\" together with /rollout/" + found +
                       ", expected \"reports\" or none of pace, windows, in_progress_timeout, "
                       "retry and budget");
        }
    }

    void CheckStart()
    {
        if (m_rollout.enabled && m_rollout.startS >= m_scenario.durationS)
        {
            Refuse("/rollout/start",
                   "found \"" + FormatQuantity(UnitKind::DURATION, m_rollout.startS) +
                       "\", expected less than the duration, \"" +
                       FormatQuantity(UnitKind::DURATION, m_scenario.durationS) + "\"");
        }
        if (m_rollout.disclosureS && *m_rollout.disclosureS >= m_scenario.durationS)
        {
            Refuse("/rollout/disclosure",
                   "found \"" + FormatQuantity(UnitKind::DURATION, *m_rollout.disclosureS) +
                       "\", expected less than the duration, \"" +
                       FormatQuantity(UnitKind::DURATION, m_scenario.durationS) + "\"");
        }
    }

    void CheckWindow()
    {
        if (m_rollout.windowStartS.has_value() != m_rollout.windowEndS.has_value())
        {
            Refuse("/rollout/window", "found one of start and end, expected both or none");
        }
        else if (m_rollout.windowStartS && *m_rollout.windowStartS == *m_rollout.windowEndS)
        {
            Refuse("/rollout/window/end", "found the same time as start, expected another");
        }
    }

    void CheckWindows()
    {
        const Names days(WEEKDAY_NAMES.begin(), WEEKDAY_NAMES.end());
        for (std::size_t i = 0; i < m_rollout.windows.size(); ++i)
        {
            const std::string where = At("/rollout/windows", i);
            CheckNames(where + "/days", m_rollout.windows[i].days, days, "a day of the week");
            if (m_rollout.windows[i].startS == m_rollout.windows[i].endS)
            {
                Refuse(where + "/end", "found the same time as start, expected another");
            }
        }
    }

    void CheckPace()
    {
        const PaceConfig& pace = m_rollout.pace;
        const bool grows = pace.factor > 1 || pace.increaseEvery > 0;
        if (grows && (pace.factor == 1 || pace.increaseEvery == 0))
        {
            Refuse("/rollout/pace",
                   "found one of factor and increase_every, expected a factor above 1 and "
                   "increase_every above 0, or none of them");
        }
        if (pace.rate == 0 && (grows || pace.maximum > 0))
        {
            Refuse("/rollout/pace/rate",
                   "found 0, expected a rate for factor, increase_every or maximum to work on");
        }
        else if (pace.maximum > 0 && pace.maximum < pace.rate)
        {
            Refuse("/rollout/pace/maximum", "found less than rate, expected at least rate");
        }
    }

    void CheckPenalty()
    {
        if (m_rollout.penalty.failures > 0 && m_rollout.retry.limit == 0)
        {
            Refuse("/rollout/penalty/failures",
                   "found " + std::to_string(m_rollout.penalty.failures) +
                       ", expected 0 as long as /rollout/retry/limit is 0: a device gets one try");
        }
    }

    void CheckBudgets()
    {
        const Names keys(DEVICE_KEY_NAMES.begin(), DEVICE_KEY_NAMES.end());
        for (std::size_t i = 0; i < m_rollout.budgets.size(); ++i)
        {
            const BudgetConfig& budget = m_rollout.budgets[i];
            const std::string where = At("/rollout/budget", i);
            CheckNames(where + "/by", budget.by, keys, "what makes a group");
            if (budget.by.empty() || budget.by.size() > MOST_BUDGET_KEYS)
            {
                Refuse(where + "/by",
                       "found " + std::to_string(budget.by.size()) +
                           " words, expected one to four");
            }
            if (!budget.maxUnavailable && !budget.maxUnavailableShare && !budget.minAvailable &&
                !budget.minAvailableShare)
            {
                Refuse(where,
                       "found no limit, expected at least one of max_unavailable, "
                       "max_unavailable_share, min_available and min_available_share");
            }
            CheckRoom(where, budget);
        }
    }

    /** A budget that spares no device of any group would hold the rollout for ever. */
    void CheckRoom(const std::string& where, const BudgetConfig& budget)
    {
        const DeviceRegistry nobody;
        const InventoryColumns nothing;
        const OperatorView view(nobody, nothing);
        const auto size = LargestGroup(budget.by);
        if (size > 0 && DisruptionBudget(budget, view).Limit(size) == 0)
        {
            Refuse(where,
                   "found a budget that lets none of " + std::to_string(size) +
                       " devices be unavailable, expected room for one in the largest group at "
                       "least: nobody would ever be offered the image");
        }
    }

    /** Devices of the largest group that a budget can make; limits never fall with the size. */
    uint32_t LargestGroup(const Names& by) const
    {
        const bool isBySite = by == Names{"site"};
        std::map<std::string, uint32_t> sizes;
        for (const auto& group : m_scenario.fleet.groups)
        {
            sizes[isBySite ? group.site : ""] += group.count;
        }
        for (const auto& device : m_scenario.fleet.devices)
        {
            ++sizes[isBySite ? device.site : ""];
        }
        uint32_t largest = 0;
        for (const auto& [name, size] : sizes)
        {
            largest = std::max(largest, size);
        }
        return largest;
    }

    void CheckStopRules()
    {
        for (std::size_t i = 0; i < m_rollout.stopRules.size(); ++i)
        {
            const StopRuleConfig& rule = m_rollout.stopRules[i];
            const std::string where = At("/rollout/stop_when", i);
            if (!rule.share && !rule.count)
            {
                Refuse(where, "found none of share and count, expected at least one");
            }
            if (rule.withinS > 0 && (rule.share || rule.over == "wave"))
            {
                Refuse(where + "/within",
                       "found \"" + FormatQuantity(UnitKind::DURATION, rule.withinS) +
                           "\", expected \"0 s\" with a share or over a wave: it goes with count "
                           "over the rollout");
            }
        }
    }

    /** Where the scenario asks to roll back, as a JSON pointer; empty if nowhere. */
    std::string AsksToRollBack() const
    {
        if (m_rollout.onError == "roll-back")
        {
            return "/rollout/on_error";
        }
        for (std::size_t i = 0; i < m_rollout.stopRules.size(); ++i)
        {
            if (m_rollout.stopRules[i].action == "roll-back")
            {
                return At("/rollout/stop_when", i) + "/do";
            }
        }
        for (std::size_t i = 0; i < m_rollout.actions.size(); ++i)
        {
            if (m_rollout.actions[i].action == "roll-back")
            {
                return At("/rollout/actions", i) + "/do";
            }
        }
        return {};
    }

    void CheckRollBack()
    {
        const std::string& to = m_rollout.rollBackTo;
        const auto asks = AsksToRollBack();
        if (to.empty())
        {
            if (!asks.empty())
            {
                Refuse(asks,
                       "found \"roll-back\", expected /rollout/roll_back/to to name an image");
            }
            return;
        }
        CheckName("/rollout/roll_back/to", to, m_known.images, "the version of an image");
        if (to == m_scenario.firmware.target)
        {
            Refuse("/rollout/roll_back/to",
                   "found \"" + to + "\", which is the target, expected another version");
        }
    }

    const Scenario& m_scenario;              //!< what is checked
    const RolloutSpec& m_rollout;            //!< the block of it
    KnownNames m_known;                      //!< what may be referred to
    std::string m_file;                      //!< name for messages
    std::vector<ScenarioProblem> m_problems; //!< found so far
};

} // namespace

std::vector<ScenarioProblem>
ValidateRollout(const Scenario& scenario, const std::string& file)
{
    return RolloutChecker(scenario, file).Run();
}

uint64_t
CountUpToDate(const Scenario& scenario)
{
    const std::string& target = scenario.firmware.target;
    if (!scenario.rollout.enabled || scenario.firmware.images.empty())
    {
        return 0;
    }
    const auto& devices = scenario.fleet.devices;
    auto count = static_cast<uint64_t>(std::ranges::count(devices, target, &DeviceSpec::firmware));
    for (const FleetGroupSpec& group : scenario.fleet.groups)
    {
        count += group.firmware == target ? group.count : 0;
    }
    return count;
}

} // namespace ns3::iotfleet
