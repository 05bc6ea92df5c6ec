#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Installs what is missing, builds and runs all tests, from any directory.
#
#   tools/test.sh [DIRECTORY [CMAKE OPTION]...]     DIRECTORY: build by default
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export PATH

tools/build.sh "$@"
ctest --test-dir "${1:-build}" --output-on-failure --parallel "${IOTFLEET_JOBS:-$(nproc)}"
