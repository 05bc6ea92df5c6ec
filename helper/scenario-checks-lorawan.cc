// SPDX-License-Identifier: GPL-2.0-only
#include "helper/scenario-checks-lorawan.h"

#include "helper/units.h"
#include "model/lorawan/region.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <string>
#include <vector>

namespace ns3::iotfleet
{

namespace
{

/// Ordinary uplinks must fit the data rate, where it is given: by size and by dwell time.
void
CheckTelemetrySizes(const Scenario& scenario, const RefuseHandler& refuse)
{
    const auto& region = GetRegion(scenario.lorawan.region);
    for (size_t i = 0; i < scenario.fleet.groups.size(); ++i)
    {
        const auto& group = scenario.fleet.groups[i];
        const auto* rate = group.dataRate ? region.FindDataRate(*group.dataRate) : nullptr;
        if (rate == nullptr || !rate->uplink || group.telemetry.periodS <= 0)
        {
            continue;
        }
        const uint32_t most = region.MaxAppPayload(rate->index, true);
        if (group.telemetry.sizeBytes > most)
        {
            refuse("/fleet/groups/" + std::to_string(i) + "/telemetry/size",
                   "found " + std::to_string(group.telemetry.sizeBytes) + " B, expected at most " +
                       std::to_string(most) + " B, which data rate " + std::to_string(rate->index) +
                       " of " + std::string(region.name) + " carries");
        }
    }
}

/// What only the TS003 package can do, with another method.
void
CheckClockSync(const Scenario& scenario, const RefuseHandler& refuse)
{
    const auto& sync = scenario.lorawan.clockSync;
    const auto check = [&](bool given, const char* key) {
        if (given && sync.method != "ts003")
        {
            refuse(std::string("/access/lorawan/clock_sync/") + key,
                   "found a value with method \"" + sync.method +
                       "\", expected none: only method \"ts003\" has it");
        }
    };
    check(sync.answerRequired, "answer_required");
    check(sync.periodicity.has_value(), "periodicity");
    check(sync.resyncAtS.has_value(), "resync_at");
}

std::string
Numbers(const std::vector<unsigned>& numbers)
{
    std::string text;
    for (const unsigned number : numbers)
    {
        text += (text.empty() ? "" : ", ") + std::to_string(number);
    }
    return text;
}

/// A data rate for downlinks.
void
CheckDownlinkDataRate(const Scenario& scenario,
                      const std::optional<uint8_t>& given,
                      const std::string& where,
                      const RefuseHandler& refuse)
{
    const auto& region = GetRegion(scenario.lorawan.region);
    std::vector<unsigned> offered;
    for (const auto& rate : region.dataRates)
    {
        if (rate.downlink && !rate.isFsk)
        {
            offered.push_back(rate.index);
        }
    }
    if (given && std::ranges::find(offered, *given) == offered.end())
    {
        refuse(where,
               "found " + std::to_string(*given) + ", expected a LoRa downlink data rate of " +
                   std::string(region.name) + ": " + Numbers(offered));
    }
}

/// A frequency for downlinks; in a region of fixed channels it is one of those.
void
CheckFrequency(const Scenario& scenario,
               const std::optional<double>& given,
               const std::string& where,
               const RefuseHandler& refuse)
{
    const auto& region = GetRegion(scenario.lorawan.region);
    if (!given)
    {
        return;
    }
    const auto hertz = static_cast<uint32_t>(std::lround(std::min(*given, 4e9)));
    const auto channels = region.DownlinkChannels();
    const auto isHere = [hertz](const Channel& channel) { return channel.frequencyHz == hertz; };
    const bool known = channels.empty() ? region.FindSubBand(hertz) != nullptr
                                        : std::ranges::any_of(channels, isHere);
    if (!known || hertz % 100 != 0)
    {
        refuse(where,
               "found \"" + FormatQuantity(UnitKind::CARRIER, *given) + "\", expected " +
                   (channels.empty() ? "a multiple of 100 Hz in a sub-band of "
                                     : "a downlink channel of ") +
                   std::string(region.name));
    }
}

void
CheckReceiveWindows(const Scenario& scenario, const RefuseHandler& refuse)
{
    const auto& region = GetRegion(scenario.lorawan.region);
    const auto& windows = scenario.lorawan.receiveWindows;
    if (windows.rx1DelayS != std::floor(windows.rx1DelayS))
    {
        refuse("/access/lorawan/receive_windows/rx1_delay",
               "found \"" + FormatQuantity(UnitKind::DURATION, windows.rx1DelayS) +
                   "\", expected whole seconds from \"1 s\" to \"15 s\"");
    }
    if (windows.rx1Offset >= region.rx1Offsets)
    {
        refuse("/access/lorawan/receive_windows/rx1_offset",
               "found " + std::to_string(windows.rx1Offset) + ", expected at most " +
                   std::to_string(region.rx1Offsets - 1) + ", the largest of " +
                   std::string(region.name));
    }
    CheckDownlinkDataRate(scenario,
                          windows.rx2DataRate,
                          "/access/lorawan/receive_windows/rx2_data_rate",
                          refuse);
    CheckFrequency(scenario,
                   windows.rx2FrequencyHz,
                   "/access/lorawan/receive_windows/rx2_frequency",
                   refuse);
    const auto& pacing = scenario.lorawan.pacing;
    if (pacing.sendTimeS > 0 && pacing.tickS <= 0)
    {
        refuse("/access/lorawan/pacing/send_time",
               "found \"" + FormatQuantity(UnitKind::DURATION, pacing.sendTimeS) +
                   "\" without a tick, expected tick above \"0 s\", which it makes longer");
    }
}

/// Devices keep account of two duty-cycle bands; the default channels lie in one, the CFList's in
/// another.
constexpr size_t MOST_BANDS = 2;
constexpr size_t DEFAULT_CHANNELS = 3;
constexpr size_t CFLIST_CHANNELS = 5;
constexpr size_t MOST_CHANNELS = 16;
constexpr uint32_t IN_CFLIST_BAND_HZ = 867'100'000;

void
CheckChannel(const ChannelSpec& channel,
             const Scenario& scenario,
             const std::string& where,
             const RefuseHandler& refuse)
{
    CheckFrequency(scenario, channel.frequencyHz, where + "/frequency", refuse);
    const Channel usual = GetRegion(scenario.lorawan.region).UplinkChannels().front();
    if (channel.minDataRate > channel.maxDataRate || channel.maxDataRate > usual.maxDataRate)
    {
        refuse(where + "/max_data_rate",
               "found " + std::to_string(channel.maxDataRate) + ", expected " +
                   std::to_string(channel.minDataRate) + " (min_data_rate) to " +
                   std::to_string(usual.maxDataRate));
    }
}

void
CheckChannels(const Scenario& scenario, const RefuseHandler& refuse)
{
    const auto& channels = scenario.lorawan.macCommands.channels;
    const auto& region = GetRegion(scenario.lorawan.region);
    const std::string where = "/access/lorawan/mac_commands/channels";
    if (channels.empty())
    {
        return;
    }
    if (!region.downlinkChannels.empty())
    {
        refuse(where,
               "found channels, expected none: those of " + std::string(region.name) +
                   " are fixed");
        return;
    }
    const bool cfList = scenario.lorawan.join.cfList;
    const size_t most = MOST_CHANNELS - DEFAULT_CHANNELS - (cfList ? CFLIST_CHANNELS : 0);
    if (channels.size() > most)
    {
        refuse(where,
               "found " + std::to_string(channels.size()) + " channels, expected at most " +
                   std::to_string(most) + ", which fill the 16 of a device");
    }
    std::set<const SubBand*> bands{region.FindSubBand(region.UplinkChannels().front().frequencyHz)};
    if (cfList)
    {
        bands.insert(region.FindSubBand(IN_CFLIST_BAND_HZ));
    }
    for (size_t i = 0; i < channels.size(); ++i)
    {
        const auto at = where + "/" + std::to_string(i);
        CheckChannel(channels[i], scenario, at, refuse);
        bands.insert(region.FindSubBand(
            static_cast<uint32_t>(std::lround(std::min(channels[i].frequencyHz, 4e9)))));
        if (bands.size() > MOST_BANDS)
        {
            refuse(at + "/frequency",
                   "found a third duty-cycle sub-band, expected channels in two at most, the "
                   "CFList's included");
            return;
        }
    }
}

/// A device of class B that loses its session is not followed.
void
CheckSessions(const Scenario& scenario, const RefuseHandler& refuse)
{
    for (size_t i = 0; i < scenario.fleet.groups.size(); ++i)
    {
        const auto& group = scenario.fleet.groups[i];
        const std::string where = "/fleet/groups/" + std::to_string(i);
        if (group.deviceClass != "B")
        {
            continue;
        }
        if (group.session == "volatile")
        {
            refuse(where + "/session",
                   "found \"volatile\" for class B, expected \"persistent\": only devices of class "
                   "A and C can lose their session");
        }
        if (scenario.lorawan.join.linkLostUplinks)
        {
            refuse("/access/lorawan/join/link_lost_after",
                   "found " + std::to_string(*scenario.lorawan.join.linkLostUplinks) +
                       " with a group of class B (" + where +
                       "), expected null: only devices of class A and C can lose their session");
        }
    }
}

/// Radiated power is what a region limits (RP002-1.0.4, TXPower 0); a better antenna takes from it.
void
CheckDevicePower(const Scenario& scenario, const RefuseHandler& refuse)
{
    const auto& region = GetRegion(scenario.lorawan.region);
    const double gainDbi = scenario.lorawan.deviceAntennaGainDbi;
    const double mostDbm = region.maxEirpDbm - gainDbi;
    const auto& given = scenario.lorawan.deviceTxPowerDbm;
    const double powerDbm = given.value_or(region.usualDevicePowerDbm);
    if (powerDbm <= mostDbm)
    {
        return;
    }
    const auto text = [](UnitKind kind, double value) {
        return "\"" + FormatQuantity(kind, value) + "\"";
    };
    const std::string limit = "devices of " + std::string(region.name) + " radiate " +
                              text(UnitKind::POWER_DBM, region.maxEirpDbm) + " at most";
    if (given)
    {
        refuse("/access/lorawan/device_tx_power",
               "found " + text(UnitKind::POWER_DBM, powerDbm) + ", expected at most " +
                   text(UnitKind::POWER_DBM, mostDbm) + ": " + limit +
                   ", with device_antenna_gain " + text(UnitKind::GAIN, gainDbi));
    }
    else
    {
        refuse("/access/lorawan/device_antenna_gain",
               "found " + text(UnitKind::GAIN, gainDbi) + ", expected at most " +
                   text(UnitKind::GAIN, region.maxEirpDbm - powerDbm) + ": " + limit +
                   ", and send with " + text(UnitKind::POWER_DBM, powerDbm) +
                   " where device_tx_power is left out");
    }
}

} // namespace

void
CheckLorawanDetails(const Scenario& scenario, const RefuseHandler& refuse)
{
    CheckTelemetrySizes(scenario, refuse);
    CheckClockSync(scenario, refuse);
    CheckReceiveWindows(scenario, refuse);
    CheckChannels(scenario, refuse);
    CheckSessions(scenario, refuse);
    CheckDevicePower(scenario, refuse);
    CheckDownlinkDataRate(scenario,
                          scenario.lorawan.macCommands.pingDataRate,
                          "/access/lorawan/mac_commands/ping_slot_data_rate",
                          refuse);
    CheckFrequency(scenario,
                   scenario.lorawan.macCommands.pingFrequencyHz,
                   "/access/lorawan/mac_commands/ping_slot_frequency",
                   refuse);
    CheckFrequency(scenario, scenario.distribution.frequencyHz, "/distribution/frequency", refuse);
}

} // namespace ns3::iotfleet
