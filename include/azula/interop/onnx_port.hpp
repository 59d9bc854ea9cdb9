#pragma once
/// \file

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

namespace azula {

/// Extents of an input or output, the batch first; what is not positive is left open.
using OnnxShape = std::vector<std::int64_t>;

/// What a model says of an input or its output.
struct OnnxPort {
  std::string name;
  OnnxShape shape;
  bool is_float = true;  ///< or 64-bit integers
};

/// Whether two shapes have the same rank and are equal wherever neither is open.
inline bool fits(const OnnxShape& one, const OnnxShape& other) {
  return std::equal(one.begin(), one.end(), other.begin(), other.end(),
                    [](std::int64_t a, std::int64_t b) { return a == b || a <= 0 || b <= 0; });
}

/// "[? x 4 x 8 x 8]": a shape as messages show it, with ? for what is open.
inline std::string shape_text(const OnnxShape& shape) {
  std::string all;
  for (const std::int64_t extent : shape) {
    all += (all.empty() ? "" : " x ") + (extent > 0 ? std::to_string(extent) : "?");
  }
  return "[" + all + "]";
}

}  // namespace azula
