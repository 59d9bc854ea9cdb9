# Run by cpack before it packs: in a Debian package the license has a name and a folder of its own.
if(CPACK_GENERATOR STREQUAL DEB)
  file(GLOB_RECURSE license ${CPACK_TEMPORARY_INSTALL_DIRECTORY}/LICENSE)
  cmake_path(GET license PARENT_PATH folder)
  cmake_path(REPLACE_FILENAME folder ${CPACK_DEBIAN_PACKAGE_NAME} OUTPUT_VARIABLE debian_folder)
  file(RENAME ${folder} ${debian_folder})
  file(RENAME ${debian_folder}/LICENSE ${debian_folder}/copyright)
endif()
