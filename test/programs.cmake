# SPDX-License-Identifier: GPL-2.0-only
#
# Tests of the programs, beside those of the classes: the manual's commands, and the examples.

find_package(Python3 3.9 QUIET COMPONENTS Interpreter)
if(NOT Python3_FOUND)
  message(WARNING "Python 3.9 was not found: the test of the manual's commands (ctest's \"manual\") "
                  "is left out"
  )
elseif(TARGET iot-fleet)
  add_test(NAME manual COMMAND Python3::Interpreter ${CMAKE_CURRENT_LIST_DIR}/manual.py
                               $<TARGET_FILE:iot-fleet>
  )
  set_tests_properties(manual PROPERTIES TIMEOUT 2400)
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
    set_tests_properties(scenario-${name} PROPERTIES TIMEOUT 2400)
  endforeach()
endif()

# What an example prints when all went well: its last line, which says that nobody was left behind.
set(iot_fleet_example_line_custom-rollout-policy "[1-9][0-9]* updated, [01] of 20 bad devices")
set(iot_fleet_example_line_custom-session-policy "200 of 200 updated")
set(iot_fleet_example_line_fleet-in-thirty-lines "day 3: 300 enrolled, 300 updated")
set(iot_fleet_example_line_gateway-with-application
    "video: [1-9][0-9.]* MB received[\r\n]+joins: 100 of 100, median [1-9]"
)

if(IOTFLEET_EXAMPLES)
  foreach(source IN LISTS iot_fleet_example_sources)
    get_filename_component(name ${source} NAME_WE)
    if(NOT iot_fleet_example_line_${name})
      message(FATAL_ERROR "test/programs.cmake does not say what example ${name} prints")
    endif()
    add_test(NAME example-${name} COMMAND ${name})
    set_tests_properties(
      example-${name} PROPERTIES TIMEOUT 120 PASS_REGULAR_EXPRESSION
                                             "${iot_fleet_example_line_${name}}"
    )
  endforeach()
endif()
