#!/bin/sh
# Builds the examples and draws a hundred digits into digits.png in the current folder:  sh cmake/demo.sh [arguments of digits]
set -eu
azula=$(cd "$(dirname "$0")/.." && pwd)
sh "$azula/cmake/install_packages.sh" demo

if command -v ninja >/dev/null 2>&1; then export CMAKE_GENERATOR="${CMAKE_GENERATOR:-Ninja}"; fi
build=$azula/build/demo
mkdir -p "$build"
echo "Building the examples in $build"
if ! (cd "$azula" && cmake --preset demo && cmake --build --preset demo --parallel) >"$build/log" 2>&1; then
  cat "$build/log" >&2
  exit 1
fi
exec "$build/examples/digits" "$@"
