// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_FLEET_DEVICE_PROFILE_H
#define IOTFLEET_FLEET_DEVICE_PROFILE_H

#include <array>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace ns3::iotfleet
{

/// Current while transmitting at a power.
struct TxCurrent
{
    double powerDbm; ///< conducted
    double currentA;
};

/**
 * What kind of hardware a device is: currents, flash, times. Plain numbers in SI units; a scenario
 * may change any of them by name (`/fleet/profiles`).
 */
struct DeviceProfile
{
    std::string name;
    std::string description;
    double supplyV{3.0};
    /// Transmitting, the MCU's share included, by power in ascending order; see TxCurrentA.
    std::vector<TxCurrent> txCurrents{{10, 0.01808}, {14, 0.0272}, {20, 0.09008}};
    /// Transmitting at the network's device power: takes the place of txCurrents unless it is NaN.
    double txA{std::numeric_limits<double>::quiet_NaN()};
    double txBaseA{0.00518}; ///< transmitting without the power amplifier's share
    double rxA{0.0079};      ///< radio listening (RX windows, class B slots, class C)
    double mcuA{0.00308};    ///< MCU running, radio off (flash, crypto, boot)
    double sleepA{1.7e-6};   ///< everything else
    double batteryJ{0};      ///< usable energy of a full battery; 0 = mains
    double flashPageBytes{2048};
    double flashEraseS{0.022}; ///< per page
    double flashWriteSPerByte{82e-6 / 8};
    double slotBytes{108 * 1024};    ///< largest image (with manifest) that the device can store
    double slots{2};                 ///< images that fit; with 1 the old one is overwritten
    double hashSPerByte{195 / 48e6}; ///< SHA-256
    double verifyS{0.0203};          ///< one ECDSA P-256 verification
    double rebootS{3};               ///< reset to application running
    double redundancyMemory{216};    ///< TS004: lost fragments that the decoder can hold
    double txOverheadS{0.0022};      ///< firmware overhead around each transmission
    std::array<double, 6> emptyWindowS{0.1982,
                                       0.1006,
                                       0.0675,
                                       0.0595,
                                       0.0508,
                                       0.0469}; ///< EU868 DR0..5
    double sensitivityOffsetDb{0};              ///< added to the receiver's SNR floor
    double batteryGauge{1};                     ///< 0: the device cannot measure its battery

    bool HasBattery() const
    {
        return batteryJ > 0;
    }

    /**
     * Current while transmitting, A. Amplifiers of these radios draw a current that goes with the
     * amplitude of what they send, the square root of its power: the SX1262's own figures for 17
     * and 14 dBm are 3 % below and 4 % above what that makes of the one for 20 dBm. So the current
     * between two known powers is interpolated by amplitude, and beyond them what exceeds txBaseA
     * goes with the amplitude.
     *
     * @param powerDbm conducted power
     * @param networkDbm conducted power that devices of the network have by its settings; where
     * txA is given, it was measured at that
     */
    double TxCurrentA(double powerDbm, double networkDbm) const;

    /// The largest known current while transmitting, A.
    double MostTxA() const;
};

/// The profiles that ship with iot-fleet: stm32wl55, nucleo-wl55jc1, nrf52840, esp32, mains.
const std::vector<DeviceProfile>& BuiltInProfiles();

/// A built-in profile by name, or nullptr.
const DeviceProfile* FindBuiltInProfile(std::string_view name);

/// Sets the member `key` (its name in DeviceProfile, in snake_case) to `value`; false if there is
/// none.
bool SetProfileMember(DeviceProfile& profile, std::string_view key, double value);

/// Names that SetProfileMember accepts.
std::vector<std::string_view> ProfileMemberNames();

} // namespace ns3::iotfleet

#endif // IOTFLEET_FLEET_DEVICE_PROFILE_H
