// SPDX-License-Identifier: GPL-2.0-only
#include "model/record/results-schema.h"

namespace ns3::iotfleet
{

std::string_view
ResultsSchemaText()
{
    return R"SQL(-- Results database of iot-fleet, version 1 (SQLite).
-- Every table is keyed by run_id. Times: seconds of simulated time since the start of the run.
-- Energy in J, positions in m, airtime in s. NULL means "does not apply" or "not known".
-- "Truth" is what happened in the simulated world; "believed" is what the operator could know from
-- the messages that arrived.

CREATE TABLE run (                   -- what was run, with what, and how it ended
  run_id INTEGER PRIMARY KEY,        -- 1, 2, ...
  scenario TEXT NOT NULL,            -- the scenario's name
  scenario_sha256 TEXT NOT NULL,     -- of the scenario text and of the files that it names
  scenario_json TEXT NOT NULL,       -- the scenario file as it was run
  variant TEXT NOT NULL,             -- label within a campaign; empty for a single run
  seed INTEGER NOT NULL,             -- seed of all random numbers
  rng_run INTEGER NOT NULL,          -- number of the independent repetition under that seed
  status TEXT NOT NULL CHECK (status IN ('ok', 'failed', 'interrupted')),
  devices INTEGER NOT NULL,          -- devices in the fleet
  sim_s REAL NOT NULL,               -- simulated time at the end
  wall_s REAL NOT NULL,              -- real time that the run took (differs between equal runs)
  events INTEGER NOT NULL,           -- simulator events executed
  peak_rss_bytes INTEGER NOT NULL,   -- largest resident memory (differs between equal runs)
  tool_version TEXT NOT NULL,        -- of iot-fleet
  ns3_version TEXT NOT NULL,         -- of ns-3
  started_at TEXT NOT NULL,          -- real date and time, ISO 8601, UTC (differs between runs)
  rollout_start_s REAL,              -- when the rollout might send its first message
  target_firmware TEXT,              -- version that the rollout installs
  zstd_version TEXT                  -- of the library that made the sizes of payloads
);

CREATE TABLE metric (                -- one number about the whole run (`iot-fleet schema metrics`)
  run_id INTEGER NOT NULL REFERENCES run,
  name TEXT NOT NULL,
  value REAL,                        -- NULL where it does not apply, never a made-up number
  unit TEXT NOT NULL,                -- "1" for counts and shares
  PRIMARY KEY (run_id, name)
) WITHOUT ROWID;

CREATE TABLE device (                -- one device at the end of the run
  run_id INTEGER NOT NULL REFERENCES run,
  device_id INTEGER NOT NULL,        -- 0, 1, ... in the order of the scenario
  name TEXT NOT NULL,
  grp TEXT NOT NULL,                 -- group of the scenario
  site TEXT NOT NULL,
  x_m REAL NOT NULL,                 -- position
  y_m REAL NOT NULL,
  profile TEXT NOT NULL,             -- device profile (microcontroller, radio, battery)
  data_rate INTEGER,                 -- uplink data rate at the end; NULL if it never joined
  enrolled_s REAL,                   -- first accepted join; NULL if never
  updated_s REAL,                    -- target image confirmed, truth; NULL if never
  firmware TEXT NOT NULL,            -- version that it runs, truth
  enrolment TEXT NOT NULL,           -- factory, joining, enrolled, revoked, retired
  update_state TEXT NOT NULL,        -- idle, notified, receiving, verifying, installing, trial,
                                     -- confirmed, rolled-back, failed
  health TEXT NOT NULL,              -- healthy, vulnerable, compromised, faulty, bricked; truth
  access TEXT NOT NULL,              -- level that the network enforces: none, full, restricted,
                                     -- blocked
  energy_j REAL NOT NULL,            -- drawn from the battery over the whole run
  rx_bytes INTEGER NOT NULL,         -- physical payload bytes received, multicast included
  tx_bytes INTEGER NOT NULL,         -- physical payload bytes sent
  fragments_received INTEGER,        -- different ones, coded included, that it received and could
                                     -- keep in its last session; NULL without a session
  believed_firmware TEXT,            -- version that it last reported; NULL if it never reported
  believed_health TEXT NOT NULL,     -- fine, suspect, quarantined, probation; as the operator
                                     -- sees it
  targeted INTEGER NOT NULL,         -- 1 if a wave of the rollout contained it
  wave INTEGER,                      -- that wave; NULL if none
  campaign_energy_j REAL,            -- above what it would have used without the campaign
  daily_energy_j REAL,               -- mean use per day without the campaign
  believed_update TEXT,              -- idle, targeted, set-up, received, updated, failed,
                                     -- unreported, went-back; as the operator sees it; NULL: no
                                     -- rollout
  PRIMARY KEY (run_id, device_id)
) WITHOUT ROWID;

CREATE TABLE transition (            -- steps of the devices' state machines, truth; filled only
  run_id INTEGER NOT NULL REFERENCES run, -- when the scenario asks for it (/record/transitions)
  t_s REAL NOT NULL,
  device_id INTEGER NOT NULL,
  machine TEXT NOT NULL,             -- enrolment, update, health, access
  from_state TEXT NOT NULL,
  to_state TEXT NOT NULL,
  cause TEXT NOT NULL
);

CREATE TABLE device_event (          -- the few instants that matter in a device's life, truth, in the
  run_id INTEGER NOT NULL REFERENCES run, -- order in which they happened (/record/events)
  t_s REAL NOT NULL,
  device_id INTEGER NOT NULL,
  event TEXT NOT NULL                -- enrolled, unenrolled, notified, received, updated, reverted,
                                     -- failed, rolled-back, withdrawn, compromised, faulty, bricked,
                                     -- recovered, quarantined, released
);

CREATE TABLE progress (              -- counts of devices at one instant
  run_id INTEGER NOT NULL REFERENCES run,
  t_s REAL NOT NULL,
  enrolled INTEGER NOT NULL,         -- truth
  updated INTEGER NOT NULL,          -- run the target image and have confirmed it, truth
  failed INTEGER NOT NULL,           -- update failed or rolled back, truth
  quarantined INTEGER NOT NULL,      -- held at a level below full access
  compromised INTEGER NOT NULL,      -- truth
  bricked INTEGER NOT NULL,          -- truth
  believed_updated INTEGER NOT NULL, -- reported the target image
  notified INTEGER,                  -- have answered or received a set-up message, truth
  received INTEGER,                  -- have the whole image, truth
  believed_enrolled INTEGER,         -- operator saw a join
  believed_failed INTEGER,           -- operator was told of a failure
  PRIMARY KEY (run_id, t_s)
) WITHOUT ROWID;

CREATE TABLE wave (                  -- one wave of the rollout, as the operator counted it
  run_id INTEGER NOT NULL REFERENCES run,
  wave INTEGER NOT NULL,             -- 1, 2, ...
  started_s REAL,                    -- NULL if it never started
  ended_s REAL,                      -- NULL if it was still open at the end
  targeted INTEGER NOT NULL,
  succeeded INTEGER NOT NULL,        -- reported success
  failed INTEGER NOT NULL,           -- reported failure
  unreported INTEGER NOT NULL,       -- silent until the time-out
  decision TEXT NOT NULL,            -- running, advance, finish, pause, abort, roll-back
  reason TEXT NOT NULL,              -- the sentence behind the decision
  name TEXT NOT NULL,                -- name in the scenario; may be empty
  PRIMARY KEY (run_id, wave)
) WITHOUT ROWID;

CREATE TABLE gateway (               -- one gateway over the whole run
  run_id INTEGER NOT NULL REFERENCES run,
  gateway_id INTEGER NOT NULL,       -- 0, 1, ... in the order of the scenario
  x_m REAL NOT NULL,
  y_m REAL NOT NULL,
  downlink_airtime_s REAL NOT NULL,  -- time that it transmitted
  uplink_airtime_s REAL NOT NULL,    -- airtime of the frames that it received
  frames_tx INTEGER NOT NULL,
  frames_rx INTEGER NOT NULL,
  frames_lost_collision INTEGER NOT NULL, -- strong enough but interfered with
  frames_lost_deaf INTEGER NOT NULL, -- it was transmitting, or all demodulators were busy
  duty_cycle_used REAL,              -- largest share of its legal hourly air used in any sub-band
  busiest_band TEXT,                 -- the sub-band of that share
  name TEXT NOT NULL,
  PRIMARY KEY (run_id, gateway_id)
) WITHOUT ROWID;

CREATE TABLE session (               -- one distribution session
  run_id INTEGER NOT NULL REFERENCES run,
  session_id INTEGER NOT NULL,       -- 0, 1, ...
  kind TEXT NOT NULL,                -- class-B, class-C (multicast) or unicast
  data_rate INTEGER,
  started_s REAL NOT NULL,           -- first fragment might be sent
  ended_s REAL,                      -- NULL if it was still open at the end
  fragments_sent INTEGER NOT NULL,   -- all of them, repair included
  devices INTEGER NOT NULL,          -- members
  completed INTEGER NOT NULL,        -- members that decoded the whole image, truth
  fragments_repair INTEGER,          -- sent after the first full pass
  wave INTEGER,                      -- wave of the rollout that it served
  first_fragment_s REAL,             -- first multicast fragment ended on the air; NULL for unicast
  last_fragment_s REAL,              -- last one, repair included
  gateways INTEGER,                  -- that carried its group; NULL for unicast
  airtime_s REAL NOT NULL,           -- of its group frames, all copies, and its unicast fragments
  believed_completed INTEGER NOT NULL, -- members that the operator took as complete at ended_s
  PRIMARY KEY (run_id, session_id)
) WITHOUT ROWID;

CREATE TABLE alarm (                 -- one alarm that the detector raised
  run_id INTEGER NOT NULL REFERENCES run,
  t_s REAL NOT NULL,
  device_id INTEGER NOT NULL,
  is_true INTEGER NOT NULL           -- 1 if the device was compromised, truth
);

CREATE TABLE quarantine (            -- one stay of a device in quarantine
  run_id INTEGER NOT NULL REFERENCES run,
  device_id INTEGER NOT NULL,
  entered_s REAL NOT NULL,
  level TEXT NOT NULL,               -- restricted, blocked, rekey
  released_s REAL,                   -- NULL if it was still inside at the end
  truly_compromised INTEGER NOT NULL, -- 1 if it was compromised on entry, truth
  PRIMARY KEY (run_id, device_id, entered_s)
) WITHOUT ROWID;

CREATE TABLE gateway_hour (          -- a gateway's air in one sub-band during one hour
  run_id INTEGER NOT NULL REFERENCES run,
  gateway_id INTEGER NOT NULL,
  hour INTEGER NOT NULL,             -- hour h covers [3600 h, 3600 (h + 1)) s; idle hours absent
  band TEXT NOT NULL,
  downlink_airtime_s REAL NOT NULL,
  limit_s REAL,                      -- legal airtime in an hour; NULL where no duty cycle applies
  PRIMARY KEY (run_id, gateway_id, hour, band)
) WITHOUT ROWID;

CREATE TABLE failure (               -- one failed attempt or lasting harm of one device, truth
  run_id INTEGER NOT NULL REFERENCES run,
  device_id INTEGER NOT NULL,
  t_s REAL NOT NULL,
  cause TEXT NOT NULL,               -- short stable word, e.g. fragments-missing
  detail TEXT NOT NULL               -- what was found, in words; may be empty
);

CREATE TABLE given_up (              -- the update service closed the case of a device that had not
                                     -- reported the image, belief; it may be tried again, and may
                                     -- report later
  run_id INTEGER NOT NULL REFERENCES run,
  device_id INTEGER NOT NULL,
  t_s REAL NOT NULL,
  belief TEXT NOT NULL,              -- failed or unreported
  cause TEXT NOT NULL,               -- short stable word, e.g. no-answer-to-set-up
  detail TEXT NOT NULL,              -- what the operator knows, in words; may be empty
  corrected_s REAL                   -- when the operator came to believe that the device runs the
                                     -- rollout's image after all; NULL if never
);

CREATE TABLE expectation (           -- what the scenario's `expect` asks of a metric
  run_id INTEGER NOT NULL REFERENCES run,
  metric TEXT NOT NULL,
  min REAL,                          -- in the metric's unit; NULL: no lower bound
  max REAL,                          -- in the metric's unit; NULL: no upper bound
  quantile REAL,                     -- over the runs, 0 to 1; NULL: every run is asked
  baseline TEXT,                     -- file with the mean to compare with, as the scenario names it
  tolerance REAL                     -- share of that mean; NULL: the file's own
);

CREATE TABLE cost (                  -- how much of one thing the run used up, and what it cost
  run_id INTEGER NOT NULL REFERENCES run,
  item TEXT NOT NULL,                -- air, legal-air, data, battery-years, batteries, truck-rolls,
                                     -- operator
  quantity REAL,                     -- NULL where it does not apply
  unit TEXT NOT NULL,                -- h, 1, MB (10^6 bytes), a (years)
  unit_price REAL,                   -- of the scenario's `costs`; NULL: not priced
  cost REAL,                         -- quantity times price; NULL: not priced
  currency TEXT,                     -- NULL: the scenario has no price at all
  PRIMARY KEY (run_id, item)
);

CREATE TABLE fault (                 -- what the faults of the scenario did, truth
  run_id INTEGER NOT NULL REFERENCES run,
  fault INTEGER NOT NULL,            -- 0, 1, ... in the order of /faults
  kind TEXT NOT NULL,
  subject TEXT NOT NULL,             -- gateway of an outage; else empty
  started_s REAL,                    -- of one outage, or first device struck; NULL if none was
  ended_s REAL,                      -- end of the outage; NULL for faults that strike devices
  devices INTEGER                    -- devices struck; NULL for outages
);

CREATE TABLE run_parameter (         -- what a campaign's grid set in a run's scenario
  run_id INTEGER NOT NULL REFERENCES run,
  pointer TEXT NOT NULL,             -- JSON pointer into the scenario
  value TEXT NOT NULL,               -- a text as it is, anything else as JSON
  PRIMARY KEY (run_id, pointer)
) WITHOUT ROWID;

CREATE TABLE run_failure (           -- why a run of a campaign has status failed and no results
  run_id INTEGER PRIMARY KEY REFERENCES run,
  reason TEXT NOT NULL
);

CREATE TABLE campaign (              -- the campaign that made the runs; empty for a single run
  run_id INTEGER PRIMARY KEY REFERENCES run, -- the first of its runs
  name TEXT NOT NULL,
  plan_sha256 TEXT NOT NULL,         -- of campaign file, scenarios, files they name, and versions
  campaign_json TEXT NOT NULL,       -- the campaign file
  variants INTEGER NOT NULL,         -- scenarios x variants x grid
  repetitions INTEGER NOT NULL,      -- runs of each
  stop_reason TEXT NOT NULL          -- why there are not more
);
)SQL";
}

} // namespace ns3::iotfleet
