#pragma once
/// \file

#include <utility>
#include <vector>

#include "azula/guide/step_coefficients.hpp"

namespace azula {

/// The weights that let a step clip its mean and keep the noise that was seen before it was clipped,
///
///     x_s = α_s clip(m) + a (x_t - α_t m) + c ε
///
/// which is the plain step x_s = a x_t + b m' + c ε with m' = (α_s clip(m) - a α_t m)/b, α_s = b + a α_t.
/// DDIM does so in diffusers unless `use_clipped_model_output`. For methods of one evaluation per step that
/// remember nothing.
template <class S>
class KeptNoise {
 public:
  struct Weights {
    double clipped;  ///< of clip(m)
    double plain;    ///< of m
  };

  /// \param stages  of a sampler with the method and times to be used
  /// \throws std::invalid_argument if the method is of another kind.
  KeptNoise(S schedule, std::vector<Stage> stages)
      : schedule_(std::move(schedule)), steps_(std::move(stages), "KeptNoise") {}

  /// \throws std::invalid_argument if t is not a time of the sampler.
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
