// SPDX-License-Identifier: GPL-2.0-only

#include "helper/campaign-reader.h"

#include "helper/campaign-fields.h"
#include "helper/scenario-field-reader.h"
#include "helper/text-file.h"
#include "helper/units.h"
#include "model/record/metric-dictionary.h"

#include <algorithm>
#include <set>

namespace ns3::iotfleet
{

namespace
{

/** Repetitions of each variant where the file says neither count nor seeds. */
constexpr uint64_t DEFAULT_COUNT = 10;

/** Kind of quantity and size of one of a metric's unit in the kind's unit inside. */
struct MetricUnit
{
    std::string_view symbol;
    UnitKind kind;
    double inside;
};

constexpr std::array METRIC_UNITS{MetricUnit{"s", UnitKind::DURATION, 1},
                                  MetricUnit{"h", UnitKind::DURATION, 3600},
                                  MetricUnit{"d", UnitKind::DURATION, 86400},
                                  MetricUnit{"J", UnitKind::ENERGY, 1},
                                  MetricUnit{"B", UnitKind::SIZE, 1}};

/** Checks a campaign beyond its single keys. */
class CampaignChecker
{
  public:
    CampaignChecker(Campaign& campaign, std::vector<ScenarioProblem>& problems)
        : m_campaign(campaign),
          m_problems(problems)
    {
    }

    void Check()
    {
        if (m_campaign.scenarios.empty())
        {
            Refuse("/scenarios", "found no scenario, expected at least one");
        }
        CheckVariants();
        RepetitionSpec& runs = m_campaign.runs;
        if (!runs.count)
        {
            runs.count = runs.seeds.is_null() ? DEFAULT_COUNT : runs.seeds.size();
        }
        for (std::size_t i = 0; i < runs.until.size(); ++i)
        {
            CheckNarrow(runs.until[i], "/runs/until/" + std::to_string(i));
        }
        if (!runs.until.empty() && *runs.count < runs.minimum)
        {
            Refuse("/runs/count",
                   "found " + std::to_string(*runs.count) + ", expected at least the minimum of " +
                       std::to_string(runs.minimum) + " repetitions");
        }
    }

  private:
    void Refuse(const std::string& where, const std::string& message)
    {
        m_problems.push_back({m_campaign.file.string(), where, message});
    }

    void CheckVariants()
    {
        std::set<std::string> names;
        for (std::size_t i = 0; i < m_campaign.variants.size(); ++i)
        {
            const std::string& name = m_campaign.variants[i].name;
            const std::string where = "/variants/" + std::to_string(i) + "/name";
            if (name.empty())
            {
                Refuse(where, "found an empty name, expected a name");
            }
            else if (!names.insert(name).second)
            {
                Refuse(where, "found \"" + name + "\" twice, expected a name of its own");
            }
        }
    }

    void CheckNarrow(NarrowSpec& narrow, const std::string& where)
    {
        if (narrow.width.is_null() == !narrow.relativeWidth.has_value())
        {
            Refuse(where,
                   std::string("found ") + (narrow.width.is_null() ? "none" : "both") +
                       " of width and relative_width, expected exactly one");
        }
        const MetricDefinition* metric = FindMetric(narrow.metric, where + "/metric");
        if (metric && !narrow.width.is_null())
        {
            ReadWidth(narrow, *metric, where + "/width");
        }
    }

    const MetricDefinition* FindMetric(const std::string& name, const std::string& where)
    {
        const auto found = std::find_if(METRICS.begin(), METRICS.end(), [&](const auto& metric) {
            return metric.name == name;
        });
        if (found != METRICS.end())
        {
            return &*found;
        }
        std::vector<std::string> names;
        std::transform(METRICS.begin(), METRICS.end(), std::back_inserter(names), [](auto& metric) {
            return std::string(metric.name);
        });
        const std::string near = SuggestWord(name, names);
        Refuse(where,
               "found \"" + name + "\", expected a metric of `iot-fleet schema metrics`" +
                   (near.empty() ? "" : "; did you mean \"" + near + "\"?"));
        return nullptr;
    }

    void ReadWidth(NarrowSpec& narrow, const MetricDefinition& metric, const std::string& where)
    {
        const auto unit =
            std::find_if(METRIC_UNITS.begin(), METRIC_UNITS.end(), [&](const MetricUnit& one) {
                return one.symbol == metric.unit;
            });
        if (unit == METRIC_UNITS.end())
        {
            ReadPlainWidth(narrow, metric, where);
            return;
        }
        const auto value = narrow.width.is_string()
                               ? ParseQuantity(unit->kind, narrow.width.get<std::string>())
                               : std::nullopt;
        if (!value || *value <= 0)
        {
            Refuse(where,
                   "found " + DescribeFound(narrow.width) + ", expected " +
                       std::string(UnitDescription(unit->kind)) + ", above 0");
            return;
        }
        narrow.widthInUnit = *value / unit->inside;
    }

    void ReadPlainWidth(NarrowSpec& narrow,
                        const MetricDefinition& metric,
                        const std::string& where)
    {
        if (!narrow.width.is_number())
        {
            Refuse(where,
                   "found " + DescribeFound(narrow.width) + ", expected a number above 0, in the " +
                       "metric's unit " + std::string(metric.unit));
            return;
        }
        narrow.widthInUnit = narrow.width.get<double>();
    }

    Campaign& m_campaign;                     //!< gets widths in their unit
    std::vector<ScenarioProblem>& m_problems; //!< found so far
};

} // namespace

Campaign
ReadCampaign(const std::filesystem::path& path)
{
    const std::string file = path.string();
    const auto text = ReadTextFile(path);
    if (!text)
    {
        throw ScenarioError({{file, "", "found no readable file, expected a campaign"}});
    }
    const ScenarioJson tree = ParseScenarioText(file, *text);
    Campaign campaign;
    campaign.file = path;
    campaign.text = *text;
    ScenarioFieldReader reader(file, path.parent_path(), tree);
    reader.Read(campaign, VisitCampaign);
    std::vector<ScenarioProblem> problems = reader.GetProblems();
    if (problems.empty()) // what is missing would be complained of twice
    {
        CampaignChecker(campaign, problems).Check();
    }
    if (!problems.empty())
    {
        throw ScenarioError(problems);
    }
    if (campaign.name.empty())
    {
        campaign.name = path.stem().string();
    }
    return campaign;
}

} // namespace ns3::iotfleet
