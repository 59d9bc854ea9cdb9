#pragma once
/// \file
/// Needs LibTorch (its headers and library); not part of azula.hpp.

// The first of them: before LibTorch 2.1 clang finds a vector of an incomplete type in the others.
#include <ATen/core/ivalue.h>

#include <torch/script.h>

#include <cstdint>
#include <vector>

namespace azula {

/// The form in which a module's second argument gets the time. One that is declared as float gets a number.
enum class TorchTime {
  per_sample,  ///< a tensor of B values
  column,      ///< B × 1
  single       ///< a tensor of no dimensions
};

/// Options of TorchNetwork.
struct TorchOptions {
  std::vector<std::int64_t> sample = {};  ///< shape of one sample, {3, 32, 32} say; empty: one dimension
  TorchTime time = TorchTime::per_sample;  ///< how the network is told the time
  torch::Device device = torch::kCPU;  ///< where the module is; away from the CPU the input is copied, too
};

}  // namespace azula
