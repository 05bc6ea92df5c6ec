#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Installs what the build needs, on Debian 12 or a system like it. Does nothing, and needs no
# network and no rights, where all of it is there already.
#
#   tools/install-deps.sh [--ci]     --ci: also what .ci/run needs
set -euo pipefail

packages=(
    ca-certificates g++ cmake ninja-build ccache
    libns3-dev                  # ns-3 3.37
    libsqlite3-dev libssl-dev libboost-math-dev
    libzstd-dev                 # smaller forms of firmware images
    libyaml-cpp-dev            # `import flightctl`
    nlohmann-json3-dev libvalijson-dev libcli11-dev librandom123-dev
    libgtest-dev libbenchmark-dev
    libboost-mpi-dev libopenmpi-dev openmpi-bin # campaigns under mpirun
    gnuplot-nox                 # iot-fleet plot
    sigrok-firmware-fx2lafw     # the firmware that the scenarios distribute
)
if ! command -v npm >/dev/null; then # Debian's or any other
    packages+=(npm)             # fetches the report's chart library, cmake/report-assets.cmake
fi
if [[ "${1:-}" == "--ci" ]]; then
    packages+=(clang-format-14 git tshark chromium python3) # the last three: tests that else are skipped
fi

is_installed() {
    [[ "$(dpkg-query --show --showformat='${db:Status-Status}' "$1" 2>/dev/null)" == installed ]]
}

if ! command -v dpkg-query >/dev/null; then
    echo "install-deps: this is no Debian; please install: ${packages[*]}" >&2
    exit 3
fi

missing=()
for package in "${packages[@]}"; do
    is_installed "$package" || missing+=("$package")
done
if ((${#missing[@]} == 0)); then
    exit 0
fi

as_root=()
if ((EUID != 0)); then
    if ! command -v sudo >/dev/null; then
        echo "install-deps: please run as root: apt-get install ${missing[*]}" >&2
        exit 3
    fi
    as_root=(sudo)
fi
export DEBIAN_FRONTEND=noninteractive
"${as_root[@]}" apt-get update --quiet
"${as_root[@]}" apt-get install --quiet --yes --no-install-recommends "${missing[@]}"
