// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_TEST_ROLLOUT_BED_H
#define IOTFLEET_TEST_ROLLOUT_BED_H

// A rollout on a distributor that plays a script.

#include "model/update/rollout.h"

#include "ns3/simulator.h"

#include <algorithm>
#include <functional>
#include <gtest/gtest.h>
#include <memory>
#include <set>
#include <utility>
#include <vector>

namespace ns3::iotfleet
{

inline constexpr ImageId TARGET{1};
inline constexpr double DAY_S = 86400;
inline constexpr double HOUR_S = 3600;

/// Two-sided probability with which a statistical check of a right program fails.
inline constexpr double ERROR_PROBABILITY = 1e-6;

/// What a device does with an offered image: a report after a while, or silence.
struct Answer
{
    UpdateBelief belief{UpdateBelief::UPDATED};
    double afterS{HOUR_S};
    FailureKind kind{FailureKind::FAILED};
};

/**
 * Reports what its script says; `finished` comes once all answers are in. Like the update service
 * it forgets, when it is stopped, what has not begun (nobody has answered, but to refuse the
 * set-up), and says at once that this is finished.
 */
class ScriptedDistributor : public Distributor
{
  public:
    using Script = std::function<Answer(DeviceId)>;

    ScriptedDistributor(DeviceRegistry& registry, Script script)
        : m_registry(registry),
          m_script(std::move(script))
    {
    }

    void Distribute(std::vector<DeviceId> devices,
                    ImageId image,
                    std::function<void()> finished) override
    {
        m_images.push_back(image);
        EXPECT_TRUE(std::ranges::is_sorted(devices));
        const size_t offer = m_offers.size();
        m_isBegun.push_back(m_neverFinishes || m_beginsAtOnce);
        double lastS = 0;
        for (const auto device : devices)
        {
            const auto answer = m_script(device);
            lastS = std::max(lastS, answer.afterS);
            Simulator::Schedule(Seconds(answer.afterS), [this, offer, device, answer, image] {
                Take(offer, device, answer, image);
            });
        }
        const auto once = [finished = std::move(finished), called = std::make_shared<bool>(false)] {
            if (!std::exchange(*called, true))
            {
                finished();
            }
        };
        if (!m_neverFinishes)
        {
            Simulator::Schedule(Seconds(lastS), once);
        }
        m_offers.push_back(std::move(devices));
        m_callbacks.emplace_back(once);
    }

    void BringBack(std::vector<DeviceId> devices,
                   ImageId image,
                   std::function<void()> finished) override
    {
        m_backwards.insert(m_offers.size());
        Distribute(std::move(devices), image, std::move(finished));
    }

    void StopOffering() override
    {
        ++m_stops;
        for (size_t offer = 0; offer < m_offers.size(); ++offer)
        {
            if (m_isBegun[offer] || m_isForgotten.contains(offer))
            {
                continue;
            }
            m_isForgotten.insert(offer);
            for (const auto device : m_offers[offer])
            {
                if (m_registry.Update(device) == UpdateBelief::TARGETED)
                {
                    m_registry.SetUpdate(device, UpdateBelief::IDLE);
                }
            }
            const auto finished = m_callbacks[offer]; // may offer again
            finished();
        }
    }

    std::vector<std::vector<DeviceId>> m_offers;
    std::vector<std::function<void()>> m_callbacks;
    std::vector<ImageId> m_images;
    FailureBook m_failures;
    int m_stops{0};
    bool m_neverFinishes{false};
    bool m_beginsAtOnce{false}; ///< whoever is offered the image has it

  private:
    void Take(size_t offer, DeviceId device, const Answer& answer, ImageId image)
    {
        if (m_isForgotten.contains(offer))
        {
            return;
        }
        m_isBegun[offer] = m_isBegun[offer] || answer.kind != FailureKind::REJECTED;
        m_failures.Note(device, answer.kind);
        const bool isSuccess = answer.belief == UpdateBelief::UPDATED;
        const bool goesBack = isSuccess && m_backwards.contains(offer);
        m_registry.SetUpdate(device, goesBack ? UpdateBelief::WENT_BACK : answer.belief);
        if (isSuccess)
        {
            m_registry.SetFirmware(device, image);
        }
    }

    DeviceRegistry& m_registry;
    Script m_script;
    std::vector<bool> m_isBegun;    ///< by offer
    std::set<size_t> m_isForgotten; ///< offers
    std::set<size_t> m_backwards;   ///< offers of a roll-back
};

inline Answer
Updates(DeviceId /* device */)
{
    return {};
}

/// A registry of enrolled devices and a rollout on it.
class RolloutTest : public testing::Test
{
  protected:
    void TearDown() override
    {
        m_rollout = nullptr;
        Simulator::Destroy();
    }

    void MakeFleet(uint32_t devices, ScriptedDistributor::Script script)
    {
        m_registry = DeviceRegistry(devices);
        for (uint32_t i = 0; i < devices; ++i)
        {
            m_registry.SetEnrolled(DeviceId{i}, true);
            m_registry.SetAccess(DeviceId{i}, Access::FULL);
        }
        m_distributor = std::make_unique<ScriptedDistributor>(m_registry, std::move(script));
    }

    void MakeRollout(const RolloutConfig& config, uint64_t run = 1)
    {
        m_rollout = CreateObject<Rollout>();
        m_rollout->Configure(config);
        m_rollout->SetRegistry(&m_registry);
        m_rollout->SetDistributor(m_distributor.get());
        m_rollout->SetFailures(&m_distributor->m_failures);
        m_rollout->SetRandom(CounterRandom(1, run));
    }

    void Run(double untilS = 30 * DAY_S)
    {
        m_rollout->Start(TARGET);
        RunOn(untilS);
    }

    void RunOn(double untilS)
    {
        Simulator::Stop(Seconds(untilS) - Simulator::Now());
        Simulator::Run();
    }

    const WaveRecord& Wave(size_t number) const
    {
        return m_rollout->Waves().at(number - 1);
    }

    DeviceRegistry m_registry;
    std::unique_ptr<ScriptedDistributor> m_distributor;
    Ptr<Rollout> m_rollout;
};

inline WaveConfig
CountWave(uint32_t count)
{
    WaveConfig wave;
    wave.count = count;
    return wave;
}

inline WaveConfig
ShareWave(double share)
{
    WaveConfig wave;
    wave.share = share;
    return wave;
}

inline RolloutConfig
Config(std::vector<WaveConfig> waves)
{
    RolloutConfig config;
    config.startS = 100;
    config.waves = std::move(waves);
    return config;
}

} // namespace ns3::iotfleet

#endif // IOTFLEET_TEST_ROLLOUT_BED_H
