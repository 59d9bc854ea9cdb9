#pragma once
/// \file

#include <cstdint>
#include <map>
#include <string>
#include <variant>
#include <vector>

namespace azula {

/// Values for an input of a model.
struct OnnxCondition {
  std::vector<std::int64_t> shape;  ///< batch first; a batch of 1 is for all samples
  std::variant<std::vector<float>, std::vector<std::int64_t>> values;
};

/// Conditions by the names of their inputs.
using OnnxConditions = std::map<std::string, OnnxCondition>;

}  // namespace azula
