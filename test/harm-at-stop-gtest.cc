// SPDX-License-Identifier: GPL-2.0-only

// How many devices count as harmed before a rollout stopped (metric `harmed_before_abort`): each
// case is a story of pauses, stops and harm, one step a minute, with the number counted by hand.

#include "helper/fleet-simulation.h"
#include "helper/run-observer.h"
#include "helper/temporary-folder.h"
#include "model/lifecycle/fault-causes.h"
#include "test/scenario-text.h"

#include "ns3/simulator.h"

#include <gtest/gtest.h>
#include <string>

namespace
{

using namespace ns3;
using namespace ns3::iotfleet;

/// Waves of two; nothing goes wrong by itself, and nothing stops by itself.
constexpr const char* SCENARIO = R"({
  "schema": 1,
  "duration": "3 d",
  "fleet": { "groups": [
    { "name": "meter", "count": 12, "activated": true, "data_rate": 5, "class": "C",
      "placement": { "kind": "point", "center": { "x": "50 m", "y": "0 m" } } } ] },
  "access": { "lorawan": { "gateways": [ { "name": "mast", "z": "10 m" } ] } },
  "firmware": { "images": [ { "version": "1.0.0", "size": "500 B", "sequence": 1 },
                            { "version": "1.1.0", "size": "500 B", "sequence": 2 } ] },
  "rollout": {
    "start": "1 h", "roll_back": { "to": "1.0.0" },
    "waves": [ { "count": 2, "soak": "1 d", "success_threshold": 0, "error_threshold": 1 },
               { "count": 2, "soak": "1 d", "success_threshold": 0, "error_threshold": 1 },
               { "share": 1, "success_threshold": 0, "error_threshold": 1 } ] }
})";

/// P pause, R resume, A abort, B roll back; h an image harms a device, e one's battery is empty.
struct Story
{
    const char* steps;
    uint64_t harmed;
    const char* why;
};

class HarmAtStop : public testing::TestWithParam<Story>
{
  protected:
    ~HarmAtStop() override
    {
        Simulator::Destroy();
    }

    void Do(char step)
    {
        switch (step)
        {
        case 'P':
            return m_simulation.rollout->Pause("test");
        case 'R':
            return m_simulation.rollout->Resume();
        case 'A':
            return m_simulation.rollout->Abort("test");
        case 'B':
            return m_simulation.rollout->RollBack("test");
        case 'e':
            return m_simulation.fleet->Set(DeviceId{m_next++},
                                           Health::BRICKED,
                                           CAUSE_BATTERY_EMPTY);
        default:
            return m_simulation.fleet->Set(DeviceId{m_next++}, Health::BRICKED, "silent-brick");
        }
    }

    TemporaryFolder m_folder;
    Scenario m_scenario = test::ReadScenarioText(SCENARIO);
    FleetSimulation m_simulation{m_scenario, 1};
    ResultsDatabase m_database{m_folder.GetPath() / "run.db"};
    RunObserver m_observer{m_simulation, m_database, m_database.AddRun({})};
    uint32_t m_next{0}; ///< the next device that is harmed
};

TEST_P(HarmAtStop, IsCountedOnce)
{
    m_observer.Start();
    const std::string steps = GetParam().steps;
    for (size_t i = 0; i < steps.size(); ++i)
    {
        const double whenS = 2 * 3600 + 60.0 * static_cast<double>(i);
        Simulator::Schedule(Seconds(whenS), [this, step = steps[i]] { Do(step); });
    }
    Simulator::Stop(Hours(4));
    Simulator::Run();
    ASSERT_GE(m_simulation.rollout->Waves().size(), 1U);
    EXPECT_EQ(m_observer.HarmedBeforeAbort(), GetParam().harmed) << steps << ": " << GetParam().why;
}

INSTANTIATE_TEST_SUITE_P(
    Stories,
    HarmAtStop,
    testing::Values(Story{"", 0, "nothing happened"},
                    Story{"hh", 2, "it never stopped: all"},
                    Story{"hAh", 1, "the abort counts"},
                    Story{"hBh", 1, "and the roll-back, whatever happens while devices go back"},
                    Story{"Ph", 0, "it stopped offering before, and was not resumed"},
                    Story{"hPhA", 1, "nothing was offered between the pause and the abort"},
                    Story{"hPhhBh", 1, "nor between the pause and the roll-back"},
                    Story{"PhPhA", 0, "a pause in a pause is none"},
                    Story{"hPhR", 2, "a pause that was resumed stopped nothing"},
                    Story{"hPhRhAh", 3, "the first pause does not count, the abort does"},
                    Story{"hPhRhBh", 3, "the same with a roll-back"},
                    Story{"hPhRhPhh", 3, "the second pause counts, for nobody resumed it"},
                    Story{"hPhRhPhAh", 3, "the second pause is where it stopped"},
                    Story{"hAhRh", 1, "nobody can resume what was aborted"},
                    Story{"ehPeA", 1, "an empty battery is no harm by an image"}));

} // namespace
