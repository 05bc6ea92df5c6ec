// SPDX-License-Identifier: GPL-2.0-only

#include "helper/campaign-plan.h"

#include "helper/placement.h"
#include "helper/scenario-reader.h"
#include "helper/text-digest.h"
#include "helper/text-file.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace ns3::iotfleet
{

namespace
{

/** A scenario file as it stands on the disk. */
struct BaseScenario
{
    std::filesystem::path file;
    std::string text;
    ScenarioJson tree;
};

/** One value of one parameter of the grid. */
struct GridValue
{
    std::string pointer;
    std::string shortName; //!< for labels
    ScenarioJson value;
};

using GridPoint = std::vector<GridValue>;

std::string
ValueText(const ScenarioJson& value)
{
    return value.is_string() ? value.get<std::string>() : value.dump();
}

/** The last name in a pointer; the whole pointer where two end alike. */
std::map<std::string, std::string>
ShortNames(const ScenarioJson& grid)
{
    std::map<std::string, int> uses;
    const auto last = [](const std::string& pointer) {
        return pointer.substr(pointer.rfind('/') + 1);
    };
    for (const auto& [pointer, values] : grid.items())
    {
        ++uses[last(pointer)];
    }
    std::map<std::string, std::string> names;
    for (const auto& [pointer, values] : grid.items())
    {
        names[pointer] = uses[last(pointer)] == 1 ? last(pointer) : pointer;
    }
    return names;
}

/** All combinations; one that is empty where there is no grid. */
std::vector<GridPoint>
GridPoints(const ScenarioJson& grid)
{
    std::vector<GridPoint> points{{}};
    if (grid.is_null())
    {
        return points;
    }
    const auto names = ShortNames(grid);
    for (const auto& [pointer, values] : grid.items())
    {
        std::vector<GridPoint> longer;
        for (const GridPoint& point : points)
        {
            for (const ScenarioJson& value : values)
            {
                longer.push_back(point);
                longer.back().push_back({pointer, names.at(pointer), value});
            }
        }
        points = std::move(longer);
    }
    return points;
}

/** Makes the cells of a campaign and gathers what is wrong with them. */
class PlanMaker
{
  public:
    explicit PlanMaker(const Campaign& campaign)
        : m_campaign(campaign),
          m_file(campaign.file.string())
    {
    }

    CampaignPlan Make()
    {
        CampaignPlan plan;
        plan.name = m_campaign.name;
        plan.text = m_campaign.text;
        if (!m_campaign.runs.seeds.is_null())
        {
            plan.seeds = m_campaign.runs.seeds.get<std::vector<uint64_t>>();
        }
        const auto bases = ReadBases();
        const auto points = GridPoints(m_campaign.grid);
        for (const BaseScenario& base : bases)
        {
            AddCellsOf(base, points, plan.cells);
        }
        CheckLabels(plan.cells);
        if (!m_problems.empty())
        {
            throw ScenarioError(m_problems);
        }
        return plan;
    }

  private:
    std::vector<BaseScenario> ReadBases()
    {
        std::vector<BaseScenario> bases;
        for (std::size_t i = 0; i < m_campaign.scenarios.size(); ++i)
        {
            const auto file =
                (m_campaign.file.parent_path() / m_campaign.scenarios[i]).lexically_normal();
            const auto text = ReadTextFile(file);
            if (!text)
            {
                m_problems.push_back(
                    {m_file,
                     "/scenarios/" + std::to_string(i),
                     "found no readable file " + file.string() + ", expected a scenario"});
                continue;
            }
            bases.push_back({file, *text, ParseScenarioText(file.string(), *text)});
        }
        return bases;
    }

    void AddCellsOf(const BaseScenario& base,
                    const std::vector<GridPoint>& points,
                    std::vector<CampaignCell>& cells)
    {
        static const std::vector<VariantSpec> PLAIN(1);
        const auto& variants = m_campaign.variants.empty() ? PLAIN : m_campaign.variants;
        for (std::size_t v = 0; v < variants.size(); ++v)
        {
            ScenarioJson tree = base.tree;
            if (!ApplyVariant(tree, variants[v], v))
            {
                continue;
            }
            for (const GridPoint& point : points)
            {
                AddCell(base, tree, variants[v].name, point, cells);
            }
        }
    }

    /** @return whether it could be applied */
    bool ApplyVariant(ScenarioJson& tree, const VariantSpec& variant, std::size_t index)
    {
        const std::string where = "/variants/" + std::to_string(index);
        if (!variant.patch.is_null())
        {
            tree.merge_patch(variant.patch);
        }
        bool isGood = true;
        for (const auto& [pointer, value] : variant.set.items())
        {
            isGood &= Apply(tree, pointer, value, AppendPointer(where + "/set", pointer));
        }
        return isGood;
    }

    bool Apply(ScenarioJson& tree,
               const std::string& pointer,
               const ScenarioJson& value,
               const std::string& where)
    {
        const std::string wrong = ApplySetting(tree, pointer, value);
        if (!wrong.empty())
        {
            Complain({m_file, where, wrong});
        }
        return wrong.empty();
    }

    void AddCell(const BaseScenario& base,
                 ScenarioJson tree,
                 const std::string& variant,
                 const GridPoint& point,
                 std::vector<CampaignCell>& cells)
    {
        bool isGood = true;
        for (const GridValue& one : point)
        {
            isGood &= Apply(tree, one.pointer, one.value, AppendPointer("/grid", one.pointer));
        }
        if (!isGood)
        {
            return;
        }
        // A scenario that nothing changes keeps its text, and so its digest.
        const std::string text = tree == base.tree ? base.text : tree.dump(2) + "\n";
        const std::string label = Label(base, tree, variant, point);
        try
        {
            CampaignCell cell = MakeCampaignCell(label, base.file, text);
            for (const GridValue& one : point)
            {
                cell.parameters.emplace_back(one.pointer, ValueText(one.value));
            }
            cells.push_back(std::move(cell));
        }
        catch (const ScenarioError& error)
        {
            for (const ScenarioProblem& problem : error.GetProblems())
            {
                ComplainOnce(base, problem);
            }
        }
    }

    std::string Label(const BaseScenario& base,
                      const ScenarioJson& tree,
                      const std::string& variant,
                      const GridPoint& point) const
    {
        std::string label = variant;
        const auto add = [&](const std::string& part) {
            label += (label.empty() ? "" : ", ") + part;
        };
        if (m_campaign.scenarios.size() > 1 || (variant.empty() && point.empty()))
        {
            const auto name = tree.find("name");
            const bool isNamed = name != tree.end() && name->is_string();
            const std::string scenario =
                isNamed ? name->get<std::string>() : base.file.stem().string();
            label = scenario + (variant.empty() ? "" : ", " + variant);
        }
        for (const GridValue& one : point)
        {
            add(one.shortName + "=" + ValueText(one.value));
        }
        return label;
    }

    void Complain(const ScenarioProblem& problem)
    {
        ComplainOnce({}, problem);
    }

    /** Every cell of a faulty base has the same fault: it is said for the first of them. */
    void ComplainOnce(const BaseScenario& base, const ScenarioProblem& problem)
    {
        if (m_known.emplace(base.file.string(), problem.where, problem.message).second)
        {
            m_problems.push_back(problem);
        }
    }

    void CheckLabels(const std::vector<CampaignCell>& cells)
    {
        std::set<std::string> labels;
        for (const CampaignCell& cell : cells)
        {
            if (!labels.insert(cell.label).second)
            {
                Complain({m_file,
                          "",
                          "found two combinations called \"" + cell.label +
                              "\", expected scenarios and variants with names of their own"});
            }
        }
    }

    const Campaign& m_campaign;                                          //!< what to plan
    std::string m_file;                                                  //!< its name for messages
    std::vector<ScenarioProblem> m_problems;                             //!< found so far
    std::set<std::tuple<std::string, std::string, std::string>> m_known; //!< base, where, message
};

} // namespace

CampaignCell
MakeCampaignCell(const std::string& label,
                 const std::filesystem::path& file,
                 const std::string& text)
{
    const std::string name = file.string() + (label.empty() ? "" : " (" + label + ")");
    Scenario scenario;
    try
    {
        scenario = ReadScenarioText(file, text);
    }
    catch (const ScenarioError& error)
    {
        std::vector<ScenarioProblem> problems = error.GetProblems();
        for (ScenarioProblem& problem : problems)
        {
            problem.file = problem.file == file.string() ? name : problem.file;
        }
        throw ScenarioError(problems);
    }
    if (scenario.record.pcapGateway || scenario.record.pcapFile)
    {
        throw ScenarioError({{name,
                              "/record/pcap",
                              "found a packet capture, expected none in a campaign, where every "
                              "run would write to the same file"}});
    }
    CampaignCell cell;
    cell.label = label;
    cell.file = file;
    cell.text = text;
    cell.sha256 = scenario.sha256;
    cell.scenario = scenario.name;
    cell.seed = scenario.seed;
    cell.devices = CountDevices(scenario);
    return cell;
}

int64_t
CampaignPlan::RunId(const RunRequest& request) const
{
    return static_cast<int64_t>(request.repetition * cells.size() + request.cell + 1);
}

uint64_t
CampaignPlan::Seed(const RunRequest& request) const
{
    return seeds.empty() ? cells.at(request.cell).seed : seeds[request.repetition % seeds.size()];
}

uint64_t
CampaignPlan::RngRun(const RunRequest& request) const
{
    return 1 + request.repetition / std::max<std::size_t>(1, seeds.size());
}

std::string
CampaignPlan::Sha256() const
{
    TextDigest digest;
    digest.Add(IOTFLEET_VERSION);
    digest.Add(IOTFLEET_NS3_VERSION);
    digest.Add(name);
    digest.Add(text);
    digest.Add(std::to_string(seeds.size()));
    for (const uint64_t seed : seeds)
    {
        digest.Add(std::to_string(seed));
    }
    for (const CampaignCell& cell : cells)
    {
        digest.Add(cell.label);
        digest.Add(cell.sha256);
        digest.Add(std::to_string(cell.parameters.size()));
        for (const auto& [pointer, value] : cell.parameters)
        {
            digest.Add(pointer);
            digest.Add(value);
        }
    }
    return digest.Finish();
}

CampaignPlan
MakeCampaignPlan(const Campaign& campaign)
{
    return PlanMaker(campaign).Make();
}

} // namespace ns3::iotfleet
