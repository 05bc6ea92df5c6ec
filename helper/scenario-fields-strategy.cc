// SPDX-License-Identifier: GPL-2.0-only

#include "helper/scenario-fields.h"

namespace ns3::iotfleet
{

namespace
{

void
VisitLadder(ScenarioVisitor& v, LadderConfig& l)
{
    v.Integer({"fastest", "First data rate; null for the fastest that a member hears."},
              l.fastest,
              0,
              15);
    v.Integer({"fragments",
               "Fragments at each data rate; null for the whole first pass, coded ones included."},
              l.fragments,
              1,
              16383);
}

void
VisitCarousel(ScenarioVisitor& v, CarouselConfig& c)
{
    v.Quantity({"period", "From one window to the next."}, UnitKind::DURATION, c.periodS, POSITIVE);
    v.Quantity({"window", "How long fragments are sent."}, UnitKind::DURATION, c.windowS, POSITIVE);
    v.Share({"threshold", "Share of complete devices, of all targets, that ends it."}, c.threshold);
    v.Quantity({"duration", "It ends after this in any case."},
               UnitKind::DURATION,
               c.durationS,
               POSITIVE);
}

void
VisitUnicast(ScenarioVisitor& v, StrategyConfig& s)
{
    v.Integer({"unicast_window",
               "Unicast fragments that wait in the network for a device; with 1 a device of class "
               "A gets one for each uplink."},
              s.unicastWindow,
              1,
              1000);
    v.Quantity({"poll_period",
                "A device that waits for unicast fragments sends an empty uplink this often; null "
                "to wait for its telemetry."},
               UnitKind::DURATION,
               s.pollPeriodS,
               POSITIVE);
    v.Flag({"poll_confirmed", "Whether these uplinks are confirmed ones."}, s.pollConfirmed);
}

void
VisitGatewayChoice(ScenarioVisitor& v, StrategyConfig& s)
{
    v.Texts({"gateway_names", "Gateways of sessions with `gateways` list."}, s.gatewayNames);
    v.Integer({"gateway_cover", "set-cover: gateways that reach each member, if as many do."},
              s.gatewayCover,
              1,
              4);
    v.Integer({"concurrent_sessions",
               "Sessions that send at the same time, over all waves; 0 for what the policy says."},
              s.concurrentSessions);
}

} // namespace

void
VisitStrategy(ScenarioVisitor& v, StrategyConfig& s)
{
    v.Text({"fec",
            "What follows the uncoded fragments. none: uncoded ones again; ts004: its parity "
            "fragments; rlnc-256: random combinations over GF(256); raptorq: RFC 6330; ideal: any "
            "as many fragments as the block has decode."},
           s.fec,
           {"none", "ts004", "rlnc-256", "raptorq", "ideal"});
    v.Text({"redundancy_from",
            "fixed: always `redundancy`; answers: from what members of earlier sessions at that "
            "data rate said they had lost, beginning with `redundancy`."},
           s.redundancyFrom,
           {"fixed", "answers"});
    v.Share({"redundancy_quantile", "answers: share of the members that the first pass serves."},
            s.redundancyQuantile);
    v.Integer({"parity_groups",
               "Parts in which the coded fragments of the first pass are sent, with a status "
               "request after each; the rest is not sent once nobody answers that it misses any."},
              s.parityGroups,
              1,
              1000);
    VisitGatewayChoice(v, s);
    VisitUnicast(v, s);
    v.Quantity({"delete_after",
                "The server forgets the multicast group so long after it has queued the first "
                "pass, sent or not; null for when it is done."},
               UnitKind::DURATION,
               s.deleteAfterS);
    v.Object({"ladder", "Policy LADDER."}, s.ladder, VisitLadder);
    v.Object({"carousel", "Policy CAROUSEL."}, s.carousel, VisitCarousel);
}

} // namespace ns3::iotfleet
