# What `cpack` makes of `build`: an archive, and a Debian package if there is `dpkg`. Both have what is installed, and the
# small program is built with each, unpacked in a folder with a space.
include(${CMAKE_CURRENT_LIST_DIR}/contents.cmake)
file(REMOVE_RECURSE ${folder})

# Packs by `pack_generator`; sets `file` to what came out, of the name `name`.
macro(pack pack_generator name)
  execute_process(COMMAND ${CMAKE_CPACK_COMMAND} -G ${pack_generator} -B ${folder} --config ${build}/CPackConfig.cmake
    OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
  set(file ${folder}/${name})
  if(NOT EXISTS ${file})
    message(FATAL_ERROR "cpack -G ${pack_generator} makes no ${name}")
  endif()
endmacro()

macro(expect_consumer from)
  set(prefix ${from})
  set(build ${folder}/consumer)
  include(${CMAKE_CURRENT_LIST_DIR}/generator.cmake)
endmacro()

function(check_archive)
  pack(TGZ azula-${version}.tar.gz)
  file(ARCHIVE_EXTRACT INPUT ${file} DESTINATION ${folder}/unpacked)
  expect_contents(${folder}/unpacked/azula-${version})
  expect_consumer(${folder}/unpacked/azula-${version})
endfunction()

function(check_debian)
  pack(DEB libazula-dev_${version}_all.deb)
  foreach(field IN ITEMS "Architecture=all" "Depends=libeigen3-dev (>= ${eigen})" "Version=${version}" "Section=libdevel")
    string(REGEX MATCH "^([A-Za-z]+)=(.*)$" parts ${field})
    execute_process(COMMAND dpkg-deb -f ${file} ${CMAKE_MATCH_1}
      OUTPUT_VARIABLE value OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
    if(NOT "${CMAKE_MATCH_1}=${value}" STREQUAL field)
      message(FATAL_ERROR "The Debian package says ${CMAKE_MATCH_1}: ${value}, and not ${field}")
    endif()
  endforeach()
  execute_process(COMMAND dpkg-deb -x ${file} ${folder}/debian COMMAND_ERROR_IS_FATAL ANY)
  expect_contents(${folder}/debian/usr share/doc/azula/LICENSE share/doc/libazula-dev/copyright)
  expect_consumer(${folder}/debian/usr)
endfunction()

check_archive()
find_program(DPKG_DEB dpkg-deb)
if(DPKG_DEB)
  check_debian()
else()
  message(STATUS "no dpkg-deb here: the Debian package is not tried")
endif()
