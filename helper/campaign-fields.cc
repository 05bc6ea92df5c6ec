// SPDX-License-Identifier: GPL-2.0-only

#include "helper/campaign-fields.h"

#include "helper/scenario-fields.h"

namespace ns3::iotfleet
{

namespace
{

using Problems = std::vector<ScenarioProblem>;

ScenarioProblem
Found(const std::string& where, const ScenarioJson& found, const std::string& expected)
{
    return {"", where, "found " + DescribeFound(found) + ", expected " + expected};
}

/** A key of `grid` or `set` is the place that it changes. */
void
CheckPointer(const std::string& key, Problems& problems)
{
    if (key.empty() || key.front() != '/')
    {
        problems.push_back({"",
                            AppendPointer("", key),
                            "found key \"" + key +
                                "\", expected a JSON pointer such as /distribution/redundancy"});
    }
}

/** Whether an item of a list stands in it earlier too. */
bool
StoodBefore(const ScenarioJson& list, std::size_t index)
{
    const auto item = list.begin() + static_cast<std::ptrdiff_t>(index);
    return std::find(list.begin(), item, *item) != item;
}

Problems
CheckGrid(const ScenarioJson& grid)
{
    if (!grid.is_object())
    {
        return {Found("", grid, "an object of JSON pointers and lists of values")};
    }
    Problems problems;
    for (const auto& [key, values] : grid.items())
    {
        CheckPointer(key, problems);
        const std::string where = AppendPointer("", key);
        if (!values.is_array() || values.empty())
        {
            problems.push_back(Found(where, values, "a list of at least one value"));
            continue;
        }
        for (std::size_t i = 0; i < values.size(); ++i)
        {
            if (StoodBefore(values, i))
            {
                problems.push_back(
                    Found(AppendPointer(where, std::to_string(i)), values[i], "each value once"));
            }
        }
    }
    return problems;
}

Problems
CheckSet(const ScenarioJson& set)
{
    if (!set.is_object())
    {
        return {Found("", set, "an object of JSON pointers and values")};
    }
    Problems problems;
    for (const auto& [key, value] : set.items())
    {
        CheckPointer(key, problems);
    }
    return problems;
}

Problems
CheckPatch(const ScenarioJson& patch)
{
    return patch.is_object() ? Problems{}
                             : Problems{Found("", patch, "an object, a part of a scenario")};
}

Problems
CheckSeeds(const ScenarioJson& seeds)
{
    const std::string range = "from 1 to " + std::to_string(LARGEST_SEED);
    if (!seeds.is_array() || seeds.empty())
    {
        return {Found("", seeds, "a list of whole numbers " + range)};
    }
    Problems problems;
    for (std::size_t i = 0; i < seeds.size(); ++i)
    {
        const std::string where = AppendPointer("", std::to_string(i));
        if (!seeds[i].is_number_unsigned() || seeds[i].get<uint64_t>() < 1 ||
            seeds[i].get<uint64_t>() > LARGEST_SEED)
        {
            problems.push_back(Found(where, seeds[i], "a whole number " + range));
        }
        else if (StoodBefore(seeds, i))
        {
            problems.push_back(Found(where, seeds[i], "each seed once"));
        }
    }
    return problems;
}

Problems
CheckWidth(const ScenarioJson& width)
{
    const bool isPositive = width.is_number() && width.get<double>() > 0;
    return isPositive || width.is_string()
               ? Problems{}
               : Problems{Found("", width, "a quantity such as \"1 h\", or a number above 0")};
}

constexpr JsonForm GRID{
    R"({"type": "object", "propertyNames": {"pattern": "^/"},
        "additionalProperties": {"type": "array", "minItems": 1, "uniqueItems": true}})",
    CheckGrid};
constexpr JsonForm SET{R"({"type": "object", "propertyNames": {"pattern": "^/"}})", CheckSet};
constexpr JsonForm PATCH{R"({"type": "object"})", CheckPatch};
constexpr JsonForm SEEDS{
    R"({"type": "array", "minItems": 1, "uniqueItems": true,
        "items": {"type": "integer", "minimum": 1, "maximum": 4294967294}})",
    CheckSeeds};
constexpr JsonForm WIDTH{
    R"({"anyOf": [{"type": "string"}, {"type": "number", "exclusiveMinimum": 0}]})",
    CheckWidth};

void
VisitVariant(ScenarioVisitor& v, VariantSpec& variant)
{
    v.Text({"name", "Label of the variant.", true}, variant.name);
    v.Json({"patch",
            "Part of a scenario that is laid over the base: objects are joined, everything else "
            "replaced, null removes (RFC 7396)."},
           variant.patch,
           PATCH);
    v.Json({"set",
            "JSON pointers and the values they get, after the patch and by the rules of --set."},
           variant.set,
           SET);
}

void
VisitNarrow(ScenarioVisitor& v, NarrowSpec& narrow)
{
    v.Text({"metric", "Name of a metric (iot-fleet schema metrics).", true}, narrow.metric);
    v.Json({"width",
            "Largest width of the mean's confidence interval: a quantity with unit, or a number "
            "for metrics of unit 1. Exactly one of width and relative_width."},
           narrow.width,
           WIDTH);
    v.Share({"relative_width", "Largest width as a share of the mean's size."},
            narrow.relativeWidth,
            POSITIVE);
}

void
VisitRuns(ScenarioVisitor& v, RepetitionSpec& runs)
{
    constexpr uint64_t MOST = 1000000;
    v.Integer({"count",
               "Repetitions of each variant, with until the most; the number of seeds, or else 10, "
               "when left out."},
              runs.count,
              1,
              MOST);
    v.Json({"seeds",
            "Seeds that the repetitions use in turn; the scenario's own when left out. Repetition "
            "k of n seeds has run number 1 + (k - 1) / n, rounded down. All variants have the same "
            "seeds and run numbers, so that they can be compared in pairs."},
           runs.seeds,
           SEEDS);
    v.Array({"until",
             "Ends the campaign before count when all of these intervals are narrow for every "
             "variant."},
            runs.until,
            VisitNarrow);
    v.Share({"confidence", "Confidence of these intervals (Student's t over the repetitions)."},
            runs.confidence,
            {0.5, 0.9999});
    v.Integer({"minimum", "Repetitions before the intervals are looked at first."},
              runs.minimum,
              2,
              MOST);
    v.Integer({"round", "Repetitions of each variant between two looks."}, runs.round, 1, MOST);
}

} // namespace

void
VisitCampaign(ScenarioVisitor& v, Campaign& c)
{
    uint64_t format = CAMPAIGN_FORMAT;
    v.Integer({"schema", "Version of the campaign format.", true},
              format,
              CAMPAIGN_FORMAT,
              CAMPAIGN_FORMAT);
    v.Text({"name", "Name of the campaign; the file's stem when left out."}, c.name);
    v.Text({"description", "What the campaign is to find out."}, c.description);
    v.Texts({"scenarios", "Base scenarios: paths from the folder of the campaign file.", true},
            c.scenarios);
    v.Array({"variants", "Strategies; the bare scenario when left out."}, c.variants, VisitVariant);
    v.Json({"grid",
            "Parameters: JSON pointers into the scenario, and for each the values it gets, after "
            "the variant. Every combination is run."},
           c.grid,
           GRID);
    v.Object({"runs", "How often each combination is run."}, c.runs, VisitRuns);
}

} // namespace ns3::iotfleet
