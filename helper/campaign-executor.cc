// SPDX-License-Identifier: GPL-2.0-only

#include "helper/campaign-executor.h"

#include "helper/payload-codec.h"
#include "model/record/durable-file.h"
#include "model/record/results-database.h"

#include <algorithm>

namespace ns3::iotfleet
{

namespace
{

/** How often a run that was killed is tried. */
constexpr int MOST_ATTEMPTS = 3;

/** Refuses before any run what could not be replaced after the last. */
const std::filesystem::path&
RequireReplaceable(const std::filesystem::path& database)
{
    RefuseForeignFile(database);
    return database;
}

} // namespace

CampaignExecutor::CampaignExecutor(CampaignPlan plan,
                                   const std::filesystem::path& database,
                                   CampaignStart start,
                                   std::unique_ptr<RunBackend> backend,
                                   CampaignHooks hooks)
    : m_plan(std::move(plan)),
      m_database(RequireReplaceable(database)),
      m_folder(database, m_plan, start),
      m_backend(std::move(backend)),
      m_hooks(std::move(hooks))
{
}

void
CampaignExecutor::SetExpected(std::size_t runs)
{
    m_progress.expected = runs;
}

const CampaignPlan&
CampaignExecutor::GetPlan() const
{
    return m_plan;
}

CampaignProgress
CampaignExecutor::GetProgress() const
{
    return m_progress;
}

RunJob
CampaignExecutor::MakeJob(const RunRequest& request) const
{
    const CampaignCell& cell = m_plan.cells.at(request.cell);
    RunJob job;
    job.runId = m_plan.RunId(request);
    job.label = cell.label;
    job.scenario = cell.file;
    job.text = cell.text;
    job.sha256 = cell.sha256;
    job.seed = m_plan.Seed(request);
    job.rngRun = m_plan.RngRun(request);
    job.parameters = cell.parameters;
    job.output = m_folder.FileOf(job.runId);
    return job;
}

RunResult
CampaignExecutor::MakeResult(const RunRequest& request) const
{
    RunResult result;
    result.request = request;
    result.runId = m_plan.RunId(request);
    result.seed = m_plan.Seed(request);
    result.rngRun = m_plan.RngRun(request);
    return result;
}

RunResult
CampaignExecutor::ReadResult(const RunRequest& request, const RunFile& file) const
{
    RunResult result = MakeResult(request);
    result.isOk = true;
    result.wallS = file.run.wallS;
    result.metrics = file.metrics;
    return result;
}

void
CampaignExecutor::Enter(const RunRequest& request)
{
    const auto [at, isNew] = m_entries.try_emplace(m_plan.RunId(request), Entry{request, {}, 0});
    if (!isNew)
    {
        return;
    }
    if (const auto file = m_folder.Find(request))
    {
        at->second.result = ReadResult(request, *file);
        m_wallS += file->run.wallS;
        ++m_progress.finished;
    }
}

std::vector<RunJob>
CampaignExecutor::OpenJobs() const
{
    std::vector<RunJob> jobs;
    for (const auto& [runId, entry] : m_entries)
    {
        if (!entry.result)
        {
            jobs.push_back(MakeJob(entry.request));
        }
    }
    return jobs;
}

std::vector<RunResult>
CampaignExecutor::Run(const std::vector<RunRequest>& requests)
{
    for (const RunRequest& request : requests)
    {
        Enter(request);
    }
    m_progress.expected = std::max(m_progress.expected, m_entries.size());
    BackendHooks hooks;
    hooks.onEnded = [this](const RunJob& job, const RunOutcome& outcome) { OnEnded(job, outcome); };
    hooks.shouldStop = [this](std::size_t running) { return ShouldStop(running); };
    // Again as long as some were killed: alone, a run may have the memory that it lacked.
    for (auto jobs = OpenJobs(); !jobs.empty(); jobs = OpenJobs())
    {
        m_backend->Execute(std::move(jobs), hooks);
    }
    std::vector<RunResult> results;
    results.reserve(requests.size());
    for (const RunRequest& request : requests)
    {
        results.push_back(*m_entries.at(m_plan.RunId(request)).result);
    }
    return results;
}

void
CampaignExecutor::OnEnded(const RunJob& job, const RunOutcome& outcome)
{
    using Kind = RunOutcome::Kind;
    Entry& entry = m_entries.at(job.runId);
    ++entry.attempts;
    if (outcome.kind == Kind::BROKEN)
    {
        throw std::runtime_error(outcome.reason + "; " + std::to_string(m_progress.finished) +
                                 " finished runs are kept, and --resume goes on from there");
    }
    if (outcome.kind == Kind::KILLED && entry.attempts < MOST_ATTEMPTS)
    {
        return;
    }
    const auto file = outcome.kind == Kind::FINISHED ? m_folder.Find(entry.request) : std::nullopt;
    if (file)
    {
        entry.result = ReadResult(entry.request, *file);
        m_wallS += file->run.wallS;
        ++m_progress.finished;
    }
    else
    {
        entry.result = MakeResult(entry.request);
        entry.result->failure =
            outcome.kind == Kind::FINISHED ? "left no usable results" : outcome.reason;
        ++m_progress.failed;
    }
    if (m_hooks.onRun)
    {
        m_hooks.onRun(*entry.result, m_progress);
    }
}

bool
CampaignExecutor::ShouldStop(std::size_t running)
{
    m_progress.running = running;
    const std::size_t ended = m_progress.finished + m_progress.failed;
    m_progress.etaS.reset();
    if (m_progress.finished > 0 && m_progress.expected > ended)
    {
        m_progress.etaS = m_wallS / static_cast<double>(m_progress.finished) *
                          static_cast<double>(m_progress.expected - ended) /
                          static_cast<double>(m_backend->GetWidth());
    }
    if (m_hooks.shouldStop && m_hooks.shouldStop(m_progress))
    {
        throw CampaignInterrupted("interrupted; " + std::to_string(m_progress.finished) +
                                  " finished runs are kept, and --resume goes on from there");
    }
    return false;
}

void
CampaignExecutor::AddFailedRun(ResultsDatabase& database, const RunResult& result) const
{
    const CampaignCell& cell = m_plan.cells.at(result.request.cell);
    RunRow run;
    run.runId = result.runId;
    run.scenario = cell.scenario;
    run.scenarioSha256 = cell.sha256;
    run.scenarioJson = cell.text;
    run.variant = cell.label;
    run.seed = result.seed;
    run.rngRun = result.rngRun;
    run.status = "failed";
    run.devices = cell.devices;
    run.toolVersion = IOTFLEET_VERSION;
    run.ns3Version = IOTFLEET_NS3_VERSION;
    run.zstdVersion = ZstdVersion();
    database.AddRun(run);
    database.Add(RunFailureRow{result.runId, result.failure});
    for (const auto& [pointer, value] : cell.parameters)
    {
        database.Add(RunParameterRow{result.runId, pointer, value});
    }
}

void
CampaignExecutor::AddCampaign(ResultsDatabase& database, const std::string& stopReason) const
{
    if (m_entries.empty())
    {
        return; // a row is keyed by a run
    }
    CampaignRow campaign;
    campaign.runId = m_entries.begin()->first;
    campaign.name = m_plan.name;
    campaign.planSha256 = m_plan.Sha256();
    campaign.campaignJson = m_plan.text;
    campaign.variants = m_plan.cells.size();
    for (const auto& [runId, entry] : m_entries)
    {
        campaign.repetitions = std::max(campaign.repetitions, entry.request.repetition + 1);
    }
    campaign.stopReason = stopReason;
    database.Add(campaign);
}

void
CampaignExecutor::Finish(const std::string& stopReason)
{
    try
    {
        Join(stopReason);
    }
    catch (const DatabaseError& error)
    {
        throw DatabaseError(std::string(error.what()) + "; all " +
                            std::to_string(m_progress.finished) +
                            " finished runs are kept, and --resume joins them");
    }
    if (m_progress.failed == 0)
    {
        m_folder.Remove();
    }
}

void
CampaignExecutor::Join(const std::string& stopReason) const
{
    ResultsDatabase database(m_folder.JoinedFile());
    for (const auto& [runId, entry] : m_entries)
    {
        if (entry.result->isOk)
        {
            database.Absorb(m_folder.FileOf(runId));
        }
        else
        {
            AddFailedRun(database, *entry.result);
        }
    }
    AddCampaign(database, stopReason);
    database.Commit();
    PublishDurably(m_folder.JoinedFile(), m_database);
}

bool
IsCampaignFinished(const std::filesystem::path& database, const CampaignPlan& plan)
try
{
    const auto campaign = ReadCampaignRow(database);
    if (!campaign || campaign->planSha256 != plan.Sha256())
    {
        return false;
    }
    bool hasFailed = false;
    ResultsSource(database).ForEachRow("SELECT 1 FROM run WHERE status <> 'ok'",
                                       [&](sqlite3_stmt*) { hasFailed = true; });
    return !hasFailed;
}

catch (const DatabaseError&)
{
    return false;
}

} // namespace ns3::iotfleet
