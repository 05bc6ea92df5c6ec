// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_FLEET_TYPES_H
#define IOTFLEET_FLEET_TYPES_H

#include <cstddef>
#include <cstdint>
#include <type_traits>

/**
 * @file
 * Strong ids and units that every layer above the wire shares.
 */
namespace ns3::iotfleet
{

/// Simulated time in nanoseconds. A table of ns3::Time would cost 56 bytes an entry before the run.
using Tick = int64_t;

inline constexpr Tick TICKS_PER_SECOND = 1'000'000'000;

/// Seconds to ticks, rounded to the nearest.
constexpr Tick
ToTicks(double seconds)
{
    const double ticks = seconds * static_cast<double>(TICKS_PER_SECOND);
    return static_cast<Tick>(ticks + (ticks >= 0 ? 0.5 : -0.5));
}

/// Ticks to seconds.
constexpr double
ToSeconds(Tick ticks)
{
    return static_cast<double>(ticks) / static_cast<double>(TICKS_PER_SECOND);
}

/// A device: its row in every per-device table.
enum class DeviceId : uint32_t
{
};

/// A gateway, in the order of the scenario.
enum class GatewayId : uint16_t
{
};

/// A multicast group of the access network.
enum class GroupId : uint16_t
{
};

/// A firmware image of the FirmwareCatalog.
enum class ImageId : uint16_t
{
};

inline constexpr DeviceId NO_DEVICE{0xFFFFFFFF};
inline constexpr GatewayId NO_GATEWAY{0xFFFF};
inline constexpr GroupId NO_GROUP{0xFFFF};
inline constexpr ImageId NO_IMAGE{0xFFFF};

/// A stretch of time, [start, end).
struct TimeSpan
{
    Tick start;
    Tick end;

    bool Holds(Tick when) const
    {
        return start <= when && when < end;
    }
};

/// A strong id as an index.
template <class Id>
requires std::is_enum_v<Id>

constexpr size_t
Index(Id id)
{
    return static_cast<size_t>(id);
}

} // namespace ns3::iotfleet

#endif // IOTFLEET_FLEET_TYPES_H
