# Writes azula as one header, for Compiler Explorer and for who copies a file into a project:
#   cmake -P cmake/amalgamate.cmake                                  the umbrella, into azula.hpp of the current folder
#   cmake -D OUT=all.hpp -D "HEADERS=azula.hpp;sample/parallel.hpp" -P cmake/amalgamate.cmake
# HEADERS are names in include/azula; what they include of azula comes before them, each header once. Includes of other
# libraries move to the top, except those behind an #ifdef.
cmake_minimum_required(VERSION 3.24)

cmake_path(GET CMAKE_CURRENT_LIST_DIR PARENT_PATH source)
if(NOT DEFINED OUT)
  set(OUT azula.hpp)
endif()
if(NOT DEFINED HEADERS)
  set(HEADERS azula.hpp)
endif()

set(seen)
set(foreign)
set(text "")
# Appends `header` to `text`, behind what it includes.
function(append_header header)
  if(header IN_LIST seen)
    return()
  endif()
  list(APPEND seen ${header})
  if(NOT EXISTS ${source}/include/azula/${header})
    message(FATAL_ERROR "amalgamate: there is no include/azula/${header}")
  endif()
  file(READ ${source}/include/azula/${header} content)
  string(REPLACE "\r\n" "\n" content "${content}")

  # A regular expression has no "begin of a line" in CMake: a line is what follows a newline.
  string(REGEX MATCHALL "\n#include \"azula/[^\"\n]+\"" own "\n${content}")
  foreach(line IN LISTS own)
    string(REGEX REPLACE ".*\"azula/(.*)\"" "\\1" other "${line}")
    append_header(${other})
  endforeach()
  string(FIND "${content}" "\n#if" condition)
  string(SUBSTRING "${content}" 0 ${condition} head)
  string(REGEX MATCHALL "\n#include <[^>\n]+>" others "${head}")
  foreach(line IN LISTS others)
    string(STRIP "${line}" line)
    list(APPEND foreign "${line}")
    string(REPLACE "\n${line}\n" "\n" content "${content}")
  endforeach()

  string(REGEX REPLACE "\n#include \"azula/[^\"\n]+\"" "" content "\n${content}")
  string(REGEX REPLACE "^\n#pragma once\n" "" content "${content}")
  string(REGEX REPLACE "\n\n\n+" "\n\n" content "\n${content}")
  if(content MATCHES "\n#include \"|#pragma once")
    message(FATAL_ERROR "amalgamate: include/azula/${header} has an include that is not azula's, or two #pragma once")
  endif()
  if(content MATCHES "\nnamespace ")  # an umbrella has nothing of its own
    string(APPEND text "\n// ---- azula/${header}\n${content}")
  endif()
  set(seen "${seen}" PARENT_SCOPE)
  set(foreign "${foreign}" PARENT_SCOPE)
  set(text "${text}" PARENT_SCOPE)
endfunction()

foreach(header IN LISTS HEADERS)
  append_header(${header})
endforeach()
list(REMOVE_DUPLICATES foreign)
list(SORT foreign)
list(JOIN foreign "\n" foreign)

file(STRINGS ${source}/CMakeLists.txt version REGEX "^project\\(azula VERSION ")
string(REGEX REPLACE ".*VERSION ([0-9.]+).*" "\\1" version "${version}")
file(READ ${source}/LICENSE license)
string(STRIP "${license}" license)
string(REPLACE "\n" "\n// " license "\n${license}")
string(REGEX REPLACE " +\n" "\n" license "${license}")
list(JOIN HEADERS ", azula/" names)
file(WRITE ${OUT} "#pragma once
// azula ${version} in one header: azula/${names} and what they include, written by cmake/amalgamate.cmake.
// It needs C++20 and Eigen, 3.4 or newer. Include it or the single headers, not both.
//${license}

${foreign}
${text}")
