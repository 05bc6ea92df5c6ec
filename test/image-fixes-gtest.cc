// SPDX-License-Identifier: GPL-2.0-only

// Which images make devices safe from threats.

#include "helper/firmware-builder.h"
#include "test/scenario-text.h"
#include "test/test-support-run.h"

#include <gtest/gtest.h>

namespace
{

using namespace ns3::iotfleet;

/// All forty devices run 1.0.0, which is listed beside the target; a threat takes ten of them.
constexpr const char* LISTED = R"({
  "schema": 1,
  "duration": "4 h",
  "fleet": { "groups": [ { "name": "lamp", "count": 40, "firmware": "1.0.0", "activated": true,
    "placement": { "radius": "300 m" } } ] },
  "access": { "lorawan": { "gateways": [ { "name": "mast" } ], "backhaul_model": "delay" } },
  "firmware": { "images": [
    { "version": "1.0.0", "size": "400 B", "sequence": 1 },
    { "version": "1.1.0", "size": "400 B", "sequence": 2 } ] },
  "rollout": { "start": "3 h" },
  "threats": [ { "at": "1 h", "share": 0.25 } ]
})";

/// Whether the images, in their order, fix the vulnerability.
std::vector<bool>
FixesOf(const std::vector<std::string>& sets)
{
    const auto catalog = BuildFirmware(test::ReadScenarioText(LISTED, sets));
    return {catalog.Get(ImageId{0}).fixesVulnerability, catalog.Get(ImageId{1}).fixesVulnerability};
}

TEST(ImageFixes, TheTargetAloneUnlessToldOtherwise)
{
    EXPECT_EQ(FixesOf({}), (std::vector{false, true}));
    EXPECT_EQ(FixesOf({"/firmware/target=\"1.0.0\"", "/fleet/groups/0/firmware=\"0.9.0\""}),
              (std::vector{true, false}));
    EXPECT_EQ(FixesOf({"/firmware/images/0/fixes=true"}), (std::vector{true, true}));
    EXPECT_EQ(FixesOf({"/firmware/images/1/fixes=false"}), (std::vector{false, false}));
}

TEST(ImageFixes, ListingTheRunningImageDoesNotProtectTheFleet)
{
    EXPECT_EQ(WholeRun::OfText(LISTED).Metric("compromised_peak"), 10) << "a quarter of forty";
    const auto immune = WholeRun::OfText(LISTED, {"/firmware/images/0/fixes=true"});
    EXPECT_EQ(immune.Metric("compromised_peak"), 0);
}

} // namespace
