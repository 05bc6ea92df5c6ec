// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_LORAWAN_BEACON_RECEIVERS_H
#define IOTFLEET_LORAWAN_BEACON_RECEIVERS_H

#include "model/lorawan/beacon-sender.h"
#include "model/lorawan/downlink-air.h"

#include <functional>
#include <unordered_map>
#include <vector>

namespace ns3::iotfleet
{

/**
 * The devices that follow beacons, each with its clock: it searches its first beacon with the
 * receiver on, then opens a window around each, wider the longer the last one is ago, and gives up
 * after two hours without (TS001-1.0.4 section 12.2). A window of half-width w catches a preamble
 * of eight symbols that is off by at most w and two symbols, because six symbols of it are enough.
 *
 * Drift that a device is assumed to have (LorawanConfig::classBAssumedDriftPpm) decides how wide it
 * listens; the drift that it has decides whether that is enough. Whoever misses beacons for long
 * may lose slots by drift alone.
 *
 * Cost: about 30 ns a follower and beacon; 40 bytes a follower.
 */
class BeaconReceivers
{
  public:
    /// Drift of a device's clock, ppm: the truth.
    using DriftOf = std::function<double(DeviceId)>;
    /// A device has found its first beacon (true), or has given up after two hours (false).
    using ChangeHandler = std::function<void(DeviceId, bool locked)>;
    using Index = uint32_t;

    BeaconReceivers(LorawanCore& core, const DownlinkAir& air, DriftOf driftOf);

    void SetChangeHandler(ChangeHandler handler)
    {
        m_onChange = std::move(handler);
    }

    /// How it begins to follow.
    enum class Start : uint8_t
    {
        SEARCH,     ///< receiver on until a beacon comes
        KNOWN_TIME, ///< it knows the time to milliseconds (DeviceTimeAns) and opens windows only
    };

    /**
     * The device follows beacons from now on; once more for each call, until as many of Unfollow().
     * One that follows already goes on as it does.
     * @param account who pays for a search and the beacons' windows, if it did not follow before
     */
    Index Follow(DeviceId d, Start how, EnergyAccount account);
    void Unfollow(Index follower);

    /// Whether the device has found a beacon and has not given up since.
    bool IsLocked(Index follower) const
    {
        return m_followers[follower].state == State::LOCKED;
    }

    /// Whether the device's window of a ping slot at `start` catches a frame of this symbol length.
    bool CatchesSlot(Index follower, Tick start, double symbolS) const;

    /// Mean on-time of an empty ping slot's window between two instants, seconds.
    double SlotWindowS(Index follower, Tick from, Tick to, uint8_t dataRate) const;

    /// A beacon has ended on the air.
    void OnBeacon(const BeaconOnAir& beacon);

    /// Puts searches under way into the devices' accounts.
    void Settle();

    /// Probability that the device receives a beacon of all gateways, drift apart.
    double Probability(Index follower) const
    {
        return m_followers[follower].probability;
    }

    size_t MemoryBytes() const
    {
        return m_followers.capacity() * sizeof(Follower) + m_byDevice.size() * 16;
    }

  private:
    enum class State : uint8_t
    {
        FREE,
        SEARCHING, ///< no beacon yet, receiver on since `since` (in the future: it rests)
        TIMED,     ///< no beacon yet, knows the time
        LOCKED,
    };

    struct Follower
    {
        DeviceId device{NO_DEVICE};
        State state{State::FREE};
        EnergyAccount account{EnergyAccount::OPERATION};
        uint16_t users{0};
        float probability{0};
        float driftPpm{0};
        Tick reference{0}; ///< last beacon received, or the time that was told
        Tick since{0};     ///< SEARCHING: see there
    };

    double ProbabilityOf(DeviceId d,
                         std::span<const GatewayId> gateways,
                         uint32_t frequencyHz) const;
    double WideningS(Tick elapsed, double mostSymbols, double symbolS) const;
    bool Catches(const Follower& f, Tick elapsed, double mostSymbols, double symbolS) const;
    bool Draw(const Follower& f, const BeaconOnAir& beacon) const;
    void Search(Follower& f, const BeaconOnAir& beacon);
    void Track(Follower& f, const BeaconOnAir& beacon);
    void Charge(const Follower& f, double seconds);

    LorawanCore& m_core;
    const DownlinkAir& m_air;
    DriftOf m_driftOf;
    ChangeHandler m_onChange;
    double m_symbolS; ///< of the beacon
    std::vector<Follower> m_followers;
    std::vector<Index> m_free;
    std::unordered_map<uint32_t, Index> m_byDevice;
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_LORAWAN_BEACON_RECEIVERS_H
