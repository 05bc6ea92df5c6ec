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

# Shipped scenarios keep what their `expect` blocks say, and what must always hold.
if(TARGET iot-fleet)
  foreach(name IN ITEMS bad-batch delta-version-entropy exponential-ramp-bad-image
                        keep-listening-after-done maintenance-windows network-grouped-waves
                        outage-in-the-middle silent-brick
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
