#pragma once
/// \file

#include <cstdint>
#include <vector>

namespace azula {

/// Options of OnnxNetwork.
struct OnnxOptions {
  std::vector<std::int64_t> sample = {};  ///< shape of one sample, {4, 64, 64} say; empty: as the model has it
  int threads = 1;  ///< of one evaluation; 0 lets ONNX Runtime choose
};

}  // namespace azula
