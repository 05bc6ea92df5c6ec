// SPDX-License-Identifier: GPL-2.0-only
#include "analysis/check/invariants.h"

#include "analysis/format.h"

#include <array>
#include <string>

namespace ns3::iotfleet::analysis
{

namespace
{

constexpr std::string_view WITHOUT_DEVICES =
    "SELECT 'the run has no rows of devices' WHERE NOT EXISTS "
    "(SELECT 1 FROM device WHERE run_id = ?1)";

/// A device that lies tells the operator what is not so, and one whose update is undone later
/// (fault library) was right when it reported.
constexpr std::string_view WITH_LIARS =
    "SELECT 'devices of the scenario lie, or lose an update that they had reported' FROM run "
    "WHERE run_id = ?1 AND json_valid(scenario_json) AND EXISTS (SELECT 1 FROM "
    "json_tree(scenario_json) WHERE (key = 'lies' AND value = 1) OR (key = 'kind' AND "
    "fullkey LIKE '$.faults%' AND value IN ('lying-reporter', 'flaky-reporter', 'slow-leak')))";

constexpr std::string_view WITHOUT_RULE =
    "SELECT 'the scenario sets duty_cycle_rule to none' FROM run WHERE run_id = ?1 AND "
    "json_valid(scenario_json) AND "
    "json_extract(scenario_json, '$.access.lorawan.duty_cycle_rule') = 'none'";

constexpr std::string_view WITHOUT_EVENTS =
    "SELECT 'the run keeps no events of its devices' WHERE NOT EXISTS "
    "(SELECT 1 FROM device_event WHERE run_id = ?1)";

/// Stretches of time (device d, from b to e) in which devices were compromised, and in which they
/// were held, and the time that both have in common.
constexpr std::string_view QUARANTINE_BOOKS =
    "WITH health AS (SELECT device_id AS d, event, t_s AS b, ifnull(lead(t_s) OVER (PARTITION BY "
    "device_id ORDER BY rowid), (SELECT sim_s FROM run WHERE run_id = ?1)) AS e FROM device_event "
    "WHERE run_id = ?1 AND event IN ('compromised', 'recovered', 'faulty', 'bricked')), bad AS "
    "(SELECT d, b, e FROM health WHERE event = 'compromised'), held AS (SELECT device_id AS d, "
    "entered_s AS b, ifnull(released_s, sim_s) AS e FROM quarantine JOIN run USING (run_id) WHERE "
    "run_id = ?1), both(s) AS (SELECT total(min(bad.e, held.e) - max(bad.b, held.b)) FROM bad JOIN "
    "held USING (d) WHERE min(bad.e, held.e) > max(bad.b, held.b)), counted(name, n) AS (SELECT "
    "'quarantined_total', count(DISTINCT d) FROM held UNION ALL SELECT "
    "'false_quarantine_device_hours', (total(e - b) - (SELECT s FROM both)) / 3600 FROM held UNION "
    "ALL SELECT 'missed_compromised_device_hours', (total(e - b) - (SELECT s FROM both)) / 3600 "
    "FROM bad UNION ALL SELECT 'remediated_share', avg(health = 'healthy') FROM device WHERE "
    "run_id = ?1 AND device_id IN (SELECT d FROM bad)) SELECT name || ' is ' || ifnull(value, "
    "'NULL') || ', tables say ' || ifnull(n, 'NULL') FROM metric JOIN counted USING (name) WHERE "
    "run_id = ?1 AND (abs(value - n) > 1e-6 * (1 + n) OR (name = 'remediated_share' AND (value IS "
    "NULL) <> (n IS NULL)))";

/// Air beyond an hour's share. The rule "hour" keeps the law to the letter; with starts that are
/// time on air / share apart ("period", "pause") an hour can hold one frame more than the share,
/// and no frame that EU868 carries is longer than 3 s (SF12, 51 bytes of payload: 2.8 s).
constexpr std::string_view BEYOND_THE_LAW =
    "WITH slack(s) AS (SELECT CASE json_extract(scenario_json, "
    "'$.access.lorawan.duty_cycle_rule') WHEN 'hour' THEN 1e-3 ELSE 3 END FROM run WHERE run_id = "
    "?1 AND json_valid(scenario_json)), share(id, limit_s) AS (SELECT gateway_id, min(limit_s) "
    "FROM gateway_hour JOIN gateway USING (run_id, gateway_id) WHERE run_id = ?1 AND band = "
    "busiest_band GROUP BY gateway_id) SELECT 'gateway ' || name || ' used ' || duty_cycle_used || "
    "' of an hour''s share' FROM gateway JOIN share ON id = gateway_id JOIN slack WHERE run_id = "
    "?1 AND (duty_cycle_used - 1) * limit_s > s UNION ALL SELECT 'gateway ' || gateway_id || ', "
    "hour ' || hour || ', band ' || band || ': ' || downlink_airtime_s || ' s of ' || limit_s FROM "
    "gateway_hour JOIN slack WHERE run_id = ?1 AND downlink_airtime_s > limit_s + s UNION ALL "
    "SELECT 'max_duty_cycle_used is ' || value || ', gateways say ' || most FROM metric JOIN "
    "(SELECT max(duty_cycle_used) AS most FROM gateway WHERE run_id = ?1) WHERE run_id = ?1 AND "
    "name = 'max_duty_cycle_used' AND value <> most";

/// A device tells its image as soon as it runs it, before its trial is over, and is no longer
/// updated in truth once it takes an older image: but nobody reports what it never received.
constexpr std::string_view AHEAD_OF_REPORTS =
    "SELECT 'at ' || t_s || ' s ' || believed_updated || ' devices are believed updated, and ' || "
    "updated || ' are' FROM progress AS p WHERE run_id = ?1 AND believed_updated > updated AND "
    "(NOT EXISTS (SELECT 1 FROM device_event WHERE run_id = ?1) OR believed_updated > (SELECT "
    "count(DISTINCT device_id) FROM device_event AS e WHERE e.run_id = ?1 AND e.event IN "
    "('received', 'updated') AND e.t_s <= p.t_s)) UNION ALL SELECT 'device ' || name || ' is "
    "believed updated and never was' FROM device WHERE run_id = ?1 AND believed_update = "
    "'updated' AND updated_s IS NULL";

constexpr std::array INVARIANTS{
    Invariant{"no device is lost",
              WITHOUT_DEVICES,
              "SELECT devices || ' devices, ' || n || ' in known states of enrolment' FROM run, "
              "(SELECT count(*) AS n FROM device WHERE run_id = ?1 AND enrolment IN ('factory', "
              "'joining', 'enrolled', 'revoked', 'retired')) WHERE run_id = ?1 AND devices <> n "
              "UNION ALL SELECT 'metric devices_total is ' || value FROM metric JOIN run USING "
              "(run_id) WHERE run_id = ?1 AND name = 'devices_total' AND value <> devices"},
    Invariant{"metrics count what the device rows say",
              WITHOUT_DEVICES,
              "WITH counted(name, n) AS (SELECT 'devices_enrolled', sum(enrolment = 'enrolled') "
              "FROM device WHERE run_id = ?1 UNION ALL SELECT 'devices_bricked', sum(health = "
              "'bricked') FROM device WHERE run_id = ?1 UNION ALL SELECT 'devices_failed', "
              "sum(update_state IN ('failed', 'rolled-back')) FROM device WHERE run_id = ?1 UNION "
              "ALL SELECT 'devices_targeted', sum(targeted) FROM device WHERE run_id = ?1 UNION "
              "ALL SELECT 'devices_believed_updated', sum(believed_update = 'updated') FROM device "
              "WHERE run_id = ?1) SELECT name || ' is ' || value || ', rows say ' || n FROM metric "
              "JOIN counted USING (name) WHERE run_id = ?1 AND value <> n"},
    Invariant{"progress ends at the metrics",
              "",
              "WITH last AS (SELECT * FROM progress WHERE run_id = ?1 ORDER BY t_s DESC LIMIT 1), "
              "ends(name, n) AS (SELECT 'devices_enrolled', enrolled FROM last UNION ALL SELECT "
              "'devices_updated', updated FROM last UNION ALL SELECT 'devices_bricked', bricked "
              "FROM last UNION ALL SELECT 'devices_believed_updated', believed_updated FROM last "
              "UNION ALL SELECT 'compromised_final', compromised FROM last) SELECT name || ' is ' "
              "|| value || ', progress ends at ' || n FROM metric JOIN ends USING (name) WHERE "
              "run_id = ?1 AND value <> n"},
    Invariant{"no count exceeds the fleet",
              "",
              "SELECT 'at ' || t_s || ' s' FROM progress JOIN run USING (run_id) WHERE run_id = ?1 "
              "AND (max(enrolled, updated, failed, quarantined, compromised, bricked, "
              "believed_updated, ifnull(notified, 0), ifnull(received, 0), "
              "ifnull(believed_enrolled, 0), ifnull(believed_failed, 0)) > devices OR "
              "min(enrolled, updated, failed, quarantined, compromised, bricked, "
              "believed_updated) < 0)"},
    Invariant{"belief is never ahead of what was reported", WITH_LIARS, AHEAD_OF_REPORTS},
    Invariant{"the air is within the law", WITHOUT_RULE, BEYOND_THE_LAW},
    Invariant{"gateways' hours add up to their airtime",
              "",
              "SELECT 'gateway ' || g.name || ' sent ' || g.downlink_airtime_s || ' s, its hours "
              "say ' || total(h.downlink_airtime_s) FROM gateway g LEFT JOIN gateway_hour h USING "
              "(run_id, gateway_id) WHERE g.run_id = ?1 GROUP BY gateway_id HAVING "
              "abs(g.downlink_airtime_s - total(h.downlink_airtime_s)) > 1e-6 * "
              "(1 + g.downlink_airtime_s)"},
    Invariant{"energy is never negative",
              "",
              "SELECT 'device ' || name FROM device WHERE run_id = ?1 AND (energy_j < 0 OR "
              "campaign_energy_j < 0 OR daily_energy_j < 0 OR campaign_energy_j > energy_j * "
              "1.000001) UNION ALL SELECT name || ' is ' || value FROM metric WHERE run_id = ?1 "
              "AND unit = 'J' AND value < 0"},
    Invariant{"waves and sessions end with at most those they began with",
              "",
              "SELECT 'wave ' || wave FROM wave WHERE run_id = ?1 AND (succeeded + failed + "
              "unreported > targeted OR ended_s < started_s) UNION ALL SELECT 'session ' || "
              "session_id FROM session WHERE run_id = ?1 AND (completed > devices OR "
              "believed_completed > devices OR "
              "fragments_repair > fragments_sent OR ended_s < started_s)"},
    Invariant{"nothing happens outside the run",
              "",
              "SELECT 'device ' || name FROM device JOIN run USING (run_id) WHERE run_id = ?1 AND "
              "(enrolled_s < 0 OR enrolled_s > sim_s * 1.0000001 OR updated_s < 0 OR updated_s > "
              "sim_s * 1.0000001) UNION ALL SELECT 'progress at ' || t_s || ' s' FROM progress "
              "JOIN run USING (run_id) WHERE run_id = ?1 AND (t_s < 0 OR t_s > sim_s + 1e-6)"},
    Invariant{"quantiles are in order and shares are shares",
              "",
              "WITH t(rank, value) AS (SELECT CASE name WHEN 'time_to_50_updated_s' THEN 1 WHEN "
              "'time_to_95_updated_s' THEN 2 WHEN 'time_to_99_updated_s' THEN 3 ELSE 4 END, value "
              "FROM metric WHERE run_id = ?1 AND name IN ('time_to_50_updated_s', "
              "'time_to_95_updated_s', 'time_to_99_updated_s', 'time_to_all_updated_s')) SELECT "
              "'an earlier share was reached later: ' || a.value || ' s, ' || b.value || ' s' FROM "
              "t a JOIN t b ON a.rank < b.rank WHERE a.value > b.value OR (a.value IS NULL AND "
              "b.value IS NOT NULL) UNION ALL SELECT name || ' is ' || value FROM metric WHERE "
              "run_id = ?1 AND name LIKE '%\\_share%' ESCAPE '\\' AND (value < 0 OR value > 1)"},
    Invariant{"quarantine's books are those of its stays", WITHOUT_EVENTS, QUARANTINE_BOOKS},
    Invariant{
        "who is given up has a cause",
        WITHOUT_DEVICES,
        "SELECT 'device ' || name || ' is believed failed without one' FROM device WHERE "
        "run_id = ?1 AND believed_update = 'failed' AND device_id NOT IN (SELECT device_id FROM "
        "given_up WHERE run_id = ?1 AND belief = 'failed') "
        "UNION ALL SELECT 'device ' || device_id || ' ' || belief FROM given_up WHERE "
        "run_id = ?1 AND cause = ''"},
    Invariant{"costs are quantity times price",
              "",
              "SELECT item FROM cost WHERE run_id = ?1 AND (quantity < 0 OR (cost IS NULL) <> "
              "(quantity IS NULL OR unit_price IS NULL) OR abs(cost - quantity * unit_price) > "
              "1e-9 * (1 + cost)) UNION ALL SELECT 'the sum' FROM metric WHERE run_id = ?1 AND "
              "name = 'cost_total' AND abs(value - (SELECT sum(cost) FROM cost WHERE run_id = ?1)) "
              "> 1e-9 * (1 + value)"},
};

/// The first text that a query gives, and how many there are.
std::pair<std::string, uint64_t>
FirstOf(const ResultsReader& reader, std::string_view sql, int64_t runId)
{
    SqliteQuery query(reader.GetFile(), std::string(sql), runId);
    std::pair<std::string, uint64_t> found;
    while (query.Next())
    {
        std::string text;
        query.Read(text);
        if (found.second++ == 0)
        {
            found.first = text;
        }
    }
    return found;
}

CheckResult
CheckOne(const ResultsReader& reader, std::span<const int64_t> runs, const Invariant& invariant)
{
    CheckResult result{std::string(invariant.name), CheckOutcome::PASSED, ""};
    size_t checked = 0;
    std::string reason;
    for (const int64_t runId : runs)
    {
        if (!invariant.unless.empty())
        {
            const auto [why, count] = FirstOf(reader, invariant.unless, runId);
            if (count > 0)
            {
                reason = why;
                continue;
            }
        }
        ++checked;
        const auto [breach, count] = FirstOf(reader, invariant.breaches, runId);
        if (count > 0)
        {
            result.outcome = CheckOutcome::FAILED;
            result.message = "run_id " + std::to_string(runId) + ": " + breach +
                             (count > 1 ? ", and " + FormatCount(count - 1) + " more" : "");
            return result;
        }
    }
    if (checked == 0)
    {
        result.outcome = CheckOutcome::SKIPPED;
        result.message = runs.empty() ? "no run has finished" : reason;
    }
    return result;
}

} // namespace

std::span<const Invariant>
Invariants()
{
    return INVARIANTS;
}

void
CheckInvariants(const ResultsReader& reader,
                std::span<const int64_t> runs,
                std::vector<CheckResult>& results)
{
    for (const Invariant& invariant : INVARIANTS)
    {
        results.push_back(CheckOne(reader, runs, invariant));
    }
}

} // namespace ns3::iotfleet::analysis
