#!/bin/sh
# What the tests of one compiler do not see, for whoever changes azula:  sh cmake/checks.sh   (after test.sh; it takes long)
# All tests, every header alone, what no test needs, the web site, clang-tidy, threads, readers of files that are none, other
# platforms, sanitizers with clang++, LibTorch. Any failure ends it.
set -eu
cd "$(dirname "$0")/.."
sh cmake/install_packages.sh test mpi checks docs

cores=$(getconf _NPROCESSORS_ONLN)
export CMAKE_GENERATOR="${CMAKE_GENERATOR:-Ninja}" CMAKE_BUILD_PARALLEL_LEVEL="$cores" CTEST_PARALLEL_LEVEL="$cores"
began=$(date +%s)
step() { printf '\n== %s (at %d s)\n' "$1" $(($(date +%s) - began)); }
configure() {
  mkdir -p "build/$1"
  cmake --preset "$1" >"build/$1/log" 2>&1 || { cat "build/$1/log" >&2; return 1; }
}
tidy() { xargs -n 1 -P "$cores" clang-tidy -p build/checks --quiet "$@"; }

step "ONNX Runtime"
sh cmake/fetch_onnxruntime.sh build/onnxruntime || echo "not to be had here: its tests and examples are left out"
step "all tests: names and files of other systems, every type of state, examples, packages, what compilers answer"
mkdir -p build/test
cmake --preset test -D AZULA_TEST_MORE=ON >build/test/log 2>&1 || { cat build/test/log >&2; exit 1; }
cmake --build --preset test --target all azula_test_programs
ctest --preset test
configure checks
step "g++: every header alone"
cmake --build --preset headers
step "g++: benchmarks, and what writes pages"
cmake --build --preset checks
step "the web site: a public name without a comment, a link that leads nowhere"
cmake --build build/checks --target azula_docs
step "recorded runs of another library's schedulers, from their configurations"
build/checks/bench/azula_diffusers_replay tests/data/diffusers_runs.json >build/checks/replayed ||
  { grep WRONG build/checks/replayed; exit 1; }
tail -n 1 build/checks/replayed
step "clang-tidy: the main job and two short examples, clang's warnings among its checks"
# These reach every header of azula.hpp; the others would take long and find little more.
printf 'examples/%s.cpp\n' digits foreign_memory fixed_size_control | tidy
step "clang's warnings in all other examples, each with nothing but its own includes"
# With one cheap check, as clang-tidy runs no warnings alone; of the engines' examples, those that the build has.
sed -n 's/.*"file": "\(.*\/examples\/.*\.cpp\)".*/\1/p' build/checks/compile_commands.json |
  grep -v -e /digits.cpp -e /foreign_memory.cpp -e /fixed_size_control.cpp |
  tidy --checks='-*,clang-diagnostic-*,bugprone-unused-raii' --warnings-as-errors='*'
step "g++ with the thread sanitizer: tests of threads"
if echo 'int main() {}' | g++ -fsanitize=thread -x c++ - -o build/checks/sanitized && build/checks/sanitized; then
  configure tsan
  cmake --build --preset tsan
  build/tsan/tests/azula_thread_tests
else
  echo "It does not work with this kernel."
fi
step "clang++ with libFuzzer: readers of files, a minute each"
# Every tests/fuzz/NAME_fuzz.cpp is a program, tests/fuzz/NAME a folder of files that it begins with.
fuzz="-fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all"
if echo 'extern "C" int LLVMFuzzerTestOneInput(const char*, unsigned long) { return 0; }' |
  clang++ $fuzz -x c++ - -o build/checks/fuzzed 2>/dev/null; then
  for source in tests/fuzz/*_fuzz.cpp; do
    name=$(basename "$source" _fuzz.cpp)
    mkdir -p "build/fuzz/$name"
    clang++ -std=c++20 -O1 -g1 $fuzz -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror -Iinclude -Itests -Iexamples \
      -isystem /usr/include/eigen3 "$source" -o "build/fuzz/${name}_fuzz"
    # What it finds stays in build/fuzz, what it has learned in the folder there, for the next time.
    "build/fuzz/${name}_fuzz" -max_total_time=60 -max_len=8192 -rss_limit_mb=1024 -timeout=10 -artifact_prefix=build/fuzz/ \
      "build/fuzz/$name" "tests/fuzz/$name" >"build/fuzz/$name.log" 2>&1 || { tail -n 40 "build/fuzz/$name.log"; exit 1; }
    tail -n 1 "build/fuzz/$name.log" | sed "s/^Done/$name: nothing found in/; s/ in \([0-9]* second(s)\)/, \1/"
  done
else
  echo "This clang++ has no libFuzzer."
fi
step "clang++ and nvcc, if they can: kernels of CUDA"
(cd build/checks && cmake -DINCLUDES=/usr/include/eigen3 -P ../../tests/interop/cuda/compile.cmake)
if [ -e cmake/portability.sh ]; then
  step "other platforms"
  sh cmake/portability.sh
fi
step "clang++ with address and undefined behaviour sanitizers: build and test"
configure asan
cmake --build --preset asan
ctest --preset asan
step "LibTorch: build and test"
sh cmake/install_packages.sh torch || echo "It is not to be installed here."
configure torch
if cmake --build build/torch --target help | grep -q azula_torch_tests; then
  cmake --build --preset torch
  build/torch/tests/azula_torch_tests
  (cd build/torch && OPENBLAS_NUM_THREADS=1 examples/torch_digits)
else
  echo "It is not to be had here: its tests and example are left out."
fi
