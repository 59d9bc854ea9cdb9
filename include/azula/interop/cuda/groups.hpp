#pragma once
/// \file

#include <cstdint>

#include "azula/sample_shape.hpp"

namespace azula {

/// A group of consecutive values that one GPU thread processes at once.
///
/// All values belong to the same sample, so that the first value of a group is the first value of a noise counter.
struct CudaGroup {
  std::uint64_t sample;   ///< number of the sample in the batch
  std::uint64_t element;  ///< index of the first value in its sample, a multiple of the width
  std::uint64_t first;    ///< index of the first value in memory
  int count;              ///< number of values: the width, or fewer at the end of a sample
};

/// Divides a state into groups of `Width` values.
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
  /// The sample of a group. It divides in 32 bits where possible, because a GPU divides 64 bits much more slowly.
  constexpr std::uint64_t quotient(std::uint64_t group) const {
    if (count_ >> 32 != 0) return group / per_sample_;
    return static_cast<std::uint32_t>(group) / static_cast<std::uint32_t>(per_sample_);
  }

  std::uint64_t size_ = 0, per_sample_ = 0, count_ = 0;
};

}  // namespace azula
