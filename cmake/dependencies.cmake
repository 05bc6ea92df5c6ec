# SPDX-License-Identifier: GPL-2.0-only
#
# Everything beside ns-3. Debian's package names stand in tools/install-deps.sh.

find_package(SQLite3 REQUIRED)
find_package(OpenSSL 3.0 REQUIRED COMPONENTS Crypto)
find_package(Threads REQUIRED)
find_package(yaml-cpp REQUIRED)
find_library(IOTFLEET_ZSTD zstd REQUIRED)
mark_as_advanced(IOTFLEET_ZSTD)
find_package(GTest QUIET)
find_package(benchmark QUIET)

# Campaigns under mpirun; without it they run in local processes alone.
option(IOTFLEET_MPI "Build campaigns under mpirun where Boost.MPI is found" ON)
if(IOTFLEET_MPI)
  find_package(MPI QUIET COMPONENTS CXX)
  find_package(Boost QUIET COMPONENTS mpi serialization)
endif()

# Header-only libraries are asked for by header: some distributions ship them without a CMake
# package, and none of them has anything to link.
set(iot_fleet_header_dirs "")
function(iot_fleet_need_header header package)
  string(MAKE_C_IDENTIFIER "iot_fleet_dir_${header}" variable)
  find_path(${variable} ${header})
  mark_as_advanced(${variable})
  if(NOT ${variable})
    message(FATAL_ERROR "<${header}> was not found: install ${package} (on Debian, run "
                        "tools/install-deps.sh)."
    )
  endif()
  list(APPEND iot_fleet_header_dirs ${${variable}})
  list(REMOVE_DUPLICATES iot_fleet_header_dirs)
  set(iot_fleet_header_dirs ${iot_fleet_header_dirs} PARENT_SCOPE)
endfunction()

iot_fleet_need_header(zstd.h libzstd-dev)
iot_fleet_need_header(nlohmann/json.hpp nlohmann-json3-dev)
iot_fleet_need_header(valijson/validator.hpp libvalijson-dev)
iot_fleet_need_header(CLI/CLI.hpp libcli11-dev)
iot_fleet_need_header(Random123/philox.h librandom123-dev)
iot_fleet_need_header(boost/math/distributions.hpp libboost-math-dev)
