# SPDX-License-Identifier: GPL-2.0-only
#
# Tests of the programs, beside those of the classes: the manual's commands, and the examples.

find_package(Python3 3.9 QUIET COMPONENTS Interpreter)
if(Python3_FOUND AND TARGET iot-fleet)
  add_test(NAME manual COMMAND Python3::Interpreter ${CMAKE_CURRENT_LIST_DIR}/manual.py
                               $<TARGET_FILE:iot-fleet>
  )
  set_tests_properties(manual PROPERTIES TIMEOUT 600)
endif()

# Shipped scenarios keep what their `expect` blocks say, and what must always hold. One is too large
# for a test: city-100k.
if(TARGET iot-fleet)
  foreach(name IN ITEMS bad-batch class-a-pre-empts-class-c class-b-vs-c delta-version-entropy
                        exponential-ramp-bad-image join-storm keep-listening-after-done
                        maintenance-windows network-grouped-waves outage-in-the-middle quickstart
                        session-deleted-early silent-brick testbed-four-devices testbed-single
  )
    add_test(NAME scenario-${name}
             COMMAND iot-fleet check ${CMAKE_CURRENT_SOURCE_DIR}/scenarios/${name}.json
    )
    set_tests_properties(scenario-${name} PROPERTIES TIMEOUT 600)
  endforeach()
endif()

if(IOTFLEET_EXAMPLES)
  foreach(source IN LISTS iot_fleet_example_sources)
    get_filename_component(name ${source} NAME_WE)
    add_test(NAME example-${name} COMMAND ${name})
    set_tests_properties(
      example-${name} PROPERTIES TIMEOUT 120 FAIL_REGULAR_EXPRESSION "[^0-9]0 (enrolled|updated)"
    )
  endforeach()
endif()
