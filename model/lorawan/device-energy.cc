// SPDX-License-Identifier: GPL-2.0-only
// DeviceMac: what frames cost a device, and on whose account they go.
#include "model/lorawan/device-mac.h"

#include <algorithm>

namespace ns3::iotfleet
{

namespace
{

/// What a step of TXPower takes off (RP002-1.0.4 sections 2.4.3 and 2.5.3), dB.
constexpr double TX_POWER_STEP_DB = 2;

} // namespace

/// Conducted power at a TXPower index, dBm.
double
DeviceMac::TxPowerDbm(uint8_t power) const
{
    return m_core.config.deviceTxPowerDbm - TX_POWER_STEP_DB * power;
}

void
DeviceMac::MeasureTransmitters()
{
    for (const auto& profile : m_core.fleet->Profiles())
    {
        auto& currents = m_txA.emplace_back();
        for (uint8_t power = 0; power < currents.size(); ++power)
        {
            currents[power] = profile.TxCurrentA(TxPowerDbm(power), m_core.config.deviceTxPowerDbm);
        }
    }
}

void
DeviceMac::MeasureWindows()
{
    // Windows were measured at EU868's DR0..5 = SF12..7 at 125 kHz; others scale with the symbol.
    const auto length = [&](const DeviceProfile& profile, uint8_t dataRate) {
        const auto& rate = *m_core.rates[dataRate];
        const auto slowness =
            static_cast<size_t>(std::clamp<int>(MAX_SF - rate.spreadingFactor, 0, 5));
        return profile.emptyWindowS[slowness] *
               (rate.bandwidthHz > 0 ? 125e3 / rate.bandwidthHz : 1);
    };
    for (const auto& profile : m_core.fleet->Profiles())
    {
        auto& windows = m_emptyWindowsS.emplace_back();
        for (const auto& rate : m_core.region.dataRates)
        {
            for (const bool join : {false, true})
            {
                const auto rx2 = join ? m_core.windows.Rx2OfJoin() : m_core.windows.Rx2(true);
                windows[join ? 1 : 0][rate.index] =
                    !rate.uplink ? 0
                                 : length(profile, m_core.windows.Rx1DataRate(rate.index, join)) +
                                       length(profile, rx2.dataRate);
            }
        }
    }
}

/// On whose account the next uplink goes; to be asked before it is taken out of the outbox.
EnergyAccount
DeviceMac::AccountOfUplink(DeviceId d, UplinkKind kind) const
{
    if (kind == UplinkKind::MESSAGE)
    {
        return AccountOf(m_outbox.FrontPort(d));
    }
    const bool fetches =
        kind == UplinkKind::EMPTY && (m_rows[Index(d)].flags & POLLS_CAMPAIGN) != 0;
    return fetches ? EnergyAccount::CAMPAIGN : EnergyAccount::OPERATION;
}

/// An acknowledgement alone goes on the account of what it acknowledges.
EnergyAccount
DeviceMac::AccountOfDownlink(const DownlinkFrame& frame) const
{
    if (frame.hasPayload)
    {
        return AccountOf(frame.payload.port);
    }
    constexpr uint16_t CONFIRMED = AWAITS_ACK | HAS_MESSAGE;
    const auto flags = m_rows[Index(frame.device)].flags;
    const bool ofMessage =
        frame.acknowledges && (flags & (CONFIRMED | CONFIRMS_TELEMETRY)) == CONFIRMED;
    return ofMessage ? AccountOf(m_outbox.FrontPort(frame.device)) : EnergyAccount::OPERATION;
}

/// An empty uplink is due if nothing else goes out first. A campaign pays for it if there is no
/// other reason.
void
DeviceMac::AskForPoll(DeviceId d, EnergyAccount account)
{
    auto& flags = m_rows[Index(d)].flags;
    const bool isAsked = (flags & POLL_DUE) != 0;
    if (account == EnergyAccount::OPERATION)
    {
        flags &= static_cast<uint16_t>(~POLLS_CAMPAIGN);
    }
    else if (!isAsked)
    {
        flags |= POLLS_CAMPAIGN;
    }
    flags |= POLL_DUE;
}

void
DeviceMac::ChargeUplink(DeviceId d, const Outgoing& outgoing, Tick airtime, EnergyAccount account)
{
    auto& fleet = *m_core.fleet;
    const bool join = outgoing.kind == UplinkKind::JOIN_REQUEST;
    const auto profile = fleet.ProfileIndex(d);
    const double txS = ToSeconds(airtime) + fleet.Profile(d).txOverheadS;
    fleet.Spend(d, EnergyUse::TX, txS, m_txA[profile][m_rows[Index(d)].power], account);
    // Both windows are charged as empty here; Receive settles the difference when one was not.
    m_core.ChargeReceiving(d, m_emptyWindowsS[profile][join ? 1 : 0][outgoing.dataRate], account);
}

} // namespace ns3::iotfleet
