#pragma once
/// \file

#include <utility>
#include <vector>

#include "azula/guide/step_coefficients.hpp"

namespace azula {

/// The weights that make GuidedDenoiser the guidance CFG++, which adds back the unconditional noise:
///
///     x_s = α_s m_guided + a (x_t - α_t m_negative) + c ε,    m_guided = m_negative + λ (m_positive -
///     m_negative)
///
/// This is the plain step x_s = a x_t + b m + c ε with w = λ α_s/b, α_s = b + α_t a: for Euler (DDIM),
/// w = λ/(1 - ρ_s/ρ_t) with ρ = σ/α. The paper's update exactly, for methods of one evaluation per step that
/// remember nothing; several of its authors' and others' multistep variants are updates of their own, for
/// which there is no such weight.
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
  /// \param stages  of a sampler with the method and times to be used
  /// \param lambda  λ, usually in [0, 1]
  /// \throws std::invalid_argument if the method is of another kind, or λ is not finite.
  CFGPlusPlusWeight(S schedule, std::vector<Stage> stages, double lambda)
      : schedule_(std::move(schedule)), steps_(std::move(stages), "CFGPlusPlusWeight"), lambda_(lambda) {
    require_finite("CFGPlusPlusWeight", "lambda must be finite", lambda);
  }

  /// \throws std::invalid_argument if t is not a time of the sampler.
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
