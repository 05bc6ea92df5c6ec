# SPDX-License-Identifier: GPL-2.0-only
#
# Finds an installed ns-3 (Debian's libns3-dev 3.37, or the prefix of any `./ns3 install` up to the
# newest) and sets the variables an ns-3 tree would set: libcore, libnetwork, ... Also read by the
# installed package of iot-fleet, whose users meet the same ns-3.

# Locates the package without reading it yet: Debian's cannot be read as it is (see below). No
# version is asked for because ns-3's version file accepts nothing but an exact match.
find_package(ns3 QUIET CONFIG CONFIGS ns3ConfigVersion.cmake)
if(NOT ns3_FOUND)
  message(FATAL_ERROR "ns-3 was not found. On Debian run tools/install-deps.sh; for another "
                      "installation set CMAKE_PREFIX_PATH to its prefix."
  )
endif()
set(ns3_VERSION ${PACKAGE_VERSION})
get_filename_component(iot_fleet_ns3_libdir ${ns3_DIR}/../.. ABSOLUTE)

if(EXISTS ${iot_fleet_ns3_libdir}/libns3-core.so)
  # Debian's build, told by its file names. Its CMake package stops with an error unless the package
  # "ns3" is there too, and names files of libgsl-dev, libxml2-dev and python3.11-dev, which
  # libns3-dev does not depend on. The shared libraries know themselves what they need.
  file(GLOB iot_fleet_ns3_files ${iot_fleet_ns3_libdir}/libns3-*.so)
  foreach(file IN LISTS iot_fleet_ns3_files)
    string(REGEX REPLACE ".*/libns3-(.*)\\.so$" "\\1" module ${file})
    set(lib${module} ns3::lib${module})
    if(NOT TARGET ns3::lib${module})
      add_library(ns3::lib${module} SHARED IMPORTED)
      set_target_properties(ns3::lib${module} PROPERTIES IMPORTED_LOCATION ${file})
    endif()
  endforeach()
else()
  # Targets are called ns3::libcore up to 3.42 and ns3::core from 3.43.
  find_package(ns3 REQUIRED CONFIG)
  get_property(iot_fleet_imported DIRECTORY PROPERTY IMPORTED_TARGETS)
  foreach(target IN LISTS iot_fleet_imported)
    if(target MATCHES "^ns3::(lib)?(.+)$")
      set(lib${CMAKE_MATCH_2} ${target})
    endif()
  endforeach()
endif()

set(iot_fleet_ns3_release ${ns3_VERSION})
if(NOT iot_fleet_ns3_release MATCHES "^3\\.[0-9]")
  set(iot_fleet_ns3_release 3.999) # the development tree calls itself "3.dev", which compares as 3
endif()

# Debian builds ns-3 with logging, and ns3::UdpClient has one member more with it than without.
# Releases before 3.40 do not export the definitions they were built with.
if(iot_fleet_ns3_release VERSION_LESS 3.40)
  set(iot_fleet_ns3_definitions NS3_LOG_ENABLE)
else()
  set(iot_fleet_ns3_definitions "")
endif()

if(iot_fleet_ns3_release VERSION_GREATER_EQUAL 3.46)
  set(iot_fleet_cxx_standard 23)
else()
  set(iot_fleet_cxx_standard 20)
endif()
