// SPDX-License-Identifier: GPL-2.0-only

#include "helper/scenario-reader.h"

#include "helper/inventory.h"
#include "helper/model-settings.h"
#include "helper/scenario-field-reader.h"
#include "helper/scenario-fields.h"
#include "helper/scenario-validator.h"
#include "helper/text-digest.h"
#include "helper/text-file.h"
#include "model/fleet/device-profile.h"

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <ranges>

namespace ns3::iotfleet
{

namespace
{

/** Reads an image's file for its size and the digest; returns what is wrong with it, if anything.
 */
std::optional<ScenarioProblem>
ReadImage(ImageSpec& image, const std::string& where, TextDigest& digest)
{
    if (image.file.has_value() == (image.sizeBytes > 0))
    {
        return ScenarioProblem{"",
                               where,
                               std::string("found ") + (image.file ? "both" : "none") +
                                   " of file and size, expected exactly one"};
    }
    if (!image.file)
    {
        return std::nullopt;
    }
    const auto content = ReadTextFile(*image.file);
    if (!content || content->empty())
    {
        return ScenarioProblem{"",
                               where + "/file",
                               "found no readable, non-empty file " + image.file->string() +
                                   ", expected a firmware image"};
    }
    image.sizeBytes = content->size();
    digest.Add(*content);
    return std::nullopt;
}

/** Profiles that devices may have. */
std::vector<std::string>
ProfileNames(const Scenario& scenario)
{
    std::vector<std::string> names;
    std::ranges::transform(BuiltInProfiles(), std::back_inserter(names), &DeviceProfile::name);
    std::ranges::copy(std::views::keys(scenario.fleet.profiles), std::back_inserter(names));
    return names;
}

/** Reads what the scenario names and adds it to the digest; returns what is wrong with it. */
std::vector<ScenarioProblem>
ReadNamedFiles(Scenario& scenario,
               const std::string& file,
               const std::vector<std::filesystem::path>& gatewayFiles,
               TextDigest& digest)
{
    std::vector<ScenarioProblem> problems;
    for (const auto& path : gatewayFiles)
    {
        digest.Add(ReadTextFile(path).value_or(""));
    }
    if (scenario.fleet.inventory)
    {
        digest.Add(ReadTextFile(*scenario.fleet.inventory).value_or(""));
        scenario.fleet.devices = ReadDeviceInventory(*scenario.fleet.inventory,
                                                     scenario.fleet.groups,
                                                     ProfileNames(scenario),
                                                     problems);
    }
    for (std::size_t i = 0; i < scenario.firmware.images.size(); ++i)
    {
        const std::string where = "/firmware/images/" + std::to_string(i);
        if (auto problem = ReadImage(scenario.firmware.images[i], where, digest))
        {
            problem->file = file;
            problems.push_back(*problem);
        }
    }
    return problems;
}

/** A seed of the command line has not gone through the reader of the file. */
std::vector<ScenarioProblem>
CheckSeed(uint64_t seed, const std::string& file)
{
    if (seed >= 1 && seed <= LARGEST_SEED)
    {
        return {};
    }
    const std::string found = "found " + std::to_string(seed);
    return {{file, "/seed", found + ", expected 1 to " + std::to_string(LARGEST_SEED)}};
}

/** Whether one of two pointers leads to a part of the other. */
bool
AreNested(std::string_view a, std::string_view b)
{
    const std::string_view outer = a.size() < b.size() ? a : b;
    const std::string_view inner = a.size() < b.size() ? b : a;
    return inner.starts_with(outer) && (inner.size() == outer.size() || inner[outer.size()] == '/');
}

/** Whether a fault leaves it open which names are in a list. */
bool
Breaks(const ScenarioProblem& known, const std::string& list)
{
    return !list.empty() && AreNested(known.where, list) &&
           (known.where.size() <= list.size() || known.where.ends_with("/name"));
}

/**
 * Whether a problem follows from one that is known: it is about the same place, or about a name
 * that stands in a list of which nobody knows what it holds.
 */
bool
Follows(const ScenarioProblem& problem, const ScenarioProblem& known)
{
    return known.file == problem.file &&
           (AreNested(known.where, problem.where) || Breaks(known, problem.list));
}

/** Whether a row of a table lacks, because of this fault, nothing that others name it by. */
bool
IsBesideNames(const ScenarioProblem& problem)
{
    return problem.where.find(", column ") != std::string::npos &&
           !problem.where.ends_with(", column id");
}

/** Faults that leave a table's names open, as faults of the keys that name the tables. */
std::vector<ScenarioProblem>
AtTheirKeys(std::vector<ScenarioProblem> problems,
            const Scenario& scenario,
            const std::string& file,
            const std::vector<std::filesystem::path>& gatewayFiles)
{
    for (ScenarioProblem& problem : problems)
    {
        const bool isGateways = std::ranges::any_of(gatewayFiles, [&](const auto& path) {
            return path.string() == problem.file;
        });
        const bool isDevices =
            scenario.fleet.inventory && problem.file == *scenario.fleet.inventory;
        if ((isGateways || isDevices) && !IsBesideNames(problem))
        {
            problem = {file, isGateways ? "/access/lorawan/gateways" : "/fleet/inventory", ""};
        }
    }
    return problems;
}

/**
 * Adds what was found later, but not what follows from a fault that is known already.
 *
 * @param known what is known, each at the place of the scenario that it spoils
 */
void
AddUnlessKnown(std::vector<ScenarioProblem>& problems,
               const std::vector<ScenarioProblem>& known,
               const std::vector<ScenarioProblem>& found)
{
    std::ranges::copy_if(found, std::back_inserter(problems), [&](const auto& problem) {
        return std::ranges::none_of(known, [&](const auto& k) { return Follows(problem, k); });
    });
}

} // namespace

void
FillDefaults(Scenario& scenario)
{
    if (scenario.name.empty())
    {
        scenario.name = scenario.file.stem().string();
    }
    scenario.lorawan.backhauls.try_emplace("default");
    if (scenario.rollout.enabled && scenario.rollout.waves.empty())
    {
        WaveSpec everybody;
        everybody.share = 1;
        scenario.rollout.waves.push_back(everybody);
    }
    for (std::size_t i = 0; i < scenario.rollout.waves.size(); ++i)
    {
        WaveSpec& wave = scenario.rollout.waves[i];
        wave.name = wave.name.empty() ? "wave-" + std::to_string(i + 1) : wave.name;
    }
    if (scenario.firmware.target.empty() && !scenario.firmware.images.empty())
    {
        scenario.firmware.target = scenario.firmware.images.back().version;
    }
}

namespace
{

/** Of which images the file says nothing, the target alone makes devices safe. */
void
FillFixes(Scenario& scenario, const ScenarioJson& tree)
{
    for (std::size_t i = 0; i < scenario.firmware.images.size(); ++i)
    {
        const ScenarioJson::json_pointer key("/firmware/images/" + std::to_string(i) + "/fixes");
        ImageSpec& image = scenario.firmware.images[i];
        if (!tree.contains(key))
        {
            image.fixesVulnerability = image.version == scenario.firmware.target;
        }
    }
}

/** The last step of reading: from a tree, in which no setting is open any more. */
Scenario
ReadScenarioTree(const std::filesystem::path& path,
                 const ScenarioJson& tree,
                 const std::string& text,
                 std::optional<uint64_t> seed)
{
    const std::string file = path.string();
    Scenario scenario;
    const auto settings = ModelSettings::Now();
    StartFrom(scenario, settings);
    scenario.file = path;
    scenario.text = text;
    scenario.rollout.enabled = false; // until the file has the block
    std::error_code ignored;
    const auto folder = std::filesystem::absolute(path, ignored).parent_path();
    ScenarioFieldReader reader(file, folder, tree);
    reader.Read(scenario, VisitScenario);
    SettleClockSync(scenario, settings);
    scenario.seed = seed.value_or(scenario.seed);

    std::vector<ScenarioProblem> problems = reader.GetProblems();
    AddUnlessKnown(problems, reader.GetProblems(), CheckSeed(scenario.seed, file));
    FillDefaults(scenario);
    FillFixes(scenario, tree);
    TextDigest digest;
    digest.Add(scenario.text);
    const char* attributes = std::getenv("NS_ATTRIBUTE_DEFAULT");
    if (attributes != nullptr && *attributes != '\0')
    {
        digest.Add(attributes); // they change what the scenario leaves open
    }
    const auto& gatewayFiles = reader.GetGatewayFiles();
    AddUnlessKnown(problems,
                   std::vector(problems),
                   ReadNamedFiles(scenario, file, gatewayFiles, digest));
    scenario.sha256 = digest.Finish();
    AddUnlessKnown(problems,
                   AtTheirKeys(problems, scenario, file, gatewayFiles),
                   ValidateScenario(scenario, file));
    if (!problems.empty())
    {
        throw ScenarioError(problems);
    }
    return scenario;
}

} // namespace

Scenario
ReadScenario(const std::filesystem::path& path,
             const std::vector<std::string>& sets,
             std::optional<uint64_t> seed)
{
    const std::string file = path.string();
    const auto text = ReadTextFile(path);
    if (!text)
    {
        throw ScenarioError({{file, "", "found no readable file, expected a scenario"}});
    }
    ScenarioJson tree = ParseScenarioText(file, *text);
    ApplySettings(tree, sets);
    return ReadScenarioTree(path, tree, sets.empty() ? *text : tree.dump(2) + "\n", seed);
}

Scenario
ReadScenarioText(const std::filesystem::path& path,
                 const std::string& text,
                 std::optional<uint64_t> seed)
{
    return ReadScenarioTree(path, ParseScenarioText(path.string(), text), text, seed);
}

} // namespace ns3::iotfleet
