# What `cmake --install` puts where: headers, the CMake package, the pkg-config file, the license. All of it can be moved.
# packaging/contents.txt names it for all packages.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(AZULA_PACKAGE_DIR ${CMAKE_INSTALL_DATADIR}/cmake/azula)
set(AZULA_PKGCONFIG_DIR ${CMAKE_INSTALL_DATADIR}/pkgconfig)

install(TARGETS azula EXPORT azulaTargets FILE_SET HEADERS FILE_SET interop)
install(EXPORT azulaTargets NAMESPACE azula:: DESTINATION ${AZULA_PACKAGE_DIR})

configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/azulaConfig.cmake.in azulaConfig.cmake
  INSTALL_DESTINATION ${AZULA_PACKAGE_DIR}
  NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(azulaConfigVersion.cmake COMPATIBILITY SameMinorVersion ARCH_INDEPENDENT)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/azulaConfig.cmake ${CMAKE_CURRENT_BINARY_DIR}/azulaConfigVersion.cmake
  DESTINATION ${AZULA_PACKAGE_DIR})

# The way from the file to the prefix, wherever the two lie; folders that are absolute stay so.
cmake_path(RELATIVE_PATH CMAKE_INSTALL_PREFIX BASE_DIRECTORY ${CMAKE_INSTALL_PREFIX}/${AZULA_PKGCONFIG_DIR}
  OUTPUT_VARIABLE AZULA_PREFIX_OF_PKGCONFIG)
set(AZULA_PKGCONFIG_INCLUDEDIR "\${prefix}")
cmake_path(APPEND AZULA_PKGCONFIG_INCLUDEDIR ${CMAKE_INSTALL_INCLUDEDIR})
configure_file(${CMAKE_CURRENT_LIST_DIR}/azula.pc.in azula.pc @ONLY)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/azula.pc DESTINATION ${AZULA_PKGCONFIG_DIR})

install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
