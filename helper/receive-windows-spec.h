// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_HELPER_RECEIVE_WINDOWS_SPEC_H
#define IOTFLEET_HELPER_RECEIVE_WINDOWS_SPEC_H

#include <cstdint>
#include <optional>
#include <string>

namespace ns3::iotfleet
{

/// `/access/lorawan/receive_windows`: class A windows of devices that have joined.
struct ReceiveWindowsSpec
{
    double rx1DelayS{1};                   ///< `rx1_delay`: 1 to 15 whole seconds
    std::string rx1DelayBy{"join-accept"}; ///< `rx1_delay_by`: or "command"
    uint8_t rx1Offset{0};                  ///< `rx1_offset`: RX1DROffset
    std::optional<uint8_t> rx2DataRate;    ///< `rx2_data_rate`; default the region's
    std::optional<double> rx2FrequencyHz;  ///< `rx2_frequency`; default the region's
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_HELPER_RECEIVE_WINDOWS_SPEC_H
