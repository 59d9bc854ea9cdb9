# LibTorch as the target azula_libtorch, if it is found: libtorch-dev, or Torch_DIR tells where. In a function, which keeps
# the variables of its package, flags among them, to itself.
function(azula_find_libtorch)
  set(asked "${Torch_DIR}")
  set(CMAKE_MESSAGE_LOG_LEVEL WARNING)  # its package tells what it found even if QUIET
  find_package(Torch QUIET)
  if(Torch_FOUND)
    add_library(azula_libtorch INTERFACE)
    target_include_directories(azula_libtorch SYSTEM INTERFACE ${TORCH_INCLUDE_DIRS})
    target_link_libraries(azula_libtorch INTERFACE ${TORCH_LIBRARIES})
  elseif(asked)
    message(FATAL_ERROR "azula: there is no LibTorch in Torch_DIR, ${asked}")
  endif()
endfunction()
azula_find_libtorch()
