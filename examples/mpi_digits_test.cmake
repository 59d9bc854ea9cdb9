# Digits have the same bits for any number of ranks: runs mpi_digits on one, two and three of them and compares the
# digests of all pixels, and the pictures.
#   cmake -D "LAUNCH=mpirun;-n" -D PROGRAM=mpi_digits -P mpi_digits_test.cmake
cmake_minimum_required(VERSION 3.24)

# What Open MPI asks of a test: to be run as root, as in a container, and with more ranks than cores. Others ignore these.
set(ENV{OMPI_ALLOW_RUN_AS_ROOT} 1)
set(ENV{OMPI_ALLOW_RUN_AS_ROOT_CONFIRM} 1)
set(ENV{OMPI_MCA_rmaps_base_oversubscribe} 1)
set(ENV{PRTE_MCA_rmaps_default_mapping_policy} ":oversubscribe")
set(ENV{OMPI_MCA_hwloc_base_binding_policy} none)

set(work ${CMAKE_CURRENT_BINARY_DIR}/mpi_digits_test)
file(MAKE_DIRECTORY ${work})

# Sets `result` to what identifies the pixels drawn by so many ranks.
function(draw result ranks)
  set(picture ${work}/${ranks}.png)
  file(REMOVE ${picture})
  execute_process(COMMAND ${LAUNCH} ${ranks} ${PROGRAM} --steps 8 --out ${picture} ${ARGN}
    OUTPUT_VARIABLE output ERROR_VARIABLE errors RESULT_VARIABLE failed)
  if(failed OR NOT output MATCHES "ranks    ${ranks}\n" OR NOT output MATCHES "digest   ([0-9A-F]+)")
    message(FATAL_ERROR "mpi_digits on ${ranks} ranks ends with ${failed}:\n${output}${errors}")
  endif()
  set(digest ${CMAKE_MATCH_1})
  file(SHA256 ${picture} hash)
  message(STATUS "${ranks} ranks: ${digest}, picture ${hash}")
  set(${result} "${digest} ${hash}" PARENT_SCOPE)
endfunction()

function(expect_equal what first second)
  if(NOT first STREQUAL second)
    message(FATAL_ERROR "${what}:\n  ${first}\n  ${second}")
  endif()
endfunction()

draw(one 1 --count 70)
draw(two 2 --count 70)
draw(three 3 --count 70)
expect_equal("two ranks give other bits than one" "${one}" "${two}")
expect_equal("three ranks give other bits than one" "${one}" "${three}")

# More ranks than digits; other digits must be told apart.
draw(alone 1 --count 2 --first 60)
draw(crowded 3 --count 2 --first 60)
expect_equal("three ranks give other bits than one for two digits" "${alone}" "${crowded}")
draw(other 1 --count 2 --first 61)
if(alone STREQUAL other)
  message(FATAL_ERROR "the digits from number 61 on have the bits of those from number 60 on")
endif()
