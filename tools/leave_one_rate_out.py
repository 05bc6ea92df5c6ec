#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""How much of the testbed's pacing rule is found, and how much is fitted.

    tools/leave_one_rate_out.py SHARED

Finds the rule from the fragments of all measured data rates but one and predicts that one. SHARED
is the folder that holds "validation". Uses nothing of the simulator. A rule is a multiple of an
estimate of the time on air; it fits a session if some phase of the server's loop explains the
arrival of every fragment. make-validation-manual.py puts what `tables` gives into doc/validation.md.
"""

import csv
import itertools
import math
import pathlib
import sys

RATES = (0, 2, 3, 5)
SPREADING = {0: 12, 1: 11, 2: 10, 3: 9, 4: 8, 5: 7}
PAYLOAD = {0: 39, 1: 39, 2: 39, 3: 110, 4: 219, 5: 230}
FRAGMENTS = {0: 52, 1: 52, 2: 52, 3: 19, 4: 10, 5: 9}
JITTER_S = 0.012  # of the way from the server to the board's clock
TICK_S = 1.0035   # long enough for every tick that was seen
USUAL_TAIL_S = 200  # one trace ran on for four minutes; its authors noted the energy up to the usual end


def rows(shared, name):
    with open(pathlib.Path(shared) / "validation" / name, newline="") as file:
        return list(csv.DictReader(file))


def arrivals(shared):
    """By data rate: a list of runs, each a list of (fragment, seconds)."""
    runs = {rate: {} for rate in RATES}
    for row in rows(shared, "fuotaa_single_real_fragments.csv"):
        runs[int(row["dr"])].setdefault(row["sample"], []).append(
            (int(row["mc_fcnt"]), float(row["t_since_first_uplink_s"])))
    return {rate: list(found.values()) for rate, found in runs.items()}


def airtime(rate, size, ldro, crc, explicit, coding):
    """Seconds; the formula of the LoRa data sheets."""
    spreading = SPREADING[rate]
    optimised = spreading >= 11 if ldro is None else ldro
    bits = 8 * size - 4 * spreading + 28 + 16 * crc - 20 * (not explicit)
    blocks = max(math.ceil(bits / (4 * (spreading - 2 * optimised))), 0)
    return (8 + 4.25 + 8 + blocks * (coding + 4)) * 2 ** spreading / 125e3


RULES = list(itertools.product(range(25), (False, True, None), (False, True), (True, False), (1, 2, 3, 4),
                               (8, 9, 9.5, 10, 11, 12)))


def spacing(rule, rate):
    extra, ldro, crc, explicit, coding, factor = rule
    return factor * airtime(rate, PAYLOAD[rate] + extra, ldro, crc, explicit, coding)


def possible(run):
    """Smallest and largest spacing with which some phase explains every arrival."""
    first, begin = run[0]
    low, high = math.inf, -math.inf
    for phase in range(0, 1005, 5):
        ahead = phase / 1000
        least = max((at - begin - TICK_S - JITTER_S + ahead) / (n - first) for n, at in run[1:])
        most = min((at - begin + JITTER_S + ahead) / (n - first) for n, at in run[1:])
        if least <= most:
            low, high = min(low, least), max(high, most)
    return low, high


def ticks(runs, rate):
    """(ticks a fragment, mean length of a tick) of a data rate."""
    lengths = [(b - a) / round((b - a) / 1.003) for run in runs[rate] for (_, a), (_, b) in zip(run, run[1:])]
    counts = [round((b - a) / 1.003) for run in runs[rate] for (_, a), (_, b) in zip(run, run[1:])]
    return sum(counts) / len(counts), sum(lengths) / len(lengths)


def line(points):
    """Least squares of y = a + b x."""
    n, sx, sy = len(points), sum(x for x, _ in points), sum(y for _, y in points)
    sxx, sxy = sum(x * x for x, _ in points), sum(x * y for x, y in points)
    slope = (n * sxy - sx * sy) / (n * sxx - sx * sx)
    return (sy - slope * sx) / n, slope


def predict(runs, left):
    """Rules that explain all data rates but `left`, and the spacings that they give there."""
    spans = {rate: [possible(run) for run in runs[rate]] for rate in RATES if rate != left}
    span = {rate: (max(low for low, _ in found), min(high for _, high in found)) for rate, found in spans.items()}
    rules = [rule for rule in RULES if all(low <= spacing(rule, rate) <= high for rate, (low, high) in span.items())]
    look, send = line([(1 / count, length) for count, length in (ticks(runs, rate) for rate in span)])
    return rules, (look, send)


def distinct(values):
    return sorted({round(value, 3) for value in values})


def pacing(shared):
    runs = arrivals(shared)
    lines = ["| left out | rules that fit the rest | session predicted | session measured | error | tick predicted | tick measured |",
             "|---|---|---|---|---|---|---|"]
    for left in RATES:
        rules, (look, send) = predict(runs, left)
        sessions = distinct(spacing(rule, left) * (FRAGMENTS[left] - 1) for rule in rules)
        whole = [run for run in runs[left] if len(run) == FRAGMENTS[left]]
        measured = sum(run[-1][1] - run[0][1] for run in whole) / len(whole)
        count, length = ticks(runs, left)
        errors = " or ".join(f"{100 * (session / measured - 1):+.2f} %" for session in sessions)
        lines.append(f"| DR{left} | {len(rules)} of {len(RULES)} | {' or '.join(f'{s:.1f} s' for s in sessions)} | "
                     f"{measured:.1f} s | {errors} | {1000 * (look + send / count):.2f} ms | {1000 * length:.2f} ms |")
    return lines


def unseen(shared):
    runs = arrivals(shared)
    rules, (look, send) = predict(runs, None)
    lines = ["| data rate | session predicted, +- one tick | measured with four boards | error |", "|---|---|---|---|"]
    four = {row["session_dr"]: float(row["t_complete_s"]) - float(row["t_first_frag_s"])
            for row in rows(shared, "fuotaa_4ed_policies.csv") if row["source"] == "real"}
    for rate in (1, 4):
        session, = distinct(spacing(rule, rate) * (FRAGMENTS[rate] - 1) for rule in rules)
        known = four.get(str(rate))
        lines.append(f"| DR{rate} | {session:.1f} s | " +
                     (f"{known:.1f} s | {100 * (session / known - 1):+.2f} % |" if known else "- | - |"))
    return lines


def experiment(shared):
    """What the experimenters and the board's clock did: how long a trace ran on, how early a window opened."""
    tails, early = {}, {}
    for row in rows(shared, "fuotaa_single_real_runs.csv"):
        rate = int(row["dr"])
        early.setdefault(rate, []).append(299 - float(row["time_to_start_s"]))
        if row["trace_duration_s"] and row["t_complete_s"]:
            tail = float(row["trace_duration_s"]) - float(row["t_complete_s"])
            if tail < USUAL_TAIL_S:
                tails.setdefault(rate, []).append(tail)
    def mean(table, left=None):
        values = [value for rate, found in table.items() if rate != left for value in found]
        return sum(values) / len(values)
    lines = ["| left out | trace after completion | window early | shift of the energy |", "|---|---|---|---|"]
    for left in (None, *RATES):
        shift = 3 * (3.08e-3 * (mean(tails, left) - mean(tails)) + 4.82e-3 * (mean(early, left) - mean(early)))
        lines.append(f"| {'none' if left is None else f'DR{left}'} | {mean(tails, left):.1f} s | "
                     f"{mean(early, left):.1f} s | {shift:+.3f} J |")
    return lines


if __name__ == "__main__":
    for table in (pacing, unseen, experiment):
        print("\n".join(table(sys.argv[1])) + "\n")
