// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_LIFECYCLE_SLOW_LEAK_FAULT_H
#define IOTFLEET_LIFECYCLE_SLOW_LEAK_FAULT_H

#include "model/lifecycle/fault.h"

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
    ImageId image{NO_IMAGE}; ///< NO_IMAGE: whichever is confirmed
    double meanS{86400};     ///< mean time from confirmation to the failure
    double shape{1};         ///< Weibull shape: 1 exponential, > 1 wears out, < 1 fails early
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

    SlowLeakConfig m_config;
    std::map<DeviceId, Tick> m_due; ///< devices that leak now: when each one fails
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_LIFECYCLE_SLOW_LEAK_FAULT_H
