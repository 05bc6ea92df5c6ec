// SPDX-License-Identifier: GPL-2.0-only

#include "helper/import/format-recognition.h"

#include <algorithm>

namespace ns3::iotfleet
{

namespace
{

/** How a format is known. */
struct Signature
{
    std::string format;
    std::vector<std::string> places; //!< pointers of the objects that may hold the fields
    std::vector<std::string> fields; //!< one of them is enough: files are often cut to the policy
};

/** Names alone, such as `name` and `description`, tell no format from another. */
const std::vector<Signature>&
Signatures()
{
    static const std::vector<Signature> SIGNATURES{
        {"aws-iot-jobs",
         {""},
         {"targets",
          "targetSelection",
          "jobExecutionsRolloutConfig",
          "abortConfig",
          "timeoutConfig",
          "jobExecutionsRetryConfig",
          "schedulingConfig"}},
        {"chirpstack-fuota",
         {"", "/deployment"},
         {"multicastGroupType",
          "multicast_group_type",
          "multicastDr",
          "multicast_dr",
          "multicastClassCSchedulingType",
          "multicast_class_c_scheduling_type",
          "unicastMaxRetryCount",
          "unicast_max_retry_count",
          "fragmentationFragmentSize",
          "fragmentation_fragment_size",
          "fragmentationRedundancyPercentage",
          "fragmentation_redundancy_percentage"}},
        {"flightctl", {"", "/spec"}, {"kind", "rolloutPolicy"}},
        {"hawkbit",
         {""},
         {"distributionSetId",
          "targetFilterQuery",
          "amountGroups",
          "groups",
          "successCondition",
          "errorCondition"}},
        {"mender",
         {""},
         {"artifact_name",
          "phases",
          "devices",
          "all_devices",
          "filter",
          "filter_id",
          "group",
          "retries",
          "max_devices",
          "update_control_map"}},
        {"nerveshub",
         {"", "/data", "/deployment_group"},
         {"conditions",
          "concurrent_updates",
          "inflight_update_expiration_minutes",
          "failure_threshold",
          "failure_rate_amount",
          "device_failure_threshold",
          "device_failure_rate_amount",
          "penalty_timeout_minutes"}},
    };
    return SIGNATURES;
}

bool
HasAnyField(const ImportSource& source, const Signature& signature)
{
    return std::ranges::any_of(signature.places, [&](const std::string& place) {
        return std::ranges::any_of(signature.fields, [&](const std::string& field) {
            return source.Find(AppendPointer(place, field)) != nullptr;
        });
    });
}

} // namespace

void
RequireFormat(const std::string& format, const ImportSource& source)
{
    const auto& signatures = Signatures();
    const auto own = std::ranges::find(signatures, format, &Signature::format);
    if (own == signatures.end() || HasAnyField(source, *own))
    {
        return;
    }
    const auto other = std::ranges::find_if(signatures, [&](const Signature& signature) {
        return HasAnyField(source, signature);
    });
    source.Refuse("",
                  "found no field of " + format + ", expected at least one of " +
                      JoinWords(own->fields) +
                      (other == signatures.end() ? "" : "; it looks like " + other->format));
}

} // namespace ns3::iotfleet
