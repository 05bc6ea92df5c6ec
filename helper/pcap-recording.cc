// SPDX-License-Identifier: GPL-2.0-only
#include "helper/pcap-recording.h"

#include "model/wire/ts004-fragmentation.h"

#include <algorithm>
#include <stdexcept>

namespace ns3::iotfleet
{

namespace ts004 = wire::ts004;

namespace
{

GatewayId
GatewayByName(const FleetSimulation& simulation, const std::string& name)
{
    const auto& gateways = simulation.network->Gateways();
    const auto found = std::ranges::find_if(gateways, [&](const Ptr<LoraGateway>& gateway) {
        return gateway->GetName() == name;
    });
    if (found == gateways.end())
    {
        throw std::runtime_error("no gateway is called " + name);
    }
    return static_cast<GatewayId>(found - gateways.begin());
}

std::ofstream
OpenFile(const PartialFile& file)
{
    std::ofstream stream(file.GetPath(), std::ios::binary | std::ios::trunc);
    if (!stream)
    {
        throw std::runtime_error(file.GetPath().string() + ": cannot be written");
    }
    return stream;
}

} // namespace

PcapRecording::PcapRecording(FleetSimulation& simulation,
                             const std::string& gateway,
                             const std::filesystem::path& file)
    : m_simulation(simulation),
      m_fragments(simulation.scenario, simulation.catalog),
      m_file(file),
      m_partial(file),
      m_stream(OpenFile(m_partial)),
      m_tap(simulation.network, GatewayByName(simulation, gateway), MakeSource(), m_stream)
{
}

FrameEncoder::Source
PcapRecording::MakeSource()
{
    FrameEncoder::Source source;
    source.keys = [](DeviceId d) { return FrameEncoder::RootKeys{AppKeyOf(d), NwkKeyOf(d)}; };
    source.groupFragment = [this](GroupId group, const GroupFrame& frame) {
        return GroupFragment(group, frame);
    };
    source.pingPeriodicity = [this](DeviceId d) {
        return m_simulation.network->ClassB().Periodicity(d);
    };
    source.complete = [this](DeviceId d, wire::AppPayload& payload) { Complete(d, payload); };
    return source;
}

std::vector<uint8_t>
PcapRecording::GroupFragment(GroupId group, const GroupFrame& frame)
{
    const auto transfer = m_simulation.service->ContentOf(group);
    std::vector<uint8_t> data(frame.sizeBytes - ts004::DATA_FRAGMENT_OVERHEAD_BYTES);
    if (transfer)
    {
        data = m_fragments.Fragment(*transfer, frame.number);
    }
    ts004::DataFragment fragment;
    fragment.n = frame.number;
    fragment.data = data;
    const auto payload = wire::MakePayload(frame.port, wire::PackageVersion::V2, fragment);
    return {payload.View().begin(), payload.View().end()};
}

void
PcapRecording::Complete(DeviceId device, wire::AppPayload& payload)
{
    const auto content = payload.View();
    if (payload.port != ts004::FPORT || content.empty() ||
        content.front() != ts004::DataFragment::CID)
    {
        return;
    }
    const auto transfer = m_simulation.service->ContentOf(device);
    const auto number = static_cast<uint16_t>((content[1] | content[2] << 8) & 0x3FFF);
    if (transfer && content.size() == ts004::DATA_FRAGMENT_OVERHEAD_BYTES + transfer->fragSize)
    {
        std::ranges::copy(m_fragments.Fragment(*transfer, number),
                          payload.bytes.begin() + ts004::DATA_FRAGMENT_OVERHEAD_BYTES);
    }
}

void
PcapRecording::Finish()
{
    m_tap.Finish();
    m_stream.close();
    if (!m_stream || !m_tap.IsGood())
    {
        throw std::runtime_error(m_file.string() + ": could not be written whole");
    }
    m_partial.Publish();
}

} // namespace ns3::iotfleet
