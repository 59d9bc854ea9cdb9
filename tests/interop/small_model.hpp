#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// The bytes of ONNX models small enough to be written by hand, in the wire format of Protocol Buffers.
namespace small_model {

using Bytes = std::string;

inline Bytes number(std::uint64_t value) {
  Bytes bytes;
  for (; value >= 128; value >>= 7) bytes.push_back(static_cast<char>((value & 127) | 128));
  bytes.push_back(static_cast<char>(value));
  return bytes;
}

inline Bytes field(std::uint64_t index, std::uint64_t value) { return number(index << 3) + number(value); }

inline Bytes field(std::uint64_t index, std::string_view bytes) {
  return number(index << 3 | 2) + number(bytes.size()) + Bytes(bytes);
}

/// An input or output of float; an extent of 0 is left open.
inline Bytes port(std::string_view name, const std::vector<std::uint64_t>& shape) {
  Bytes extents;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    extents += field(1, shape[i] == 0 ? field(2, Bytes(name) + std::to_string(i)) : field(1, shape[i]));
  }
  return field(1, name) + field(2, field(1, field(1, std::uint64_t{1}) + field(2, extents)));
}

/// y = x.
inline Bytes identity() { return field(1, "x") + field(2, "y") + field(4, "Identity"); }

/// y = x twice, in the second dimension.
inline Bytes twice() {
  const Bytes axis = field(1, "axis") + field(3, std::uint64_t{1}) + field(20, std::uint64_t{2});
  return field(1, "x") + field(1, "x") + field(2, "y") + field(4, "Concat") + field(5, axis);
}

inline Bytes model(const Bytes& node, const std::vector<Bytes>& inputs, const Bytes& output) {
  Bytes graph = field(1, node) + field(2, "graph");
  for (const Bytes& input : inputs) graph += field(11, input);
  graph += field(12, output);
  return field(1, std::uint64_t{8}) + field(7, graph) + field(8, field(1, "") + field(2, std::uint64_t{13}));
}

}  // namespace small_model
