# SPDX-License-Identifier: GPL-2.0-only
#
# Apache ECharts, which draws the report's charts: npm fetches the version that
# analysis/report/package-lock.json pins (by hash) into the build folder, and the report's code
# carries it inside itself as "embedded/echarts.min.js.h", with its licence comment. Without a
# network, give the file: -DIOTFLEET_ECHARTS=/path/to/echarts.min.js

set(IOTFLEET_ECHARTS "" CACHE FILEPATH "echarts.min.js to use instead of fetching it through npm")

function(iot_fleet_fetch_echarts result)
  set(manifest_dir ${CMAKE_CURRENT_SOURCE_DIR}/analysis/report)
  set(npm_dir ${CMAKE_CURRENT_BINARY_DIR}/report-npm)
  set(script ${npm_dir}/node_modules/echarts/dist/echarts.min.js)
  file(SHA256 ${manifest_dir}/package-lock.json wanted)
  set(stamp ${npm_dir}/installed.sha256)
  set(installed "")
  if(EXISTS ${stamp} AND EXISTS ${script})
    file(READ ${stamp} installed)
  endif()
  if(NOT installed STREQUAL wanted)
    find_program(IOTFLEET_NPM npm)
    mark_as_advanced(IOTFLEET_NPM)
    if(NOT IOTFLEET_NPM)
      message(FATAL_ERROR "npm was not found: install it (on Debian, run tools/install-deps.sh), "
                          "or give -DIOTFLEET_ECHARTS=/path/to/echarts.min.js"
      )
    endif()
    message(STATUS "Fetching the report's chart library through npm")
    file(COPY ${manifest_dir}/package.json ${manifest_dir}/package-lock.json DESTINATION ${npm_dir})
    execute_process(
      COMMAND ${IOTFLEET_NPM} ci --ignore-scripts --no-audit --no-fund
      WORKING_DIRECTORY ${npm_dir}
      RESULT_VARIABLE status
      OUTPUT_VARIABLE output
      ERROR_VARIABLE output
    )
    if(NOT status EQUAL 0)
      message(FATAL_ERROR "npm could not fetch the report's chart library:\n${output}")
    endif()
    file(WRITE ${stamp} ${wanted})
  endif()
  set(${result} ${script} PARENT_SCOPE)
endfunction()

set_property(
  DIRECTORY APPEND
  PROPERTY CMAKE_CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/analysis/report/package-lock.json
)
if(IOTFLEET_ECHARTS)
  set(iot_fleet_echarts ${IOTFLEET_ECHARTS})
else()
  iot_fleet_fetch_echarts(iot_fleet_echarts)
endif()
iot_fleet_embed(${iot_fleet_echarts})
