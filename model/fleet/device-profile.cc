// SPDX-License-Identifier: GPL-2.0-only
#include "model/fleet/device-profile.h"

#include <algorithm>

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
};

// Sources: standards/firmware.md sections 1.14, 1.16, 2.1 and onboarding.md section 1.0. Currents
// of the STM32WL are the means measured on the NUCLEO-WL55JC1 testbed (validation data A); sleep
// currents are data-sheet figures. 2 x AA lithium (L91) hold about 3000 mAh at 3 V = 32.4 kJ.
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
    nrf.txA = 0.045;
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
    esp.txA = 0.120;
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

} // namespace

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
