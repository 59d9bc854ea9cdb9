#pragma once
/// \file

#include <cstdint>

#include "azula/sample_shape.hpp"

namespace azula {

/// A group of values that a thread takes at once. They are of one sample, so that the counters of their noise begin
/// with them.
struct CudaGroup {
  std::uint64_t sample;
  std::uint64_t element;  ///< the first one's place in its sample, a multiple of the width
  std::uint64_t first;    ///< its place in memory
  int count;              ///< how many there are: fewer than the width at the end of a sample only
};

/// How a state is cut into groups.
template <int Width>
class CudaGroups {
 public:
  constexpr CudaGroups() = default;
  explicit constexpr CudaGroups(const SampleShape& shape)
      : size_(static_cast<std::uint64_t>(shape.size)),
        per_sample_((size_ + Width - 1) / Width),
        count_(per_sample_ * static_cast<std::uint64_t>(shape.samples)) {}

  constexpr std::uint64_t count() const { return count_; }

  constexpr CudaGroup operator[](std::uint64_t group) const {
    const std::uint64_t sample = group < per_sample_ ? 0 : quotient(group);
    const std::uint64_t element = (group - sample * per_sample_) * Width, left = size_ - element;
    return {sample, element, sample * size_ + element, left < Width ? static_cast<int>(left) : Width};
  }

 private:
  /// A GPU divides 64 bits much more slowly than 32.
  constexpr std::uint64_t quotient(std::uint64_t group) const {
    if (count_ >> 32 != 0) return group / per_sample_;
    return static_cast<std::uint32_t>(group) / static_cast<std::uint32_t>(per_sample_);
  }

  std::uint64_t size_ = 0, per_sample_ = 0, count_ = 0;
};

}  // namespace azula
