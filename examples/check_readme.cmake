# The first program in the README is examples/first_sample.cpp, and prints what the README says.
#   cmake -D README=README.md -D SOURCE=examples/first_sample.cpp -D PROGRAM=first_sample -P check_readme.cmake
cmake_minimum_required(VERSION 3.24)

file(READ ${README} readme)
file(READ ${SOURCE} source)
execute_process(COMMAND ${PROGRAM} OUTPUT_VARIABLE output RESULT_VARIABLE failed)
if(failed)
  message(FATAL_ERROR "${PROGRAM} ends with ${failed}")
endif()

# Sets `result` to what stands between the first line "```language" and the line that closes it.
function(first_block result language)
  string(FIND "${readme}" "```${language}\n" begin)
  if(begin EQUAL -1)
    message(FATAL_ERROR "there is no ${language} block in ${README}")
  endif()
  string(LENGTH "```${language}\n" skip)
  math(EXPR begin "${begin} + ${skip}")
  string(SUBSTRING "${readme}" ${begin} -1 rest)
  string(FIND "${rest}" "```" length)
  string(SUBSTRING "${rest}" 0 ${length} block)
  set(${result} "${block}" PARENT_SCOPE)
endfunction()

function(expect_equal what expected found)
  if(NOT expected STREQUAL found)
    message(FATAL_ERROR "${what}. In the README:\n${expected}\nbut really:\n${found}")
  endif()
endfunction()

first_block(program cpp)
first_block(result text)
expect_equal("The README shows another program" "${program}" "${source}")
expect_equal("The program prints something else" "${result}" "${output}")
