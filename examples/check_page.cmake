# A page shows what a program prints, in its first block of text; the README's first program, too, is that of its file.
#   cmake -D PAGE=docs/howto/seeds.md -D PROGRAM=howto_seeds [-D SOURCE=examples/first_sample.cpp] -P check_page.cmake
cmake_minimum_required(VERSION 3.24)

file(READ ${PAGE} page)
execute_process(COMMAND ${PROGRAM} OUTPUT_VARIABLE output RESULT_VARIABLE failed)
if(failed)
  message(FATAL_ERROR "${PROGRAM} ends with ${failed}:\n${output}")
endif()

# Sets `result` to what stands between the first line "```language" and the line that closes it.
function(first_block result language)
  string(FIND "${page}" "```${language}\n" begin)
  if(begin EQUAL -1)
    message(FATAL_ERROR "there is no ${language} block in ${PAGE}")
  endif()
  string(LENGTH "```${language}\n" skip)
  math(EXPR begin "${begin} + ${skip}")
  string(SUBSTRING "${page}" ${begin} -1 rest)
  string(FIND "${rest}" "```" length)
  string(SUBSTRING "${rest}" 0 ${length} block)
  set(${result} "${block}" PARENT_SCOPE)
endfunction()

function(expect_equal what expected found)
  if(NOT expected STREQUAL found)
    message(FATAL_ERROR "${what}. On the page:\n${expected}\nbut really:\n${found}")
  endif()
endfunction()

first_block(printed text)
expect_equal("${PAGE} shows another output" "${printed}" "${output}")
if(SOURCE)
  file(READ ${SOURCE} source)
  first_block(program cpp)
  expect_equal("${PAGE} shows another program" "${program}" "${source}")
endif()
