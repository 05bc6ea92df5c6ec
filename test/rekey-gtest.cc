// SPDX-License-Identifier: GPL-2.0-only

// What a new group key does to a session under way (quarantine, level "rekey").

#include "test/update-bed.h"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>

namespace ns3::iotfleet
{
namespace
{

using test::UpdateBed;

constexpr DeviceId EVICTED{5};
constexpr DeviceId AWAY{7};           ///< hears nothing by unicast while the key changes
constexpr uint32_t FRAMES_BEFORE = 5; ///< group frames before the key changes
constexpr uint32_t FRAGMENT_BYTES = 112 + 3;

/// A group frame every two seconds; the key changes eleven seconds after the session's start.
class RekeyBed : public UpdateBed
{
  public:
    explicit RekeyBed(bool isAway)
        : UpdateBed(40),
          m_isAway(isAway)
    {
        service->TraceConnectWithoutContext("SessionStarted",
                                            MakeCallback(&RekeyBed::OnStarted, this));
    }

    uint32_t Uncoded() const
    {
        return static_cast<uint32_t>(std::ceil(double(catalog.Get(target).PayloadBytes()) / 112));
    }

    uint32_t messages{0};
    double awayS{7200};

  private:
    void OnStarted(const SessionRecord& session)
    {
        if (session.id != 0)
        {
            return;
        }
        Simulator::Schedule(Seconds(2 * FRAMES_BEFORE + 1), [this] {
            if (m_isAway)
            {
                network->Suspend(AWAY, (Simulator::Now() + Seconds(awayS)).GetNanoSeconds());
            }
            network->SetAccess(EVICTED, Access::BLOCKED);
            messages = service->RekeyWithout(EVICTED);
        });
    }

    bool m_isAway;
};

TEST(Rekey, EvictedDeviceDecodesNothingMoreAndOthersLoseNothing)
{
    RekeyBed bed(false);
    bed.config.repair.unicast = false;
    bed.Run();
    EXPECT_EQ(bed.messages, 39U);
    EXPECT_EQ(bed.Truth(UpdateState::CONFIRMED), 39U);
    EXPECT_EQ(bed.fleet->GetUpdate(EVICTED), UpdateState::FAILED);
    EXPECT_EQ(bed.agent->FragmentsReceived(EVICTED), FRAMES_BEFORE);
    const auto& session = bed.service->Sessions().at(0);
    EXPECT_EQ(session.fragmentsSent, bed.Uncoded() + std::ceil(0.3 * bed.Uncoded()))
        << "nobody needed repair";
    // It listens on and pays for it: every later fragment, and requests of two bytes.
    EXPECT_EQ(bed.agent->UndecryptedBytes() / FRAGMENT_BYTES,
              session.fragmentsSent - FRAMES_BEFORE);
}

TEST(Rekey, WhoMissesTheKeyDecodesNothingMore)
{
    for (const bool unicast : {false, true})
    {
        RekeyBed bed(true);
        bed.config.repair.unicast = unicast;
        bed.Run();
        EXPECT_EQ(bed.Truth(UpdateState::CONFIRMED), unicast ? 39U : 38U);
        const auto received = bed.agent->FragmentsReceived(AWAY);
        if (unicast)
        {
            EXPECT_GT(received, FRAMES_BEFORE) << "repaired later";
            continue;
        }
        EXPECT_EQ(received, FRAMES_BEFORE);
        const auto& session = bed.service->Sessions().at(0);
        EXPECT_EQ(bed.agent->UndecryptedBytes() / FRAGMENT_BYTES,
                  2 * (session.fragmentsSent - FRAMES_BEFORE));
        EXPECT_EQ(bed.failures["fragments-missing"], 2U);
    }
}

/// What becomes of the others when devices are handed over while their old session waits for
/// answers to its new key.
class HandedOverBed : public RekeyBed
{
  public:
    /// @param taken who is distributed to anew, ten seconds after the new key was sent
    explicit HandedOverBed(std::vector<DeviceId> taken)
        : RekeyBed(true),
          m_taken(std::move(taken))
    {
        awayS = 1200; // longer than the key is waited for, not as long as a set-up
        service->TraceConnectWithoutContext("SessionStarted",
                                            MakeCallback(&HandedOverBed::OnStarted, this));
    }

    /// Of the first session's transfer.
    double EndedS() const
    {
        return service->Sessions().at(0).endedS;
    }

  private:
    void OnStarted(const SessionRecord& session)
    {
        if (session.id != 0 || m_taken.empty())
        {
            return;
        }
        Simulator::Schedule(Seconds(2 * FRAMES_BEFORE + 11), [this] {
            EXPECT_EQ(service->Sessions().at(0).fragmentsSent, FRAMES_BEFORE) << "it waits";
            service->Distribute(m_taken, target, [this] { ++finishedAnew; });
        });
    }

    std::vector<DeviceId> m_taken;

  public:
    uint32_t finishedAnew{0};
};

/// The pass waits for the one member that does not answer, unless a newer session has taken it.
TEST(Rekey, AMemberThatIsHandedOverIsWaitedForNoMore)
{
    double waitedS = 0;
    {
        HandedOverBed waiting({});
        waiting.Run();
        waitedS = waiting.EndedS();
    }
    HandedOverBed bed({AWAY});
    bed.Run();
    ASSERT_EQ(bed.service->Sessions().size(), 2);
    // Without, the key is waited for as long as a margin and one look; with, ten seconds.
    EXPECT_EQ(waitedS - bed.EndedS(), bed.config.startMarginS + bed.config.setupRetryS - 10);
    EXPECT_EQ(bed.Truth(UpdateState::CONFIRMED), 39U) << "all but the evicted one";
    EXPECT_EQ(bed.fleet->GetUpdate(AWAY), UpdateState::CONFIRMED) << "by its new session";
    EXPECT_NE(bed.fleet->GetUpdate(EVICTED), UpdateState::CONFIRMED);
    EXPECT_EQ(bed.finished, 1U);
    EXPECT_EQ(bed.finishedAnew, 1U);
}

/// Nobody is left who could answer: the old session ends, and its key pulls nobody out of the new.
TEST(Rekey, AllMembersMayBeHandedOver)
{
    std::vector<DeviceId> everybody;
    for (uint32_t i = 0; i < 40; ++i)
    {
        if (DeviceId{i} != EVICTED)
        {
            everybody.push_back(DeviceId{i});
        }
    }
    HandedOverBed bed(everybody);
    bed.Run();
    ASSERT_EQ(bed.service->Sessions().size(), 2);
    EXPECT_EQ(bed.Truth(UpdateState::CONFIRMED), 39U);
    EXPECT_EQ(bed.finished, 1U);
    EXPECT_EQ(bed.finishedAnew, 1U);
    EXPECT_EQ(bed.Believed(UpdateBelief::UPDATED), 39U);
}

/// Without a new key nothing is lost, and with one after the transfer neither.
TEST(Rekey, CostsNothingOutsideTransfers)
{
    UpdateBed bed(40);
    bed.Run();
    EXPECT_EQ(bed.service->RekeyWithout(EVICTED), 39U);
    EXPECT_EQ(bed.agent->UndecryptedBytes(), 0U);
    EXPECT_EQ(bed.Truth(UpdateState::CONFIRMED), 40U);
}

/// A newer session takes the devices over: the older group has no members left to tell of a key.
TEST(Rekey, OnlyTheNewestGroupOfADeviceIsRekeyed)
{
    UpdateBed bed(40);
    bed.Start();
    bed.service->TraceConnectWithoutContext(
        "SessionStarted",
        Callback<void, const SessionRecord&>([&bed](const SessionRecord& session) {
            if (session.id == 0)
            {
                Simulator::ScheduleNow(
                    [&bed] { bed.service->Distribute(bed.everybody, bed.target, [] {}); });
            }
        }));
    Simulator::Stop(Days(30));
    Simulator::Run();
    ASSERT_EQ(bed.service->Sessions().size(), 2);
    EXPECT_EQ(bed.Truth(UpdateState::CONFIRMED), 40U);
    EXPECT_EQ(bed.service->RekeyWithout(EVICTED), 39U);
}

constexpr uint32_t FIRST_GROUP = 0xFF000001; ///< McAddr of the first session

/// The simulator numbers the keys of a group; what can no longer be used is forgotten.
TEST(Rekey, NumbersOfKeysEndWithTheGroup)
{
    RekeyBed bed(false);
    uint32_t most = 0;
    size_t mostBytes = 0;
    bed.service->TraceConnectWithoutContext(
        "SessionStarted",
        Callback<void, const SessionRecord&>([&](const SessionRecord&) {
            Simulator::Schedule(Seconds(60), [&] {
                most = bed.directory.Keys(FIRST_GROUP);
                mostBytes = bed.directory.MemoryBytes();
            });
        }));
    bed.Run();
    EXPECT_EQ(most, 2U);
    EXPECT_GE(mostBytes, 2 * sizeof(GroupDirectory::Key));
    EXPECT_EQ(bed.directory.Keys(FIRST_GROUP), 0U);
    // A group whose session is over gets a new key all the same, and nobody will use it.
    EXPECT_GT(bed.service->RekeyWithout(DeviceId{6}), 0U);
    EXPECT_EQ(bed.directory.Keys(FIRST_GROUP), 0U);
    EXPECT_EQ(bed.directory.MemoryBytes(), 0U);
}

TEST(Rekey, UnicastSessionsHaveNoKeys)
{
    UpdateBed bed(5);
    bed.config.policy = "UNICAST";
    uint32_t most = 0;
    bed.service->TraceConnectWithoutContext(
        "SessionStarted",
        Callback<void, const SessionRecord&>([&](const SessionRecord& session) {
            most = std::max<uint32_t>(most, bed.directory.Keys(FIRST_GROUP + session.id));
        }));
    bed.Run();
    EXPECT_EQ(bed.Truth(UpdateState::CONFIRMED), 5U);
    EXPECT_EQ(most, 0U);
    EXPECT_EQ(bed.directory.MemoryBytes(), 0U);
}

} // namespace
} // namespace ns3::iotfleet
