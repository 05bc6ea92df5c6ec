// SPDX-License-Identifier: GPL-2.0-only
#include "model/lorawan/lora-gateway.h"

#include "ns3/abort.h"
#include "ns3/log.h"

#include <algorithm>

namespace ns3::iotfleet
{

NS_LOG_COMPONENT_DEFINE("FleetLoraGateway");
NS_OBJECT_ENSURE_REGISTERED(LoraGateway);

namespace
{
/// Reservations that ended this long ago can no longer overlap an uplink on the air.
constexpr Tick KEEP_RESERVED = 10 * TICKS_PER_SECOND;
constexpr Tick HOUR = 3600 * TICKS_PER_SECOND;
} // namespace

TypeId
LoraGateway::GetTypeId()
{
    static TypeId tid = TypeId("ns3::iotfleet::LoraGateway")
                            .SetParent<Object>()
                            .SetGroupName("IotFleet")
                            .AddConstructor<LoraGateway>();
    return tid;
}

LoraGateway::LoraGateway() = default;
LoraGateway::~LoraGateway() = default;

void
LoraGateway::Configure(const std::string& name, const RegionParameters& region, DutyCycleRule rule)
{
    NS_ABORT_MSG_IF(region.subBands.size() > MAX_BANDS, "region with more than 8 sub-bands");
    m_name = name;
    m_region = &region;
    m_rule = rule;
}

size_t
LoraGateway::BandOf(uint32_t frequencyHz) const
{
    const auto* band = m_region->FindSubBand(frequencyHz);
    NS_ABORT_MSG_IF(band == nullptr, "no sub-band holds " << frequencyHz << " Hz");
    return static_cast<size_t>(band - m_region->subBands.data());
}

Tick
LoraGateway::EarliestStart(uint32_t frequencyHz, Tick from, Tick airtime) const
{
    const size_t index = BandOf(frequencyHz);
    Tick start = std::max(from, m_bands[index].nextStart);
    if (m_rule == DutyCycleRule::HOUR)
    {
        start = WithinHour(m_bands[index], m_region->subBands[index].dutyCycle, start, airtime);
    }
    for (const auto& span : m_reserved)
    {
        if (start < span.end && span.start < start + airtime)
        {
            start = span.end;
        }
    }
    return start;
}

Tick
LoraGateway::WithinHour(const Band& band, double share, Tick start, Tick airtime) const
{
    // Spacing by ToA/share keeps the mean, but an hour can still hold one frame too many (ETSI EN
    // 300 220-1 counts any hour): wait until enough of the oldest air has left the hour that ends
    // with this frame.
    if (share >= 1)
    {
        return start;
    }
    Tick excess = band.lastHourTicks + airtime + band.kept -
                  static_cast<Tick>(share * static_cast<double>(HOUR));
    for (const auto& span : band.lastHour)
    {
        const Tick opens = start + airtime - HOUR;
        if (span.start >= opens)
        {
            break; // in order of time: the rest lies within the hour too
        }
        excess -= std::min(span.end, opens) - span.start;
    }
    for (auto span = band.lastHour.begin(); excess > 0 && span != band.lastHour.end(); ++span)
    {
        const Tick from = std::max(span->start, start + airtime - HOUR);
        const Tick leaves = std::min(excess, std::max<Tick>(0, span->end - from));
        if (leaves > 0)
        {
            start = from + leaves + HOUR - airtime;
            excess -= leaves;
        }
    }
    return start;
}

void
LoraGateway::Reserve(uint32_t frequencyHz, Tick start, Tick airtime)
{
    const size_t index = BandOf(frequencyHz);
    Plan(frequencyHz, start, airtime, true);
    ++counters.framesTx;
    Account(m_bands[index], m_region->subBands[index], {start, start + airtime});
    CountHours(index, {start, start + airtime});
}

void
LoraGateway::Book(uint32_t frequencyHz, Tick start, Tick airtime)
{
    Plan(frequencyHz, start, airtime, false);
}

void
LoraGateway::Hold(Tick start, Tick airtime)
{
    // Beacons are held a period of 128 s ahead; what ended well before that is past.
    Forget(start - 140 * TICKS_PER_SECOND);
    Insert({start, start + airtime, false});
}

void
LoraGateway::Forget(Tick before)
{
    while (!m_reserved.empty() && m_reserved.front().end < before)
    {
        m_reserved.pop_front();
    }
}

void
LoraGateway::KeepForBeacons(uint32_t frequencyHz, Tick airPerHour)
{
    m_bands[BandOf(frequencyHz)].kept = airPerHour;
}

void
LoraGateway::Insert(const Reserved& span)
{
    m_reserved.insert(std::ranges::upper_bound(m_reserved, span.start, {}, &Reserved::start), span);
}

void
LoraGateway::Plan(uint32_t frequencyHz, Tick start, Tick airtime, bool onAir)
{
    const size_t index = BandOf(frequencyHz);
    const auto& limits = m_region->subBands[index];
    auto& band = m_bands[index];
    Forget(start - KEEP_RESERVED);
    Insert({start, start + airtime, onAir});
    if (limits.dutyCycle < 1 && m_rule != DutyCycleRule::NONE)
    {
        const auto silence = static_cast<Tick>(static_cast<double>(airtime) / limits.dutyCycle);
        const Tick from = m_rule == DutyCycleRule::PAUSE ? start + airtime : start;
        // Beacons go out in the silence after other frames, and add theirs to it.
        band.nextStart = std::max(band.nextStart, from) + silence;
    }
    NS_LOG_DEBUG(m_name << ": " << limits.name << " from " << ToSeconds(start) << " s for "
                        << ToSeconds(airtime) << " s, free again at " << ToSeconds(band.nextStart)
                        << " s");
}

void
LoraGateway::CountHours(size_t band, Span span)
{
    while (span.start < span.end)
    {
        const Tick hour = span.start / HOUR;
        const Tick until = std::min(span.end, (hour + 1) * HOUR);
        if (m_hourly.size() <= static_cast<size_t>(hour))
        {
            m_hourly.resize(static_cast<size_t>(hour) + 1);
        }
        m_hourly[static_cast<size_t>(hour)][band] += until - span.start;
        span.start = until;
    }
}

void
LoraGateway::Account(Band& band, const SubBand& limits, Span span)
{
    band.airtimeS += ToSeconds(span.end - span.start);
    // Reservations come nearly in order of time: a class A window may be planned before a group's
    // frame.
    const auto place = std::ranges::upper_bound(band.lastHour, span.start, {}, &Span::start);
    band.lastHour.insert(place, span);
    band.lastHourTicks += span.end - span.start;
    const Tick opens = band.lastHour.back().end - HOUR;
    while (band.lastHour.front().end <= opens)
    {
        band.lastHourTicks -= band.lastHour.front().end - band.lastHour.front().start;
        band.lastHour.pop_front();
    }
    const Tick before = std::max<Tick>(0, opens - band.lastHour.front().start);
    m_maxUsed =
        std::max(m_maxUsed, ToSeconds(band.lastHourTicks - before) / 3600 / limits.dutyCycle);
}

bool
LoraGateway::Transmits(Tick start, Tick end) const
{
    return std::ranges::any_of(m_reserved, [=](const Reserved& r) {
        return r.onAir && r.start < end && start < r.end;
    });
}

double
LoraGateway::DownlinkAirtimeS() const
{
    double sum = 0;
    for (const auto& band : m_bands)
    {
        sum += band.airtimeS;
    }
    return sum;
}

std::string
LoraGateway::BusiestBand() const
{
    std::string busiest;
    double most = 0;
    for (size_t i = 0; m_region != nullptr && i < m_region->subBands.size(); ++i)
    {
        const double used = m_bands[i].airtimeS / m_region->subBands[i].dutyCycle;
        if (used > most)
        {
            most = used;
            busiest = m_region->subBands[i].name;
        }
    }
    return busiest;
}

} // namespace ns3::iotfleet
