// SPDX-License-Identifier: GPL-2.0-only
#include "model/fleet/device-states.h"

#include <initializer_list>

namespace ns3::iotfleet
{

namespace
{

template <class State>
constexpr uint16_t
Bits(std::initializer_list<State> states)
{
    uint16_t bits = 0;
    for (const auto state : states)
    {
        bits = static_cast<uint16_t>(bits | (1U << static_cast<uint8_t>(state)));
    }
    return bits;
}

using E = Enrolment;
using U = UpdateState;
using H = Health;
using A = Access;

// One row per state "from": the set of states "to".
constexpr std::array<uint16_t, 5> ENROLMENT_TABLE{
    Bits({E::JOINING, E::ENROLLED, E::RETIRED}),             // factory: ABP devices skip the join
    Bits({E::ENROLLED, E::FACTORY, E::REVOKED, E::RETIRED}), // joining: power loss starts anew
    Bits({E::JOINING, E::REVOKED, E::RETIRED}),              // enrolled: rejoin after reset
    Bits({E::JOINING, E::RETIRED}),                          // revoked
    Bits<E>({}),                                             // retired is final
};
constexpr std::array<uint16_t, 9> UPDATE_TABLE{
    Bits({U::NOTIFIED}),                                   // idle
    Bits({U::RECEIVING, U::IDLE, U::FAILED, U::NOTIFIED}), // notified
    Bits({U::VERIFYING, U::FAILED, U::NOTIFIED}),          // receiving
    Bits({U::INSTALLING, U::FAILED}),                      // verifying
    Bits({U::TRIAL, U::FAILED}),                           // installing
    Bits({U::CONFIRMED, U::ROLLED_BACK, U::FAILED}),       // trial
    Bits({U::NOTIFIED, U::IDLE, U::FAILED}),               // confirmed: next update, late harm
    Bits({U::NOTIFIED, U::IDLE, U::FAILED}),               // rolled back
    Bits({U::NOTIFIED, U::IDLE}),                          // failed: offered again
};
constexpr std::array<uint16_t, 5> HEALTH_TABLE{
    Bits({H::VULNERABLE, H::COMPROMISED, H::FAULTY, H::BRICKED}),  // healthy
    Bits({H::HEALTHY, H::COMPROMISED, H::FAULTY, H::BRICKED}),     // vulnerable
    Bits({H::HEALTHY, H::VULNERABLE, H::FAULTY, H::BRICKED}),      // compromised
    Bits({H::HEALTHY, H::VULNERABLE, H::COMPROMISED, H::BRICKED}), // faulty
    Bits({H::HEALTHY, H::VULNERABLE}),                             // bricked: after a visit
};
constexpr std::array<uint16_t, 4> ACCESS_TABLE{
    Bits({A::FULL, A::RESTRICTED, A::BLOCKED}), // none
    Bits({A::RESTRICTED, A::BLOCKED, A::NONE}), // full
    Bits({A::FULL, A::BLOCKED, A::NONE}),       // restricted
    Bits({A::FULL, A::RESTRICTED, A::NONE}),    // blocked
};

template <size_t N>
bool
Allows(const std::array<uint16_t, N>& table, uint8_t from, uint8_t to)
{
    return from < N && to < N && ((table[from] >> to) & 1U) != 0;
}

} // namespace

std::string_view
StateName(Machine machine, uint8_t state)
{
    switch (machine)
    {
    case Machine::ENROLMENT:
        return ENROLMENT_NAMES.at(state);
    case Machine::UPDATE:
        return UPDATE_NAMES.at(state);
    case Machine::HEALTH:
        return HEALTH_NAMES.at(state);
    case Machine::ACCESS:
        break;
    }
    return ACCESS_NAMES.at(state);
}

bool
IsAllowed(Machine machine, uint8_t from, uint8_t to)
{
    switch (machine)
    {
    case Machine::ENROLMENT:
        return Allows(ENROLMENT_TABLE, from, to);
    case Machine::UPDATE:
        return Allows(UPDATE_TABLE, from, to);
    case Machine::HEALTH:
        return Allows(HEALTH_TABLE, from, to);
    case Machine::ACCESS:
        break;
    }
    return Allows(ACCESS_TABLE, from, to);
}

} // namespace ns3::iotfleet
