// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_LORAWAN_LORA_GATEWAY_H
#define IOTFLEET_LORAWAN_LORA_GATEWAY_H

#include "model/fleet/outage-calendar.h"
#include "model/fleet/types.h"
#include "model/lorawan/lorawan-config.h"
#include "model/lorawan/region.h"

#include "ns3/object.h"

#include <deque>
#include <string>
#include <vector>

namespace ns3::iotfleet
{

/**
 * A gateway's radio, aggregated to its ns-3 Node: when it transmits, what the law leaves it of each
 * sub-band, and what it heard. It decides nothing: servers ask for air and get an instant or a no.
 */
class LoraGateway : public Object
{
  public:
    /// Largest number of sub-bands that a region has.
    static constexpr size_t MAX_BANDS = 8;

    /// What happened at this gateway.
    struct Counters
    {
        uint64_t framesTx{0};
        uint64_t framesRx{0};
        uint64_t lostCollision{0};
        uint64_t lostDeaf{0}; ///< arrived while the gateway transmitted
        uint64_t lostDemodulators{0};
        uint64_t lostWeak{0};
        double uplinkAirtimeS{0}; ///< of the frames received
    };

    static TypeId GetTypeId();

    LoraGateway();
    ~LoraGateway() override;

    void Configure(const std::string& name, const RegionParameters& region, DutyCycleRule rule);

    const std::string& GetName() const
    {
        return m_name;
    }

    /// The gateway is without power from `start` to `end`.
    void AddOutage(Tick start, Tick end)
    {
        m_outages.Add({start, end});
    }

    bool HasOutages() const
    {
        return !m_outages.IsEmpty();
    }

    bool IsDown(Tick when) const
    {
        return m_outages.Holds(when);
    }

    /// Earliest start at or after `from` of a transmission of `airtime` at `frequencyHz`.
    Tick EarliestStart(uint32_t frequencyHz, Tick from, Tick airtime) const;

    /// Whether a transmission may start exactly at `start`, as far as the air is concerned.
    bool CanStart(uint32_t frequencyHz, Tick start, Tick airtime) const
    {
        return EarliestStart(frequencyHz, start, airtime) == start;
    }

    /// Takes the air. `start` must be one that EarliestStart gave.
    void Reserve(uint32_t frequencyHz, Tick start, Tick airtime);

    /// As Reserve, for a frame that never reaches the gateway: the server's plan has lost the air,
    /// and nothing is transmitted.
    void Book(uint32_t frequencyHz, Tick start, Tick airtime);

    /// Keeps the transmitter free from `start` on, for a beacon that will be reserved then.
    void Hold(Tick start, Tick airtime);

    /// Keeps so much of every hour's share at `frequencyHz` for beacons, which go out in any case.
    void KeepForBeacons(uint32_t frequencyHz, Tick airPerHour);

    /// Whether the gateway transmits at any time in [start, end).
    bool Transmits(Tick start, Tick end) const;

    /// Locked demodulators, kept by UplinkAir.
    uint8_t demodulatorsBusy{0};
    Counters counters;

    /// Airtime of all transmissions so far, seconds.
    double DownlinkAirtimeS() const;

    /// Largest share of a sub-band's legal budget used in any hour, 0..1 (>1 = over the limit).
    double MaxDutyCycleUsed() const
    {
        return m_maxUsed;
    }

    /// Name of the sub-band with the most airtime against its budget; empty if nothing was sent.
    std::string BusiestBand() const;

    /// Airtime by hour of simulated time and sub-band: [hour][band]. A frame that is on the air at
    /// the full hour counts in both with its part.
    const std::vector<std::array<Tick, MAX_BANDS>>& HourlyAirtime() const
    {
        return m_hourly;
    }

    const RegionParameters& Region() const
    {
        return *m_region;
    }

  private:
    using Span = TimeSpan;

    /// A transmission that the server has planned.
    struct Reserved
    {
        Tick start;
        Tick end;
        bool onAir; ///< it reaches the gateway, and is no mere hold
    };

    struct Band
    {
        Tick nextStart{0}; ///< duty cycle: nothing starts before
        double airtimeS{0};
        Tick kept{0};              ///< of an hour's share, for beacons
        Tick lastHourTicks{0};     ///< sum of lastHour
        std::deque<Span> lastHour; ///< by start
    };

    size_t BandOf(uint32_t frequencyHz) const;
    Tick WithinHour(const Band& band, double share, Tick start, Tick airtime) const;
    void Plan(uint32_t frequencyHz, Tick start, Tick airtime, bool onAir);
    void Insert(const Reserved& span);
    void Forget(Tick before);
    void Account(Band& band, const SubBand& limits, Span span);
    void CountHours(size_t band, Span span);

    std::string m_name;
    const RegionParameters* m_region{nullptr};
    DutyCycleRule m_rule{DutyCycleRule::PERIOD};
    std::array<Band, MAX_BANDS> m_bands;
    std::deque<Reserved> m_reserved; ///< by start; past ones are kept for a few seconds
    OutageCalendar m_outages;
    std::vector<std::array<Tick, MAX_BANDS>> m_hourly;
    double m_maxUsed{0};
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_LORAWAN_LORA_GATEWAY_H
