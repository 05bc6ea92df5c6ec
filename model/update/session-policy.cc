// SPDX-License-Identifier: GPL-2.0-only
#include "model/update/session-policy.h"

#include <algorithm>
#include <map>
#include <stdexcept>
#include <string>

namespace ns3::iotfleet
{

namespace
{

/// All candidates that `belongs` accepts, as one session; they leave `waiting`.
template <class Belongs>
PlannedSession
Take(std::vector<Candidate>& waiting, uint8_t dataRate, Belongs belongs)
{
    PlannedSession session;
    session.dataRate = dataRate;
    for (const auto& candidate : waiting)
    {
        if (belongs(candidate))
        {
            session.devices.push_back(candidate.device);
        }
    }
    std::erase_if(waiting, belongs);
    return session;
}

constexpr auto ANY = [](const Candidate&) { return true; };

uint8_t
SlowestOf(const std::vector<Candidate>& candidates)
{
    return std::ranges::min_element(candidates, {}, &Candidate::dataRate)->dataRate;
}

/// One session at the slowest data rate that a member needs.
class AllPolicy : public SessionPolicy
{
  public:
    std::vector<PlannedSession> Next(std::vector<Candidate>& waiting, double) const override
    {
        const uint8_t dataRate = SlowestOf(waiting);
        return {Take(waiting, dataRate, ANY)};
    }
};

/// One session at the slowest data rate of the region, whatever the members hear.
class BaselinePolicy : public SessionPolicy
{
  public:
    explicit BaselinePolicy(uint8_t dataRate)
        : m_dataRate(dataRate)
    {
    }

    std::vector<PlannedSession> Next(std::vector<Candidate>& waiting, double) const override
    {
        return {Take(waiting, m_dataRate, ANY)};
    }

  private:
    uint8_t m_dataRate;
};

/// One session a data rate, fastest first, one after the other: least energy.
class FastestPolicy : public SessionPolicy
{
  public:
    std::vector<PlannedSession> Next(std::vector<Candidate>& waiting, double) const override
    {
        const uint8_t dataRate =
            std::ranges::max_element(waiting, {}, &Candidate::dataRate)->dataRate;
        return {Take(waiting, dataRate, [dataRate](const Candidate& candidate) {
            return candidate.dataRate == dataRate;
        })};
    }
};

/// As FASTEST, until devices have waited longer than the threshold: then all that are left at once.
class ThresholdPolicy : public FastestPolicy
{
  public:
    explicit ThresholdPolicy(double thresholdS)
        : m_thresholdS(thresholdS)
    {
    }

    std::vector<PlannedSession> Next(std::vector<Candidate>& waiting, double waitedS) const override
    {
        return waitedS > m_thresholdS ? AllPolicy().Next(waiting, waitedS)
                                      : FastestPolicy::Next(waiting, waitedS);
    }

  private:
    double m_thresholdS;
};

/// A session for each gateway, of the devices that it hears best, all at the same time.
class PerGatewayPolicy : public SessionPolicy
{
  public:
    std::vector<PlannedSession> Next(std::vector<Candidate>& waiting, double) const override
    {
        std::map<GatewayId, PlannedSession> sessions;
        for (const auto& candidate : waiting)
        {
            auto& session = sessions[candidate.gateway];
            session.dataRate = session.devices.empty()
                                   ? candidate.dataRate
                                   : std::min(session.dataRate, candidate.dataRate);
            session.devices.push_back(candidate.device);
        }
        waiting.clear();
        std::vector<PlannedSession> result;
        for (auto& [gateway, session] : sessions)
        {
            if (gateway != NO_GATEWAY)
            {
                session.gateways = {gateway};
            }
            result.push_back(std::move(session));
        }
        return result;
    }
};

/// One session of everybody, one data rate after the other, the fastest first: who hears fast ones
/// is done early, and nobody is set up twice (S. Borkotoky, arXiv 2508.10588).
class LadderPolicy : public SessionPolicy
{
  public:
    explicit LadderPolicy(std::optional<uint8_t> fastest)
        : m_fastest(fastest)
    {
    }

    std::vector<PlannedSession> Next(std::vector<Candidate>& waiting, double) const override
    {
        const uint8_t slowest = SlowestOf(waiting);
        const uint8_t heard = std::ranges::max_element(waiting, {}, &Candidate::dataRate)->dataRate;
        auto session = Take(waiting, slowest, ANY);
        for (int rate = std::max(slowest, m_fastest.value_or(heard)); rate >= slowest; --rate)
        {
            session.ladder.push_back(static_cast<uint8_t>(rate));
        }
        return {std::move(session)};
    }

  private:
    std::optional<uint8_t> m_fastest;
};

/// One endless session at the slowest data rate of those that were heard; the others may come.
class CarouselPolicy : public SessionPolicy
{
  public:
    std::vector<PlannedSession> Next(std::vector<Candidate>& waiting, double) const override
    {
        std::vector<Candidate> heard;
        std::ranges::copy_if(waiting, std::back_inserter(heard), [](const Candidate& candidate) {
            return candidate.gateway != NO_GATEWAY;
        });
        auto session = Take(waiting, SlowestOf(heard.empty() ? waiting : heard), ANY);
        session.carousel = true;
        return {std::move(session)};
    }
};

/// No multicast: each device gets its fragments alone, cut for its data rate.
class UnicastPolicy : public SessionPolicy
{
  public:
    std::vector<PlannedSession> Next(std::vector<Candidate>& waiting, double waitedS) const override
    {
        std::vector<PlannedSession> result;
        while (!waiting.empty())
        {
            result.push_back(FastestPolicy().Next(waiting, waitedS).front());
            result.back().unicast = true;
        }
        return result;
    }
};

} // namespace

std::vector<std::string_view>
SessionPolicyNames()
{
    return {"ALL",
            "BASELINE",
            "FASTEST",
            "THRESHOLD",
            "PER-GATEWAY",
            "LADDER",
            "CAROUSEL",
            "UNICAST"};
}

std::unique_ptr<SessionPolicy>
MakeSessionPolicy(std::string_view name,
                  double thresholdS,
                  uint8_t slowestDataRate,
                  std::optional<uint8_t> fastestDataRate)
{
    if (name == "ALL")
    {
        return std::make_unique<AllPolicy>();
    }
    if (name == "BASELINE")
    {
        return std::make_unique<BaselinePolicy>(slowestDataRate);
    }
    if (name == "FASTEST")
    {
        return std::make_unique<FastestPolicy>();
    }
    if (name == "THRESHOLD")
    {
        return std::make_unique<ThresholdPolicy>(thresholdS);
    }
    if (name == "PER-GATEWAY")
    {
        return std::make_unique<PerGatewayPolicy>();
    }
    if (name == "LADDER")
    {
        return std::make_unique<LadderPolicy>(fastestDataRate);
    }
    if (name == "CAROUSEL")
    {
        return std::make_unique<CarouselPolicy>();
    }
    if (name == "UNICAST")
    {
        return std::make_unique<UnicastPolicy>();
    }
    throw std::invalid_argument("there is no session policy \"" + std::string(name) + "\"");
}

} // namespace ns3::iotfleet
