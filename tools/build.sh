#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Installs what is missing and builds, from any directory.
#
#   tools/build.sh [DIRECTORY [CMAKE OPTION]...]     DIRECTORY: build by default
#
# IOTFLEET_TARGET names one target to build instead of all, IOTFLEET_JOBS how many compilers run at once.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export PATH HOME="${HOME:-$(getent passwd "$(id -u)" | cut -d: -f6)}"

directory="${1:-build}"
tools/install-deps.sh
generator=()
if [[ ! -e "$directory/CMakeCache.txt" ]]; then
    generator=(-G Ninja)
fi
cmake -S . -B "$directory" "${generator[@]}" "${@:2}"
cmake --build "$directory" --parallel "${IOTFLEET_JOBS:-$(nproc)}" \
    ${IOTFLEET_TARGET:+--target "$IOTFLEET_TARGET"}
