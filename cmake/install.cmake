# SPDX-License-Identifier: GPL-2.0-only
#
# `cmake --install build`: program, libraries, headers, CMake package, scenarios, manual page.
# Read by the stand-alone build only; in its own tree, ns-3 installs its modules.

include(CMakePackageConfigHelpers)
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/iot-fleet)

# The program finds its libraries wherever the prefix is moved to.
file(RELATIVE_PATH bin_to_lib ${CMAKE_INSTALL_FULL_BINDIR} ${CMAKE_INSTALL_FULL_LIBDIR})
foreach(target iot-fleet iot-fleet-bench)
  if(TARGET ${target})
    set_target_properties(${target} PROPERTIES INSTALL_RPATH "$ORIGIN/${bin_to_lib}")
  endif()
endforeach()
if(TARGET iot-fleet)
  install(TARGETS iot-fleet RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()

install(TARGETS ${iot_fleet_libraries} EXPORT iot-fleetTargets)
install(
  EXPORT iot-fleetTargets
  NAMESPACE iot-fleet::
  DESTINATION ${package_dir}
)
foreach(folder model helper analysis)
  if(EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/${folder})
    install(
      DIRECTORY ${folder}
      DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/iot-fleet
      FILES_MATCHING
      PATTERN "*.h"
    )
  endif()
endforeach()

configure_package_config_file(
  cmake/iot-fleetConfig.cmake.in ${CMAKE_CURRENT_BINARY_DIR}/iot-fleetConfig.cmake
  INSTALL_DESTINATION ${package_dir}
)
write_basic_package_version_file(
  ${CMAKE_CURRENT_BINARY_DIR}/iot-fleetConfigVersion.cmake
  VERSION ${iot_fleet_version}
  COMPATIBILITY SameMinorVersion
)
install(
  FILES ${CMAKE_CURRENT_BINARY_DIR}/iot-fleetConfig.cmake
        ${CMAKE_CURRENT_BINARY_DIR}/iot-fleetConfigVersion.cmake cmake/find-ns3.cmake
  DESTINATION ${package_dir}
)

foreach(folder scenarios campaigns)
  if(EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/${folder})
    install(DIRECTORY ${folder}/ DESTINATION ${CMAKE_INSTALL_DATADIR}/iot-fleet/${folder})
  endif()
endforeach()
install(FILES doc/iot-fleet.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 OPTIONAL)
