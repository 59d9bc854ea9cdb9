# What can be tried of the Conan recipe without Conan: the files that it exports are enough to configure and to install azula,
# and what it keeps of that is what packaging/contents.txt has.
include(${CMAKE_CURRENT_LIST_DIR}/contents.cmake)
file(REMOVE_RECURSE ${folder})
file(READ ${source}/packaging/conan/conanfile.py recipe)

if(NOT recipe MATCHES "for pattern in \\(([^)]*)\\):\n *copy\\(self, pattern, src=self._repository")
  message(FATAL_ERROR "The recipe exports its sources in a way that this test does not know")
endif()
string(REGEX REPLACE "[\", ]+" ";" patterns "${CMAKE_MATCH_1}")
foreach(pattern IN LISTS patterns)
  if(pattern)
    if(pattern MATCHES "/")
      file(GLOB_RECURSE files RELATIVE ${source} ${source}/${pattern})
    else()  # Conan's patterns of a name alone look in the one folder
      set(files ${pattern})
    endif()
    foreach(file IN LISTS files)
      configure_file(${source}/${file} ${folder}/sources/${file} COPYONLY)
    endforeach()
  endif()
endforeach()

string(REGEX MATCHALL "cache_variables\\[\"(AZULA_[A-Z]+)\"\\] = True" on "${recipe}")
if(NOT on STREQUAL "cache_variables[\"AZULA_INSTALL\"] = True")
  message(FATAL_ERROR "The recipe turns on ${on}")
endif()
execute_process(COMMAND ${CMAKE_COMMAND} -G ${generator} -S ${folder}/sources -B ${folder}/build
  -D CMAKE_INSTALL_PREFIX=${folder}/package -D CMAKE_BUILD_TYPE=Release -D CMAKE_CXX_COMPILER=${compiler}
  -D Eigen3_DIR=${Eigen3_DIR} -D AZULA_INSTALL=ON -D AZULA_BUILD_EXAMPLES=OFF -D AZULA_BUILD_TESTS=OFF
  -D AZULA_BUILD_BENCHMARKS=OFF OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${CMAKE_COMMAND} --install ${folder}/build OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
expect_contents(${folder}/package)

find_program(PYTHON python3)
if(PYTHON)
  foreach(file IN ITEMS conanfile.py test_package/conanfile.py)
    execute_process(COMMAND ${PYTHON} -c "import ast, sys; ast.parse(open(sys.argv[1], encoding='utf-8').read())"
      ${source}/packaging/conan/${file} COMMAND_ERROR_IS_FATAL ANY)
  endforeach()
endif()
