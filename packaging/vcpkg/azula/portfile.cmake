# The port of the repository that it lies in:  vcpkg install azula --overlay-ports=packaging/vcpkg
# In a registry of its own it takes the sources of a tag in place of the next line, with vcpkg_from_github or vcpkg_from_git.
cmake_path(SET SOURCE_PATH NORMALIZE "${CURRENT_PORT_DIR}/../../..")

set(VCPKG_BUILD_TYPE release)  # headers only
vcpkg_cmake_configure(
  SOURCE_PATH "${SOURCE_PATH}"
  OPTIONS -DAZULA_INSTALL=ON -DAZULA_BUILD_EXAMPLES=OFF -DAZULA_BUILD_TESTS=OFF -DAZULA_BUILD_BENCHMARKS=OFF)
vcpkg_cmake_install()
vcpkg_cmake_config_fixup(CONFIG_PATH share/cmake/azula)
vcpkg_fixup_pkgconfig()

file(REMOVE_RECURSE "${CURRENT_PACKAGES_DIR}/share/doc")
vcpkg_install_copyright(FILE_LIST "${SOURCE_PATH}/LICENSE")
file(INSTALL "${CURRENT_PORT_DIR}/usage" DESTINATION "${CURRENT_PACKAGES_DIR}/share/azula")
