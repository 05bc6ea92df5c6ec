# SPDX-License-Identifier: GPL-2.0-only
#
# The one list of files, for both ways to build. The layers are those of doc/architecture.md.

macro(iot_fleet_glob variable)
  file(
    GLOB_RECURSE ${variable}
    RELATIVE ${CMAKE_CURRENT_SOURCE_DIR}
    CONFIGURE_DEPENDS ${ARGN}
  )
endmacro()

iot_fleet_glob(iot_fleet_wire_sources model/wire/*.cc)
iot_fleet_glob(iot_fleet_model_sources model/*.cc)
list(FILTER iot_fleet_model_sources EXCLUDE REGEX "^model/wire/")
iot_fleet_glob(iot_fleet_helper_sources helper/*.cc)
list(FILTER iot_fleet_helper_sources EXCLUDE REGEX "^helper/mpi/")
iot_fleet_glob(iot_fleet_mpi_sources helper/mpi/*.cc)
iot_fleet_glob(iot_fleet_analysis_sources analysis/*.cc)
iot_fleet_glob(iot_fleet_cli_sources cli/*.cc)
iot_fleet_glob(iot_fleet_bench_sources bench/*.cc)
iot_fleet_glob(iot_fleet_example_sources examples/*.cc)
iot_fleet_glob(iot_fleet_test_sources test/*-gtest.cc test/test-support*.cc)
iot_fleet_glob(iot_fleet_helper_headers helper/*.h)

# Texts that the program carries inside itself: "embedded/<name>.h", see cmake/embed.cmake.
iot_fleet_glob(
  iot_fleet_embedded_files
  scenarios/*.schema.json
  helper/import/*.json
  model/record/*.sql
  analysis/*.html
  analysis/*.css
  analysis/*.js
)
