// SPDX-License-Identifier: GPL-2.0-only

#include "helper/scenario-fields.h"

#include <array>

namespace ns3::iotfleet
{

namespace
{

void
VisitPlacement(ScenarioVisitor& v, PlacementSpec& p)
{
    v.Text({"kind", "Shape of the area in which the devices stand."},
           p.kind,
           {"disc", "rectangle", "grid", "point", "clusters"});
    v.Object({"center", "Middle of the area."}, p.center, VisitPosition);
    v.Quantity({"radius", "disc and clusters: radius of the area."},
               UnitKind::LENGTH,
               p.radiusM,
               POSITIVE);
    v.Quantity({"width", "rectangle and grid: extent along x."},
               UnitKind::LENGTH,
               p.widthM,
               POSITIVE);
    v.Quantity({"height", "rectangle and grid: extent along y."},
               UnitKind::LENGTH,
               p.heightM,
               POSITIVE);
    v.Integer({"clusters", "clusters: how many."}, p.clusters, 1);
    v.Quantity({"cluster_radius", "clusters: radius of one."},
               UnitKind::LENGTH,
               p.clusterRadiusM,
               POSITIVE);
}

void
VisitTelemetry(ScenarioVisitor& v, TelemetrySpec& t)
{
    v.Quantity({"period", "Spacing of a device's ordinary uplinks; 0 s for none."},
               UnitKind::DURATION,
               t.periodS);
    v.Size({"size", "Application payload of an ordinary uplink."}, t.sizeBytes, {0, 242});
    v.Flag({"confirmed", "Whether ordinary uplinks are confirmed and repeated until answered."},
           t.confirmed);
    v.Share({"jitter", "Uniform variation of the spacing, as a share of the period."}, t.jitter);
    v.Flag({"pause_in_session",
            "Whether a device stays silent from the set-up of its class B or C session until it "
            "has the whole image."},
           t.pauseInSession);
    v.Flag({"link_check",
            "Whether ordinary uplinks ask how well they were heard (LinkCheckReq), which costs a "
            "downlink each."},
           t.linkCheck);
    v.Quantity({"first",
                "Time from enrolment to the first ordinary uplink; null for a random phase within "
                "the period."},
               UnitKind::DURATION,
               t.firstS);
}

void
VisitGroupIdentity(ScenarioVisitor& v, FleetGroupSpec& g)
{
    v.Text({"name", "Name of the group; its devices are called NAME-000001 and so on.", true},
           g.name);
    v.Integer({"count", "How many devices to generate; 0 when the inventory lists them."}, g.count);
    v.Text({"profile", "Device profile: a built-in one or a name from /fleet/profiles."},
           g.profile);
    v.Text({"site", "Site that the devices belong to."}, g.site);
    v.Text({"firmware", "Version that the devices run at the start."}, g.firmware);
    v.Text({"hardware", "Hardware batch or revision; defects may hit one only."}, g.hardware);
}

void
VisitGroup(ScenarioVisitor& v, FleetGroupSpec& g)
{
    VisitGroupIdentity(v, g);
    v.Object({"placement", "Where the devices stand."}, g.placement, VisitPlacement);
    v.Share({"indoor_share", "Share of the devices behind walls (see building_penetration)."},
            g.indoorShare);
    v.Quantity({"antenna_height", "Height of the devices' antennas above ground."},
               UnitKind::LENGTH,
               g.antennaHeightM,
               POSITIVE);
    v.Share({"battery", "Share of the battery's capacity left at the start."}, g.batteryLevel);
    v.Text({"class", "LoRaWAN class outside update sessions."}, g.deviceClass, {"A", "B", "C"});
    v.Integer({"ping_periodicity",
               "Class B: ping slots of a device outside sessions come every 0.96 s * 2^n."},
              g.pingPeriodicity,
              0,
              7);
    v.Integer({"data_rate", "Fixed uplink data rate; null to derive it from the link."},
              g.dataRate,
              0,
              15);
    v.Object({"telemetry", "Ordinary traffic of the devices."}, g.telemetry, VisitTelemetry);
    v.Quantity({"power_on", "When the devices are switched on."}, UnitKind::DURATION, g.powerOnS);
    v.Quantity({"power_on_spread", "Each device is switched on uniformly within this after it."},
               UnitKind::DURATION,
               g.powerOnSpreadS);
    v.Flag({"activated", "Whether devices have a session from the start and do not join."},
           g.activated);
    v.Text({"session",
            "persistent: kept over reboots; volatile: a reboot loses it, and the device joins "
            "anew."},
           g.session,
           {"persistent", "volatile"});
    v.Quantity({"clock_drift", "Standard deviation of the devices' clock drift."},
               UnitKind::DRIFT,
               g.clockDriftPpm);
    v.Quantity({"clock_error", "Devices open sessions up to this much too early."},
               UnitKind::DURATION,
               g.clockErrorS);
}

/** A member of DeviceProfile that a scenario may change. */
struct ProfileMember
{
    const char* key;              //!< as SetProfileMember names it
    std::optional<UnitKind> unit; //!< empty for a bare number
    const char* description;      //!< what it means
    double max{NOT_NEGATIVE.max}; //!< largest bare number
};

constexpr std::array PROFILE_MEMBERS{
    ProfileMember{"supply_voltage", UnitKind::VOLTAGE, "Voltage of the supply."},
    ProfileMember{"tx_current",
                  UnitKind::CURRENT,
                  "Current while transmitting at /access/lorawan/device_tx_power, in place of "
                  "tx_currents; at other powers what exceeds tx_base_current goes with the square "
                  "root of the power."},
    ProfileMember{"tx_base_current",
                  UnitKind::CURRENT,
                  "Current while transmitting without what the power amplifier draws."},
    ProfileMember{"rx_current", UnitKind::CURRENT, "Current while the radio listens."},
    ProfileMember{"mcu_current", UnitKind::CURRENT, "Current with the MCU running, radio off."},
    ProfileMember{"sleep_current", UnitKind::CURRENT, "Current otherwise."},
    ProfileMember{"battery_energy",
                  UnitKind::ENERGY,
                  "Usable energy of a full battery; 0 J for mains."},
    ProfileMember{"flash_page", UnitKind::SIZE, "Size of a flash page."},
    ProfileMember{"flash_erase", UnitKind::DURATION, "Time to erase a page."},
    ProfileMember{"flash_write_per_byte", UnitKind::DURATION, "Time to write a byte."},
    ProfileMember{"slot_size", UnitKind::SIZE, "Largest image that the device can store."},
    ProfileMember{"slots",
                  std::nullopt,
                  "Images that fit. With 1 an installation overwrites the running one, and power "
                  "loss bricks; with 2 it is begun again."},
    ProfileMember{"hash_per_byte", UnitKind::DURATION, "SHA-256, time a byte."},
    ProfileMember{"verify", UnitKind::DURATION, "Time of one ECDSA P-256 verification."},
    ProfileMember{"reboot", UnitKind::DURATION, "Time from reset to the application running."},
    ProfileMember{"redundancy_memory", std::nullopt, "Lost fragments that the decoder can hold."},
    ProfileMember{"tx_overhead", UnitKind::DURATION, "Firmware overhead of each transmission."},
    ProfileMember{"sensitivity_offset", UnitKind::LOSS, "Added to the receiver's SNR floor."},
    ProfileMember{"battery_gauge",
                  std::nullopt,
                  "1: the device measures its battery, and reports it when it is asked "
                  "(DevStatusReq); 0: it says that it cannot.",
                  1},
};

void
VisitTxCurrent(ScenarioVisitor& v, TxCurrentSpec& t)
{
    v.Quantity({"power", "Conducted power.", true}, UnitKind::POWER_DBM, t.powerDbm, ANY_VALUE);
    v.Quantity({"current", "Current at this power, all of the device's.", true},
               UnitKind::CURRENT,
               t.currentA,
               POSITIVE);
}

void
VisitProfile(ScenarioVisitor& v, ProfileSpec& p)
{
    v.Text({"base", "Built-in device profile that the changes apply to."}, p.base);
    v.Array({"tx_currents",
             "Currents while transmitting, by power; none for the built-in profile's. Between two "
             "powers they are interpolated by the square root of the power."},
            p.txCurrents,
            VisitTxCurrent);
    for (const ProfileMember& member : PROFILE_MEMBERS)
    {
        const auto at = p.changes.find(member.key);
        auto value = at == p.changes.end() ? std::nullopt : std::optional(at->second);
        const Field field{member.key, member.description};
        if (member.unit)
        {
            const bool isOffset = *member.unit == UnitKind::LOSS;
            v.Quantity(field, *member.unit, value, isOffset ? ANY_VALUE : NOT_NEGATIVE);
        }
        else
        {
            v.Number(field, value, {0, member.max});
        }
        p.changes.erase(member.key);
        if (value)
        {
            p.changes[member.key] = *value;
        }
    }
}

constexpr double DAY_S = 86400;

void
VisitSite(ScenarioVisitor& v, SiteSpec& s)
{
    v.Quantity({"utc_offset", "Local time minus UTC; there is no daylight saving."},
               UnitKind::DURATION,
               s.utcOffsetS,
               {-DAY_S, DAY_S});
}

} // namespace

void
VisitPosition(ScenarioVisitor& v, PositionM& p)
{
    v.Quantity({"x", "East of the origin."}, UnitKind::LENGTH, p.x, ANY_VALUE);
    v.Quantity({"y", "North of the origin."}, UnitKind::LENGTH, p.y, ANY_VALUE);
    v.Quantity({"z", "Above ground."}, UnitKind::LENGTH, p.z, ANY_VALUE);
}

void
VisitFleet(ScenarioVisitor& v, FleetSpec& f)
{
    v.Array({"groups", "Groups of devices that are alike.", true}, f.groups, VisitGroup);
    v.Path({"inventory",
            "CSV file of devices with columns id, x, y (metres) and optionally z, profile, "
            "firmware, battery, group, site, indoor, hardware, data_rate; null for none."},
           f.inventory,
           PathRole::INPUT);
    v.Map({"profiles", "Device profiles by name, as changes to a built-in one."},
          f.profiles,
          VisitProfile);
    v.Map({"sites", "What is particular of a site, by its name."}, f.sites, VisitSite);
    v.Text({"first_day", "Day of the week at time zero, which is a midnight UTC."},
           f.firstDay,
           {"mon", "tue", "wed", "thu", "fri", "sat", "sun"});
}

} // namespace ns3::iotfleet
