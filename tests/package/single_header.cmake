# azula as one header: the README's first program, built with nothing else of azula, prints what the README says; and other
# headers can be chosen for it.
file(REMOVE_RECURSE ${folder})
set(flags -std=c++20 -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror -isystem ${eigen_includes})

execute_process(COMMAND ${CMAKE_COMMAND} -D OUT=${folder}/azula/azula.hpp -P ${source}/cmake/amalgamate.cmake
  COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${compiler} ${flags} -I ${folder} ${source}/examples/first_sample.cpp -o ${folder}/first_sample
  COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${CMAKE_COMMAND} -D PAGE=${source}/README.md -D SOURCE=${source}/examples/first_sample.cpp
  -D PROGRAM=${folder}/first_sample -P ${source}/examples/check_page.cmake COMMAND_ERROR_IS_FATAL ANY)

execute_process(COMMAND ${CMAKE_COMMAND} -D OUT=${folder}/more.hpp -D "HEADERS=noise.hpp;plan/read_stages.hpp"
  -P ${source}/cmake/amalgamate.cmake COMMAND_ERROR_IS_FATAL ANY)
file(WRITE ${folder}/more.cpp "#include \"more.hpp\"\n#include <istream>
double f(std::istream& in) { return azula::VPSchedule{}(static_cast<double>(azula::read_stages(in).size())).alpha; }\n")
execute_process(COMMAND ${compiler} ${flags} -fsyntax-only ${folder}/more.cpp COMMAND_ERROR_IS_FATAL ANY)

execute_process(COMMAND ${CMAKE_COMMAND} -D OUT=${folder}/none.hpp -D HEADERS=no_such.hpp -P ${source}/cmake/amalgamate.cmake
  RESULT_VARIABLE refused OUTPUT_QUIET ERROR_QUIET)
if(refused EQUAL 0)
  message(FATAL_ERROR "A header that is not there is no error")
endif()
