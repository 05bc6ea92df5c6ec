# SPDX-License-Identifier: GPL-2.0-only
#
# The build inside an ns-3 tree, as one of its modules (3.37 to the newest).

# As expressions, because ns-3 exports the directories it finds here with its own package.
include_directories($<BUILD_INTERFACE:${CMAKE_CURRENT_SOURCE_DIR}>)
include_directories(
  SYSTEM $<BUILD_INTERFACE:${iot_fleet_generated_dir}> ${iot_fleet_header_dirs}
)
add_compile_definitions(
  IOTFLEET_VERSION="${iot_fleet_version}" IOTFLEET_NS3_VERSION="${NS3_VER}"
  IOTFLEET_SOURCE_DIR="${CMAKE_CURRENT_SOURCE_DIR}"
  IOTFLEET_BINARY_DIR="${CMAKE_CURRENT_BINARY_DIR}"
)

# Releases up to 3.40 build as C++17. Their precompiled headers were made for it, so that they
# cannot serve us.
set(iot_fleet_ignore_pch "")
if(CMAKE_CXX_STANDARD LESS 20)
  set(CMAKE_CXX_STANDARD 20)
  set(iot_fleet_ignore_pch IGNORE_PCH)
endif()

set(iot_fleet_external ${SQLite3_LIBRARIES} ${OPENSSL_CRYPTO_LIBRARY} ${CMAKE_THREAD_LIBS_INIT}
    ${YAML_CPP_LIBRARIES} ${IOTFLEET_ZSTD}
)
set(iot_fleet_suites "")
if(ENABLE_TESTS AND GTest_FOUND)
  set(iot_fleet_suites ${iot_fleet_test_sources} test/gtest-bridge-test-suite.cc)
endif()

# No header is copied to include/ns3: that folder is flat and shared by all modules, where a name
# such as "cbor.h" would hide another's. Users write "helper/...", "model/..." as we do.
build_lib(
  LIBNAME iot-fleet
  SOURCE_FILES ${iot_fleet_wire_sources} ${iot_fleet_model_sources} ${iot_fleet_helper_sources}
               ${iot_fleet_analysis_sources}
  HEADER_FILES ""
  LIBRARIES_TO_LINK ${iot_fleet_ns3} ${iot_fleet_ns3_tests} ${iot_fleet_external}
  TEST_SOURCES ${iot_fleet_suites}
  ${iot_fleet_ignore_pch}
)
target_include_directories(
  ${libiot-fleet} PUBLIC $<BUILD_INTERFACE:${CMAKE_CURRENT_SOURCE_DIR}>
)

# Plain signature, as ns-3 itself uses on this target. The variable holds the name of the target
# with or without "lib", as the release has it.
if(iot_fleet_suites AND TARGET "${testiot-fleet}")
  target_link_libraries(${testiot-fleet} GTest::gtest ${IOTFLEET_ZSTD})
endif()

if(iot_fleet_cli_sources)
  build_exec(
    EXECNAME iot-fleet-cli
    SOURCE_FILES ${iot_fleet_cli_sources}
    LIBRARIES_TO_LINK ${libiot-fleet} ${iot_fleet_ns3} ${iot_fleet_external}
    EXECUTABLE_DIRECTORY_PATH ${CMAKE_RUNTIME_OUTPUT_DIRECTORY}/contrib/iot-fleet/
    INSTALL_DIRECTORY_PATH ${CMAKE_INSTALL_BINDIR}
    ${iot_fleet_ignore_pch}
  )
  # ns-3 adds release and profile to the name of the file; the tests call it by its own.
  add_custom_command(
    TARGET iot-fleet-cli
    POST_BUILD
    COMMAND ${CMAKE_COMMAND} -E create_symlink $<TARGET_FILE:iot-fleet-cli>
            ${CMAKE_CURRENT_BINARY_DIR}/iot-fleet
  )
endif()

if(ENABLE_EXAMPLES)
  foreach(source IN LISTS iot_fleet_example_sources)
    get_filename_component(name ${source} NAME_WE)
    build_exec(
      EXECNAME ${name}
      SOURCE_FILES ${source}
      LIBRARIES_TO_LINK ${libiot-fleet} ${iot_fleet_ns3} ${iot_fleet_external}
      EXECUTABLE_DIRECTORY_PATH ${CMAKE_RUNTIME_OUTPUT_DIRECTORY}/contrib/iot-fleet/examples/
      INSTALL_DIRECTORY_PATH ${CMAKE_INSTALL_BINDIR}
      ${iot_fleet_ignore_pch}
    )
  endforeach()
endif()
