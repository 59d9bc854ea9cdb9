#!/bin/sh
# Puts ONNX Runtime into a folder, headers and library, where no package of it is installed:
#   sh cmake/fetch_onnxruntime.sh build/onnxruntime
# The library comes from the npm package onnxruntime-node, the headers from Debian 13's libonnxruntime-dev (its headers
# alone, unpacked, not installed). Does nothing if the folder is there; fails, and leaves nothing, if either is not to be had.
set -eu
target=$1
if [ -e "$target/lib/libonnxruntime.so.1" ] && [ -e "$target/include/onnxruntime_cxx_api.h" ]; then exit 0; fi
command -v npm >/dev/null 2>&1 || { echo "npm is needed to fetch ONNX Runtime" >&2; exit 1; }

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir -p "$scratch/out/lib" "$scratch/out/include"
here=$PWD
tools=$(cd "$(dirname "$0")" && pwd)
cd "$scratch"

npm pack onnxruntime-node@1.30.0 --silent >/dev/null
tar -xzf onnxruntime-node-1.30.0.tgz package/bin/napi-v6/linux/x64/libonnxruntime.so.1
mv package/bin/napi-v6/linux/x64/libonnxruntime.so.1 out/lib/

sh "$tools/unpack_debian.sh" trixie libonnxruntime-dev headers
mv headers/usr/include/onnxruntime/*.h out/include/

cd "$here"
mkdir -p "$(dirname "$target")"
rm -rf "$target"
mv "$scratch/out" "$target"
