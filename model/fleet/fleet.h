// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_FLEET_FLEET_H
#define IOTFLEET_FLEET_FLEET_H

#include "model/fleet/device-profile.h"
#include "model/fleet/device-states.h"
#include "model/fleet/firmware-catalog.h"
#include "model/fleet/index-column.h"
#include "model/fleet/types.h"

#include "ns3/object.h"
#include "ns3/traced-callback.h"

#include <algorithm>
#include <functional>
#include <limits>
#include <string>
#include <vector>

namespace ns3::iotfleet
{

/// What an amount of energy was spent on.
enum class EnergyUse : uint8_t
{
    TX,
    RX,
    MCU,
};

/// On whose account the energy goes.
enum class EnergyAccount : uint8_t
{
    OPERATION, ///< what the device would have used anyway: telemetry, its windows
    CAMPAIGN,  ///< caused by an update or by quarantine
};

/// What Fleet::Add needs to know about a device.
struct DeviceSeed
{
    std::string
        name; ///< empty: "<group>-<number>" is made when asked for; such a group's ids are in a row
    float x{0}; ///< metres
    float y{0}; ///< metres
    uint8_t profile{0};
    uint16_t group{0};
    uint16_t site{0};
    uint8_t hardware{0};
    ImageId firmware{NO_IMAGE};
    float batteryLevel{1};
};

/**
 * The ground truth: every device as a row, its state in columns. Device agents change their own
 * row; fault and threat models change any. It is not what the operator knows: that is
 * DeviceRegistry, and policies never read this class.
 *
 * Memory: 49 bytes a device, 4 more once a device is updated, and 1 or 2 each for its group, site
 * and hardware if there are several. What a frame touches stands together in 32 of them, half a
 * cache line.
 */
class Fleet : public Object
{
  public:
    /// Signature of the Transition trace source.
    using TransitionTracedCallback = void (*)(const Transition& transition);

    static TypeId GetTypeId();

    Fleet();
    ~Fleet() override;

    /// Reserves room, so that filling does not reallocate.
    void Reserve(size_t devices);

    DeviceId Add(const DeviceSeed& seed);

    /// Where a device stands, metres.
    struct Position
    {
        float x;
        float y;
    };

    /**
     * Positions are asked for when somebody wants to know them, instead of being kept: for fleets
     * whose placement is a rule. To be set before the first device is added; DeviceSeed's are
     * passed over then.
     */
    void SetPositions(std::function<Position(DeviceId)> positions)
    {
        m_positions = std::move(positions);
    }

    uint32_t Size() const
    {
        return static_cast<uint32_t>(m_hot.size());
    }

    uint8_t AddProfile(const DeviceProfile& profile);
    uint16_t AddGroup(const std::string& name, uint32_t expectedDevices = 0);
    uint16_t AddSite(const std::string& name);
    uint8_t AddHardware(const std::string& name);

    const DeviceProfile& Profile(DeviceId d) const
    {
        return m_profiles[m_hot[Index(d)].profile];
    }

    uint8_t ProfileIndex(DeviceId d) const
    {
        return m_hot[Index(d)].profile;
    }

    const std::vector<DeviceProfile>& Profiles() const
    {
        return m_profiles;
    }

    std::string Name(DeviceId d) const;

    const std::string& Group(DeviceId d) const
    {
        return m_groups[m_group.Get(Index(d))];
    }

    uint16_t GroupIndex(DeviceId d) const
    {
        return m_group.Get(Index(d));
    }

    const std::string& Site(DeviceId d) const
    {
        return m_sites[m_site.Get(Index(d))];
    }

    uint16_t SiteIndex(DeviceId d) const
    {
        return m_site.Get(Index(d));
    }

    const std::string& Hardware(DeviceId d) const
    {
        return m_hardwares[m_hardware.Get(Index(d))];
    }

    uint8_t HardwareIndex(DeviceId d) const
    {
        return static_cast<uint8_t>(m_hardware.Get(Index(d)));
    }

    float X(DeviceId d) const
    {
        return m_positions ? m_positions(d).x : m_x[Index(d)];
    }

    float Y(DeviceId d) const
    {
        return m_positions ? m_positions(d).y : m_y[Index(d)];
    }

    Enrolment GetEnrolment(DeviceId d) const
    {
        return static_cast<Enrolment>(StateOf(d, Machine::ENROLMENT));
    }

    UpdateState GetUpdate(DeviceId d) const
    {
        return static_cast<UpdateState>(StateOf(d, Machine::UPDATE));
    }

    Health GetHealth(DeviceId d) const
    {
        return static_cast<Health>(StateOf(d, Machine::HEALTH));
    }

    Access GetAccess(DeviceId d) const
    {
        return static_cast<Access>(StateOf(d, Machine::ACCESS));
    }

    /**
     * Moves a machine of a device to another state and fires the trace source; setting the state it
     * is in does nothing. An illegal step is a bug: it aborts in debug builds and is logged
     * otherwise. `cause` must be static text.
     */
    void Set(DeviceId d, Enrolment to, std::string_view cause);
    void Set(DeviceId d, UpdateState to, std::string_view cause);
    void Set(DeviceId d, Health to, std::string_view cause);
    void Set(DeviceId d, Access to, std::string_view cause);

    /// Devices in state `state` of `machine` now. O(1).
    uint32_t Count(Machine machine, uint8_t state) const
    {
        return m_counts[Index(machine)][state];
    }

    ImageId Firmware(DeviceId d) const
    {
        return static_cast<ImageId>(m_firmware.Get(Index(d)) - 1U);
    }

    void SetFirmware(DeviceId d, ImageId image)
    {
        m_firmware.Set(Index(d), FirmwareIndex(image));
    }

    /// Whether the device's radio and MCU work at all: powered on, not bricked, battery not empty.
    bool IsAlive(DeviceId d) const
    {
        return GetHealth(d) != Health::BRICKED && GetEnrolment(d) != Enrolment::RETIRED;
    }

    /**
     * The device draws `currentA` for `seconds` instead of what it draws at rest. A campaign is
     * charged with what that is more: the device would have slept, or listened, without it. (Who
     * listens always and works at a current below that saves nothing to a campaign's credit.)
     */
    void Spend(DeviceId d, EnergyUse use, double seconds, double currentA, EnergyAccount account)
    {
        auto& hot = m_hot[Index(d)];
        const double volts = m_profiles[hot.profile].supplyV;
        hot.energyJ[Index(use)] += static_cast<float>(seconds * currentA * volts);
        hot.activeS += static_cast<float>(seconds);
        if (account == EnergyAccount::CAMPAIGN)
        {
            const double moreA = std::max(0.0, currentA - RestA(d));
            hot.campaignJ += static_cast<float>(seconds * moreA * volts);
        }
    }

    /// Energy spent on one use since the start; sleep is not in it (see SleepEnergyJ).
    double EnergyJ(DeviceId d, EnergyUse use) const
    {
        return m_hot[Index(d)].energyJ[Index(use)];
    }

    /// Energy above what the device would have used without campaigns.
    double CampaignEnergyJ(DeviceId d) const
    {
        return m_hot[Index(d)].campaignJ;
    }

    /**
     * Devices of this group have their receiver on whenever they do nothing else (LoRaWAN class C),
     * from their enrolment on, and pay for it where they run on a battery.
     */
    void SetAlwaysListening(uint16_t group);

    /// Whether the device's receiver is on, and paid for, when it does nothing else.
    bool ListensAlways(DeviceId d) const;

    /// What the device draws when it does nothing else, A: asleep, or listening.
    double RestA(DeviceId d) const
    {
        const auto& profile = Profile(d);
        return ListensAlways(d) ? profile.rxA : profile.sleepA;
    }

    /// Energy from power-on to `now` of the time that was not active: sleep, or listening; see
    /// SetAlwaysListening.
    double SleepEnergyJ(DeviceId d, Tick now) const;

    /// All energy from power-on to `now`.
    double TotalEnergyJ(DeviceId d, Tick now) const;

    /// Remaining share of the battery, 0..1; 1 for mains.
    double BatteryLevel(DeviceId d, Tick now) const;

    void AddTxBytes(DeviceId d, uint32_t bytes)
    {
        m_hot[Index(d)].txBytes += bytes;
    }

    void AddRxBytes(DeviceId d, uint32_t bytes)
    {
        m_hot[Index(d)].rxBytes += bytes;
    }

    uint32_t TxBytes(DeviceId d) const
    {
        return m_hot[Index(d)].txBytes;
    }

    uint32_t RxBytes(DeviceId d) const
    {
        return m_hot[Index(d)].rxBytes;
    }

    /// Instants in seconds; NaN while they have not come.
    float PoweredS(DeviceId d) const
    {
        return m_poweredS[Index(d)];
    }

    void SetPowered(DeviceId d, Tick when)
    {
        m_poweredS[Index(d)] = static_cast<float>(ToSeconds(when));
    }

    float EnrolledS(DeviceId d) const
    {
        return m_enrolledS[Index(d)];
    }

    void SetEnrolled(DeviceId d, Tick when)
    {
        m_enrolledS[Index(d)] = static_cast<float>(ToSeconds(when));
    }

    float UpdatedS(DeviceId d) const
    {
        return m_updatedS.empty() ? NOT_YET : m_updatedS[Index(d)];
    }

    void SetUpdated(DeviceId d, Tick when)
    {
        m_updatedS.resize(m_hot.size(), NOT_YET);
        m_updatedS[Index(d)] = static_cast<float>(ToSeconds(when));
    }

    /// Asks the processor to load what an uplink touches.
    void PrefetchTraffic(DeviceId d) const
    {
        __builtin_prefetch(&m_hot[Index(d)], 1);
    }

    /// Bytes that the columns hold, for the memory budget.
    size_t MemoryBytes() const;

  protected:
    void DoDispose() override;

  private:
    /// What every frame of a device reads and changes.
    struct alignas(32) Hot
    {
        std::array<float, 3> energyJ{}; ///< by EnergyUse
        float campaignJ{0};             ///< above rest, see Spend
        float activeS{0};
        uint32_t txBytes{0};
        uint32_t rxBytes{0};
        uint16_t states{0}; ///< of the four machines, packed as STATE_SHIFT says
        uint8_t profile{0};
        uint8_t battery{0}; ///< share of the capacity at the start, in 1/255
    };

    /// Where each machine's state stands in Hot::states, and how many bits it has.
    static constexpr std::array<uint8_t, 4> STATE_SHIFT{0, 3, 7, 10};
    static constexpr std::array<uint8_t, 4> STATE_BITS{3, 4, 3, 2};

    static_assert(ENROLMENT_NAMES.size() <= 1U << 3 && UPDATE_NAMES.size() <= 1U << 4 &&
                  HEALTH_NAMES.size() <= 1U << 3 && ACCESS_NAMES.size() <= 1U << 2);

    uint8_t StateOf(DeviceId d, Machine machine) const
    {
        const auto mask = (1U << STATE_BITS[Index(machine)]) - 1;
        return static_cast<uint8_t>(m_hot[Index(d)].states >> STATE_SHIFT[Index(machine)] & mask);
    }

    void DoSet(DeviceId d, Machine machine, uint8_t to, std::string_view cause);

    /// Instant in a column of what has not come.
    static constexpr float NOT_YET = std::numeric_limits<float>::quiet_NaN();

    /// NO_IMAGE is 0, so that images have small numbers.
    static uint16_t FirmwareIndex(ImageId image)
    {
        return static_cast<uint16_t>(Index(image) + 1U);
    }

    std::vector<DeviceProfile> m_profiles;
    std::vector<std::string> m_groups;
    std::vector<bool> m_listening; ///< by group: SetAlwaysListening; may be shorter
    std::vector<std::string> m_sites;
    std::vector<std::string> m_hardwares;
    std::vector<std::string> m_names;     ///< empty unless a device was added with a name
    std::vector<uint32_t> m_firstUnnamed; ///< by group: its first device without a name

    std::vector<Hot> m_hot;
    std::function<Position(DeviceId)> m_positions; ///< empty: they are kept
    std::vector<float> m_x;
    std::vector<float> m_y;
    IndexColumn m_hardware;
    IndexColumn m_group;
    IndexColumn m_site;
    IndexColumn m_firmware; ///< see FirmwareIndex
    std::vector<float> m_poweredS;
    std::vector<float> m_enrolledS;
    std::vector<float> m_updatedS; ///< empty until a device is updated
    std::array<std::array<uint32_t, 9>, 4> m_counts{};

    TracedCallback<const Transition&> m_transition;
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_FLEET_FLEET_H
