#!/bin/sh
# Compiles and runs a choice of the tests for other processors, systems, compilers and versions of Eigen than this
# machine's:  sh cmake/portability.sh
# Processors are emulated by qemu, Windows by wine. What cannot be had here is left out, with a line. Ends with a table;
# fails if anything in it has. Works in build/portability, where what each column printed lies beside its program.
set -eu
cd "$(dirname "$0")/.."
work=$PWD/build/portability
strict="-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror"
export WINEPREFIX="$work/wine" WINEDEBUG=-all PATH="$PATH:/usr/lib/wine"

# name; compiler and flags; what runs its programs; folder of Eigen; all: the tests, bits: noise alone
targets="\
s390x; s390x-linux-gnu-g++ -static; qemu-s390x-static; /usr/include/eigen3; all
ppc64le; powerpc64le-linux-gnu-g++ -static; qemu-ppc64le-static; /usr/include/eigen3; all
riscv64; riscv64-linux-gnu-g++ -static; qemu-riscv64-static; /usr/include/eigen3; all
aarch64; aarch64-linux-gnu-g++ -static; qemu-aarch64-static; /usr/include/eigen3; all
armhf; arm-linux-gnueabihf-g++ -static -Wno-psabi; qemu-arm-static; /usr/include/eigen3; all
Windows; x86_64-w64-mingw32-g++-posix -static; wine64; /usr/include/eigen3; all
x86-64, libc++; clang++-19 -stdlib=libc++; env; /usr/include/eigen3; all
x86-64; g++; env; build/portability/eigen5; all
s390x; clang++-19 -static --target=s390x-linux-gnu; qemu-s390x-static; /usr/include/eigen3; bits
riscv64; clang++-19 -static --target=riscv64-linux-gnu; qemu-riscv64-static; /usr/include/eigen3; bits
aarch64; clang++-19 -static --target=aarch64-linux-gnu; qemu-aarch64-static; /usr/include/eigen3; bits"

field() { echo "$targets" | sed -n "${number}p" | cut -d ';' -f "$1" | sed 's/^ //'; }
read_target() {  # its number
  number=$1
  name=$(field 1) compiler=$(field 2) runner=$(field 3) eigen=$(field 4) parts=$(field 5)
  place=$work/$number
  before=""  # what a program may include before azula
  case $name in Windows) before="-include windows.h -include complex.h" ;; esac
  compile="$compiler -std=c++20 -isystem $eigen -isystem $work/headers -Iinclude -Itests"
}

# Whether there is everything for a target. The program is linked: a library may be missing.
to_be_had() {
  [ -e "$eigen/Eigen/Core" ] && command -v "$runner" >/dev/null &&
    printf '#include <thread>\nint main() {}\n' | $compiler -std=c++20 -x c++ - -o "$work/probe" 2>/dev/null
}

eigen_version() {
  parts_of_it=$(cat "$eigen/Eigen/Version" "$eigen/Eigen/src/Core/util/Macros.h" 2>/dev/null |
    sed -n 's/^#define EIGEN_\(MAJOR\|MINOR\|PATCH\)_VERSION \([0-9]*\)$/\2/p' | paste -s -d .)
  case $parts_of_it in *.*.*) echo "$parts_of_it" ;; *) echo "3.$parts_of_it" ;; esac
}

# One cell of the table: what a command prints goes to a file, how it ends into the row.
cell() {
  label=$1; shift
  if "$@" >"$place/$label.log" 2>&1; then
    printf ' | passed' >>"$place/row"
  else
    printf ' | FAILED' >>"$place/row"
    printf '%s, %s: %s failed. The end of %s:\n%s\n' "$name" "$compiler" "$label" "$place/$label.log" \
      "$(tail -n 12 "$place/$label.log")"
  fi
}
same_bits() {  # flags
  $compile "$@" tests/random/portable_digest.cpp -o "$place/bits.exe" &&
    $runner "$place/bits.exe" | tr -d '\r' | diff "$work/bits" -
}
readme_program() {
  $compile -O1 $strict $before examples/first_sample.cpp -o "$place/first_sample.exe" &&
    $runner "$place/first_sample.exe" | tr -d '\r' | diff "$work/said" -
}
build_tests() {
  $compile -O0 -c "$work/main.cpp" -o "$place/main.o" &&
    $compile -O1 $strict "-DAZULA_TEST_DATA=\"$PWD/tests/data\"" tests/support/golden.cpp tests/method/golden_test.cpp \
      tests/sample/update_test.cpp tests/sample/states_test.cpp tests/sample/parallel_test.cpp \
      tests/sample/saved_bytes_test.cpp "$place/main.o" \
      -o "$place/tests.exe"
}
tests() {  # arguments of Catch2
  [ -e "$place/tests.exe" ] && timeout 300 $runner "$place/tests.exe" "$@" || { tail -n 8 "$place/build.log"; return 1; }
}
run_target() {
  mkdir -p "$place"
  printf '%s | %s %s | %s' "$name" "${compiler%% *}" "$($compiler -dumpversion)" "$(eigen_version)" >"$place/row"
  cell noise same_bits -O2 $strict
  cell noise_fast same_bits -O3 -ffast-math
  if [ "$parts" = all ]; then
    cell program readme_program
    build_tests >"$place/build.log" 2>&1 || true
    cell golden tests '[golden]'
    cell update tests '[update]'
    cell states tests '[states]'
    cell threads tests '[threads],[parallel]'
    cell saved tests '[saved]'
  else
    printf ' | | | | | |' >>"$place/row"
  fi
}
if [ $# = 1 ]; then read_target "$1"; run_target; exit 0; fi  # called by the line with xargs

began=$(date +%s)
step() { printf '\n== %s (at %d s)\n' "$1" $(($(date +%s) - began)); }
step "packages"
sh cmake/install_packages.sh portability || echo "going on with what there is"
rm -rf "$work"
mkdir -p "$work/headers"
# Compilers for other systems are shown the headers of these two libraries and no other of /usr/include. Catch2 in version
# 2, of which Debian 12 is the last to have it: one file, which is compiled for every target.
cp -R /usr/include/nlohmann "$work/headers/"
sh cmake/unpack_debian.sh bookworm catch2 "$work/catch2"
mv "$work/catch2/usr/include/catch2" "$work/headers/"
printf '#define CATCH_CONFIG_MAIN\n#include <catch2/catch.hpp>\n' >"$work/main.cpp"
sh cmake/fetch_eigen5.sh "$work/eigen5" || true

step "what is expected: README, and the noise of g++ here"
sed -n '/^```text$/,/^```$/p' README.md | sed '1d; /^```$/,$d' >"$work/said"
g++ -std=c++20 -O2 -isystem /usr/include/eigen3 -Iinclude -Itests tests/random/portable_digest.cpp -o "$work/probe"
"$work/probe" | tee "$work/bits"

step "every target"
present=""
for i in $(seq "$(echo "$targets" | wc -l)"); do
  read_target "$i"
  if to_be_had; then
    present="$present $i"
  else
    echo "left out, as it cannot be had here: $name by $compiler, Eigen in $eigen"
  fi
done
printf '%s\n' $present | xargs -n 1 -P "$(getconf _NPROCESSORS_ONLN)" sh cmake/portability.sh
wineserver -k 2>/dev/null || true  # that of this folder

step "done"
{
  printf 'target | compiler | Eigen | noise, -O2 | noise, -O3 -ffast-math | '
  echo "README's program | golden runs | update | states | threads | saved runs"
  echo "---|---|---|---|---|---|---|---|---|---|---"
  for i in $present; do cat "$work/$i/row"; echo; done
} | sed 's/^/| /; s/$/ |/' | tee "$work/table"
if [ -z "$present" ] || grep -q FAILED "$work/table"; then exit 1; fi
