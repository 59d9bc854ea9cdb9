#pragma once
/// \file

#include <array>
#include <cstddef>

#include "azula/plan/stage.hpp"
#include "azula/state.hpp"

namespace azula {

/// The mean of a run that is being asked for and the predictions that it remembers, in a circle: no value moves.
template <class Mean, int History>
class PredictionRing {
 public:
  /// \param size  how many there are, the mean included; at most History
  template <State X>
  PredictionRing(const X& like, std::size_t size) : size_(size) {
    for (std::size_t j = 0; j < size_; ++j) resize_like(slots_[j], like);
  }

  Mean& mean() { return slots_[slot_]; }
  const Mean& mean() const { return slots_[slot_]; }

  /// The j-th last prediction before the mean, from 0.
  const Mean& before(std::size_t j) const {
    const std::size_t back = slot_ + size_ - 1 - j;
    return slots_[back < size_ ? back : back - size_];  // % costs more
  }

  /// What may be written over once the stage has been applied, until the next mean: the place of that, or of the
  /// current one if it is forgotten.
  Mean& spare(const Stage& stage) {
    return slots_[stage.evaluates && stage.drop == 0 ? (slot_ + 1) % size_ : slot_];
  }

  /// Goes on to the next mean after a stage that evaluates.
  void advance(int drop) { slot_ = (slot_ + 1 + size_ - static_cast<std::size_t>(drop)) % size_; }

 private:
  std::array<Mean, static_cast<std::size_t>(History)> slots_;  // of which the plan needs the first size_
  std::size_t size_;
  std::size_t slot_ = 0;  // of the mean; the one before it holds the last prediction
};

}  // namespace azula
