# For whoever gives azula to others: `cpack -G DEB` and `cpack -G TGZ` in the build folder make packages of what
# `cmake --install` puts, and the target azula_single_header writes the library as one header.
if(AZULA_INSTALL)
  set(CPACK_GENERATOR TGZ)
  set(CPACK_PACKAGE_CONTACT "The azula authors" CACHE STRING "Who is named as the maintainer of a Debian package")
  set(CPACK_PACKAGE_FILE_NAME azula-${PROJECT_VERSION})
  set(CPACK_RESOURCE_FILE_LICENSE ${PROJECT_SOURCE_DIR}/LICENSE)
  set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
    OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
  set(CPACK_PRE_BUILD_SCRIPTS ${CMAKE_CURRENT_LIST_DIR}/debian_copyright.cmake)

  set(CPACK_DEBIAN_PACKAGE_NAME libazula-dev)
  set(CPACK_DEBIAN_PACKAGE_ARCHITECTURE all)
  set(CPACK_DEBIAN_PACKAGE_SECTION libdevel)
  set(CPACK_DEBIAN_PACKAGE_DEPENDS "libeigen3-dev (>= ${AZULA_EIGEN_VERSION})")
  set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
  include(CPack)
endif()
# Nothing that is built is installed, so neither `install` nor cpack waits for the examples.
set(CMAKE_SKIP_INSTALL_ALL_DEPENDENCY ON)

add_custom_command(OUTPUT ${PROJECT_BINARY_DIR}/azula.hpp
  COMMAND ${CMAKE_COMMAND} -D OUT=${PROJECT_BINARY_DIR}/azula.hpp -P ${CMAKE_CURRENT_LIST_DIR}/amalgamate.cmake
  DEPENDS ${headers} ${CMAKE_CURRENT_LIST_DIR}/amalgamate.cmake ${PROJECT_SOURCE_DIR}/LICENSE ${PROJECT_SOURCE_DIR}/CMakeLists.txt
  VERBATIM)
add_custom_target(azula_single_header DEPENDS ${PROJECT_BINARY_DIR}/azula.hpp)
