// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_QUARANTINE_DETECTOR_H
#define IOTFLEET_QUARANTINE_DETECTOR_H

#include "model/fleet/counter-random.h"
#include "model/fleet/fleet.h"

#include "ns3/event-id.h"
#include "ns3/nstime.h"
#include "ns3/object.h"
#include "ns3/ptr.h"
#include "ns3/traced-callback.h"

#include <functional>
#include <map>
#include <vector>

namespace ns3::iotfleet
{

/// A detector by its rates.
struct DetectorConfig
{
    double windowS{3600};            ///< length of an observation window, > 0
    double truePositiveRate{0.95};   ///< per whole window of a compromised device, 0..1
    double falsePositiveRate{0.001}; ///< per window and clean device, 0..1
    double latencyS{60};             ///< from the end of a window to its alarms
    double startS{0};                ///< the first window begins
};

/// What the operator is told.
struct Alarm
{
    Tick time;
    DeviceId device;
    uint32_t window; ///< 0, 1, ...: in which the device drew attention
};

/// The same for the recorder, with the truth.
struct AlarmRecord
{
    Tick time;
    DeviceId device;
    bool isTrue; ///< the device was compromised when the window ended
};

/**
 * Stands for real sensors (an IDS, a MUD violation counter) by their rates: at the end of each
 * window every enrolled and living device gives an alarm with the true or the false positive rate,
 * by what it is at that instant. It is the one part of quarantine that looks at the truth, and it
 * hands on alarms only. Windows and devices are independent; correlated errors are not modelled.
 *
 * Sensors see traffic, so that a device gives itself away in proportion to the time that it could:
 * one that was compromised during the last share s of a window is seen with 1 - (1 - p)^s, where p
 * is the true positive rate of a whole window. Detection then does not depend on where a window's
 * end falls: the probability to be unseen after any time is (1 - p)^(time / window), but for the
 * wait for the window's end. A device that is mended before the window ends is clean in it.
 *
 * Cost: O(compromised devices + alarms) a window, not O(devices): false alarms are found by
 * geometric skips over the device ids.
 */
class Detector : public Object
{
  public:
    using Handler = std::function<void(const Alarm&)>;

    /// Signature of the Alarm trace source.
    using AlarmTracedCallback = void (*)(const AlarmRecord& alarm);

    static TypeId GetTypeId();

    Detector();
    ~Detector() override;

    void Configure(const DetectorConfig& config);

    /// All knobs as they are.
    DetectorConfig GetConfig() const;

    void SetFleet(Ptr<Fleet> fleet);
    void SetRandom(const CounterRandom& random);

    /// Who gets the alarms, in ascending order of devices within a window.
    void SetHandler(Handler handler);

    /// Begins with the first window that starts now or later, and goes on until Stop().
    void Start();

    void Stop();

    /// Length of a window.
    Tick WindowTicks() const;

    /// From the end of a window to its alarms.
    Tick LatencyTicks() const;

  protected:
    void DoDispose() override;

  private:
    void OnTransition(const Transition& transition);
    void OnWindowEnd();
    bool IsWatched(DeviceId device) const;
    double SeenProbability(Tick since) const;
    void DrawTrue(uint32_t window, std::vector<AlarmRecord>& alarms) const;
    void DrawFalse(uint32_t window, std::vector<AlarmRecord>& alarms) const;
    void Deliver(uint32_t window, const std::vector<AlarmRecord>& alarms);

    Time m_windowLength;
    Time m_latency;
    Time m_start;
    double m_truePositiveRate{0};
    double m_falsePositiveRate{0};

    Ptr<Fleet> m_fleet;
    CounterRandom m_random;
    Handler m_handler;
    std::map<DeviceId, Tick> m_compromised; ///< truth now, and since when
    uint32_t m_window{0};                   ///< the one that ends next
    EventId m_event;

    TracedCallback<const AlarmRecord&> m_alarm;
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_QUARANTINE_DETECTOR_H
