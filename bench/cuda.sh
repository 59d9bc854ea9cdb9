#!/bin/sh
# Tests whether the CUDA kernels give the bits of the CPU, then measures their speed. Needs a GPU and nvcc.
#
#     sh bench/cuda.sh [sm_90]          the architecture, by default the machine's own; the programs go to build/cuda/
set -eu
cd "$(dirname "$0")/.."
arch="${1:-native}"
mkdir -p build/cuda
for source in tests/interop/cuda/gpu_check bench/cuda_bench; do
  nvcc -std=c++20 -O3 --expt-relaxed-constexpr -arch="$arch" -Iinclude "$source.cu" \
    -o "build/cuda/$(basename "$source")" -lcurand
done
build/cuda/gpu_check
build/cuda/cuda_bench
