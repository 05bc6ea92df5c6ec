// SPDX-License-Identifier: GPL-2.0-only
#include "analysis/report/failure-summary.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

namespace ns3::iotfleet::analysis
{

namespace
{

/// Causes that the simulator records, and what they mean to somebody who does not know it.
constexpr std::array<std::pair<std::string_view, std::string_view>, 47> CAUSES{{
    {"not-enrolled", "The device had not joined the network."},
    {"blocked", "Quarantine kept every message from the device."},
    {"in-progress-timeout", "The rollout stopped waiting for the device."},
    {"bricked", "The device does not run any more."},
    {"not-offered", "No wave that began contained the device."},
    {"under-way", "The run ended before the device's update did."},
    {"no-answer-to-set-up", "The device never answered the set-up messages of its session."},
    {"missed-session-request",
     "The device was set up and never answered the call to the multicast session."},
    {"incomplete", "The device said that it lacked fragments and was not heard of afterwards."},
    {"silent", "The device took part in its session and was not heard of afterwards."},
    {"removed", "The operator took the device out of its session."},
    {"group-refused", "The device refused the multicast group."},
    {"session-refused", "The device refused the multicast session."},
    {"fragmentation-refused", "The device refused the set-up of the fragments."},
    {"not-enough-memory", "The device has not enough memory for the image."},
    {"image-too-large", "The image has more fragments than a session can carry."},
    {"fragments-missing", "The session ended before the device had enough fragments."},
    {"session-deleted", "The operator closed the session before the device had the image."},
    {"malformed", "The manifest was refused: it cannot be read."},
    {"unsupported", "The manifest was refused: it asks for what the device cannot do."},
    {"bad-signature", "The manifest was refused: its signature does not verify."},
    {"digest-mismatch", "The manifest was refused: its digest is not the signed one."},
    {"sequence-too-old", "The manifest was refused: its sequence number is not newer."},
    {"wrong-vendor", "The manifest was refused: it is for another vendor."},
    {"wrong-class", "The manifest was refused: it is for another class of device."},
    {"wrong-device", "The manifest was refused: it is for another device."},
    {"wrong-slot", "The manifest was refused: it is for another slot of the flash."},
    {"image-mismatch", "The image was refused: it is not the one in the manifest."},
    {"fetch-failed", "The image was refused: it could not be fetched."},
    {"image-corrupt", "The device reported that its image is corrupt."},
    {"image-wrong-hardware", "The device reported that the image is for other hardware."},
    {"image-deleted", "The operator deleted the image before it was installed."},
    {"image-gone", "The device dropped the image or rolled it back."},
    {"power-loss", "Power was lost during the installation and left no image that runs."},
    {"power-loss-restart", "Power was lost during the installation, which was begun again."},
    {"image-defect", "The new image failed its trial and the device went back to the old one."},
    {"no-server-contact",
     "The new image did not reach the server and the device went back to the old one."},
    {"old-version", "The device still reports its old version."},
    {"fragment-too-long-for-unicast",
     "The device lacks fragments, and they are too long for its receive windows."},
    {"unicast-stuck", "The device lacks fragments, and none that was queued for it left."},
    {"boot-loop", "The new image restarted over and over."},
    {"silent-brick", "The device does not start any more and cannot say so."},
    {"cannot-join", "The new image runs, but it never joins the network again."},
    {"slow-leak", "The new image passed its trial and failed later."},
    {"false-report", "The device reports images that it does not install."},
    {"device-lost", "The device is gone or dead, whatever image it ran."},
    {"battery-empty", "The battery ran empty."},
}};

} // namespace

std::vector<FailureGroup>
GroupFailures(const ResultsReader& reader, int64_t runId)
{
    std::map<std::string, FailureGroup> byCause;
    reader.ForEachFailure(runId, [&](const FailureRow& row) {
        FailureGroup& group = byCause[row.cause];
        if (group.events++ == 0)
        {
            group.cause = row.cause;
            group.firstDevice = row.deviceId;
            group.firstS = row.tS;
            group.firstDetail = row.detail;
        }
        group.devices.insert(row.deviceId);
    });
    std::vector<FailureGroup> groups;
    for (auto& [cause, group] : byCause)
    {
        groups.push_back(std::move(group));
    }
    std::ranges::stable_sort(groups, std::ranges::greater{}, [](const FailureGroup& group) {
        return group.devices.size();
    });
    return groups;
}

std::string
DescribeCause(std::string_view cause)
{
    const auto* known =
        std::ranges::find(CAUSES, cause, &std::pair<std::string_view, std::string_view>::first);
    if (known != CAUSES.end())
    {
        return std::string(known->second);
    }
    std::string words(cause);
    std::ranges::replace(words, '-', ' ');
    return words;
}

} // namespace ns3::iotfleet::analysis
