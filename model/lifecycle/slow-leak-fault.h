// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_LIFECYCLE_SLOW_LEAK_FAULT_H
#define IOTFLEET_LIFECYCLE_SLOW_LEAK_FAULT_H

#include "model/lifecycle/fault.h"
#include "model/lifecycle/image-match.h"

#include <array>
#include <map>

namespace ns3::iotfleet
{

/// How a slow leak ends.
enum class LeakEnd : uint8_t
{
    RESET, ///< the device restarts, and leaks anew
    MUTE,  ///< it runs and is never heard again
    BRICK, ///< it does not run any more
};

/// Names of LeakEnd, as in a scenario.
inline constexpr std::array<std::string_view, 3> LEAK_END_NAMES{"reset", "mute", "brick"};

/// What a slow leak is like.
struct SlowLeakConfig
{
    ImageMatch images;   ///< that leak once confirmed
    double meanS{86400}; ///< mean time from confirmation to the failure
    double shape{1};     ///< Weibull shape: 1 exponential, > 1 wears out, < 1 fails early
    LeakEnd end{LeakEnd::MUTE};
};

/**
 * An image that passes its trial and fails hours later: a leak of memory, a counter that overflows,
 * a flash that wears out. The time is Weibull distributed,
 *
 *     P(T > t) = exp(-(t / s)^k),    s = mean / Gamma(1 + 1/k).
 *
 * All that the operator sees is silence, or resets; no report tells of it. A device that has
 * confirmed another image by then is spared.
 *
 * A device that resets is faulty until it confirms another image, and then what it was before, for
 * a leak neither opens nor closes a hole. One that is compromised stays so.
 */
class SlowLeakFault : public Fault
{
  public:
    SlowLeakFault(uint32_t number, const HitConfig& target, const SlowLeakConfig& config);

    void OnConfirmed(DeviceId device, ImageId image) override;
    void OnTimer(DeviceId device) override;

    /// Weibull quantile: the time that a share `u` of the devices has failed by, seconds.
    static double FailureTimeS(double u, double meanS, double shape);

  private:
    void Leak(DeviceId device);
    void MarkFaulty(DeviceId device);
    void Restore(DeviceId device);

    SlowLeakConfig m_config;
    std::map<DeviceId, Tick> m_due;      ///< devices that leak now: when each one fails
    std::map<DeviceId, Health> m_before; ///< devices that this fault made faulty: before it
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_LIFECYCLE_SLOW_LEAK_FAULT_H
