# CUDA's kernels compile, and their instructions are what they are meant to be: needs no GPU.
#   cmake "-DINCLUDES=dir" -P compile.cmake
# INCLUDES: the folders of Eigen. With clang++ over the stub of CUDA's runtime, if it knows NVPTX; with nvcc for two
# architectures, if there is one.
cmake_minimum_required(VERSION 3.24)

set(here ${CMAKE_CURRENT_LIST_DIR})
set(work ${CMAKE_CURRENT_BINARY_DIR}/cuda_compile)
file(MAKE_DIRECTORY ${work})
set(include_flags "")
foreach(directory IN LISTS INCLUDES)
  list(APPEND include_flags -isystem ${directory})
endforeach()
get_filename_component(library ${here}/../../../include ABSOLUTE)

function(compile what)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE failed ERROR_VARIABLE errors)
  if(failed)
    message(FATAL_ERROR "${what}:\n${errors}")
  endif()
endfunction()

function(count result file pattern)
  file(READ ${file} text)
  string(REGEX MATCHALL "${pattern}" found "${text}")
  list(LENGTH found number)
  set(${result} ${number} PARENT_SCOPE)
endfunction()

function(expect_none file pattern why)
  count(number ${file} "${pattern}")
  if(number)
    message(FATAL_ERROR "${file}: ${number} of ${pattern}: ${why}")
  endif()
endfunction()

# The assembly that a compiler made of both files.
function(check name)
  set(noise ${work}/${name}_noise.ptx)
  set(update ${work}/${name}_update.ptx)
  expect_none(${noise} "[^a-z]fma\\." "the noise would have other bits than that of the CPU")
  expect_none(${noise} "(add|sub|mul)\\.f64" "which may be fused, and the noise have other bits")
  foreach(file IN ITEMS ${noise} ${update})
    expect_none(${file} "(ld|st)\\.local" "a thread keeps values in memory")
    expect_none(${file} "[^a-z]call[. ]" "a function is not inlined")
  endforeach()
  count(divisions ${noise} "div\\.rn\\.f64")
  # Of 36 kernels four read 2, four 3, … and four 10 arrays, each once: 216 accesses; those of double are in two parts.
  count(floats ${update} "ld\\.global\\.v4\\.[fub]32")
  count(doubles ${update} "ld\\.global\\.v2\\.[fub]64")
  if(divisions LESS 12 OR floats LESS 216 OR doubles LESS 432)
    message(FATAL_ERROR "${name}: ${divisions} divisions, ${floats} and ${doubles} reads, not 12, 216 and 432")
  endif()
  message(STATUS "${name}: ${divisions} divisions, ${floats} reads of four words, ${doubles} of two long ones")
endfunction()

set(sources noise update)
find_program(clang clang++)
if(clang)
  execute_process(COMMAND ${clang} --print-targets OUTPUT_VARIABLE targets)
endif()
if(targets MATCHES "nvptx64")
  foreach(source IN LISTS sources)
    compile("clang++ does not compile ${source}.cu" ${clang} -x cuda --cuda-gpu-arch=sm_80 -nocudainc -nocudalib
      --cuda-device-only -S -std=c++20 -O3 -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror
      -Wno-unknown-cuda-version -I${library} ${include_flags} -I${here}/stub ${here}/${source}.cu -o ${work}/clang_${source}.ptx)
  endforeach()
  check(clang)
else()
  message(STATUS "no clang++ that knows NVPTX")
endif()

find_program(nvcc nvcc PATHS /usr/local/cuda/bin)
if(nvcc)
  set(flags -std=c++20 -O3 --expt-relaxed-constexpr -Werror all-warnings
    -Xcompiler -Wall,-Wextra,-Wconversion,-Wshadow,-Werror -I${library} ${include_flags})
  foreach(source IN LISTS sources)
    foreach(arch IN ITEMS sm_80 sm_90)
      compile("nvcc does not compile ${source}.cu for ${arch}" ${nvcc} ${flags} -arch=${arch} -c ${here}/${source}.cu
        -o ${work}/${source}_${arch}.o)
    endforeach()
    compile("nvcc does not compile ${source}.cu" ${nvcc} ${flags} -arch=sm_80 -ptx ${here}/${source}.cu
      -o ${work}/nvcc_${source}.ptx)
  endforeach()
  check(nvcc)
else()
  message(STATUS "no nvcc")
endif()
