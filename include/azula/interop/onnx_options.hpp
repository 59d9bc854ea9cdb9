#pragma once
/// \file

#include <cstdint>
#include <vector>

namespace azula {

/// Options of OnnxNetwork.
struct OnnxOptions {
  std::vector<std::int64_t> sample = {};  ///< shape of one sample, such as {4, 64, 64}; empty: as the model declares it
  int threads = 1;  ///< threads of one evaluation; 0 lets ONNX Runtime choose
};

}  // namespace azula
