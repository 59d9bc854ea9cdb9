# azula as one header: the README's first program, built with nothing else of azula, prints what the README says; and what
# is outside the umbrella can be in it, too.
file(REMOVE_RECURSE ${folder})
set(flags -std=c++20 -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror -isystem ${eigen_includes})

execute_process(COMMAND ${CMAKE_COMMAND} -D OUT=${folder}/azula/azula.hpp -P ${source}/cmake/amalgamate.cmake
  COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${compiler} ${flags} -I ${folder} ${source}/examples/first_sample.cpp -o ${folder}/first_sample
  COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${CMAKE_COMMAND} -D README=${source}/README.md -D SOURCE=${source}/examples/first_sample.cpp
  -D PROGRAM=${folder}/first_sample -P ${source}/examples/check_readme.cmake COMMAND_ERROR_IS_FATAL ANY)

execute_process(COMMAND ${CMAKE_COMMAND} -D OUT=${folder}/more.hpp
  -D "HEADERS=azula.hpp;method/any_method.hpp;plan/read_stages.hpp;sample/parallel.hpp;sample/threads.hpp;sample/frame_run.hpp;tune.hpp"
  -P ${source}/cmake/amalgamate.cmake COMMAND_ERROR_IS_FATAL ANY)
file(WRITE ${folder}/more.cpp "#include \"more.hpp\"\nint main() { return azula::AnyMethod(\"DDIM\").name().empty(); }\n")
execute_process(COMMAND ${compiler} ${flags} -fsyntax-only ${folder}/more.cpp COMMAND_ERROR_IS_FATAL ANY)

execute_process(COMMAND ${CMAKE_COMMAND} -D OUT=${folder}/none.hpp -D HEADERS=no_such.hpp -P ${source}/cmake/amalgamate.cmake
  RESULT_VARIABLE refused OUTPUT_QUIET ERROR_QUIET)
if(refused EQUAL 0)
  message(FATAL_ERROR "A header that is not there is no error")
endif()
