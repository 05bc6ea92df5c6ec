// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_TEST_CAMPAIGN_SUPPORT_H
#define IOTFLEET_TEST_CAMPAIGN_SUPPORT_H

#include "helper/campaign-executor.h"
#include "helper/campaign-reader.h"
#include "helper/campaign-runner.h"
#include "helper/scenario-reader.h"
#include "helper/scenario-runner.h"
#include "model/record/content-hash.h"
#include "test/folder-test.h"
#include "test/test-support.h"

#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>

/**
 * @file
 * @ingroup iotfleet-test
 * A small, fast campaign in a folder of its own.
 */
namespace ns3::iotfleet::test
{

/** Two variants of test/data/scenarios/minimal.json, five repetitions: ten runs. */
inline constexpr std::string_view SMALL_CAMPAIGN = R"({
  "schema": 1,
  "name": "small",
  "scenarios": ["minimal.json"],
  "variants": [
    { "name": "few", "set": { "/fleet/groups/0/count": 10 } },
    { "name": "many" }
  ],
  "runs": { "count": 5 }
})";

/** A test with a folder that holds the small campaign. */
class CampaignTest : public FolderTest
{
  protected:
    void SetUp() override
    {
        std::filesystem::copy_file(SourcePath("test/data/scenarios/minimal.json"),
                                   m_folder / "minimal.json");
        Write("small.json", SMALL_CAMPAIGN);
    }

    void Write(const std::string& name, std::string_view text) const
    {
        std::ofstream(m_folder / name, std::ios::binary) << text;
    }

    std::filesystem::path File(const std::string& name) const
    {
        return m_folder / name;
    }

    /** Runs a campaign file of the folder to its end. */
    CampaignOutcome RunFile(const std::string& campaign,
                            const std::string& database,
                            CampaignStart start = CampaignStart::FRESH,
                            std::size_t jobs = 2,
                            const CampaignHooks& hooks = {},
                            const IntervalFunction& interval = {}) const
    {
        const Campaign read = ReadCampaign(File(campaign));
        CampaignExecutor executor(MakeCampaignPlan(read),
                                  File(database),
                                  start,
                                  std::make_unique<LocalRunBackend>(jobs),
                                  hooks);
        return RunCampaign(read.runs, executor, interval);
    }

    /** What an uninterrupted run of the small campaign gives. */
    std::string WantedHash() const
    {
        RunFile("small.json", "wanted.db");
        return ContentSha256(File("wanted.db"));
    }
};

} // namespace ns3::iotfleet::test

#endif // IOTFLEET_TEST_CAMPAIGN_SUPPORT_H
