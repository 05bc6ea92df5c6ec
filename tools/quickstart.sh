#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Installs what is missing, builds, and runs a first scenario to its report, from any directory.
#
#   tools/quickstart.sh [SCENARIO]     SCENARIO: scenarios/quickstart.json by default
set -euo pipefail

scenario="$(realpath -- "${1:-"$(dirname "${BASH_SOURCE[0]}")/../scenarios/quickstart.json"}")"
cd "$(dirname "${BASH_SOURCE[0]}")/.."

IOTFLEET_TARGET=iot-fleet tools/build.sh # the program alone, not its tests
name="build/$(basename "$scenario" .json)"
rm -f "$name.db" "$name.html"
build/iot-fleet run "$scenario" -o "$name.db"
build/iot-fleet report "$name.db" -o "$name.html"
echo "The run is $PWD/$name.db, its report $PWD/$name.html."
