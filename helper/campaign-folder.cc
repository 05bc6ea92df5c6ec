// SPDX-License-Identifier: GPL-2.0-only

#include "helper/campaign-folder.h"

#include "helper/text-digest.h"
#include "helper/text-file.h"
#include "model/record/durable-file.h"
#include "model/record/results-database.h"

#include <cerrno>
#include <chrono>
#include <cstring>
#include <fcntl.h>
#include <iomanip>
#include <sstream>
#include <sys/file.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

namespace ns3::iotfleet
{

namespace
{

/** How long to wait for the folder: runs of a killed campaign need a moment to die. */
constexpr std::chrono::seconds LOCK_PATIENCE{2};

/** What a folder says of itself, one line a fact, so that a difference can be told. */
std::string
ManifestText(const CampaignPlan& plan)
{
    TextDigest request;
    request.Add(plan.text);
    ScenarioJson manifest = {{"format", 1},
                             {"campaign", plan.name},
                             {"plan_sha256", plan.Sha256()},
                             {"request_sha256", request.Finish()},
                             {"tool_version", IOTFLEET_VERSION},
                             {"ns3_version", IOTFLEET_NS3_VERSION}};
    for (const CampaignCell& cell : plan.cells)
    {
        manifest["variants"][cell.label] = cell.sha256;
    }
    return manifest.dump(1, ' ', false, ScenarioJson::error_handler_t::replace) + "\n";
}

/** What differs between two manifests, in a user's words. */
std::string
Difference(const ScenarioJson& found, const ScenarioJson& wanted)
{
    const auto differs = [&](const char* key) {
        return !found.contains(key) || found[key] != wanted[key];
    };
    if (differs("tool_version") || differs("ns3_version"))
    {
        return "were made by another version of iot-fleet or ns-3";
    }
    if (differs("campaign") || differs("request_sha256"))
    {
        return "belong to another campaign file, or to an earlier state of this one";
    }
    for (const auto& [label, sha256] : wanted["variants"].items())
    {
        const auto& variants = found["variants"];
        if (!variants.contains(label) || variants[label] != sha256)
        {
            return "belong to an earlier state of the scenario of \"" + label +
                   "\" or of a file that it names";
        }
    }
    return "belong to another plan";
}

/** Whether an open file still has its name: whoever held it before may have deleted it. */
bool
IsStillNamed(int fd, const std::filesystem::path& path)
{
    struct stat open
    {
    };

    struct stat named
    {
    };

    return ::fstat(fd, &open) == 0 && ::stat(path.c_str(), &named) == 0 &&
           open.st_ino == named.st_ino && open.st_dev == named.st_dev;
}

} // namespace

CampaignFolder::CampaignFolder(const std::filesystem::path& database,
                               const CampaignPlan& plan,
                               CampaignStart start)
    : m_folder(PathFor(database)),
      m_plan(plan)
{
    try
    {
        Lock();
        FlushFolder(m_folder.parent_path()); // runs are lost with the folder's own name
        Begin(start);
    }
    catch (...)
    {
        ::close(m_lock);
        throw;
    }
}

CampaignFolder::~CampaignFolder()
{
    ::close(m_lock); // children that still run keep their share of the lock
}

std::filesystem::path
CampaignFolder::PathFor(const std::filesystem::path& database)
{
    return database.string() + ".partial-campaign";
}

void
CampaignFolder::Lock()
{
    const auto patience = std::chrono::steady_clock::now() + LOCK_PATIENCE;
    const auto file = m_folder / "lock";
    while (true)
    {
        std::error_code error;
        std::filesystem::create_directories(m_folder, error);
        m_lock = ::open(file.c_str(), O_RDWR | O_CREAT, 0666);
        if (m_lock < 0)
        {
            throw DatabaseError(file.string() + ": cannot create it: " + std::strerror(errno));
        }
        if (::flock(m_lock, LOCK_EX | LOCK_NB) == 0 && IsStillNamed(m_lock, file))
        {
            return;
        }
        ::close(m_lock);
        m_lock = -1;
        if (std::chrono::steady_clock::now() > patience)
        {
            throw CampaignError(m_folder.string() +
                                ": is in use by another process that runs this campaign");
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
}

void
CampaignFolder::Begin(CampaignStart start)
{
    const auto manifest = ReadTextFile(ManifestFile());
    if (manifest && start == CampaignStart::FRESH)
    {
        throw CampaignError(m_folder.string() + ": found an unfinished campaign with " +
                            std::to_string(CountRuns()) +
                            " finished runs; --resume continues it, --restart discards it");
    }
    if (manifest && start == CampaignStart::RESUME)
    {
        RequireSamePlan(*manifest);
        RemoveLeftovers();
        return;
    }
    // Without a manifest, what lies here was about to be deleted, or never begun.
    for (const auto& entry : std::filesystem::directory_iterator(m_folder))
    {
        if (entry.path().filename() != "lock")
        {
            std::filesystem::remove_all(entry.path());
        }
    }
    WriteDurably(ManifestFile(), ManifestText(m_plan));
}

void
CampaignFolder::RequireSamePlan(const std::string& manifest) const
{
    const std::string wanted = ManifestText(m_plan);
    if (manifest == wanted)
    {
        return;
    }
    const ScenarioJson found = ScenarioJson::parse(manifest, nullptr, false);
    throw CampaignError(m_folder.string() + ": the " + std::to_string(CountRuns()) +
                        " finished runs in it " +
                        (found.is_object() ? Difference(found, ScenarioJson::parse(wanted))
                                           : "cannot be told to be of this campaign") +
                        "; --restart discards them, or choose another database with -o");
}

void
CampaignFolder::RemoveLeftovers() const
{
    for (const auto& entry : std::filesystem::directory_iterator(m_folder))
    {
        if (entry.path().filename().string().find(".partial-") != std::string::npos)
        {
            std::filesystem::remove(entry.path());
        }
    }
}

std::filesystem::path
CampaignFolder::ManifestFile() const
{
    return m_folder / "plan.json";
}

std::size_t
CampaignFolder::CountRuns() const
{
    std::size_t runs = 0;
    for (const auto& entry : std::filesystem::directory_iterator(m_folder))
    {
        const std::string name = entry.path().filename().string();
        runs += name.starts_with("run-") && name.ends_with(".db") ? 1 : 0;
    }
    return runs;
}

std::filesystem::path
CampaignFolder::FileOf(int64_t runId) const
{
    std::ostringstream name;
    name << "run-" << std::setw(6) << std::setfill('0') << runId << ".db";
    return m_folder / name.str();
}

std::filesystem::path
CampaignFolder::JoinedFile() const
{
    return m_folder / "joined.db";
}

std::optional<RunFile>
CampaignFolder::Find(const RunRequest& request) const
{
    const int64_t runId = m_plan.RunId(request);
    auto found = ReadRunFile(FileOf(runId));
    const CampaignCell& cell = m_plan.cells.at(request.cell);
    const bool isOurs =
        found && found->run.runId == runId && found->run.status == "ok" &&
        found->run.scenarioSha256 == cell.sha256 && found->run.variant == cell.label &&
        found->run.seed == m_plan.Seed(request) && found->run.rngRun == m_plan.RngRun(request);
    return isOurs ? std::move(found) : std::nullopt;
}

void
CampaignFolder::Remove()
{
    // First what makes it a campaign: a half-deleted folder is nothing to go on with.
    std::error_code ignored;
    std::filesystem::remove(ManifestFile(), ignored);
    std::filesystem::remove_all(m_folder, ignored);
}

} // namespace ns3::iotfleet
