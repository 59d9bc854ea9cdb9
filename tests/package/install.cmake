# Installs `build` and moves what came out to `prefix`: the package must not remember where it was installed.
file(REMOVE_RECURSE ${prefix} ${prefix}-staged)
execute_process(COMMAND ${CMAKE_COMMAND} --install ${build} --prefix ${prefix}-staged COMMAND_ERROR_IS_FATAL ANY)
file(RENAME ${prefix}-staged ${prefix})
