# Installs `build` and moves what came out to `prefix`: the package must not remember where it was installed.
include(${CMAKE_CURRENT_LIST_DIR}/contents.cmake)
file(REMOVE_RECURSE ${prefix} ${prefix}-staged)
execute_process(COMMAND ${CMAKE_COMMAND} --install ${build} --prefix ${prefix}-staged
  OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
file(RENAME ${prefix}-staged ${prefix})
expect_contents(${prefix})
