// SPDX-License-Identifier: GPL-2.0-only

#include "helper/scenario-fields.h"

namespace ns3::iotfleet
{

void
VisitStrategy(ScenarioVisitor& v, StrategyConfig& s)
{
    v.Text({"fec",
            "What follows the uncoded fragments. none: uncoded ones again; ts004: its parity "
            "fragments; rlnc-256: random combinations over GF(256); raptorq: RFC 6330; ideal: any "
            "as many fragments as the block has decode."},
           s.fec,
           {"none", "ts004", "rlnc-256", "raptorq", "ideal"});
    v.Integer({"parity_groups",
               "Parts in which the coded fragments of the first pass are sent, with a status "
               "request after each; the rest is not sent once nobody answers that it misses any."},
              s.parityGroups,
              1,
              1000);
}

} // namespace ns3::iotfleet
