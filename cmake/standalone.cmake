# SPDX-License-Identifier: GPL-2.0-only
#
# The stand-alone build. Each layer is a target of its own, so that the wire layer and the analysis
# cannot come to depend on ns-3 unnoticed.

option(IOTFLEET_TESTS "Build the tests" ON)
option(IOTFLEET_EXAMPLES "Build the examples" ON)
option(IOTFLEET_SANITIZE "Build with the address and undefined-behaviour sanitizers" OFF)
option(IOTFLEET_PCH "Precompile the headers of the standard library, ns-3 and nlohmann/json" ON)
option(IOTFLEET_WERROR "Treat warnings as errors" ON)

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Debug, Release or RelWithDebInfo" FORCE)
endif()
set(CMAKE_CXX_STANDARD ${iot_fleet_cxx_standard})
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
include(GNUInstallDirs)

find_program(IOTFLEET_CCACHE ccache)
mark_as_advanced(IOTFLEET_CCACHE)
if(IOTFLEET_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # What ccache's manual asks for with precompiled headers.
  set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env
      CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
      ${IOTFLEET_CCACHE}
  )
endif()

# At -O3, g++ 12 warns of impossible lengths inside its own std::string (GCC bugs 105329, 105651).
# The sanitizers look for the real ones.
set(iot_fleet_false_alarms "")
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 14)
  set(iot_fleet_false_alarms -Wno-array-bounds -Wno-restrict -Wno-stringop-overflow
                             -Wno-stringop-overread
  )
endif()

# What every target of ours has; third-party headers are exempt from the warnings.
add_library(iot-fleet-options INTERFACE)
target_compile_options(
  iot-fleet-options
  INTERFACE -Wall
            -Wextra
            -Wpedantic
            -Wshadow
            -Wconversion
            ${iot_fleet_false_alarms}
            # Calls within the shared library need not look for a replacement from outside.
            $<$<AND:$<CONFIG:Release>,$<CXX_COMPILER_ID:GNU>>:-fno-semantic-interposition>
            $<$<BOOL:${IOTFLEET_WERROR}>:-Werror>
            $<$<AND:$<BOOL:${IOTFLEET_PCH}>,$<CXX_COMPILER_ID:GNU>>:-fpch-preprocess>
)
target_compile_definitions(
  iot-fleet-options INTERFACE IOTFLEET_VERSION="${iot_fleet_version}"
                              IOTFLEET_NS3_VERSION="${ns3_VERSION}"
)
target_include_directories(iot-fleet-options INTERFACE ${CMAKE_CURRENT_SOURCE_DIR})
target_include_directories(
  iot-fleet-options SYSTEM INTERFACE ${iot_fleet_generated_dir} ${iot_fleet_header_dirs}
)
if(IOTFLEET_SANITIZE)
  set(sanitizers -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_compile_options(iot-fleet-options INTERFACE ${sanitizers})
  target_link_options(iot-fleet-options INTERFACE ${sanitizers})
endif()

# ns-3 as our targets use it. Asserts change no class layout, so that our Debug builds may have
# them on above Debian's release build of ns-3.
add_library(iot-fleet-ns3 INTERFACE)
target_link_libraries(iot-fleet-ns3 INTERFACE ${iot_fleet_ns3})
target_compile_definitions(
  iot-fleet-ns3 INTERFACE ${iot_fleet_ns3_definitions} $<$<CONFIG:Debug>:NS3_ASSERT_ENABLE>
)

set(iot_fleet_std_pch
    <algorithm>
    <array>
    <cmath>
    <cstdint>
    <functional>
    <map>
    <memory>
    <optional>
    <span>
    <sstream>
    <string>
    <string_view>
    <unordered_map>
    <vector>
)
set(iot_fleet_ns3_pch <ns3/object.h> <ns3/simulator.h> <ns3/traced-callback.h>)
set(iot_fleet_json_pch <nlohmann/json.hpp>)

function(iot_fleet_precompile target)
  if(IOTFLEET_PCH)
    target_precompile_headers(${target} PRIVATE ${iot_fleet_std_pch} ${ARGN})
  endif()
endfunction()

# The library: three object libraries in the order of the layers, linked into one file.
add_library(iot-fleet-lib SHARED)
add_library(iot-fleet::iot-fleet ALIAS iot-fleet-lib)
set_target_properties(
  iot-fleet-lib
  PROPERTIES OUTPUT_NAME iot-fleet
             EXPORT_NAME iot-fleet
             LINKER_LANGUAGE CXX
             VERSION ${iot_fleet_version}
             SOVERSION 0
)
target_compile_definitions(iot-fleet-lib PUBLIC ${iot_fleet_ns3_definitions})
target_include_directories(
  iot-fleet-lib PUBLIC $<BUILD_INTERFACE:${CMAKE_CURRENT_SOURCE_DIR}>
                       $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/iot-fleet>
)
target_link_libraries(
  iot-fleet-lib
  PUBLIC ${iot_fleet_ns3}
  PRIVATE $<BUILD_INTERFACE:iot-fleet-options> SQLite::SQLite3 OpenSSL::Crypto Threads::Threads
          ${YAML_CPP_LIBRARIES} ${IOTFLEET_ZSTD}
)
# TypeIds are registered by static objects: keep libraries that no symbol refers to.
target_link_options(iot-fleet-lib PUBLIC LINKER:--no-as-needed)

function(iot_fleet_layer layer)
  cmake_parse_arguments(PARSE_ARGV 1 LAYER "" "" "SOURCES;LINK;PRECOMPILE")
  if(LAYER_SOURCES)
    add_library(iot-fleet-${layer} OBJECT ${LAYER_SOURCES})
    target_link_libraries(iot-fleet-${layer} PRIVATE iot-fleet-options ${LAYER_LINK})
    iot_fleet_precompile(iot-fleet-${layer} ${LAYER_PRECOMPILE})
    target_sources(iot-fleet-lib PRIVATE $<TARGET_OBJECTS:iot-fleet-${layer}>)
  endif()
endfunction()

iot_fleet_layer(wire SOURCES ${iot_fleet_wire_sources} LINK OpenSSL::Crypto)
iot_fleet_layer(
  model
  SOURCES ${iot_fleet_model_sources}
  LINK iot-fleet-ns3 SQLite::SQLite3 OpenSSL::Crypto
  PRECOMPILE ${iot_fleet_ns3_pch}
)
iot_fleet_layer(
  helper
  SOURCES ${iot_fleet_helper_sources}
  LINK iot-fleet-ns3 SQLite::SQLite3 OpenSSL::Crypto Threads::Threads ${YAML_CPP_LIBRARIES} ${IOTFLEET_ZSTD}
  PRECOMPILE ${iot_fleet_ns3_pch} ${iot_fleet_json_pch}
)

# The analysis links to nothing of ns-3, and the linker checks it.
if(iot_fleet_analysis_sources)
  # Its own copy of the two files that know how to write others: they know nothing of ns-3 either.
  add_library(
    iot-fleet-analysis SHARED ${iot_fleet_analysis_sources} model/record/durable-file.cc
                              model/record/file-kind.cc
  )
  add_library(iot-fleet::analysis ALIAS iot-fleet-analysis)
  set_target_properties(
    iot-fleet-analysis PROPERTIES EXPORT_NAME analysis VERSION ${iot_fleet_version} SOVERSION 0
  )
  target_include_directories(
    iot-fleet-analysis PUBLIC $<BUILD_INTERFACE:${CMAKE_CURRENT_SOURCE_DIR}>
                              $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/iot-fleet>
  )
  target_link_libraries(
    iot-fleet-analysis PRIVATE $<BUILD_INTERFACE:iot-fleet-options> SQLite::SQLite3 Threads::Threads
  )
  if(NOT IOTFLEET_SANITIZE)
    target_link_options(iot-fleet-analysis PRIVATE LINKER:--no-undefined)
  endif()
  iot_fleet_precompile(iot-fleet-analysis ${iot_fleet_json_pch})
  set(iot_fleet_libraries iot-fleet-lib iot-fleet-analysis)
else()
  set(iot_fleet_libraries iot-fleet-lib)
endif()

# What all programs link to.
add_library(iot-fleet-all INTERFACE)
target_link_libraries(
  iot-fleet-all INTERFACE iot-fleet-options iot-fleet-ns3 ${iot_fleet_libraries} SQLite::SQLite3
                          OpenSSL::Crypto Threads::Threads
)

if(iot_fleet_cli_sources)
  add_executable(iot-fleet ${iot_fleet_cli_sources})
  target_link_libraries(iot-fleet PRIVATE iot-fleet-all)
  # MPI belongs to the program alone: the libraries do not need it.
  if(TARGET MPI::MPI_CXX AND TARGET Boost::mpi)
    add_library(iot-fleet-mpi STATIC ${iot_fleet_mpi_sources})
    target_link_libraries(
      iot-fleet-mpi PRIVATE iot-fleet-options iot-fleet-ns3 Boost::mpi Boost::serialization
                            MPI::MPI_CXX
    )
    target_link_libraries(iot-fleet PRIVATE iot-fleet-mpi)
    target_compile_definitions(iot-fleet PRIVATE IOTFLEET_MPI)
    message(STATUS "Campaigns under mpirun: yes")
  else()
    message(STATUS "Campaigns under mpirun: no (libboost-mpi-dev was not found)")
  endif()
endif()

if(iot_fleet_bench_sources AND benchmark_FOUND)
  add_executable(iot-fleet-bench ${iot_fleet_bench_sources})
  target_link_libraries(iot-fleet-bench PRIVATE iot-fleet-all benchmark::benchmark_main)
  # Where the benchmarks find their scenarios.
  target_compile_definitions(
    iot-fleet-bench PRIVATE IOTFLEET_SOURCE_DIR="${CMAKE_CURRENT_SOURCE_DIR}"
  )
endif()

if(IOTFLEET_EXAMPLES)
  foreach(source IN LISTS iot_fleet_example_sources)
    get_filename_component(name ${source} NAME_WE)
    add_executable(${name} ${source})
    target_link_libraries(${name} PRIVATE iot-fleet-all)
    set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/examples)
  endforeach()
endif()

if(IOTFLEET_TESTS)
  enable_testing()
  if(NOT GTest_FOUND)
    message(WARNING "GoogleTest was not found: the tests are not built (Debian: libgtest-dev)")
  elseif(iot_fleet_test_sources)
    include(GoogleTest)
    add_executable(iot-fleet-gtest ${iot_fleet_test_sources})
    target_link_libraries(iot-fleet-gtest PRIVATE iot-fleet-all GTest::gtest_main ${IOTFLEET_ZSTD})
    target_compile_definitions(
      iot-fleet-gtest PRIVATE IOTFLEET_SOURCE_DIR="${CMAKE_CURRENT_SOURCE_DIR}"
                              IOTFLEET_BINARY_DIR="${CMAKE_CURRENT_BINARY_DIR}"
    )
    iot_fleet_precompile(iot-fleet-gtest <gtest/gtest.h>)
    if(TARGET iot-fleet)
      add_dependencies(iot-fleet-gtest iot-fleet) # some tests call the program
    endif()
    gtest_discover_tests(
      iot-fleet-gtest NO_PRETTY_VALUES DISCOVERY_TIMEOUT 120 PROPERTIES TIMEOUT 300
    )
  endif()
  include(test/programs.cmake OPTIONAL) # tests of the programs, beside those of the classes
endif()
