// SPDX-License-Identifier: GPL-2.0-only
#include "model/quarantine/detector.h"

#include "ns3/abort.h"
#include "ns3/double.h"
#include "ns3/log.h"
#include "ns3/simulator.h"

#include <algorithm>
#include <cmath>

namespace ns3::iotfleet
{

NS_LOG_COMPONENT_DEFINE("FleetDetector");
NS_OBJECT_ENSURE_REGISTERED(Detector);

namespace
{

/// Third counter of a draw, so that true and false alarms never share one.
enum Stream : uint32_t
{
    FALSE_ALARMS,
    TRUE_ALARMS,
};

} // namespace

TypeId
Detector::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::iotfleet::Detector")
            .SetParent<Object>()
            .SetGroupName("IotFleet")
            .AddConstructor<Detector>()
            .AddAttribute("Window",
                          "Length of an observation window.",
                          TimeValue(Hours(1)),
                          MakeTimeAccessor(&Detector::m_windowLength),
                          MakeTimeChecker(MilliSeconds(1)))
            .AddAttribute("TruePositiveRate",
                          "Probability of an alarm per whole window of a compromised device.",
                          DoubleValue(0.95),
                          MakeDoubleAccessor(&Detector::m_truePositiveRate),
                          MakeDoubleChecker<double>(0, 1))
            .AddAttribute("FalsePositiveRate",
                          "Probability of an alarm per window and clean device.",
                          DoubleValue(0.001),
                          MakeDoubleAccessor(&Detector::m_falsePositiveRate),
                          MakeDoubleChecker<double>(0, 1))
            .AddAttribute("Latency",
                          "Time from the end of a window to its alarms.",
                          TimeValue(Seconds(60)),
                          MakeTimeAccessor(&Detector::m_latency),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("Start",
                          "When the first window begins.",
                          TimeValue(Time(0)),
                          MakeTimeAccessor(&Detector::m_start),
                          MakeTimeChecker(Time(0)))
            .AddTraceSource("Alarm",
                            "An alarm reached the operator; with the truth, for records only.",
                            MakeTraceSourceAccessor(&Detector::m_alarm),
                            "ns3::iotfleet::Detector::AlarmTracedCallback");
    return tid;
}

Detector::Detector() = default;
Detector::~Detector() = default;

void
Detector::DoDispose()
{
    Stop();
    if (m_fleet)
    {
        m_fleet->TraceDisconnectWithoutContext("Transition",
                                               MakeCallback(&Detector::OnTransition, this));
    }
    m_fleet = nullptr;
    m_handler = nullptr;
    Object::DoDispose();
}

void
Detector::Configure(const DetectorConfig& config)
{
    m_windowLength = Seconds(config.windowS);
    m_truePositiveRate = config.truePositiveRate;
    m_falsePositiveRate = config.falsePositiveRate;
    m_latency = Seconds(config.latencyS);
    m_start = Seconds(config.startS);
}

DetectorConfig
Detector::GetConfig() const
{
    return {m_windowLength.GetSeconds(),
            m_truePositiveRate,
            m_falsePositiveRate,
            m_latency.GetSeconds(),
            m_start.GetSeconds()};
}

void
Detector::SetFleet(Ptr<Fleet> fleet)
{
    NS_ABORT_MSG_IF(m_fleet, "a detector watches one fleet");
    m_fleet = fleet;
    m_fleet->TraceConnectWithoutContext("Transition", MakeCallback(&Detector::OnTransition, this));
}

void
Detector::SetRandom(const CounterRandom& random)
{
    m_random = random;
}

void
Detector::SetHandler(Handler handler)
{
    m_handler = std::move(handler);
}

Tick
Detector::WindowTicks() const
{
    return m_windowLength.GetNanoSeconds();
}

Tick
Detector::LatencyTicks() const
{
    return m_latency.GetNanoSeconds();
}

void
Detector::Start()
{
    NS_ABORT_MSG_IF(!m_fleet, "a detector needs a fleet");
    NS_ABORT_MSG_IF(WindowTicks() <= 0, "a detector's window has a length");
    for (uint32_t i = 0; i < m_fleet->Size(); ++i)
    {
        if (m_fleet->GetHealth(DeviceId{i}) == Health::COMPROMISED)
        {
            m_compromised.emplace(DeviceId{i}, Simulator::Now().GetNanoSeconds());
        }
    }
    // Windows are numbered from the configured start, so that a later Start() draws the same.
    const Tick late = Simulator::Now().GetNanoSeconds() - m_start.GetNanoSeconds();
    const Tick passed = std::max<Tick>(0, late + WindowTicks() - 1) / WindowTicks();
    m_window = static_cast<uint32_t>(passed);
    const Tick end = (passed + 1) * WindowTicks() - late;
    m_event = Simulator::Schedule(NanoSeconds(end), &Detector::OnWindowEnd, this);
}

void
Detector::Stop()
{
    m_event.Cancel();
}

void
Detector::OnTransition(const Transition& transition)
{
    if (transition.machine != Machine::HEALTH)
    {
        return;
    }
    if (static_cast<Health>(transition.to) == Health::COMPROMISED)
    {
        m_compromised.insert_or_assign(transition.device, transition.time);
    }
    else
    {
        m_compromised.erase(transition.device);
    }
}

bool
Detector::IsWatched(DeviceId device) const
{
    return m_fleet->IsAlive(device) && m_fleet->GetEnrolment(device) == Enrolment::ENROLLED;
}

/// Of a device that has been compromised since `since`, in the window that ends now.
double
Detector::SeenProbability(Tick since) const
{
    const Tick inWindow = Simulator::Now().GetNanoSeconds() - since;
    if (inWindow >= WindowTicks())
    {
        return m_truePositiveRate;
    }
    const double share = static_cast<double>(inWindow) / static_cast<double>(WindowTicks());
    return 1 - std::pow(1 - m_truePositiveRate, share);
}

void
Detector::DrawTrue(uint32_t window, std::vector<AlarmRecord>& alarms) const
{
    for (const auto& [device, since] : m_compromised)
    {
        const auto counter = static_cast<uint32_t>(device);
        if (IsWatched(device) &&
            m_random.Uniform(Purpose::ALARM, counter, window, TRUE_ALARMS) < SeenProbability(since))
        {
            alarms.push_back({0, device, true});
        }
    }
}

void
Detector::DrawFalse(uint32_t window, std::vector<AlarmRecord>& alarms) const
{
    if (m_falsePositiveRate <= 0)
    {
        return;
    }
    // Gaps between successes of independent trials are geometric. Every device takes part in the
    // trials; those that are not watched or are compromised are passed over afterwards, which
    // leaves the others' probability as it is.
    const double devices = m_fleet->Size();
    const double logMiss = std::log1p(-m_falsePositiveRate);
    double position = -1;
    for (uint32_t draw = 0;; ++draw)
    {
        const double uniform = m_random.Uniform(Purpose::ALARM, draw, window, FALSE_ALARMS);
        position += 1 + std::floor(std::log1p(-uniform) / logMiss);
        if (position >= devices)
        {
            return;
        }
        const auto device = static_cast<DeviceId>(position);
        if (IsWatched(device) && m_fleet->GetHealth(device) != Health::COMPROMISED)
        {
            alarms.push_back({0, device, false});
        }
    }
}

void
Detector::OnWindowEnd()
{
    const uint32_t window = m_window++;
    m_event = Simulator::Schedule(m_windowLength, &Detector::OnWindowEnd, this);

    std::vector<AlarmRecord> alarms;
    DrawTrue(window, alarms);
    DrawFalse(window, alarms);
    if (alarms.empty())
    {
        return;
    }
    NS_LOG_INFO("window " << window << ": " << alarms.size() << " alarms, "
                          << std::ranges::count(alarms, true, &AlarmRecord::isTrue)
                          << " of them true");
    std::ranges::sort(alarms, {}, &AlarmRecord::device);
    Simulator::Schedule(m_latency,
                        [detector = Ptr<Detector>(this), window, alarms = std::move(alarms)] {
                            detector->Deliver(window, alarms);
                        });
}

void
Detector::Deliver(uint32_t window, const std::vector<AlarmRecord>& alarms)
{
    const Tick now = Simulator::Now().GetNanoSeconds();
    for (auto alarm : alarms)
    {
        alarm.time = now;
        m_alarm(alarm);
        if (m_handler)
        {
            m_handler({now, alarm.device, window});
        }
    }
}

} // namespace ns3::iotfleet
