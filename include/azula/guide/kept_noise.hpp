#pragma once
/// \file

#include <utility>
#include <vector>

#include "azula/guide/step_coefficients.hpp"

namespace azula {

/// The weights with which a step uses a clipped mean but keeps the noise of the mean before it was clipped, as DDIM of
/// diffusers does.
///
///     x_s = α_s clip(m) + a (x_t - α_t m) + c ε
///
/// This is the plain step x_s = a x_t + b m' + c ε with m' = (α_s clip(m) - a α_t m)/b and α_s = b + a α_t. The method
/// must make one evaluation per step and use no earlier predictions. In diffusers `use_clipped_model_output` turns this
/// off.
template <class S>
class KeptNoise {
 public:
  struct Weights {
    double clipped;  ///< weight of clip(m)
    double plain;    ///< weight of m
  };

  /// Takes the schedule and the stages of a plain sampler.
  /// \param stages  the stages of a sampler with the same method and times: plain.stages()
  /// \throws std::invalid_argument if the method is of another kind.
  KeptNoise(S schedule, std::vector<Stage> stages)
      : schedule_(std::move(schedule)), steps_(std::move(stages), "KeptNoise") {}

  /// Returns the weights at time t. \throws std::invalid_argument if t is not a time of the sampler.
  Weights operator()(double t) const {
    const Stage& step = steps_(t);
    const double kept = step.a * schedule_(t).alpha;
    return {(step.b + kept) / step.b, -kept / step.b};
  }

 private:
  S schedule_;
  StepCoefficients steps_;
};

}  // namespace azula
