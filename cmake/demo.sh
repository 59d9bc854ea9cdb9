#!/bin/sh
# Draws a hundred clothes into fashion.png in the current folder:  sh cmake/demo.sh [arguments of examples/fashion.cpp]
# Installs what is missing, builds that example in the folder build, optimised, and runs it.
# (cmake --build build builds all the others.)
set -eu
azula=$(cd "$(dirname "$0")/.." && pwd)
sh "$azula/cmake/install_packages.sh" demo

if command -v ninja >/dev/null 2>&1; then export CMAKE_GENERATOR="${CMAKE_GENERATOR:-Ninja}"; fi
build=$azula/build
mkdir -p "$build"
echo "Building in $build"
if ! (cmake -S "$azula" -B "$build" &&
      cmake --build "$build" --target fashion --parallel "$(getconf _NPROCESSORS_ONLN)") >"$build/log" 2>&1; then
  cat "$build/log" >&2
  exit 1
fi
exec "$build/examples/fashion" "$@"
