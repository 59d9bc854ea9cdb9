#!/bin/sh
# On a machine with a GPU and nvcc:  sh bench/cuda.sh [sm_90]
# First whether the GPU gives the bits of the CPU, then how fast it is. Writes build/cuda/.
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
