// SPDX-License-Identifier: GPL-2.0-only
// The join half of DeviceMac: which data rate a try uses, and when the next one is.
#include "model/lorawan/device-mac.h"
#include "model/wire/lorawan-join.h"

#include "ns3/log.h"

#include <algorithm>

namespace ns3::iotfleet
{

NS_LOG_COMPONENT_DEFINE("FleetDeviceMac");

namespace
{

/// LoRaWAN 1.0.4 section 7: airtime of retransmissions allowed in the first hour, the next ten,
/// then a day.
struct BackoffWindow
{
    double lengthS;
    double airtimeS;
};

constexpr std::array<BackoffWindow, 3> BACKOFF{{{3600, 36}, {36000, 36}, {86400, 8.7}}};

/// The back-off window that an instant falls into.
struct Place
{
    uint8_t number; ///< 0, 1, then one a day
    double beginS;  ///< since power-on
    double endS;
    double airtimeS;
};

Place
PlaceOf(double sinceS)
{
    double begin = 0;
    for (uint8_t i = 0; i < 2; ++i)
    {
        const double end = begin + BACKOFF[i].lengthS;
        if (sinceS < end)
        {
            return {i, begin, end, BACKOFF[i].airtimeS};
        }
        begin = end;
    }
    const double day = std::floor((sinceS - begin) / BACKOFF[2].lengthS);
    begin += day * BACKOFF[2].lengthS;
    return {static_cast<uint8_t>(2 + std::min(day, 250.0)),
            begin,
            begin + BACKOFF[2].lengthS,
            BACKOFF[2].airtimeS};
}

/// LoRaMac-node ("AlternateDr"): the fastest, but every 8th, 16th, 24th, 32nd, 48th try a step
/// slower each.
uint8_t
LoramacJoinSteps(uint16_t attempt)
{
    return attempt % 48 == 0   ? 5
           : attempt % 32 == 0 ? 4
           : attempt % 24 == 0 ? 3
           : attempt % 16 == 0 ? 2
           : attempt % 8 == 0  ? 1
                               : 0;
}

/// The standard asks for varied data rates: two tries at each, from the fastest down, then again.
uint8_t
SpecJoinSteps(uint16_t attempt, uint8_t rates)
{
    return static_cast<uint8_t>((attempt - 1) / 2 % rates);
}

} // namespace

uint8_t
DeviceMac::JoinRate(uint16_t attempt) const
{
    const bool loramac = m_core.config.join.loramacBackoff;
    if (const auto& alternate = m_core.region.joinDataRates; !alternate.empty())
    {
        // LoRaMac-node: eight times the first, then once the second.
        const bool second = loramac ? attempt % 9 == 0 : attempt % 2 == 0;
        return second ? alternate.back() : alternate.front();
    }
    const auto& channel = m_core.channels[m_core.joinChannels.front()];
    const auto rates = static_cast<uint8_t>(channel.maxDataRate - channel.minDataRate + 1);
    const uint8_t steps = loramac ? LoramacJoinSteps(attempt) : SpecJoinSteps(attempt, rates);
    return static_cast<uint8_t>(std::max<int>(channel.minDataRate, channel.maxDataRate - steps));
}

void
DeviceMac::TryJoin(DeviceId d)
{
    auto& row = m_rows[Index(d)];
    if ((row.flags & JOINED) != 0)
    {
        return;
    }
    const auto& join = m_core.config.join;
    const Tick now = LorawanCore::Now();
    if ((row.flags & SUSPENDED) != 0)
    {
        return AddJoinTimer(d, now + ToTicks(join.retryMinS)); // it reboots again
    }
    if (row.busyUntil > now)
    {
        // What it receives right now may be the join-accept.
        return AddJoinTimer(d, row.busyUntil);
    }
    const auto attempt = static_cast<uint16_t>(row.devNonce + 1);
    const uint8_t fixedRate = TraitsOf(d).fixedRate;
    const uint8_t wished = fixedRate != NO_RATE ? fixedRate : JoinRate(attempt);
    const uint8_t fitting = FittingRate(wished, wire::JOIN_REQUEST_BYTES);
    row.dataRate = fitting != NO_RATE ? fitting : wished;

    const Tick airtime = m_core.airtime.Up(row.dataRate, wire::JOIN_REQUEST_BYTES);
    const double sinceS = ToSeconds(now) - JoinStartS(d);
    const auto place = PlaceOf(sinceS);
    if (place.number != row.joinWindow)
    {
        row.joinWindow = place.number;
        row.SetJoinAirtimeS(0);
    }
    NS_LOG_DEBUG("device " << Index(d) << ", join request " << attempt << " at DR"
                           << +row.dataRate);
    if (row.JoinAirtimeS() + ToSeconds(airtime) > place.airtimeS)
    {
        NS_LOG_DEBUG("device " << Index(d) << " has used its air for joins in back-off window "
                               << +place.number);
        // Nothing left in this window. LoRaMac-node's pool is full again at the very start of the
        // next one, so devices that were powered together start together; otherwise at a random
        // instant soon after.
        const double u = join.loramacBackoff ? 0
                                             : m_core.random.Uniform(Purpose::JOIN_BACKOFF,
                                                                     static_cast<uint32_t>(d),
                                                                     row.devNonce,
                                                                     1);
        const double wait = place.endS - sinceS + u * join.retryMaxS;
        AddJoinTimer(d, now + ToTicks(wait));
        return;
    }
    const auto choice = ChooseChannel(d, m_core.joinChannels, row.dataRate);
    if (choice.free > now)
    {
        AddJoinTimer(d, choice.free);
        return;
    }
    row.devNonce = attempt; // LoRaWAN 1.0.4 section 6.2.5: a counter, persistent, never used twice
    row.SetJoinAirtimeS(row.JoinAirtimeS() + static_cast<float>(ToSeconds(airtime)));
    Transmit(d,
             {UplinkKind::JOIN_REQUEST, false, row.dataRate, wire::JOIN_REQUEST_BYTES},
             choice.channel);
}

void
DeviceMac::ScheduleJoinRetry(DeviceId d)
{
    auto& row = m_rows[Index(d)];
    const auto& join = m_core.config.join;
    row.tries = static_cast<uint8_t>(std::min(row.tries + 1, 40));
    const double longest = std::min(3600.0, join.retryMaxS * std::pow(2.0, (row.tries - 1) / 2));
    const double u =
        m_core.random.Uniform(Purpose::JOIN_BACKOFF, static_cast<uint32_t>(d), row.devNonce);
    const double wait = join.retryMinS + u * std::max(0.0, longest - join.retryMinS);
    AddJoinTimer(d, row.busyUntil + ToTicks(wait));
}

} // namespace ns3::iotfleet
