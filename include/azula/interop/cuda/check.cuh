#pragma once
/// \file

#include <cuda_runtime.h>

#include <stdexcept>

#include "azula/error.hpp"

namespace azula {

/// Throws if a call of CUDA has failed.
/// \param code  what the call returned
/// \param call  name of the called function, for the message
/// \throws std::runtime_error unless the code is cudaSuccess: "azula::CudaState: cudaMalloc: out of memory".
inline void cuda_check(cudaError_t code, const char* call) {
  if (code != cudaSuccess) throw std::runtime_error(join({"azula::CudaState: ", call, ": ", cudaGetErrorString(code)}));
}

}  // namespace azula
