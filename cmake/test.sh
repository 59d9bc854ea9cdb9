#!/bin/sh
# Whether azula works here: builds the tests with the default compiler and runs them:  sh cmake/test.sh
# Installs what is missing. CXX chooses another compiler. Ends with CTest's closing lines; a failure ends it before.
# (checks.sh has what takes long and says little about one machine: the tests of examples, packages and other systems' names, a
# second compiler, sanitizers, clang-tidy, engines.)
set -eu
cd "$(dirname "$0")/.."
sh cmake/install_packages.sh test

cores=$(getconf _NPROCESSORS_ONLN)
export CMAKE_GENERATOR="${CMAKE_GENERATOR:-Ninja}" CMAKE_BUILD_PARALLEL_LEVEL="$cores" CTEST_PARALLEL_LEVEL="$cores"
began=$(date +%s)
step() { printf '\n== %s (at %d s)\n' "$1" $(($(date +%s) - began)); }

step "build"
mkdir -p build/test
cmake --preset test >build/test/log 2>&1 || { cat build/test/log >&2; exit 1; }
cmake --build --preset test
step "test"
ctest --preset test
