// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_TEST_FAKE_ACCESS_NETWORK_H
#define IOTFLEET_TEST_FAKE_ACCESS_NETWORK_H

#include "model/access/access-network.h"
#include "model/fleet/counter-random.h"

#include "ns3/nstime.h"
#include "ns3/simulator.h"

#include <array>
#include <map>
#include <set>
#include <vector>

namespace ns3::iotfleet::test
{

/**
 * An access network without radio: fixed delays, Bernoulli losses by counter-based draws, one group
 * frame every `frameIntervalS`. It stands in for LoRaWAN in tests of the services; it models no
 * duty cycle, no collisions and no gateways.
 */
class FakeAccessNetwork : public AccessNetwork
{
  public:
    double downlinkDelayS{5}; ///< from SendToDevice to the device
    double uplinkDelayS{1};
    double frameIntervalS{2}; ///< between group frames
    double groupLoss{0};      ///< probability that a member misses a group frame
    double unicastLoss{0};    ///< either way
    double clockErrorS{0};
    CounterRandom random{1, 1};
    std::set<uint16_t> neverHeard;                 ///< numbers of group frames that nobody hears
    std::map<uint32_t, uint8_t> fastestHeard;      ///< data rate by member; else all are heard
    std::map<uint32_t, std::set<uint16_t>> deafTo; ///< the same for single members
    std::vector<uint32_t> sentByPort = std::vector<uint32_t>(256); ///< downlinks by port
    std::vector<wire::AppPayload> downlinks;                       ///< kept when `keep` is set
    bool keep{false};
    std::map<uint32_t, double> listenedS; ///< by device

    explicit FakeAccessNetwork(uint32_t devices)
        : m_silent(devices),
          m_suspended(devices),
          m_pending(devices),
          m_access(devices, Access::FULL)
    {
    }

    // --- operator's side ---

    void SendToDevice(DeviceId device, const wire::AppPayload& payload) override
    {
        ++m_pending[Index(device)];
        ++sentByPort[payload.port];
        if (keep)
        {
            downlinks.push_back(payload);
        }
        const uint32_t serial = ++m_serial;
        Simulator::Schedule(Seconds(downlinkDelayS), [this, device, payload, serial] {
            if (m_pending[Index(device)] == 0)
            {
                return; // dropped
            }
            --m_pending[Index(device)];
            TellSent({NO_GROUP, device, 0, &payload, GroupAirtimeS(0, payload.size)});
            if (Reaches(device, Purpose::DOWNLINK_FADING, serial))
            {
                DeliverToDevice(device, payload);
            }
        });
    }

    uint32_t PendingToDevice(DeviceId device) const override
    {
        return m_pending[Index(device)];
    }

    void DropPending(DeviceId device) override
    {
        m_pending[Index(device)] = 0;
    }

    GroupId CreateGroup(const GroupConfig& config) override
    {
        auto& group = m_groups.emplace_back();
        group.config = config;
        group.next = config.start;
        group.listening.resize((config.members.size() + 7) / 8);
        group.since.resize(config.members.size());
        return static_cast<GroupId>(m_groups.size() - 1);
    }

    void SendToGroup(GroupId id, const GroupFrame& frame) override
    {
        auto& group = m_groups[Index(id)];
        ++group.pending;
        group.next = std::max(group.next, Now()) + ToTicks(frameIntervalS);
        Simulator::Schedule(NanoSeconds(group.next - Now()),
                            [this, id, frame, generation = group.generation] {
                                if (m_groups[Index(id)].generation == generation)
                                {
                                    Air(id, frame);
                                }
                            });
    }

    uint32_t PendingToGroup(GroupId group) const override
    {
        return m_groups[Index(group)].pending;
    }

    uint32_t DropGroupFrames(GroupId id) override
    {
        auto& group = m_groups[Index(id)];
        ++group.generation;
        group.next = Now();
        return std::exchange(group.pending, 0);
    }

    void WhenGroupIdle(GroupId id, GroupDone done) override
    {
        auto& group = m_groups[Index(id)];
        group.done = std::move(done);
        if (group.pending == 0)
        {
            Simulator::ScheduleNow([this, id] { TellIdle(id); });
        }
    }

    void DeleteGroup(GroupId group) override
    {
        m_groups[Index(group)].deleted = true;
    }

    void SetAccess(DeviceId device, Access level) override
    {
        m_access[Index(device)] = level;
    }

    uint8_t MaxPayload(uint8_t dataRate) const override
    {
        return dataRate < 3 ? 51 : 115;
    }

    uint8_t DownlinkDataRate(uint8_t uplinkDataRate) const override
    {
        return uplinkDataRate;
    }

    double GroupAirtimeS(uint8_t dataRate, uint8_t payloadBytes) const override
    {
        return 0.001 * payloadBytes * (6 - dataRate);
    }

    // --- devices' side ---

    void SendToOperator(DeviceId device, const wire::AppPayload& payload, bool) override
    {
        const uint32_t serial = ++m_serial;
        Simulator::Schedule(Seconds(uplinkDelayS), [this, device, payload, serial] {
            if (Reaches(device, Purpose::UPLINK_FADING, serial))
            {
                DeliverToOperator({device, Now(), payload});
            }
        });
    }

    uint32_t PendingToOperator(DeviceId) const override
    {
        return 0;
    }

    void StartListening(GroupId id, uint32_t member) override
    {
        auto& group = m_groups[Index(id)];
        auto& byte = group.listening[member / 8];
        byte = static_cast<uint8_t>(byte | 1U << (member % 8));
        group.since[member] = Now();
    }

    void StopListening(GroupId id, uint32_t member) override
    {
        auto& group = m_groups[Index(id)];
        auto& byte = group.listening[member / 8];
        byte = static_cast<uint8_t>(byte & ~(1U << (member % 8)));
        listenedS[static_cast<uint32_t>(group.config.members[member])] +=
            ToSeconds(Now() - group.since[member]);
    }

    void Replay(GroupId id, uint32_t block, std::vector<uint8_t>& heard) const override
    {
        const auto& group = m_groups[Index(id)];
        heard.clear();
        for (uint32_t frame = 0; frame < group.history.size(); ++frame)
        {
            heard.push_back(Receptions(id, frame, block));
        }
    }

    void Suspend(DeviceId device, Tick until) override
    {
        m_suspended[Index(device)] = until;
    }

    void Silence(DeviceId device) override
    {
        m_silent[Index(device)] = true;
    }

    double ClockErrorS(DeviceId) const override
    {
        return clockErrorS;
    }

    bool IsSilenced(DeviceId device) const
    {
        return m_silent[Index(device)];
    }

  private:
    struct Group
    {
        GroupConfig config;
        Tick next{0};
        uint32_t pending{0};
        uint32_t generation{0}; ///< of the frames that were not dropped
        bool deleted{false};
        GroupDone done;
        std::vector<uint16_t> history;  ///< frame numbers
        std::vector<uint8_t> dataRates; ///< of the same frames
        std::vector<uint8_t> listening;
        std::vector<Tick> since;
    };

    static Tick Now()
    {
        return Simulator::Now().GetNanoSeconds();
    }

    bool Reaches(DeviceId device, Purpose purpose, uint32_t serial) const
    {
        return !m_silent[Index(device)] && m_suspended[Index(device)] <= Now() &&
               m_access[Index(device)] != Access::BLOCKED &&
               random.Uniform(purpose, static_cast<uint32_t>(device), serial) >= unicastLoss;
    }

    /// Who of a block would hear a frame, listening or not.
    uint8_t Receptions(GroupId id, uint32_t frame, uint32_t block) const
    {
        const auto& group = m_groups[Index(id)];
        uint32_t byte = 0;
        for (uint32_t bit = 0; bit < 8 && 8 * block + bit < group.config.members.size(); ++bit)
        {
            const double u =
                random.Uniform(Purpose::GROUP_FRAME, 8 * block + bit, frame, uint32_t(Index(id)));
            const uint16_t number = group.history[frame];
            const auto deaf = deafTo.find(8 * block + bit);
            const auto fastest = fastestHeard.find(8 * block + bit);
            const bool isTooFast =
                fastest != fastestHeard.end() && group.dataRates[frame] > fastest->second;
            const bool lost = u < groupLoss || neverHeard.contains(number) || isTooFast ||
                              (deaf != deafTo.end() && deaf->second.contains(number));
            byte |= lost ? 0 : 1U << bit;
        }
        return static_cast<uint8_t>(byte);
    }

    void Air(GroupId id, const GroupFrame& frame)
    {
        if (m_groups[Index(id)].deleted)
        {
            return;
        }
        const auto sequence = static_cast<uint32_t>(m_groups[Index(id)].history.size());
        m_groups[Index(id)].history.push_back(frame.number);
        m_groups[Index(id)].dataRates.push_back(
            frame.dataRate.value_or(m_groups[Index(id)].config.dataRate));
        std::vector<uint8_t> heard(m_groups[Index(id)].listening.size());
        for (uint32_t block = 0; block < heard.size(); ++block)
        {
            heard[block] = Receptions(id, sequence, block) & m_groups[Index(id)].listening[block];
        }
        TellSent({id,
                  NO_DEVICE,
                  frame.number,
                  nullptr,
                  GroupAirtimeS(m_groups[Index(id)].config.dataRate, frame.sizeBytes)});
        DeliverToGroup({id, sequence, frame, Now(), Now(), heard});
        if (--m_groups[Index(id)].pending == 0)
        {
            TellIdle(id);
        }
    }

    void TellIdle(GroupId id)
    {
        auto& group = m_groups[Index(id)];
        if (group.pending == 0 && !group.deleted)
        {
            if (const auto done = std::exchange(group.done, nullptr))
            {
                done(id);
            }
        }
    }

    std::vector<bool> m_silent;
    std::vector<Tick> m_suspended;
    std::vector<uint32_t> m_pending;
    std::vector<Access> m_access;
    std::vector<Group> m_groups;
    uint32_t m_serial{0};
};

} // namespace ns3::iotfleet::test

#endif // IOTFLEET_TEST_FAKE_ACCESS_NETWORK_H
