#pragma once
/// \file

#include <cstddef>
#include <string>
#include <vector>

#include "azula/method/res_2s.hpp"

namespace azula {

/// A second-order solver with two evaluations per step: Heun's method with the linear part of the ODE integrated
/// exactly.
///
/// It is known as exp_heun_2_x0, and as exp_heun_2_x0_sde with η = 1, in other programs.
///
///     azula::Sampler sampler(denoiser, azula::ExponentialHeun{}, {.steps = 10});
///
/// In λ = log α/σ, with the denoised mean m and fresh noise ε if η > 0:
///
///     x' = (σ_s/σ_t) e^{-ηh} x_t + α_s ψ_0(E) m(x_t) + σ_s √(1 - e^{-2ηh}) ε
///     x_s = x' + α_s ψ_1(E)/E (m(x') - m(x_t)),    E = (1 + η) h
///
/// with h = λ_s - λ_t and the functions ψ_k of psi(). If η > 0, the times must fall and each step draws noise once. A
/// step to σ_s = 0 or from α_t = 0 is of first order and evaluates once. The method is RES2S with r = 1.
/// Hochbruck and Ostermann, Exponential integrators, Acta Numerica 2010, section 2.4.
struct ExponentialHeun {
  double eta = 0;  ///< η in [0, 100]; 0 is the ODE, 1 the reverse SDE of the forward process

  static constexpr int history = 2;

  std::string name() const { return "ExponentialHeun"; }
  /// \throws std::invalid_argument if η is out of range.
  void check() const { require_eta("ExponentialHeun", eta); }

  void append(std::vector<Stage>& stages, const TimeGrid& grid, std::size_t i) const {
    RES2S{.eta = eta, .r = 1}.append(stages, grid, i);
  }
};

}  // namespace azula
