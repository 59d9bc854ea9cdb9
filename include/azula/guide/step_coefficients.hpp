#pragma once
/// \file

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "azula/error.hpp"
#include "azula/plan/stage.hpp"

namespace azula {

/// The coefficients a and b of the steps x_s = a x_t + b m + c ε of a sampler, by time.
///
/// They are for guidance that is defined on the state after the step and not on the mean. They exist only for methods
/// whose step is this one line: Euler, DDIM, DDPM and Ito.
class StepCoefficients {
 public:
  /// Takes the stages of a sampler with the method and times to be used: sampler.stages().
  /// \param where  the function that error messages name
  /// \throws std::invalid_argument if the method has several evaluations per step or uses earlier predictions.
  StepCoefficients(std::vector<Stage> stages, const char* where) : stages_(std::move(stages)), where_(where) {
    for (std::size_t i = 0; i < stages_.size(); ++i) {
      const Stage& stage = stages_[i];
      if (!stage.evaluates || stage.older > 0 || stage.u != 0 || stage.v != 1 || (i > 0 && stage.time == stages_[i - 1].time)) {
        reject(where,
               "the method must make one evaluation per step and remember nothing (Euler, DDIM, DDPM, Ito)",
               "another kind of stage at time " + show(stage.time));
      }
    }
  }

  /// Returns the stage at time t. \throws std::invalid_argument if t is not a time of the sampler.
  const Stage& operator()(double t) const {
    const auto found = std::find_if(stages_.begin(), stages_.end(), [=](const Stage& stage) { return stage.time == t; });
    if (found == stages_.end()) {
      reject(where_, "the time must be one of the sampler that the stages are from", show(t));
    }
    return *found;
  }

 private:
  std::vector<Stage> stages_;
  const char* where_;
};

}  // namespace azula
