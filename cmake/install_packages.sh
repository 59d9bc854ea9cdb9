#!/bin/sh
# Sees to it that what the scripts beside this one need is installed:
#   sh cmake/install_packages.sh demo|test|mpi|checks|docs|portability|torch|playground ...
# Looks first and does nothing when all is found. On Debian and its kin the missing packages are installed with apt-get
# (as root or through sudo); anywhere else, or without the right to, they are named and the script fails.
set -eu

missing=""
want() { case " $missing " in *" $1 "*) ;; *) missing="$missing $1" ;; esac }
command_from() { command -v "$2" >/dev/null 2>&1 || want "$1"; }  # package, command
header_from() {                                                   # package, header ...: any one of them will do
  package=$1; shift
  for header in "$@"; do
    for folder in /usr/include /usr/include/* /usr/local/include /usr/local/include/* /opt/homebrew/include; do
      if [ -e "$folder/$header" ]; then return; fi
    done
  done
  want "$package"
}

look_for_demo() {
  command_from g++ c++
  command_from cmake cmake
  if ! command -v ninja >/dev/null 2>&1; then command_from make make; fi
  header_from libeigen3-dev eigen3/Eigen/Core Eigen/Core
  header_from nlohmann-json3-dev nlohmann/json.hpp
  header_from libstb-dev stb/stb_image_write.h stb_image_write.h
}
look_for_test() {
  look_for_demo
  command_from ninja-build ninja
  command_from pkg-config pkg-config
  header_from catch2 catch2/catch_test_macros.hpp catch2/catch.hpp
  header_from librandom123-dev Random123/philox.h
}
look_for_checks() {
  command_from g++ g++
  command_from clang clang++
  if command -v clang++ >/dev/null 2>&1 && ! ls "$(clang++ -print-runtime-dir)" 2>/dev/null | grep -q asan; then
    want "libclang-rt-$(clang++ -dumpversion | sed 's/\..*//')-dev"
  fi
  command_from clang-tidy clang-tidy
  header_from libbenchmark-dev benchmark/benchmark.h
}
look_for_docs() {
  command_from python3 python3
  command_from doxygen doxygen
  for place in doxygen-awesome-css:doxygen-awesome-css libjs-katex:javascript/katex fonts-katex:fonts/truetype/katex; do
    if [ ! -e "/usr/share/${place#*:}" ]; then want "${place%%:*}"; fi
  done
}
look_for_mpi() {
  command_from libopenmpi-dev mpicxx
  command_from openmpi-bin mpirun
}

look_for_portability() {
  look_for_demo
  for processor in aarch64 riscv64 s390x powerpc64le; do
    command_from "g++-$processor-linux-gnu" "$processor-linux-gnu-g++"
  done
  command_from g++-arm-linux-gnueabihf arm-linux-gnueabihf-g++
  command_from qemu-user-static qemu-s390x-static
  command_from g++-mingw-w64-x86-64-posix x86_64-w64-mingw32-g++-posix
  if [ ! -e /usr/lib/wine/wine64 ]; then command_from wine64 wine64; fi
  command_from clang-19 clang++-19
  if [ ! -e /usr/lib/llvm-19/include/c++/v1/version ]; then want libc++-19-dev; fi
  optional=yes
}
look_for_playground() { command_from emscripten em++; }
look_for_playground_test() {
  command_from chromium chromium
  command_from python3 python3
}
look_for_torch() {
  header_from libtorch-dev torch/script.h
  # Without it LibTorch multiplies matrices by the reference BLAS.
  if ! ls /usr/lib/*/openblas-pthread/libblas.so.3 >/dev/null 2>&1; then want libopenblas0-pthread; fi
  optional=yes
}

optional=no  # whether to go on without what Debian does not have
for purpose in "$@"; do "look_for_$purpose"; done
missing=${missing# }
if [ -z "$missing" ]; then exit 0; fi

root=""
if [ "$(id -u)" != 0 ]; then
  if command -v sudo >/dev/null 2>&1 && { [ -t 0 ] || sudo -n true 2>/dev/null; }; then root=sudo; else root=no; fi
fi
if [ "$root" = no ] || ! command -v apt-get >/dev/null 2>&1; then
  echo "Missing here (names of the Debian packages): $missing" >&2
  echo "On Debian or Ubuntu:  sudo apt-get install $missing" >&2
  exit 1
fi

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
apt() {  # quiet unless it fails
  if ! $root env DEBIAN_FRONTEND=noninteractive apt-get -y -o Acquire::Retries=3 "$@" >"$scratch/log" 2>&1; then
    cat "$scratch/log" >&2; return 1
  fi
}

# Debian 12 has Catch2 2 (15 s a test executable for its main), its backports have Catch2 3. They are read once, from the
# mirror that this machine already uses and trusts, without a word in its list of sources.
catch2_from_backports() {
  case $(apt-cache policy catch2 | sed -n 's/ *Candidate: *//p') in 2.*) ;; *) return 1 ;; esac
  suite=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)
  cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null >"$scratch/lines" || true
  for file in /etc/apt/sources.list.d/*.sources; do
    if [ ! -e "$file" ]; then continue; fi
    # A deb822 stanza as one line: deb [signed-by=KEYRING] URI SUITE COMPONENT
    awk -v RS= '{ uri = suites = key = ""
      for (i = 1; i <= split($0, line, "\n"); i++) { split(line[i], word, " ")
        if (word[1] == "URIs:") uri = word[2]
        if (word[1] == "Suites:") suites = word[2]
        if (word[1] == "Signed-By:" && word[2] ~ /^\//) key = "[signed-by=" word[2] "] " }
      if (uri != "") print "deb " key uri " " suites " main" }' "$file" >>"$scratch/lines"
  done
  sed -n "s/^\(deb .*\) $suite main.*/\1 $suite-backports main/p" "$scratch/lines" | head -n 1 >"$scratch/extra.list"
  if [ ! -s "$scratch/extra.list" ]; then return 1; fi
  # List-Cleanup=0 leaves the indices of the other sources in place.
  private="-o Dir::Etc::sourcelist=$scratch/extra.list"
  apt $private -o Dir::Etc::sourceparts=- -o APT::Get::List-Cleanup=0 update 2>/dev/null || return 1
  cat /etc/apt/sources.list >>"$scratch/extra.list" 2>/dev/null || true
  apt $private install --no-install-recommends -t "$suite-backports" catch2 2>/dev/null
}

echo "Installing: $missing"
apt update
case " $missing " in
  *" catch2 "*) if catch2_from_backports; then missing=$(echo " $missing " | sed 's/ catch2 / /'); fi ;;
esac
if [ $optional = yes ]; then
  for package in $missing; do
    if [ -z "$(apt-cache policy "$package" | sed -n 's/ *Candidate: *//p' | grep -v none)" ]; then
      echo "Not to be had here: $package"
      missing=$(echo " $missing " | sed "s/ $package / /")
    fi
  done
fi
case " $missing " in  # the sanitizers' runtime is a package of its own, named after the version
  *" clang "*) missing="$missing $(apt-cache depends clang | sed -n 's/.*Depends: clang-\([0-9]*\)$/libclang-rt-\1-dev/p')" ;;
esac
apt install --no-install-recommends $missing
