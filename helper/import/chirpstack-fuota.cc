// SPDX-License-Identifier: GPL-2.0-only

// ChirpStack 4: a FUOTA deployment as the API writes it (the object itself, or under
// "deployment"); names in camelCase (REST) or with underscores (protobuf).

#include "helper/import/policy-import.h"
#include "helper/units.h"
#include "model/update/session-time-out.h"

#include <algorithm>
#include <cctype>

namespace ns3::iotfleet
{

namespace
{

constexpr double HIGHEST_FREQUENCY_HZ = 4294967295.0; // uint32 of the API

/** Finds a field by its protobuf name in either spelling. */
class Fields
{
  public:
    explicit Fields(const ImportSource& source)
        : m_source(source),
          m_at(source.Find("/deployment") ? "/deployment" : "")
    {
    }

    std::string operator()(const std::string& name) const
    {
        std::string camel;
        for (std::size_t i = 0; i < name.size(); ++i)
        {
            const bool upper = i > 0 && name[i - 1] == '_';
            if (name[i] != '_')
            {
                camel += upper ? static_cast<char>(std::toupper(name[i])) : name[i];
            }
        }
        const std::string pointer = m_at + "/" + camel;
        return m_source.Find(pointer) ? pointer : m_at + "/" + name;
    }

  private:
    const ImportSource& m_source;
    std::string m_at;
};

/** An enumeration that protobuf's JSON writes as its name, and some clients as its number. */
std::string
EnumName(const ImportSource& source,
         const std::string& pointer,
         const std::vector<std::string>& names)
{
    const auto* value = source.Find(pointer);
    if (value == nullptr)
    {
        return names.front();
    }
    if (value->is_number_unsigned() && value->get<std::size_t>() < names.size())
    {
        return names[value->get<std::size_t>()];
    }
    if (!value->is_string() || std::ranges::find(names, value->get<std::string>()) == names.end())
    {
        source.Refuse(pointer,
                      "found " + DescribeFound(*value) + ", expected one of " + JoinWords(names));
    }
    return value->get<std::string>();
}

/**
 * DELAY is what a ChirpStack does that is not told otherwise: its gateways take turns. Only those
 * with GPS can send at one instant.
 */
void
ImportScheduling(ImportSource& source,
                 const Fields& field,
                 bool isClassC,
                 ScenarioJson& distribution)
{
    const auto type = field("multicast_class_c_scheduling_type");
    if (!isClassC)
    {
        return source.Ignore(type, "ping slots are the same at all gateways");
    }
    const auto name = EnumName(source, type, {"DELAY", "GPS_TIME"});
    distribution["gateways"] = name == "DELAY" ? "staggered" : "simulcast";
    source.Note(type,
                name == "DELAY" ? ImportFate::DIFFERS : ImportFate::HONOURED,
                name == "DELAY"
                    ? "-> /distribution/gateways: staggered; the next gateway follows as soon as "
                      "the one before is done, without ChirpStack's margin between them"
                    : "-> /distribution/gateways: simulcast");
}

/// What does not fit into the time-out is lost in ChirpStack, whose devices no longer listen.
void
ImportTimeOut(ImportSource& source, const Fields& field, ScenarioJson& distribution)
{
    const auto calculate = field("calculate_multicast_timeout");
    const auto timeOut = field("multicast_timeout");
    const bool isCalculated = source.Flag(calculate).value_or(false);
    const auto exponent = source.Number(timeOut, 0, LONGEST_TIME_OUT);
    if (isCalculated)
    {
        distribution["session_timeout"] = "chirpstack";
        source.Note(calculate,
                    ImportFate::DIFFERS,
                    "-> /distribution/session_timeout: chirpstack, for the scenario's image; what "
                    "does not fit goes out in further windows");
        return source.Ignore(timeOut, "calculated");
    }
    source.Note(calculate,
                ImportFate::HONOURED,
                exponent ? "multicast_timeout holds" : "the time-out is the one predicted");
    if (exponent)
    {
        distribution["session_timeout_exponent"] = static_cast<int>(*exponent);
        source.Note(timeOut,
                    ImportFate::DIFFERS,
                    "-> /distribution/session_timeout_exponent; what does not fit goes out in "
                    "further windows");
    }
}

void
ImportGroup(ImportSource& source, const Fields& field, ScenarioJson& distribution)
{
    // Numbers as in chirpstack/api/multicast_group.proto: CLASS_C is 0.
    const auto type = EnumName(source, field("multicast_group_type"), {"CLASS_C", "CLASS_B"});
    distribution["class"] = type == "CLASS_B" ? "B" : "C";
    source.Note(field("multicast_group_type"), ImportFate::HONOURED, "-> /distribution/class");
    if (const auto rate = source.Number(field("multicast_dr"), 0, 15))
    {
        distribution["data_rate"] = static_cast<int>(*rate);
        source.Note(field("multicast_dr"), ImportFate::HONOURED, "-> /distribution/data_rate");
    }
    const auto ping = field("multicast_class_b_ping_slot_periodicity");
    if (const auto periodicity = source.Number(ping, 0, 7); periodicity && type == "CLASS_B")
    {
        distribution["ping_periodicity"] = static_cast<int>(*periodicity);
        source.Note(ping, ImportFate::HONOURED, "-> /distribution/ping_periodicity");
    }
    source.Ignore(ping, "class C has no ping slots");
    const auto frequency = field("multicast_frequency");
    if (const auto hertz = source.Number(frequency, 0, HIGHEST_FREQUENCY_HZ); hertz.value_or(0) > 0)
    {
        distribution["frequency"] = FormatQuantity(UnitKind::CARRIER, *hertz);
        source.Note(frequency, ImportFate::HONOURED, "-> /distribution/frequency");
    }
    source.Ignore(frequency, "0: the region's channel is used");
    ImportScheduling(source, field, type == "CLASS_C", distribution);
    ImportTimeOut(source, field, distribution);
}

void
ImportFragmentation(ImportSource& source, const Fields& field, ScenarioJson& distribution)
{
    const bool calculated =
        source.Flag(field("calculate_fragmentation_fragment_size")).value_or(false);
    source.Note(field("calculate_fragmentation_fragment_size"),
                ImportFate::HONOURED,
                "the largest that the data rate allows, or fragmentation_fragment_size");
    if (const auto size = source.Count(field("fragmentation_fragment_size")); size && !calculated)
    {
        distribution["fragment_size"] = std::to_string(*size) + " B";
        source.Note(field("fragmentation_fragment_size"),
                    ImportFate::HONOURED,
                    "-> /distribution/fragment_size");
    }
    source.Ignore(field("fragmentation_fragment_size"), "calculated");
    distribution["redundancy"] =
        source.Percentage(field("fragmentation_redundancy_percentage")).value_or(0);
    source.Note(field("fragmentation_redundancy_percentage"),
                ImportFate::HONOURED,
                "-> /distribution/redundancy");
    if (const auto delay = source.Number(field("fragmentation_block_ack_delay"), 0, 7))
    {
        distribution["block_ack_delay"] = static_cast<int>(*delay);
        source.Note(field("fragmentation_block_ack_delay"),
                    ImportFate::HONOURED,
                    "-> /distribution/block_ack_delay");
    }
    const auto request = field("request_fragmentation_session_status");
    const auto status = EnumName(source,
                                 request,
                                 {"NO_REQUEST", "AFTER_FRAGMENT_ENQUEUE", "AFTER_SESSION_TIMEOUT"});
    distribution["status_request"] = status != "NO_REQUEST";
    source.Note(request,
                status == "AFTER_SESSION_TIMEOUT" ? ImportFate::DIFFERS : ImportFate::HONOURED,
                status == "AFTER_SESSION_TIMEOUT"
                    ? "-> /distribution/status_request; asked after the last fragment, not after "
                      "the session's time-out"
                    : "-> /distribution/status_request");
    source.Ignore(field("fragmentation_session_index"), "chosen by the simulation");
    source.Ignore(field("fragmentation_matrix"), "0, TS004's own matrix, is the only one");
    source.Ignore(field("fragmentation_descriptor"), "chosen by the simulation");
}

} // namespace

void
ImportChirpstackFuota(ImportSource& source, ScenarioJson& scenario)
{
    const Fields field(source);
    source.Keep(field("name"), scenario, "name");
    // What ChirpStack does besides (chirpstack/src/applayer/fuota): one group for all devices, no
    // repair, and 5 s between the frames of a class C group.
    ScenarioJson distribution{{"policy", "ALL"},
                              {"repair", {{"multicast_rounds", 0}, {"unicast", false}}}};
    ImportGroup(source, field, distribution);
    ImportFragmentation(source, field, distribution);
    if (const auto retries = source.Count(field("unicast_max_retry_count")))
    {
        distribution["setup_retries"] = *retries;
        source.Note(field("unicast_max_retry_count"),
                    ImportFate::HONOURED,
                    "-> /distribution/setup_retries");
    }
    scenario["distribution"] = distribution;
    scenario["access"]["lorawan"]["pacing"] = {{"kind", "interval"}, {"interval", "5 s"}};
    scenario["rollout"]["waves"] = ScenarioJson::array(
        {{{"name", "all"}, {"share", 1}, {"success_threshold", 0}, {"error_threshold", 1}}});
    source.Ignore(field("id"), "set by the server");
    source.Ignore(field("application_id"), "all devices of the scenario take part");
    source.Ignore(field("device_profile_id"), "all devices of the scenario take part");
    source.Ignore(field("payload"), "the image is the scenario's /firmware/target");
    source.Ignore(field("on_complete_set_device_tags"), "labels of the server");
}

} // namespace ns3::iotfleet
