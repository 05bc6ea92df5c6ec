#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Runs the comparisons of doc/validation.md and writes their tables anew.

    tools/make-validation-manual.py PROGRAM SHARED

PROGRAM is a built iot-fleet; SHARED the folder that holds "validation" with the measurements, which
are not part of the project. Takes about a minute.
"""

import csv
import json
import pathlib
import sqlite3
import struct
import subprocess
import sys
import tempfile

import leave_one_rate_out

ROOT = pathlib.Path(__file__).resolve().parent.parent
PAGE = ROOT / "doc" / "validation.md"
SCENARIOS = ROOT / "scenarios"
RUNS = 20
FIRST_GROUP_ADDRESS = 0xFF000001
COMPLETE = ("SELECT min(t_s) FROM transition WHERE machine = 'update' AND to_state = 'verifying'"
            " AND device_id = ")


class Bench:
    """Runs scenarios and asks their databases."""

    def __init__(self, program, shared):
        self.program = program
        self.validation = pathlib.Path(shared) / "validation"
        self.folder = tempfile.TemporaryDirectory()

    def run(self, scenario, sets, number=1, gateway="lab"):
        database = pathlib.Path(self.folder.name) / "run.db"
        self.capture = pathlib.Path(self.folder.name) / "run.pcap"
        record = {"transitions": True, "pcap": {"gateway": gateway, "file": str(self.capture)}}
        options = [part for one in [*sets, "/record=" + json.dumps(record)] for part in ("--set", one)]
        subprocess.run([self.program, "run", scenario, "-q", "-o", database, "--run", str(number), *options],
                       check=True)
        return sqlite3.connect(database)

    def run_tree(self, tree):
        scenario = pathlib.Path(self.folder.name) / "scenario.json"
        scenario.write_text(json.dumps(tree))
        return self.run(scenario, [], gateway="g")

    def sessions(self):
        """Time from the start of a session's first fragment to that of its last, by session."""
        data = self.capture.read_bytes()
        times = {}
        at = 24
        while at < len(data):
            seconds, micros, size = struct.unpack_from("<III", data, at)
            header = struct.unpack_from(">H", data, at + 16 + 2)[0]
            frame = data[at + 16 + header:at + 16 + size]
            address = struct.unpack_from("<I", frame, 1)[0]
            if frame[0] >> 5 == 3 and address >= FIRST_GROUP_ADDRESS and len(frame) > 20:
                times.setdefault(address - FIRST_GROUP_ADDRESS, []).append(seconds + micros / 1e6)
            at += 16 + size
        return {session: max(found) - min(found) for session, found in times.items()}

    def rows(self, name, **wanted):
        with open(self.validation / name, newline="") as file:
            return [row for row in csv.DictReader(file)
                    if all(row[key] == str(value) for key, value in wanted.items())]


def number(database, query):
    return database.execute(query).fetchone()[0]


def mean(values):
    values = list(values)
    return sum(values) / len(values)


def column(rows, name):
    return mean(float(row[name]) for row in rows if row[name])


def error(predicted, measured):
    return f"{100 * (predicted / measured - 1):+.2f} %"


def with_error(predicted, unit, measured):
    return f"{predicted:.2f} {unit} | " + (error(predicted, measured) if measured else "-")


def single_board(bench):
    lines = ["| data rate | session, first to last fragment | error | first uplink to complete | error | "
             "energy, mean of 20 runs | error |", "|---|---|---|---|---|---|---|"]
    for rate in range(6):
        sets = [f"/fleet/groups/0/data_rate={rate}", f"/distribution/data_rate={rate}"]
        runs = []
        for run in range(1, RUNS + 1):
            database = bench.run(SCENARIOS / "testbed-single.json", sets, run)
            runs.append([bench.sessions()[0], number(database, COMPLETE + "0"),
                         number(database, "SELECT energy_j FROM device")])
        real = bench.rows("fuotaa_single_real_runs.csv", dr=rate)
        summary = bench.rows("fuotaa_single_summary.csv", dr=rate)
        measured = [column(real, "first_to_last_frag_s"), column(real, "t_complete_s"),
                    column(summary, "real_energy_J_mean")] if real else [None] * 3
        predicted = [mean(values) for values in zip(*runs)]
        lines.append(f"| DR{rate} | " + " | ".join(map(with_error, predicted, ("s", "s", "J"), measured)) + " |")
    return lines


POLICIES = {"ALL": ["/distribution/policy=ALL"],
            "BASELINE": ["/distribution/policy=BASELINE"],
            "FASTEST": ["/distribution/policy=FASTEST"],
            "THRESHOLD3": ["/distribution/policy=THRESHOLD", '/distribution/threshold="2000 s"']}
BOARDS = [5, 4, 3, 2]


def four_boards(bench):
    lines = ["| policy | sessions | worst session duration | worst completion of a board | last board complete | energy of all, predicted |",
             "|---|---|---|---|---|---|"]
    for policy, sets in POLICIES.items():
        real = {int(row["device_dr"]): row
                for row in bench.rows("fuotaa_4ed_policies.csv", policy=policy, source="real")}
        first = [f'/fleet/groups/{i}/telemetry/first="{real[rate]["t_first_uplink_s"]} s"'
                 for i, rate in enumerate(BOARDS)]
        database = bench.run(SCENARIOS / "testbed-four-devices.json", [*sets, *first])
        measured = {int(row["session_dr"]): float(row["t_complete_s"]) - float(row["t_first_frag_s"])
                    for row in real.values()}
        session_of = dict(database.execute("SELECT data_rate, session_id FROM session").fetchall())
        durations = bench.sessions()
        sessions = [durations[session_of[rate]] / seconds for rate, seconds in measured.items()]
        times = {rate: number(database, COMPLETE + str(i)) for i, rate in enumerate(BOARDS)}
        boards = [times[rate] / float(real[rate]["t_complete_s"]) for rate in BOARDS]
        worst = [max(ratios, key=lambda ratio: abs(ratio - 1)) for ratios in (sessions, boards)]
        energy = number(database, "SELECT sum(campaign_energy_j) FROM device")
        lines.append(f"| {policy} | {len(sessions)} | {error(worst[0], 1)} | {error(worst[1], 1)} | "
                     f"{max(times.values()) / 60:.1f} min | {energy:.1f} J |")
    return lines


def server_times(rows, usual_s):
    """First uplink and completion of boards by the server's clock, and how far ahead theirs were.

    Windows open by a board's own clock, fragments come by the server's: the wait for the first one tells.
    """
    ahead = {rate: float(row["t_first_frag_s"]) - float(row["t_classc_open_s"]) - usual_s
             for rate, row in rows.items()}
    first, complete = ({rate: float(row[name]) - ahead[rate] for rate, row in rows.items()}
                       for name in ("t_first_uplink_s", "t_complete_s"))
    zero = min(first.values())
    return ahead, {rate: t - zero for rate, t in first.items()}, {rate: t - zero for rate, t in complete.items()}


def clocks(bench):
    def real(policy):
        return {int(row["device_dr"]): row
                for row in bench.rows("fuotaa_4ed_policies.csv", policy=policy, source="real")}

    def completions(first):
        sets = POLICIES["THRESHOLD3"] + [f'/fleet/groups/{i}/telemetry/first="{first[rate]} s"'
                                         for i, rate in enumerate(BOARDS)]
        database = bench.run(SCENARIOS / "testbed-four-devices.json", sets)
        return {rate: number(database, COMPLETE + str(i)) for i, rate in enumerate(BOARDS)}

    right = real("FASTEST").values()  # clocks that were right
    usual_s = mean(float(row["t_first_frag_s"]) - float(row["t_classc_open_s"]) for row in right)
    rows = real("THRESHOLD3")
    ahead, first, complete = server_times(rows, usual_s)
    by_boards = completions({rate: float(row["t_first_uplink_s"]) for rate, row in rows.items()})
    by_server = completions({rate: round(t, 3) for rate, t in first.items()})
    lines = ["| board | its clock ahead | complete, its clock | predicted | complete, server's clock | predicted |",
             "|---|---|---|---|---|---|"]
    for rate in BOARDS:
        own = float(rows[rate]["t_complete_s"])
        lines.append(f"| DR{rate} | {ahead[rate]:.1f} s | {own:.1f} s | {error(by_boards[rate], own)} | "
                     f"{complete[rate]:.1f} s | {error(by_server[rate], complete[rate])} |")
    return lines


def session_tree(devices, image, fragment, rate, redundancy, **more):
    """Devices beside one gateway that get an image once, without repair."""
    return {
        "schema": 1, "duration": "3 d",
        "fleet": {"groups": [{"name": "d", "count": devices, "activated": True, "data_rate": rate,
                              "placement": {"kind": "disc", "radius": "50 m"},
                              "telemetry": {"period": "30 min", "pause_in_session": True}}]},
        "access": {"lorawan": {"gateways": [{"name": "g"}], "backhaul_model": "delay",
                               "device_duty_cycle": False, "adr": False,
                               "pacing": {"tick": "1 s", "tick_phase": "10 s"}, # until slow clocks, too, have begun to listen
                               "propagation": more.get("propagation", {})}},
        "firmware": {"images": [{"version": "2", "size": f"{image} B", "manifest": False}]},
        "distribution": {"data_rate": rate, "fragment_size": f"{fragment} B", "redundancy": redundancy,
                         "ts004": more.get("ts004", "2.0.0"), "status_request": False, "close_when_done": False,
                         "setup_timeout": "2 d", "setup_retries": 100, "start_margin": "12 h",
                         "repair": {"multicast_rounds": 0, "unicast": False}},
        "rollout": {"start": "1 h"}}


def closed_form(bench):
    lines = ["| data rate | redundancy | fragments | session | error |", "|---|---|---|---|---|"]
    for rate in (0, 3, 5):
        for redundancy in (0, 30, 100):
            row = bench.rows("lorawan_ts004_closed_form.csv", region="EU868", dr=rate, firmware_B=2000,
                             redundancy_pct=redundancy, duty_cycle="0.1")[0]
            tree = session_tree(1, 2000, row["frag_size_B"], rate, redundancy / 100)
            database = bench.run_tree(tree)
            sent = number(database, "SELECT fragments_sent FROM session")
            assert sent == int(row["n_sent"]), (sent, row)
            # The table counts from the start of the first fragment to the end of the last.
            interval, airtime = float(row["toa_frag_s"]) / 0.1, float(row["toa_frag_s"])
            expected = (sent - 1) * interval
            seconds = bench.sessions()[0]
            lines.append(f"| DR{rate} | {redundancy} % | {sent} | {seconds + airtime:.1f} s | "
                         f"{error(seconds, expected)} |")
    return lines


DEVICES = 2000


def decoding(bench):
    lines = ["| TS004 | redundancy | loss | decoded, table | decoded, simulated | difference in standard errors |",
             "|---|---|---|---|---|---|"]
    for variant, version in (("v1_draws", "1.0.0"), ("v2_distinct", "2.0.0")):
        for redundancy, loss in ((10, 5), (20, 10), (30, 15), (30, 20)):
            row = bench.rows("ts004_success_vs_loss.csv", variant=variant, M=52, redundancy_pct=redundancy,
                             loss_pct=loss)[0]
            tree = session_tree(DEVICES, 52 * 40, 40, 3, redundancy / 100, ts004=version,
                                propagation={"frame_loss": loss / 100})
            database = bench.run_tree(tree)
            count = "SELECT count(DISTINCT device_id) FROM transition WHERE machine = 'update' AND to_state = "
            took_part = number(database, count + "'receiving'")
            share = number(database, count + "'verifying'") / took_part
            table, trials = float(row["P_success"]), int(row["trials"])
            spread = (table * (1 - table) * (1 / trials + 1 / took_part)) ** 0.5
            lines.append(f"| {version} | {redundancy} % | {loss} % | {table:.3f} | {share:.3f} | "
                         f"{(share - table) / spread:+.1f} |")
    return lines


def from_measurements(table):
    return lambda bench: table(bench.validation.parent)


TABLES = {"single board": single_board, "four boards": four_boards, "clocks": clocks, "closed form": closed_form,
          "decoding": decoding, "leave one out": from_measurements(leave_one_rate_out.pacing),
          "unseen rates": from_measurements(leave_one_rate_out.unseen),
          "experiment": from_measurements(leave_one_rate_out.experiment)}


def main():
    bench = Bench(pathlib.Path(sys.argv[1]).resolve(), sys.argv[2])
    wanted = sys.argv[3:] or TABLES
    for name in wanted:
        lines = TABLES[name](bench)
        print("\n".join(lines))
        text = PAGE.read_text()
        begin, end = f"<!-- generated: {name} -->\n", "<!-- end of generated -->"
        start = text.index(begin) + len(begin)
        PAGE.write_text(text[:start] + "\n" + "\n".join(lines) + "\n\n" + text[text.index(end, start):])


if __name__ == "__main__":
    main()
