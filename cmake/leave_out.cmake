# What is built if its packages are there. The option is AUTO by default: what lacks a package is left out, and one line
# says which. Set to ON by hand it asks for all of it, and a missing package is an error.
function(azula_build_option name help)
  set(default OFF)
  if(PROJECT_IS_TOP_LEVEL)
    set(default AUTO)
  endif()
  set(${name} ${default} CACHE STRING "${help}: ON, OFF, or AUTO, without what lacks a package")
  set_property(CACHE ${name} PROPERTY STRINGS AUTO ON OFF)
endfunction()

# Says that `what` (in the plural) is left out for want of the packages that follow.
function(azula_leave_out option what)
  list(JOIN ARGN ", " packages)
  if(NOT ${option} STREQUAL AUTO)
    message(FATAL_ERROR "azula: ${option}=${${option}} asks for ${what}, which need what is not found: ${packages}")
  endif()
  message(STATUS "azula: ${what} are left out, not found: ${packages}")
endfunction()
