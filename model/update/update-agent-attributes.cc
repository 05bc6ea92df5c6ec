// SPDX-License-Identifier: GPL-2.0-only
// The knobs of UpdateAgent as ns-3 attributes. Defaults are those of UpdateConfig.
#include "model/fleet/config-attribute.h"
#include "model/update/update-agent.h"

namespace ns3::iotfleet
{

TypeId
UpdateAgent::AddAttributes(TypeId tid)
{
    ConfigAttributes add(tid, &UpdateAgent::m_config);
    add.Word("Ts004",
             "Version of the packages TS004 and TS005.",
             {"1.0.0", "2.0.0"},
             &UpdateConfig::ts004);
    add.Duration("FragSetupDelay",
                 "A device prepares its flash for this long before it answers",
                 AttributeRange::NotNegative(),
                 &UpdateConfig::fragSetupDelayS);
    add.Flag("CloseWhenDone",
             "Whether a device leaves the session once it has the whole block.",
             &UpdateConfig::closeWhenDone);
    add.Count("RedundancyMemory",
              "Lost fragments that a device can hold; 0 = as its profile says",
              AttributeRange::NotNegative(),
              &UpdateConfig::redundancyMemory);
    add.Word("RebootBy",
             "Who starts the installation: the device, or a command (TS006).",
             {"device", "command"},
             &UpdateConfig::rebootBy);
    add.Duration("RebootSpread",
                 "Uniform jitter of that reboot",
                 AttributeRange::NotNegative(),
                 &UpdateConfig::rebootSpreadS);
    add.Word("ConfirmBy",
             "What lets a device keep a new image.",
             {"self-test", "server-contact"},
             &UpdateConfig::confirmBy);
    add.Duration("Trial",
                 "Time under trial before confirm or roll back",
                 AttributeRange::NotNegative(),
                 &UpdateConfig::trialS);
    add.OptionalDuration("PollPeriod",
                         "A device that waits for unicast fragments sends an empty uplink this "
                         "often; 0 s = it waits for its telemetry",
                         0,
                         {1e-3},
                         &UpdateConfig::strategy,
                         &StrategyConfig::pollPeriodS);
    add.Flag("PollConfirmed",
             "Whether these uplinks are confirmed ones.",
             &UpdateConfig::strategy,
             &StrategyConfig::pollConfirmed);
    return tid;
}

} // namespace ns3::iotfleet
