#!/bin/sh
# The whole test, as continuous integration runs it:  sh cmake/test.sh
# Ends with the closing lines of the main test run; any failure before that ends it there.
set -eu
cd "$(dirname "$0")/.."
sh cmake/install_packages.sh test mpi

cores=$(getconf _NPROCESSORS_ONLN)
export CMAKE_GENERATOR="${CMAKE_GENERATOR:-Ninja}" CMAKE_BUILD_PARALLEL_LEVEL="$cores" CTEST_PARALLEL_LEVEL="$cores"
began=$(date +%s)
step() { printf '\n== %s (at %d s)\n' "$1" $(($(date +%s) - began)); }
build() {
  mkdir -p "build/$1"
  cmake --preset "$1" >"build/$1/log" 2>&1 || { cat "build/$1/log" >&2; return 1; }
  cmake --build --preset "$1"
}

step "ONNX Runtime"
sh cmake/fetch_onnxruntime.sh build/onnxruntime || echo "not to be had here: its test and example are left out"

step "g++: build"
build dev
step "g++: every header alone"
cmake --build --preset headers
step "clang++ with address and undefined behaviour sanitizers: build and test"
build asan
ctest --preset asan
step "clang-tidy: the main job and two short examples, clang's warnings among its checks"
# These reach every header of azula.hpp; the others would take long and find little more.
printf 'examples/%s.cpp\n' digits foreign_memory fixed_size_control |
  xargs -n 1 -P "$cores" clang-tidy -p build/dev --quiet
step "clang's warnings in all other examples"
# With one cheap check, as clang-tidy runs no warnings alone; of the engines' examples, those that the build has.
sed -n 's/.*"file": "\(.*\/examples\/.*\.cpp\)".*/\1/p' build/dev/compile_commands.json |
  grep -v -e /digits.cpp -e /foreign_memory.cpp -e /fixed_size_control.cpp |
  xargs -n 1 -P "$cores" clang-tidy -p build/dev --quiet \
    --checks='-*,clang-diagnostic-*,bugprone-unused-raii' --warnings-as-errors='*'
step "g++: test"
ctest --preset dev
