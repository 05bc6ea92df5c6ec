#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Shows that a campaign survives being killed: it is killed KILLS times at random moments (kill -9,
# in turn the whole process group, the parent alone, one run alone), its disk is full once, and the
# database that --resume ends with is compared, table by table, with that of an uninterrupted run.
# Then the same under mpirun, if the program can do that.
#
#   tools/campaign-torture.sh PROGRAM [RUNS=500] [KILLS=20]
#
# PROGRAM is a built iot-fleet. Prints its verdict; exit status 0 if all databases are equal.
# The full disk is a tmpfs of 4 MB where the user may mount one, else a limit on the size of files.
set -euo pipefail

program="$(realpath "${1:?usage: tools/campaign-torture.sh PROGRAM [RUNS] [KILLS]}")"
runs="${2:-500}"
kills="${3:-20}"
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
work="$(mktemp -d "${TMPDIR:-/tmp}/campaign-torture-XXXXXX")"
mounted=""
cleanup() {
    [[ -z "$mounted" ]] || umount "$work/small-disk"
    rm -rf "$work"
}
trap cleanup EXIT
cd "$work"
RANDOM=7 # the moments of the kills; what is expected does not depend on it

cp "$root/test/data/scenarios/minimal.json" .
cat > c.json << END
{
  "schema": 1,
  "scenarios": ["minimal.json"],
  "variants": [
    { "name": "few", "set": { "/fleet/groups/0/count": 10 } },
    { "name": "many" }
  ],
  "grid": { "/rollout/waves/0/soak": ["1 h", "2 h"] },
  "runs": { "count": $(((runs + 3) / 4)) }
}
END

# Every table of two databases, but for the columns that tell of real time and memory.
same() {
    python3 - "$1" "$2" << 'END'
import sqlite3, sys
REAL = {"wall_s", "peak_rss_bytes", "started_at"}
def content(file):
    db = sqlite3.connect(file)
    tables = {}
    for (table,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name"):
        columns = [row[1] for row in db.execute(f"PRAGMA table_info({table})")]
        kept = ", ".join(c for c in columns if not (table == "run" and c in REAL))
        where = "WHERE name NOT IN ('wall_s', 'peak_rss_bytes')" if table == "metric" else ""
        tables[table] = sorted(db.execute(f"SELECT {kept} FROM {table} {where}"), key=repr)
    return tables
a, b = content(sys.argv[1]), content(sys.argv[2])
different = [t for t in sorted(a.keys() | b.keys()) if a.get(t) != b.get(t)]
rows = sum(len(t) for t in a.values())
print(f"    {len(a)} tables, {rows} rows, {len(a['run'])} runs:",
      f"different: {different}" if different else "all equal")
sys.exit(1 if different else 0)
END
}

# The processes that make runs for a parent.
children() { cat "/proc/$1/task/$1/children" 2> /dev/null || true; }

# Lets a command live for a random time and kills it in one of three ways.
kill_at_random() { # WAY COMMAND...
    local way="$1"
    shift
    setsid "$@" > log 2>&1 &
    local pid=$!
    sleep "$(printf '0.%03d' $((100 + RANDOM % 800)))"
    case "$way" in
    group) kill -9 -- "-$pid" 2> /dev/null || true ;;
    parent) kill -9 "$pid" 2> /dev/null || true ;;
    child)
        local child
        for child in $(children "$pid"); do kill -9 "$child" 2> /dev/null || true; break; done
        sleep 0.2
        kill -9 "$pid" 2> /dev/null || true
        ;;
    esac
    wait "$pid" 2> /dev/null || true
}

finished_runs() { find "$1.partial-campaign" -name 'run-*.db' 2> /dev/null | wc -l; }

# Is killed until it has been often enough, then finishes undisturbed.
torture() { # DATABASE COMMAND...
    local database="$1" ways=(group parent child) i
    shift
    for ((i = 0; i < kills; ++i)); do
        [[ ! -e "$database" ]] || break
        kill_at_random "${ways[i % 3]}" "$@"
    done
    echo "    killed $i times, $(finished_runs "$database") runs were finished by then"
    [[ ! -e "$database" ]] || echo "    (it was finished before all kills: ask for more runs)"
}

full_disk() {
    mkdir -p small-disk
    if mount -t tmpfs -o size=4m tmpfs small-disk 2> /dev/null; then
        mounted=yes
        echo "    on a tmpfs of 4 MB:"
    else
        echo "    under a limit of 40 kB a file:"
    fi
    local status=0
    (
        [[ -n "$mounted" ]] || { ulimit -f 40; trap '' XFSZ; }
        "$program" campaign c.json -o small-disk/x.db --jobs 2 -q
    ) 2> errors || status=$?
    echo "    exit status $status: $(head -c 300 errors)"
    [[ "$status" == 3 && ! -e small-disk/x.db ]] || { echo "    expected status 3 and no database"; return 1; }
    echo "    finished before: $(finished_runs small-disk/x.db) runs"
    [[ -z "$mounted" ]] || mount -o remount,size=1g small-disk
    "$program" campaign c.json -o small-disk/x.db --jobs 2 -q --resume
}

verdict=0
echo "uninterrupted, one job:"
"$program" campaign c.json -o wanted.db --jobs 1 -q
echo "killed and resumed, one or two jobs:"
torture killed.db "$program" campaign c.json -o killed.db --jobs 2 --resume
"$program" campaign c.json -o killed.db --jobs 1 --resume -q
same wanted.db killed.db || verdict=1
echo "full disk, then resumed:"
full_disk && same wanted.db small-disk/x.db || verdict=1

launch=(mpirun -n 3 --oversubscribe)
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 \
    OMPI_MCA_btl_vader_single_copy_mechanism=none OMPI_MCA_rmaps_base_oversubscribe=1
if command -v mpirun > /dev/null && "${launch[@]}" "$program" campaign c.json --dry-run > /dev/null 2>&1; then
    echo "killed and resumed under three MPI ranks:"
    torture mpi.db "${launch[@]}" "$program" campaign c.json -o mpi.db --resume
    "${launch[@]}" "$program" campaign c.json -o mpi.db --resume -q
    same wanted.db mpi.db || verdict=1
else
    echo "under MPI: not tried, mpirun or the program's MPI is absent"
fi
left="$(find . -name '*.partial-*' | head)"
[[ -z "$left" ]] || { echo "left behind: $left"; verdict=1; }
[[ "$verdict" == 0 ]] && echo "VERDICT: equal, whatever was killed" || echo "VERDICT: DIFFERENT"
exit "$verdict"
