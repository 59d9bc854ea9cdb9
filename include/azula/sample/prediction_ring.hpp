#pragma once
/// \file

#include <array>
#include <cstddef>

#include "azula/plan/stage.hpp"
#include "azula/state.hpp"

namespace azula {

/// A ring buffer with the current mean of a run and the predictions that the run remembers. No values are moved when it
/// advances.
template <class Mean, int History>
class PredictionRing {
 public:
  /// Allocates slots of the shape of `like`.
  /// \param size  the number of slots, including the one for the mean; at most History
  template <State X>
  PredictionRing(const X& like, std::size_t size) : size_(size) {
    for (std::size_t j = 0; j < size_; ++j) resize_like(slots_[j], like);
  }

  Mean& mean() { return slots_[slot_]; }
  const Mean& mean() const { return slots_[slot_]; }

  /// The j-th last prediction before the mean, j from 0.
  const Mean& before(std::size_t j) const {
    const std::size_t back = slot_ + size_ - 1 - j;
    return slots_[back < size_ ? back : back - size_];  // cheaper than %
  }

  /// A slot that may be overwritten after the stage has been applied, until the next mean is written: the slot of the
  /// next mean, or the current one if the stage does not keep its prediction.
  Mean& spare(const Stage& stage) {
    return slots_[stage.evaluates && stage.drop == 0 ? (slot_ + 1) % size_ : slot_];
  }

  /// Moves on to the next mean after a stage that evaluates, and forgets the last `drop` predictions.
  void advance(int drop) { slot_ = (slot_ + 1 + size_ - static_cast<std::size_t>(drop)) % size_; }

 private:
  std::array<Mean, static_cast<std::size_t>(History)> slots_;  // only the first size_ are allocated
  std::size_t size_;
  std::size_t slot_ = 0;  // slot of the mean; the slot before it holds the last prediction
};

}  // namespace azula
