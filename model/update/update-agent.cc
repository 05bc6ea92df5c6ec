// SPDX-License-Identifier: GPL-2.0-only
#include "model/update/update-agent.h"

#include "ns3/boolean.h"
#include "ns3/double.h"
#include "ns3/simulator.h"
#include "ns3/uinteger.h"

namespace ns3::iotfleet
{

NS_OBJECT_ENSURE_REGISTERED(UpdateAgent);

TypeId
UpdateAgent::GetTypeId()
{
    static TypeId tid = AddAttributes(
        TypeId("ns3::iotfleet::UpdateAgent")
            .SetParent<Object>()
            .SetGroupName("IotFleet")
            .AddConstructor<UpdateAgent>()
            .AddAttribute("PowerLossProbability",
                          "Probability that the power fails during an installation, 0..1.",
                          DoubleValue(0),
                          MakeDoubleAccessor(&UpdateAgent::m_powerLoss),
                          MakeDoubleChecker<double>(0, 1))
            .AddAttribute("PowerLossBrickShare",
                          "Share of those that brick the device; the others install again, 0..1.",
                          DoubleValue(0),
                          MakeDoubleAccessor(&UpdateAgent::m_powerLossBricks),
                          MakeDoubleChecker<double>(0, 1))
            .AddAttribute("Watchdog",
                          "Time until a crashed image is noticed and the boot loader acts.",
                          TimeValue(Seconds(30)),
                          MakeTimeAccessor(&UpdateAgent::m_watchdog),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("BootAttempts",
                          "Starts of an image in a boot loop until the boot loader reverts it.",
                          UintegerValue(3),
                          MakeUintegerAccessor(&UpdateAgent::m_bootAttempts),
                          MakeUintegerChecker<uint32_t>(1, 255))
            .AddAttribute("IncompleteHold",
                          "Time after its multicast window that a device keeps an incomplete "
                          "block, for another window or unicast repair; 0 s = it keeps none.",
                          TimeValue(Seconds(86400)),
                          MakeTimeAccessor(&UpdateAgent::m_hold),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("CountFragments",
                          "Whether the fragments that each device received are counted when its "
                          "session ends, for the results; about 2 ns a member and frame.",
                          BooleanValue(true),
                          MakeBooleanAccessor(&UpdateAgent::m_countFragments),
                          MakeBooleanChecker())
            .AddTraceSource("Failure",
                            "A device's update failed: the truth, with its cause.",
                            MakeTraceSourceAccessor(&UpdateAgent::m_failure),
                            "ns3::iotfleet::UpdateAgent::FailureTracedCallback")
            .AddTraceSource("Received",
                            "A device has the whole data block.",
                            MakeTraceSourceAccessor(&UpdateAgent::m_received),
                            "ns3::iotfleet::UpdateAgent::ReceivedTracedCallback"));
    return tid;
}

UpdateAgent::UpdateAgent() = default;
UpdateAgent::~UpdateAgent() = default;

void
UpdateAgent::DoDispose()
{
    m_timers.reset();
    if (m_env.directory != nullptr)
    {
        m_env.directory->SetRemovalHandler(nullptr);
    }
    m_sessions.clear();
    m_unicast.clear();
    m_hazards = nullptr;
    m_env = {};
    Object::DoDispose();
}

void
UpdateAgent::Start(const Environment& environment)
{
    Start(environment, UpdateConfig(m_config));
}

void
UpdateAgent::Start(const Environment& environment, const UpdateConfig& config)
{
    m_env = environment;
    m_config = config;
    m_version = config.ts004 == "1.0.0" ? wire::PackageVersion::V1 : wire::PackageVersion::V2;
    m_fec = FecCodeOf(config.strategy.fec);
    m_isPolling.resize(config.strategy.pollPeriodS ? m_env.fleet->Size() : 0);
    if (config.policy == "CAROUSEL")
    {
        m_hold = Max(m_hold, Seconds(2 * config.strategy.carousel.periodS));
    }
    m_rows.resize(m_env.fleet->Size());
    m_timers = std::make_unique<TimerQueue>([this](const Timer& timer) { OnTimer(timer); });
    using Payload = wire::AppPayload;
    m_env.access->HandleAtDevice(wire::ts005::FPORT, [this](DeviceId d, const Payload& payload) {
        OnMulticastSetup(d, payload);
    });
    m_env.access->HandleAtDevice(wire::ts004::FPORT, [this](DeviceId d, const Payload& payload) {
        OnFragmentation(d, payload);
    });
    m_env.access->HandleAtDevice(wire::ts006::FPORT, [this](DeviceId d, const Payload& payload) {
        OnManagement(d, payload);
    });
    m_env.directory->SetRemovalHandler([this](uint32_t address) { RecordGroup(address); });
    m_env.access->HandleGroup([this](const GroupReception& reception) { OnGroup(reception); });
}

void
UpdateAgent::SetMisbehaviour(DeviceId device, bool ignores, bool lies)
{
    Put(device, IGNORES, ignores || Has(device, IGNORES));
    Put(device, LIES, lies || Has(device, LIES));
    if (Misbehaves(device) && Has(device, LISTENING))
    {
        CloseSession(device);
        After(device, DROP_BLOCK, m_hold.GetSeconds());
    }
}

void
UpdateAgent::SetEarlyOpening(std::vector<double> byGroup)
{
    m_earlyS = std::move(byGroup);
}

ImageId
UpdateAgent::RunningImage(DeviceId device) const
{
    if (m_env.fleet->GetUpdate(device) == UpdateState::TRIAL)
    {
        return BlockImage(device);
    }
    return m_env.fleet->Firmware(device);
}

ImageId
UpdateAgent::BlockImage(DeviceId device) const
{
    const uint16_t block = m_rows[Index(device)].block;
    return block == NO_BLOCK ? NO_IMAGE : m_blocks[block].image;
}

/// Whether a downlink means anything to the device now; under trial it may be what confirms.
bool
UpdateAgent::HearsOperator(DeviceId device)
{
    if (!m_env.fleet->IsAlive(device))
    {
        return false;
    }
    if (m_config.confirmBy == "server-contact" &&
        m_env.fleet->GetUpdate(device) == UpdateState::TRIAL)
    {
        Confirm(device);
    }
    return true;
}

double
UpdateAgent::Uniform(DeviceId device, Purpose purpose, uint32_t salt) const
{
    const auto& row = m_rows[Index(device)];
    return m_env.random.Uniform(purpose,
                                static_cast<uint32_t>(device),
                                uint32_t{row.generation} << 16 | row.sessionCnt,
                                salt);
}

void
UpdateAgent::After(DeviceId device, Kind kind, double seconds)
{
    const Tick now = Simulator::Now().GetNanoSeconds();
    m_timers->Add({now + ToTicks(std::max(0.0, seconds)),
                   static_cast<uint32_t>(device),
                   kind,
                   RowOf(device).generation});
}

void
UpdateAgent::OnTimer(const Timer& timer)
{
    const auto device = static_cast<DeviceId>(timer.row);
    if (RowOf(device).generation != timer.tag || !m_env.fleet->IsAlive(device))
    {
        return;
    }
    switch (static_cast<Kind>(timer.kind))
    {
    case OPEN_SESSION:
        return OpenSession(device);
    case CLOSE_SESSION:
        return IsStale(device) ? void() : OnSessionTimeOut(device);
    case DROP_BLOCK:
        return OnHoldOver(device);
    case SETUP_ANSWER:
        return Answer(device, wire::ts004::FPORT, wire::ts004::FragSessionSetupAns{});
    case STATUS_ANSWER:
        return AnswerStatus(device);
    case BLOCK_ANSWER:
        return AnnounceBlock(device);
    case VERIFIED:
        return OnVerified(device);
    case START_INSTALL:
        return StartInstall(device);
    case INSTALLED:
        return OnInstalled(device);
    case REBOOTED:
        return OnRebooted(device);
    case TRIAL_CONTACT:
        return ContactServer(device);
    case TRIAL_OVER:
        return OnTrialOver(device);
    case FATE:
        return OnFate(device);
    case POLL:
        return Poll(device);
    }
}

size_t
UpdateAgent::MemoryBytes() const
{
    size_t bytes = m_rows.capacity() * sizeof(Row) + m_fragments.capacity() * sizeof(uint16_t) +
                   (m_timers ? m_timers->MemoryBytes() : 0);
    for (const auto& [address, session] : m_sessions)
    {
        bytes += session.members.MemoryBytes() + session.tracker->MemoryBytes();
    }
    for (const auto& block : m_blocks)
    {
        bytes += sizeof(Block) + (block.parity ? block.parity->MemoryBytes() : 0);
    }
    return bytes;
}

} // namespace ns3::iotfleet
