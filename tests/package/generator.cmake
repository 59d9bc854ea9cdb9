# Builds a small program with the package that is installed in `prefix`, by `generator`, in each of its build types.
set(program ${build}/consumer)
set(one_type -D CMAKE_BUILD_TYPE=Debug)
set(types Debug)
if(generator MATCHES "Multi-Config")
  set(one_type)
  set(types Debug Release)
endif()
file(REMOVE_RECURSE ${build})
execute_process(COMMAND ${CMAKE_COMMAND} -G ${generator} -S ${CMAKE_CURRENT_LIST_DIR}/consumer -B ${build} ${one_type}
  -D AZULA_WAY=find_package -D AZULA_VERSION=${version} -D AZULA_PROGRAM=small.cpp -D CMAKE_PREFIX_PATH=${prefix}
  -D CMAKE_CXX_COMPILER=${compiler} -D Eigen3_DIR=${Eigen3_DIR} OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
foreach(type IN LISTS types)
  execute_process(COMMAND ${CMAKE_COMMAND} --build ${build} --config ${type} OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
  if(NOT one_type)
    set(program ${build}/${type}/consumer)
  endif()
  execute_process(COMMAND ${program} COMMAND_ERROR_IS_FATAL ANY)
endforeach()
