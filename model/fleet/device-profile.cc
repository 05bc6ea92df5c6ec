// SPDX-License-Identifier: GPL-2.0-only
#include "model/fleet/device-profile.h"

#include <algorithm>
#include <cmath>

namespace ns3::iotfleet
{

namespace
{

struct Member
{
    std::string_view name;
    double DeviceProfile::*value;
};

constexpr std::array MEMBERS{
    Member{"supply_voltage", &DeviceProfile::supplyV},
    Member{"tx_current", &DeviceProfile::txA},
    Member{"tx_base_current", &DeviceProfile::txBaseA},
    Member{"rx_current", &DeviceProfile::rxA},
    Member{"mcu_current", &DeviceProfile::mcuA},
    Member{"sleep_current", &DeviceProfile::sleepA},
    Member{"battery_energy", &DeviceProfile::batteryJ},
    Member{"flash_page", &DeviceProfile::flashPageBytes},
    Member{"flash_erase", &DeviceProfile::flashEraseS},
    Member{"flash_write_per_byte", &DeviceProfile::flashWriteSPerByte},
    Member{"slot_size", &DeviceProfile::slotBytes},
    Member{"slots", &DeviceProfile::slots},
    Member{"hash_per_byte", &DeviceProfile::hashSPerByte},
    Member{"verify", &DeviceProfile::verifyS},
    Member{"reboot", &DeviceProfile::rebootS},
    Member{"redundancy_memory", &DeviceProfile::redundancyMemory},
    Member{"tx_overhead", &DeviceProfile::txOverheadS},
    Member{"sensitivity_offset", &DeviceProfile::sensitivityOffsetDb},
    Member{"battery_gauge", &DeviceProfile::batteryGauge},
};

// Sources: standards/firmware.md sections 1.14, 1.16, 2.1 and onboarding.md section 1.0. Currents
// of the STM32WL are the means measured on the NUCLEO-WL55JC1 testbed (validation data A); sleep
// currents are data-sheet figures. 2 x AA lithium (L91) hold about 3000 mAh at 3 V = 32.4 kJ.
//
// Transmitting, by conducted power:
// - STM32WL55: 27.2 mA at 14 dBm were measured, of which 3.08 mA are the MCU's. 15 mA at 10 dBm
//   (low-power amplifier) and 87 mA at 20 dBm (high-power one) are the radio's by the data sheet
//   (DS13293, features, LoRa 125 kHz); the MCU's come on top. Without amplifier: the MCU's and the
//   synthesiser's 2.1 mA (SX1261/2 data sheet, which is the same radio).
// - SX1262 at 868/915 MHz with the optimal settings for each power, DC-DC (data sheet DS.SX1261-2,
//   power consumption in transmit mode): 45, 58, 84 and 118 mA at 14, 17, 20 and 22 dBm;
//   synthesiser 2.1 mA. The nRF52840 sleeps meanwhile.
// - SX1276 on PA_BOOST, as boards with an ESP32 have it: 87 mA at 17 and 120 mA at 20 dBm,
//   synthesiser 5.8 mA (data sheet, power consumption); 30 mA of the MCU on top.
std::vector<DeviceProfile>
MakeProfiles()
{
    DeviceProfile stm32;
    stm32.name = "stm32wl55";
    stm32.description =
        "STM32WL55 meter: measured radio currents, Stop 2 between activities, 2 x AA";
    stm32.batteryJ = 32400;

    DeviceProfile nucleo = stm32;
    nucleo.name = "nucleo-wl55jc1";
    nucleo.description = "NUCLEO-WL55JC1 as on the testbed: its MCU never stops (3.08 mA)";
    nucleo.sleepA = nucleo.mcuA;
    nucleo.batteryJ = 0;

    DeviceProfile nrf = stm32;
    nrf.name = "nrf52840";
    nrf.description = "nRF52840 with an SX1262: 1 MB flash, 64 MHz Cortex-M4F, 2 x AA";
    nrf.txCurrents = {{14, 0.045}, {17, 0.058}, {20, 0.084}, {22, 0.118}};
    nrf.txBaseA = 0.0021;
    nrf.rxA = 0.0052;
    nrf.mcuA = 0.0033;
    nrf.sleepA = 3.2e-6;
    nrf.flashPageBytes = 4096;
    nrf.flashEraseS = 0.085;
    nrf.flashWriteSPerByte = 41e-6 / 4;
    nrf.slotBytes = 440.0 * 1024;
    nrf.hashSPerByte = 195 / 64e6;
    nrf.verifyS = 0.0153;
    nrf.rebootS = 1.5;
    nrf.redundancyMemory = 512;

    DeviceProfile esp = stm32;
    esp.name = "esp32";
    esp.description =
        "ESP32-class board with an SX1276: fast MCU, large flash, poor sleep, 18650 cell";
    esp.supplyV = 3.3;
    esp.txCurrents = {{17, 0.117}, {20, 0.150}};
    esp.txBaseA = 0.0358;
    esp.rxA = 0.042;
    esp.mcuA = 0.030;
    esp.sleepA = 10e-6;
    esp.batteryJ = 33000;
    esp.flashPageBytes = 4096;
    esp.flashEraseS = 0.045;
    esp.flashWriteSPerByte = 0.7e-3 / 256;
    esp.slotBytes = 1024.0 * 1024;
    esp.hashSPerByte = 20 / 240e6;
    esp.verifyS = 0.010;
    esp.rebootS = 2;
    esp.redundancyMemory = 2048;

    DeviceProfile mains = esp;
    mains.name = "mains";
    mains.description =
        "mains-powered node (street light, gateway-side actuator); always listening is free";
    mains.batteryJ = 0;
    mains.sleepA = 0.030;
    return {stm32, nucleo, nrf, esp, mains};
}

/// Amplitude of a power, in that of 1 mW.
double
Amplitude(double powerDbm)
{
    return std::pow(10, powerDbm / 20);
}

/// What exceeds `baseA` at a known point goes with the amplitude.
double
Extrapolate(const TxCurrent& known, double baseA, double powerDbm)
{
    const double base = std::min(baseA, known.currentA);
    return base + (known.currentA - base) * Amplitude(powerDbm - known.powerDbm);
}

} // namespace

double
DeviceProfile::TxCurrentA(double powerDbm, double networkDbm) const
{
    if (!std::isnan(txA))
    {
        return Extrapolate({networkDbm, txA}, txBaseA, powerDbm);
    }
    const auto above =
        std::ranges::lower_bound(txCurrents, powerDbm, std::less<>(), &TxCurrent::powerDbm);
    if (above == txCurrents.end())
    {
        return Extrapolate(txCurrents.back(), txBaseA, powerDbm);
    }
    if (above == txCurrents.begin())
    {
        return Extrapolate(*above, txBaseA, powerDbm);
    }
    const auto below = above - 1;
    const double low = Amplitude(below->powerDbm);
    const double part = (Amplitude(powerDbm) - low) / (Amplitude(above->powerDbm) - low);
    return std::lerp(below->currentA, above->currentA, part);
}

double
DeviceProfile::MostTxA() const
{
    return std::isnan(txA) ? std::ranges::max(txCurrents, {}, &TxCurrent::currentA).currentA : txA;
}

const std::vector<DeviceProfile>&
BuiltInProfiles()
{
    static const std::vector<DeviceProfile> profiles = MakeProfiles();
    return profiles;
}

const DeviceProfile*
FindBuiltInProfile(std::string_view name)
{
    const auto& all = BuiltInProfiles();
    const auto it = std::ranges::find(all, name, &DeviceProfile::name);
    return it == all.end() ? nullptr : &*it;
}

bool
SetProfileMember(DeviceProfile& profile, std::string_view key, double value)
{
    const auto it = std::ranges::find(MEMBERS, key, &Member::name);
    if (it == MEMBERS.end())
    {
        return false;
    }
    profile.*(it->value) = value;
    return true;
}

std::vector<std::string_view>
ProfileMemberNames()
{
    std::vector<std::string_view> names;
    for (const auto& member : MEMBERS)
    {
        names.push_back(member.name);
    }
    return names;
}

} // namespace ns3::iotfleet
