#pragma once
/// \file

#include <cuda_runtime.h>

#include <stdexcept>

#include "azula/error.hpp"

namespace azula {

/// \param call  which answered with this code
/// \throws std::runtime_error unless it is cudaSuccess: "azula::CudaState: cudaMalloc: out of memory".
inline void cuda_check(cudaError_t code, const char* call) {
  if (code != cudaSuccess) throw std::runtime_error(join({"azula::CudaState: ", call, ": ", cudaGetErrorString(code)}));
}

}  // namespace azula
