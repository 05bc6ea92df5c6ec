// SPDX-License-Identifier: GPL-2.0-only
#include "test/update-bed.h"

#include <cmath>
#include <gtest/gtest.h>

namespace ns3::iotfleet
{
namespace
{

using test::UpdateBed;

constexpr double HOUR_S = 3600;

/// Windows of half an hour every three hours; 2000 B in fragments of 112 B.
void
PlanCarousel(UpdateBed& bed, const char* code)
{
    bed.config.policy = "CAROUSEL";
    bed.config.strategy.fec = code;
    bed.config.strategy.carousel = {3 * HOUR_S, HOUR_S / 2, 1.0, 30 * 86400.0};
    bed.config.setupTimeoutS = HOUR_S;
    bed.config.setupRetryS = 60;
    bed.config.dutyCycle = 0.1;
}

TEST(Carousel, EndsWithTheFirstWindowWhenEverybodyIsServed)
{
    for (const char* version : {"1.0.0", "2.0.0"})
    {
        UpdateBed bed(50);
        PlanCarousel(bed, "rlnc-256");
        bed.config.ts004 = version;
        bed.Run();
        const auto& session = bed.service->Sessions().at(0);
        EXPECT_EQ(bed.Truth(UpdateState::CONFIRMED), 50U) << version;
        EXPECT_EQ(session.believedCompleted, 50U) << version;
        EXPECT_LT(session.endedS - session.startedS, 3 * HOUR_S) << version;
        EXPECT_EQ(bed.finished, 1U);
    }
}

/// As many fragments as the window holds at the duty cycle, whatever the block needs.
TEST(Carousel, WindowHoldsWhatTheDutyCycleAllows)
{
    UpdateBed bed(20);
    PlanCarousel(bed, "rlnc-256");
    bed.Run();
    const double airS = bed.network->GroupAirtimeS(5, 112 + 3);
    EXPECT_EQ(bed.service->Sessions().at(0).fragmentsSent, std::floor(HOUR_S / 2 / (airS / 0.1)));
}

/// Who hears a fraction of each window keeps what it heard in the earlier ones.
TEST(Carousel, ReceptionsAddUpOverWindows)
{
    for (const char* code : {"ts004", "raptorq", "none"})
    {
        UpdateBed bed(64);
        PlanCarousel(bed, code);
        bed.config.repair.unicast = false;
        bed.config.strategy.carousel.windowS = 15; // 13 fragments of 21
        bed.network->groupLoss = 0.3;
        bed.Run();
        const auto& session = bed.service->Sessions().at(0);
        EXPECT_EQ(bed.Truth(UpdateState::CONFIRMED), 64U) << code;
        EXPECT_EQ(session.believedCompleted, 64U) << code;
        EXPECT_GT(session.endedS - session.startedS, 3 * HOUR_S) << code;
        EXPECT_EQ(std::fmod(session.fragmentsSent, std::floor(15 / 1.15)), 0) << code;
    }
}

/// Devices that enrol later take part in the windows that follow.
TEST(Carousel, LatecomersAreTakenIn)
{
    UpdateBed bed(30);
    PlanCarousel(bed, "rlnc-256");
    for (uint32_t i = 20; i < 30; ++i)
    {
        bed.registry.SetEnrolled(DeviceId{i}, false);
        Simulator::Schedule(Hours(4 + (i - 20)),
                            [&bed, i] { bed.registry.SetEnrolled(DeviceId{i}, true); });
    }
    bed.Run();
    const auto& session = bed.service->Sessions().at(0);
    EXPECT_EQ(bed.Truth(UpdateState::CONFIRMED), 30U);
    EXPECT_EQ(bed.Believed(UpdateBelief::UPDATED), 30U);
    // The last one enrols in hour 13 and is served by the window after the next set-up.
    EXPECT_GT(session.endedS, 13 * HOUR_S);
    EXPECT_LT(session.endedS, 19 * HOUR_S);
}

TEST(Carousel, ThresholdLeavesTheLastOnesOut)
{
    UpdateBed bed(100);
    PlanCarousel(bed, "rlnc-256");
    bed.config.strategy.carousel.threshold = 0.9;
    for (uint32_t i = 90; i < 100; ++i)
    {
        bed.registry.SetEnrolled(DeviceId{i}, false);
    }
    bed.Run();
    EXPECT_EQ(bed.Truth(UpdateState::CONFIRMED), 90U);
    EXPECT_EQ(bed.Believed(UpdateBelief::UNREPORTED), 10U);
    EXPECT_LT(bed.service->Sessions().at(0).endedS, 3 * HOUR_S);
}

TEST(Carousel, EndsAfterItsDuration)
{
    UpdateBed bed(10);
    PlanCarousel(bed, "rlnc-256");
    bed.config.strategy.carousel.durationS = 24 * HOUR_S;
    bed.registry.SetEnrolled(DeviceId{4}, false);
    bed.Run();
    const auto& session = bed.service->Sessions().at(0);
    EXPECT_EQ(bed.Truth(UpdateState::CONFIRMED), 9U);
    EXPECT_LE(session.endedS, 10 + 24 * HOUR_S);
    // Nobody is left to send to after the first window: the air stays free.
    EXPECT_EQ(session.fragmentsSent, std::floor(HOUR_S / 2 / 1.15));
}

} // namespace
} // namespace ns3::iotfleet
