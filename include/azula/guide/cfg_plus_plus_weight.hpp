#pragma once
/// \file

#include <utility>
#include <vector>

#include "azula/guide/step_coefficients.hpp"

namespace azula {

/// The weights that turn GuidedDenoiser into CFG++, guidance that steps with the noise of the unconditional mean.
///
/// With p for the conditional and n for the unconditional (or negative) mean, the paper's step is
///
///     x_s = α_s m + a (x_t - α_t n) + c ε,    m = n + λ (p - n)
///
/// It equals the plain step x_s = a x_t + b m + c ε on a mean that is guided with the weight w = λ α_s/b, where
/// α_s = b + α_t a. For Euler (DDIM) this is w = λ/(1 - ρ_s/ρ_t), ρ = σ/α. The result is the paper's update exactly,
/// for methods with one evaluation per step that use no earlier predictions: Euler, DDIM, DDPM and Ito. Several
/// multistep variants, by its authors and others, are updates of their own; no weight exists for them.
///
///     azula::Sampler plain(positive, azula::Euler{}, times);
///     azula::CFGPlusPlusWeight weight(schedule, plain.stages(), 0.6);
///     azula::Sampler sampler(azula::GuidedDenoiser(positive, negative, weight), azula::Euler{}, times);
///
/// Chung et al., CFG++: Manifold-constrained Classifier Free Guidance, 2024
/// (https://arxiv.org/abs/2406.08070).
template <class S>
class CFGPlusPlusWeight {
 public:
  /// Takes the schedule, the stages of a plain sampler, and λ.
  /// \param stages  the stages of a sampler with the same method and times: plain.stages()
  /// \param lambda  λ, usually in [0, 1]
  /// \throws std::invalid_argument if the method is of another kind or λ is not finite.
  CFGPlusPlusWeight(S schedule, std::vector<Stage> stages, double lambda)
      : schedule_(std::move(schedule)), steps_(std::move(stages), "CFGPlusPlusWeight"), lambda_(lambda) {
    require_finite("CFGPlusPlusWeight", "lambda must be finite", lambda);
  }

  /// Returns w at time t. \throws std::invalid_argument if t is not a time of the sampler.
  double operator()(double t) const {
    const Stage& step = steps_(t);
    return lambda_ * (step.b + schedule_(t).alpha * step.a) / step.b;
  }

 private:
  S schedule_;
  StepCoefficients steps_;
  double lambda_;
};

}  // namespace azula
