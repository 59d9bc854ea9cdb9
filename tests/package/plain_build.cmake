# What a plain build does where nothing but Eigen is found: it says what it leaves out and for want of which package,
# optimises, builds the examples that need no more, and can be installed. What is asked for by hand is not left out.
cmake_minimum_required(VERSION 3.24)

list(FILTER ignored EXCLUDE REGEX "NOTFOUND$")
set(bare -D "CMAKE_IGNORE_PATH=${ignored}")  # for find_path
foreach(package IN ITEMS Catch2 benchmark nlohmann_json MPI Torch)
  list(APPEND bare -D CMAKE_DISABLE_FIND_PACKAGE_${package}=ON)
endforeach()

# Configures from nothing; sets `output`, and `failed` to 0 if it went well.
macro(configure)
  file(REMOVE_RECURSE ${build})
  execute_process(COMMAND ${CMAKE_COMMAND} -S ${source} -B ${build} -D CMAKE_CXX_COMPILER=${compiler}
    -D Eigen3_DIR=${Eigen3_DIR} ${ARGN} OUTPUT_VARIABLE output ERROR_VARIABLE output RESULT_VARIABLE failed)
endmacro()

function(expect_line pattern)
  if(NOT output MATCHES "${pattern}")
    message(FATAL_ERROR "CMake does not say \"${pattern}\" but:\n${output}")
  endif()
endfunction()

function(expect_refused option package)
  configure(-G ${generator} ${bare} -D ${option}=ON)
  if(NOT failed)
    message(FATAL_ERROR "${option}=ON without ${package} is no error")
  endif()
  string(REGEX REPLACE "[ \n]+" " " output "${output}")  # CMake breaks the lines of an error
  expect_line("azula: ${option}=ON asks for .* not found: .*${package}")
endfunction()

expect_refused(AZULA_BUILD_EXAMPLES stb)
expect_refused(AZULA_BUILD_TESTS Catch2)
expect_refused(AZULA_BUILD_BENCHMARKS "Google Benchmark")

# The examples run here without optimisation, which compiles in a third of the time.
configure(-G ${generator} ${bare} -D CMAKE_CXX_FLAGS_RELEASE=-O0)
if(failed)
  message(FATAL_ERROR "A plain build cannot be configured:\n${output}")
endif()
expect_line("no build type was chosen, so it is Release")
expect_line("the examples [^\n]* left out, not found: nlohmann-json [^\n]*, stb ")
expect_line("the tests are left out, not found: Catch2 [^\n]*, nlohmann-json ")
expect_line("the benchmarks are left out, not found: Google Benchmark ")
# One of these examples is enough to build: the others are compiled and linked in the same way.
execute_process(COMMAND ${CMAKE_COMMAND} --build ${build} --target help OUTPUT_VARIABLE targets)
if(NOT targets MATCHES "own_loop" OR targets MATCHES "fashion|azula_tests|azula_benchmarks")
  message(FATAL_ERROR "A plain build has other targets than the small examples:\n${targets}")
endif()
execute_process(COMMAND ${CMAKE_COMMAND} --build ${build} --target first_sample COMMAND_ERROR_IS_FATAL ANY OUTPUT_QUIET)
execute_process(COMMAND ${build}/examples/first_sample OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${CMAKE_COMMAND} --install ${build} --prefix ${build}/prefix
  OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
if(NOT EXISTS ${build}/prefix/include/azula/azula.hpp)
  message(FATAL_ERROR "A plain build installs no azula.hpp")
endif()

# Generators of several build types choose among them later.
if(generator STREQUAL Ninja)
  configure(-G "Ninja Multi-Config" ${bare})
  if(failed OR output MATCHES "no build type was chosen")
    message(FATAL_ERROR "A generator of several build types is given one:\n${output}")
  endif()
endif()
