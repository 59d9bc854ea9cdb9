#!/bin/sh
# Builds the web site in build/docs, with the playground in it, azula in a web page:  sh cmake/playground.sh [test]
# Installs emscripten and Doxygen if they are missing. With `test` also Chromium, which then draws and is compared with native
# programs (playground/test.py).
set -eu
cd "$(dirname "$0")/.."
sh cmake/install_packages.sh demo docs playground
objects=build/playground out=build/playground/page
mkdir -p "$objects" "$out"

eigen=/usr/include/eigen3
# nlohmann-json is in /usr/include, beside headers that are none of WebAssembly's.
ln -sfn /usr/include/nlohmann "$objects/nlohmann"
# SIMD of WebAssembly by way of SSE, which emscripten translates and Eigen knows. Eigen has assembly of x86 for g++ before
# 6.3 in one place and from 6 on in another: no compiler is 5.13, and gets neither. A ptrdiff_t of 32 bits is always below
# the limits that azula checks for those of 64.
flags="-std=c++20 -msimd128 -msse4.1 -fgnuc-version=5.13 -fwasm-exceptions -include playground/prelude.hpp
  -Iplayground/stand_in -Iinclude -Iexamples -isystem $eigen -isystem $objects
  -Wall -Wextra -Wno-tautological-constant-out-of-range-compare -Werror"
compile() {  # level of optimisation, source
  echo "em++ $1 $2"
  em++ $flags "$1" -c "$2" -o "$objects/$(basename "$2" .cpp).o"
}
# Small, but for what takes the time.
compile -O2 examples/common/fashion_network.cpp
compile -O2 examples/common/digits_network.cpp
compile -Os examples/common/safetensors.cpp
compile -Os playground/playground.cpp

# Debian's emscripten counts on Debian's node to look in /usr/share/nodejs.
NODE_PATH=/usr/share/nodejs em++ -Os -msimd128 -fwasm-exceptions "$objects"/*.o -o "$out/azula.js" --no-entry \
  -sMODULARIZE -sEXPORT_NAME=azula -sENVIRONMENT=worker -sALLOW_MEMORY_GROWTH -sFORCE_FILESYSTEM \
  -sEXPORTED_RUNTIME_METHODS=ccall,FS
cp playground/index.html playground/style.css playground/*.js examples/data/fashion.safetensors examples/data/digits.safetensors "$out"
du -bc "$out"/* | sed 's/^/bytes: /'
python3 docs/site/build.py build/docs
if [ "${1:-}" = test ]; then
  sh cmake/install_packages.sh playground_test
  exec python3 playground/test.py
fi
echo "To see it:  python3 -m http.server -d build/docs 8000, then http://localhost:8000"
