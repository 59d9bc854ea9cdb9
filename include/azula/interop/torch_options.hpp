#pragma once
/// \file
/// The options of TorchNetwork. Needs LibTorch (its headers and library); not part of azula.hpp.

// Must come before other headers of torch: before LibTorch 2.1, clang else finds a std::vector of an incomplete type.
#include <ATen/core/ivalue.h>

#include <torch/script.h>

#include <cstdint>
#include <vector>

namespace azula {

/// The shape of the tensor that passes the time to a module, for a batch of B samples.
///
/// It does not apply to a module whose second argument is declared as float: that gets a plain number.
enum class TorchTime {
  per_sample,  ///< a tensor of B values
  column,      ///< a tensor of B × 1 values
  single       ///< a tensor without dimensions
};

/// Options of TorchNetwork.
struct TorchOptions {
  std::vector<std::int64_t> sample = {};  ///< shape of one sample, such as {3, 32, 32}; empty: one dimension
  TorchTime time = TorchTime::per_sample;  ///< shape of the time that the module receives
  torch::Device device = torch::kCPU;  ///< device of the module; inputs elsewhere are copied to it
};

}  // namespace azula
