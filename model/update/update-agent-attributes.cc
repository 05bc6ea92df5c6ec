// SPDX-License-Identifier: GPL-2.0-only
// The knobs of UpdateAgent as ns-3 attributes. Defaults are those of UpdateConfig.
#include "model/fleet/config-attribute.h"
#include "model/update/update-agent.h"

#include "ns3/boolean.h"
#include "ns3/double.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

namespace ns3::iotfleet
{

TypeId
UpdateAgent::AddAttributes(TypeId tid)
{
    const UpdateConfig defaults;
    tid.AddAttribute(
        "FragSetupDelay",
        "A device prepares its flash for this long before it answers, seconds.",
        DoubleValue(defaults.fragSetupDelayS),
        MakeConfigAccessor<DoubleValue>(&UpdateAgent::m_config, &UpdateConfig::fragSetupDelayS),
        MakeDoubleChecker<double>(0));
    tid.AddAttribute(
        "CloseWhenDone",
        "Whether a device leaves the session once it has the whole block.",
        BooleanValue(defaults.closeWhenDone),
        MakeConfigAccessor<BooleanValue>(&UpdateAgent::m_config, &UpdateConfig::closeWhenDone),
        MakeBooleanChecker());
    tid.AddAttribute(
        "RedundancyMemory",
        "Lost fragments that a device can hold; 0 = as its profile says.",
        UintegerValue(defaults.redundancyMemory),
        MakeConfigAccessor<UintegerValue>(&UpdateAgent::m_config, &UpdateConfig::redundancyMemory),
        MakeUintegerChecker<uint32_t>(0, 16383));
    tid.AddAttribute(
        "RebootBy",
        "Who starts the installation: device or command (TS006).",
        StringValue(defaults.rebootBy),
        MakeConfigAccessor<StringValue>(&UpdateAgent::m_config, &UpdateConfig::rebootBy),
        MakeStringChecker());
    tid.AddAttribute(
        "RebootSpread",
        "Uniform jitter of that reboot, seconds.",
        DoubleValue(defaults.rebootSpreadS),
        MakeConfigAccessor<DoubleValue>(&UpdateAgent::m_config, &UpdateConfig::rebootSpreadS),
        MakeDoubleChecker<double>(0));
    tid.AddAttribute(
        "ConfirmBy",
        "What confirms a new image: self-test or server-contact.",
        StringValue(defaults.confirmBy),
        MakeConfigAccessor<StringValue>(&UpdateAgent::m_config, &UpdateConfig::confirmBy),
        MakeStringChecker());
    tid.AddAttribute("Trial",
                     "Time under trial before confirm or roll back, seconds.",
                     DoubleValue(defaults.trialS),
                     MakeConfigAccessor<DoubleValue>(&UpdateAgent::m_config, &UpdateConfig::trialS),
                     MakeDoubleChecker<double>(0));
    return tid;
}

} // namespace ns3::iotfleet
