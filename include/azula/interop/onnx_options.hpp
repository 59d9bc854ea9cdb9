#pragma once
/// \file

namespace azula {

/// Options of OnnxNetwork.
struct OnnxOptions {
  int threads = 1;  ///< of one evaluation; 0 lets ONNX Runtime choose
};

}  // namespace azula
