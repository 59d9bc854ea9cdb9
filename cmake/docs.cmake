# Target azula_docs: the web site, in docs/ of the build folder. Any warning and any link that leads nowhere fails it; needs no
# network. Its tools are looked for when it is built, and install_packages.sh docs installs them.
find_package(Python3 QUIET COMPONENTS Interpreter)
if(Python3_Interpreter_FOUND)
  add_custom_target(azula_docs
    COMMAND Python3::Interpreter ${PROJECT_SOURCE_DIR}/docs/site/build.py ${PROJECT_BINARY_DIR}/docs
    COMMENT "azula: the web site" USES_TERMINAL VERBATIM)
endif()
