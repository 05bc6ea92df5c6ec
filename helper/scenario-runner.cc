// SPDX-License-Identifier: GPL-2.0-only
#include "helper/scenario-runner.h"

#include "helper/fleet-simulation.h"
#include "helper/payload-codec.h"
#include "helper/pcap-recording.h"
#include "helper/run-metrics.h"
#include "helper/run-observer.h"
#include "helper/run-recorder.h"

#include "ns3/object-factory.h"
#include "ns3/simulator.h"

#include <chrono>
#include <ctime>
#include <sys/resource.h>

namespace ns3::iotfleet
{

namespace
{

/// Rows of `progress` in a run where the scenario does not say.
constexpr double DEFAULT_PROGRESS_ROWS = 500;

using Clock = std::chrono::steady_clock;

std::string
UtcNow()
{
    const std::time_t now = std::time(nullptr);
    std::tm parts{};
    gmtime_r(&now, &parts);
    char text[32];
    std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
    return text;
}

uint64_t
PeakRssBytes()
{
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<uint64_t>(usage.ru_maxrss) * 1024;
}

/// Destroys the simulator however a run ends, so that the next one starts clean.
struct SimulatorGuard
{
    SimulatorGuard()
    {
        ObjectFactory factory;
        factory.SetTypeId("ns3::PriorityQueueScheduler"); // 1.5 to 5 times as fast as the default
        Simulator::SetScheduler(factory);
    }

    ~SimulatorGuard()
    {
        Simulator::Destroy();
    }
};

/// Drives one simulation: progress rows, the stop condition, the user's progress line.
class Driver
{
  public:
    Driver(FleetSimulation& simulation, RunObserver& observer, const RunOptions& options)
        : m_simulation(simulation),
          m_observer(observer),
          m_options(options),
          m_scenario(simulation.scenario),
          m_begin(Clock::now())
    {
        m_stepS = m_scenario.record.progressS > 0 ? m_scenario.record.progressS
                                                  : m_scenario.durationS / DEFAULT_PROGRESS_ROWS;
    }

    void Run()
    {
        if (m_scenario.stop.when != "duration")
        {
            m_observer.SetUpdateHook([this] { LookForEnd(); });
        }
        Tick();
        Simulator::Stop(Seconds(m_scenario.durationS));
        Simulator::Run();
        if (m_lastTickS < Simulator::Now().GetSeconds())
        {
            m_observer.RecordProgress(); // the end itself, where it does not fall on a tick
        }
    }

    double WallS() const
    {
        return std::chrono::duration<double>(Clock::now() - m_begin).count();
    }

  private:
    void Tick()
    {
        m_lastTickS = Simulator::Now().GetSeconds();
        m_observer.RecordProgress();
        Report();
        LookForEnd();
        Simulator::Schedule(Seconds(m_stepS), &Driver::Tick, this);
    }

    void Report() const
    {
        if (!m_options.onProgress)
        {
            return;
        }
        RunProgress progress;
        progress.simS = Simulator::Now().GetSeconds();
        progress.durationS = m_scenario.durationS;
        progress.devicesTotal = m_simulation.fleet->Size();
        progress.devicesEnrolled =
            m_simulation.fleet->Count(Machine::ENROLMENT,
                                      static_cast<uint8_t>(Enrolment::ENROLLED));
        progress.devicesUpdated = m_observer.Updated();
        progress.wallS = WallS();
        if (progress.simS > 0)
        {
            progress.etaS = progress.wallS * (progress.durationS / progress.simS - 1);
        }
        m_options.onProgress(progress);
    }

    bool IsOver() const
    {
        const auto& rollout = m_simulation.rollout;
        if (m_scenario.stop.when == "rollout-finished")
        {
            return rollout && rollout->EndedAt().has_value();
        }
        return m_scenario.stop.when == "all-updated" &&
               m_observer.Updated() == m_simulation.fleet->Size();
    }

    void LookForEnd()
    {
        if (!m_stopping && IsOver())
        {
            m_stopping = true;
            Simulator::Stop(Seconds(m_scenario.stop.lingerS));
        }
    }

    FleetSimulation& m_simulation;
    RunObserver& m_observer;
    const RunOptions& m_options;
    const Scenario& m_scenario;
    Clock::time_point m_begin;
    double m_stepS;
    double m_lastTickS{-1};
    bool m_stopping{false};
};

} // namespace

RunSummary
RunScenario(const Scenario& scenario, const RunOptions& options)
{
    const SimulatorGuard guard;
    ResultsDatabase database(options.database);
    FleetSimulation simulation(scenario, options.run);
    RunRow run;
    run.runId = options.runId;
    run.variant = options.variant;
    run.scenario = scenario.name;
    run.scenarioSha256 = scenario.sha256;
    run.scenarioJson = scenario.text;
    run.seed = scenario.seed;
    run.rngRun = options.run;
    run.devices = simulation.fleet->Size();
    run.toolVersion = IOTFLEET_VERSION;
    run.ns3Version = IOTFLEET_NS3_VERSION;
    run.zstdVersion = ZstdVersion();
    run.startedAt = UtcNow();
    if (simulation.target != NO_IMAGE)
    {
        run.targetFirmware = simulation.catalog.Get(simulation.target).version;
    }
    const int64_t runId = database.AddRun(run);
    for (const auto& [pointer, value] : options.parameters)
    {
        database.Add(RunParameterRow{runId, pointer, value});
    }

    RunObserver observer(simulation, database, runId);
    observer.Start();
    std::optional<PcapRecording> capture;
    if (scenario.record.pcapGateway && scenario.record.pcapFile)
    {
        capture.emplace(simulation, *scenario.record.pcapGateway, *scenario.record.pcapFile);
    }
    Driver driver(simulation, observer, options);
    driver.Run();
    if (capture)
    {
        capture->Finish();
    }

    simulation.network->Settle();
    observer.Finish();
    RecordEnd(simulation, observer, database, runId);
    MetricValues values = ComputeMetrics(simulation, observer);
    RunEnd end;
    end.simS = Simulator::Now().GetSeconds();
    end.events = Simulator::GetEventCount();
    end.wallS = driver.WallS();
    end.peakRssBytes = PeakRssBytes();
    if (simulation.rollout && simulation.rollout->StartedAt())
    {
        end.rolloutStartS = ToSeconds(*simulation.rollout->StartedAt());
    }
    values["events"] = static_cast<double>(end.events);
    values["wall_s"] = end.wallS;
    values["peak_rss_bytes"] = static_cast<double>(end.peakRssBytes);
    RecordMetrics(values, scenario.costs, database, runId);
    database.FinishRun(runId, end);
    database.Commit();
    RunSummary summary{{}, end.simS, end.wallS};
    for (const auto& [name, value] : values)
    {
        summary.metrics.emplace(name, value);
    }
    return summary;
}

} // namespace ns3::iotfleet
