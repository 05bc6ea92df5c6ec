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

if(IOTFLEET_EXAMPLES)
  foreach(source IN LISTS iot_fleet_example_sources)
    get_filename_component(name ${source} NAME_WE)
    add_test(NAME example-${name} COMMAND ${name})
    set_tests_properties(
      example-${name} PROPERTIES TIMEOUT 120 FAIL_REGULAR_EXPRESSION "[^0-9]0 (enrolled|updated)"
    )
  endforeach()
endif()
