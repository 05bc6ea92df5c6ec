// SPDX-License-Identifier: GPL-2.0-only

// A disruption budget is never exceeded, at no instant: with jitter, tries, time-outs and silent
// devices. Once against a script of random answers, which an independent ledger counts along, and
// once in whole runs, by what their table `transition` says of the truth.

#include "test/rollout-bed.h"
#include "test/test-support-run.h"

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <string>

namespace
{

using namespace ns3;
using namespace ns3::iotfleet;

constexpr uint32_t DEVICES = 60;
constexpr uint32_t SITES = 3;
constexpr uint32_t LIMIT = 4; ///< floor(0.2 * 20)

/// Who is unavailable: from the offer until the device says how it went. Kept by what happens, not
/// by what the dispatcher thinks.
class Ledger
{
  public:
    void Offer(DeviceId device)
    {
        auto& out = m_out[Index(device) % SITES];
        out.insert(device);
        m_most = std::max(m_most, out.size());
    }

    void Report(DeviceId device)
    {
        m_out[Index(device) % SITES].erase(device);
    }

    size_t Most() const
    {
        return m_most;
    }

  private:
    std::map<size_t, std::set<DeviceId>> m_out; ///< by site
    size_t m_most{0};
};

class BudgetInvariant : public RolloutTest
{
  protected:
    /// A third update, a quarter fail, the others say nothing; after a minute to five hours.
    Answer Draw()
    {
        const double u = std::uniform_real_distribution<>(0, 1)(m_engine);
        Answer answer;
        answer.belief = u < 0.35  ? UpdateBelief::UPDATED
                        : u < 0.6 ? UpdateBelief::FAILED
                                  : UpdateBelief::UNREPORTED;
        answer.afterS = std::uniform_real_distribution<>(60, 5 * HOUR_S)(m_engine);
        return answer;
    }

    void RunOnce(unsigned seed)
    {
        m_engine.seed(seed);
        m_ledger = {};
        MakeFleet(DEVICES, [this](DeviceId device) {
            m_ledger.Offer(device);
            const auto answer = Draw();
            if (answer.belief != UpdateBelief::UNREPORTED)
            {
                Simulator::Schedule(Seconds(answer.afterS),
                                    [this, device] { m_ledger.Report(device); });
            }
            return answer;
        });
        auto config = Config({ShareWave(1)});
        config.unreported = UnreportedPolicy::IGNORE;
        config.waves[0].errorThreshold = 1;
        config.waves[0].successThreshold = 0;
        config.waves[0].timeoutS = 60 * DAY_S;
        BudgetConfig budget;
        budget.by = {"site"};
        budget.maxUnavailableShare = 0.2;
        config.dispatch.budgets = {budget};
        config.dispatch.pace.jitterS = HOUR_S;
        config.dispatch.retry.limit = 3;
        config.dispatch.retry.waitS = HOUR_S / 2;
        config.dispatch.inProgressTimeoutS = 3 * HOUR_S; // some report only after it
        MakeRollout(config, seed);
        InventoryColumns inventory;
        for (uint32_t i = 0; i < DEVICES; ++i)
        {
            inventory.site.push_back(static_cast<uint16_t>(i % SITES));
        }
        m_rollout->SetInventory(inventory);
        Run(70 * DAY_S);
    }

    std::mt19937 m_engine;
    Ledger m_ledger;
};

TEST_F(BudgetInvariant, HoldsWithRandomAnswersJitterAndTries)
{
    size_t offers = 0;
    for (unsigned seed = 1; seed <= 20; ++seed)
    {
        RunOnce(seed);
        EXPECT_EQ(m_ledger.Most(), LIMIT) << "the budget is used and not exceeded, seed " << seed;
        for (const auto& batch : m_distributor->m_offers)
        {
            offers += batch.size();
        }
        m_rollout = nullptr;
        Simulator::Destroy();
    }
    EXPECT_GT(offers, 20 * DEVICES / 2) << "most were offered it, many more than once";
}

/// Two sites of twelve; an image that kills one device in eight, and reports that are lost.
constexpr const char* SCENARIO = R"({
  "schema": 1,
  "seed": 11,
  "duration": "6 d",
  "fleet": {
    "sites": { "north": {}, "south": {} },
    "groups": [
      { "name": "n", "count": 12, "site": "north", "activated": true, "class": "C", "data_rate": 5,
        "telemetry": { "period": "1 h", "size": "12 B" },
        "placement": { "kind": "point", "center": { "x": "50 m", "y": "0 m" } } },
      { "name": "s", "count": 12, "site": "south", "activated": true, "class": "C", "data_rate": 5,
        "telemetry": { "period": "1 h", "size": "12 B" },
        "placement": { "kind": "point", "center": { "x": "0 m", "y": "50 m" } } } ] },
  "access": { "lorawan": { "gateways": [ { "name": "mast", "z": "10 m" } ] } },
  "firmware": { "images": [ { "version": "1.1.0", "size": "1000 B", "sequence": 2 } ] },
  "distribution": { "report_timeout": "2 h" },
  "faults": [ { "kind": "silent-brick", "image": "1.1.0", "share": 0.125 },
              { "kind": "flaky-reporter", "share": 0.5, "lost": 0.7, "late": 0.2, "delay": "3 h" } ],
  "rollout": { "start": "2 h", "unreported": "ignore",
    "waves": [ { "share": 1, "timeout": "4 d", "error_threshold": 1, "success_threshold": 0 } ],
    "pace": { "jitter": "20 min" },
    "in_progress_timeout": "90 min",
    "retry": { "limit": 2, "wait": "10 min" },
    "budget": [ { "by": ["site"], "max_unavailable": 3 } ] },
  "record": { "transitions": true }
})";

/// The most devices of a site that were away at once: under way with the image, or bricked by it.
size_t
MostAway(const WholeRun& run, const std::string& site)
{
    const auto column = [&](const std::string& what) {
        return run.Column("SELECT " + what +
                          " FROM transition JOIN device USING (run_id, device_id) WHERE site = '" +
                          site + "' AND (machine = 'update' OR to_state = 'bricked') " +
                          "ORDER BY transition.rowid");
    };
    const auto devices = column("device_id");
    const auto steps = column("CASE WHEN to_state = 'bricked' THEN 2 WHEN to_state IN ('notified', "
                              "'receiving', 'verifying', 'installing', 'trial') THEN 1 ELSE 0 END");
    std::set<double> away;
    std::set<double> bricked;
    size_t most = 0;
    for (size_t i = 0; i < devices.size(); ++i)
    {
        if (steps[i] == 2)
        {
            bricked.insert(devices[i]);
        }
        if (steps[i] > 0 || bricked.contains(devices[i]))
        {
            away.insert(devices[i]);
        }
        else
        {
            away.erase(devices[i]);
        }
        most = std::max(most, away.size());
    }
    return most;
}

TEST(BudgetOfARun, IsNotExceededByTheTruth)
{
    for (const uint64_t number : {1, 2, 3})
    {
        const auto run = WholeRun::OfText(SCENARIO, {}, number);
        EXPECT_GT(run.Metric("devices_bricked"), 0) << "or there is nothing to see";
        EXPECT_EQ(run.Metric("devices_updated") + run.Metric("devices_bricked"), 24);
        EXPECT_GT(run.Number("SELECT count(*) FROM given_up"), 0) << "nor without silence";
        EXPECT_LE(MostAway(run, "north"), 3U) << "run " << number;
        EXPECT_LE(MostAway(run, "south"), 3U) << "run " << number;
    }
    const auto free = WholeRun::OfText(SCENARIO, {"/rollout/budget=[]"});
    EXPECT_GT(MostAway(free, "north"), 3U) << "it is the budget that holds them back";
}

} // namespace
