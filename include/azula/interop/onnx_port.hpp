#pragma once
/// \file

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

namespace azula {

/// The shape of an input or output of a model, batch first. A dimension that is not positive is open (dynamic).
using OnnxShape = std::vector<std::int64_t>;

/// The name, shape and type that a model declares for an input or its output.
struct OnnxPort {
  std::string name;
  OnnxShape shape;
  bool is_float = true;  ///< whether values are float; otherwise they are 64-bit integers
};

/// Whether two shapes have the same rank and are equal in every dimension that is open in neither.
inline bool fits(const OnnxShape& one, const OnnxShape& other) {
  return std::equal(one.begin(), one.end(), other.begin(), other.end(),
                    [](std::int64_t a, std::int64_t b) { return a == b || a <= 0 || b <= 0; });
}

/// A shape as messages show it, with ? for open dimensions: "[? x 4 x 8 x 8]".
inline std::string shape_text(const OnnxShape& shape) {
  std::string all;
  for (const std::int64_t extent : shape) {
    all += (all.empty() ? "" : " x ") + (extent > 0 ? std::to_string(extent) : "?");
  }
  return "[" + all + "]";
}

}  // namespace azula
