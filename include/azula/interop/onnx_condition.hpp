#pragma once
/// \file

#include <cstdint>
#include <map>
#include <string>
#include <variant>
#include <vector>

namespace azula {

/// The values of an extra input of an ONNX model, such as class labels or the embedding of a prompt.
struct OnnxCondition {
  std::vector<std::int64_t> shape;  ///< batch first; a batch of 1 applies to all samples
  std::variant<std::vector<float>, std::vector<std::int64_t>> values;
};

/// The conditions of a model, by the names of its inputs.
using OnnxConditions = std::map<std::string, OnnxCondition>;

}  // namespace azula
