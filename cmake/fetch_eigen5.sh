#!/bin/sh
# Puts the headers of Eigen 5 into a folder:  sh cmake/fetch_eigen5.sh build/eigen5
# They are those of Debian unstable's libeigen3-dev, unpacked, not installed. Does nothing if the folder is there; fails,
# and leaves nothing, if they are not to be had.
set -eu
target=$1
if [ -e "$target/Eigen/Core" ]; then exit 0; fi

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
sh "$(dirname "$0")/unpack_debian.sh" sid libeigen3-dev "$scratch"
major=$(sed -n 's/#define EIGEN_MAJOR_VERSION \([0-9]*\).*/\1/p' "$scratch/usr/include/eigen3/Eigen/Version")
if [ "${major:-0}" -lt 5 ]; then echo "Debian unstable's Eigen is not 5 but ${major:-older}" >&2; exit 1; fi
mkdir -p "$(dirname "$target")"
rm -rf "$target"
mv "$scratch/usr/include/eigen3" "$target"
