// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_FLEET_DEVICE_REGISTRY_H
#define IOTFLEET_FLEET_DEVICE_REGISTRY_H

#include "model/fleet/battery-code.h"
#include "model/fleet/coverage-beliefs.h"
#include "model/fleet/device-states.h"
#include "model/fleet/types.h"

#include <cmath>
#include <limits>
#include <vector>

namespace ns3::iotfleet
{

/// What the operator believes of a device's update.
enum class UpdateBelief : uint8_t
{
    IDLE,
    TARGETED,   ///< belongs to a wave that has begun
    SET_UP,     ///< answered the set-up messages of its session
    RECEIVED,   ///< says that it has the whole image
    UPDATED,    ///< reported the target version
    FAILED,     ///< reported a failure
    UNREPORTED, ///< silent until the report time-out
    WENT_BACK,  ///< reported the version that it was brought back to
};

/// What the operator believes of a device's health.
enum class HealthBelief : uint8_t
{
    FINE,
    SUSPECT,     ///< alarms, fewer than the detector's k
    QUARANTINED, ///< restricted, blocked or rekeyed
    PROBATION,   ///< updated and verified, watched
};

/// How the operator's network last heard a device.
struct LinkBelief
{
    GatewayId bestGateway{NO_GATEWAY};
    int8_t snrDb{0};     ///< at the best gateway, of the last uplink
    uint8_t dataRate{0}; ///< of the last uplink
};

/**
 * The operator's beliefs, one row a device. They change only through messages that arrived (a join,
 * an answer, a report, an alarm) and through time-outs. It is not the truth (Fleet) and never reads
 * it.
 *
 * Memory: 12 bytes a device, and one more once a device has reported its battery.
 */
class DeviceRegistry
{
  public:
    explicit DeviceRegistry(size_t devices = 0)
    {
        Resize(devices);
    }

    void Resize(size_t devices)
    {
        m_rows.resize(devices);
    }

    size_t Size() const
    {
        return m_rows.size();
    }

    bool IsEnrolled(DeviceId d) const
    {
        return m_rows[Index(d)].enrolled != 0;
    }

    void SetEnrolled(DeviceId d, bool enrolled)
    {
        auto& row = m_rows[Index(d)];
        m_enrolled = m_enrolled + (enrolled ? 1 : 0) - row.enrolled;
        row.enrolled = enrolled ? 1 : 0;
    }

    ImageId Firmware(DeviceId d) const
    {
        return m_rows[Index(d)].firmware;
    }

    void SetFirmware(DeviceId d, ImageId image)
    {
        m_rows[Index(d)].firmware = image;
    }

    UpdateBelief Update(DeviceId d) const
    {
        return static_cast<UpdateBelief>(m_rows[Index(d)].update);
    }

    void SetUpdate(DeviceId d, UpdateBelief belief)
    {
        auto& row = m_rows[Index(d)];
        --m_updates[row.update];
        ++m_updates[Index(belief)];
        row.update = static_cast<uint16_t>(belief) & 7U;
    }

    /// Devices of which the operator believes `belief`. O(1).
    uint32_t Count(UpdateBelief belief) const
    {
        // Rows start as IDLE without being counted, so that Resize stays trivial.
        const auto count = m_updates[Index(belief)];
        return static_cast<uint32_t>(
            belief == UpdateBelief::IDLE ? count + static_cast<int64_t>(Size()) : count);
    }

    HealthBelief Health(DeviceId d) const
    {
        return static_cast<HealthBelief>(m_rows[Index(d)].health);
    }

    void SetHealth(DeviceId d, HealthBelief belief)
    {
        m_rows[Index(d)].health = static_cast<uint16_t>(belief) & 3U;
    }

    /// The level that the operator has set for the device.
    Access GetAccess(DeviceId d) const
    {
        return static_cast<Access>(m_rows[Index(d)].access);
    }

    void SetAccess(DeviceId d, Access level)
    {
        m_rows[Index(d)].access = static_cast<uint16_t>(level) & 3U;
    }

    const LinkBelief& Link(DeviceId d) const
    {
        return m_rows[Index(d)].link;
    }

    /// An uplink arrived at `when`.
    void Hear(DeviceId d, Tick when, const LinkBelief& link)
    {
        auto& row = m_rows[Index(d)];
        row.lastSeenS = static_cast<float>(ToSeconds(when));
        row.link = link;
    }

    /// Which gateways hear a device; kept only when somebody has asked for it.
    CoverageBeliefs& Coverage()
    {
        return m_coverage;
    }

    const CoverageBeliefs& Coverage() const
    {
        return m_coverage;
    }

    /// The battery as the device last reported it (battery-code.h); BATTERY_UNKNOWN if it has not.
    uint8_t Battery(DeviceId d) const
    {
        return m_battery.empty() ? BATTERY_UNKNOWN : m_battery[Index(d)];
    }

    void SetBattery(DeviceId d, uint8_t code)
    {
        m_battery.resize(m_rows.size(), BATTERY_UNKNOWN);
        m_battery[Index(d)] = code;
    }

    /// Arrival of the last uplink, seconds; NaN if there was none.
    float LastSeenS(DeviceId d) const
    {
        return m_rows[Index(d)].lastSeenS;
    }

    uint32_t EnrolledCount() const
    {
        return static_cast<uint32_t>(m_enrolled);
    }

    /// Asks the processor to load a row.
    void Prefetch(DeviceId d) const
    {
        __builtin_prefetch(&m_rows[Index(d)], 1);
    }

    size_t MemoryBytes() const
    {
        return m_rows.capacity() * sizeof(Row) + m_battery.capacity() + m_coverage.MemoryBytes();
    }

  private:
    /// Beliefs as bit fields: a row is 12 bytes, and an uplink touches one of them.
    struct Row
    {
        float lastSeenS{std::numeric_limits<float>::quiet_NaN()};
        LinkBelief link;
        ImageId firmware{NO_IMAGE};
        uint16_t update : 3 {0}; ///< UpdateBelief
        uint16_t health : 2 {0}; ///< HealthBelief
        uint16_t access : 2 {0}; ///< Access
        uint16_t enrolled : 1 {0};
    };

    static_assert(sizeof(Row) == 12);
    static_assert(Index(UpdateBelief::WENT_BACK) < 1U << 3);
    static_assert(Index(HealthBelief::PROBATION) < 1U << 2);
    static_assert(ACCESS_NAMES.size() <= 1U << 2);

    std::vector<Row> m_rows;
    std::vector<uint8_t> m_battery; ///< empty until a device has reported
    std::array<int64_t, 8> m_updates{};
    int64_t m_enrolled{0};
    CoverageBeliefs m_coverage;
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_FLEET_DEVICE_REGISTRY_H
