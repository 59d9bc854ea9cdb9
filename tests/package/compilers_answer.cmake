# Compiles `source`. Its first line says what must come of it: "// expect: success", or "// expect: " and the sentence that
# the compiler must print while it refuses.
file(STRINGS ${source} expectation LIMIT_COUNT 1)
if(NOT expectation MATCHES "^// expect: (.+)$")
  message(FATAL_ERROR "${source} does not begin with \"// expect: \"")
endif()
set(expectation "${CMAKE_MATCH_1}")

# Compiled in full, since templates may be instantiated only at the end.
set(ENV{LC_ALL} C)
execute_process(COMMAND ${compiler} ${flags} -c ${source} -o /dev/null
  RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
string(FIND "${output}" "${expectation}" position)
if(expectation STREQUAL "success")
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "Must compile, and does not:\n${output}")
  endif()
elseif(result EQUAL 0)
  message(FATAL_ERROR "Must not compile, and does")
elseif(position EQUAL -1)
  message(FATAL_ERROR "The compiler does not say \"${expectation}\" but:\n${output}")
endif()
