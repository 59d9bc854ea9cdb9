#pragma once
/// \file

#include <cstddef>
#include <string>
#include <vector>

#include "azula/integrate/even_weights.hpp"
#include "azula/integrate/multistep.hpp"
#include "azula/integrate/order.hpp"
#include "azula/method/z_ab.hpp"

namespace azula {

/// A multistep solver with one evaluation per step that always uses the weights of equal steps, even where steps
/// differ.
///
/// With 4 to 10 evaluations it is often better than methods with exact weights: those can explode where steps grow, and
/// these cannot (docs/few_steps.md). It is known as iPNDM.
///
///     azula::Sampler sampler(denoiser, azula::FixedAB<2>{}, {.steps = 8});
///
/// It is the Adams–Bashforth method on the predicted noise z in ρ = σ/α, with z_1 the newest prediction:
///
///     x_s = α_s (x_t/α_t + (ρ_s - ρ_t) Σ_j c_j z_j)
///     c = (3/2, -1/2),    (23/12, -16/12, 5/12),    (55/24, -59/24, 37/24, -9/24)
///
/// FixedAB<N, VelocityForm> is the same on the velocity in σ/(α + σ). N is from 1 to 4; FixedAB<1> is Euler. On grids
/// that are not even the order is 2 at most. A step to σ_s = 0 is x_s = α_s m, with the denoised mean m, unless
/// `extrapolate_final` is true.
/// Zhang and Chen, Fast Sampling of Diffusion Models with Exponential Integrator, 2023
/// (https://arxiv.org/abs/2204.13902), where the method is called iPNDM.
template <int N = 4, Form F = NoiseForm>
struct FixedAB {
  static_assert(N >= 1 && N <= 4, "azula::FixedAB<N>: the order N must be from 1 to 4");

  bool lower_order_final = false;  ///< in the last steps, lower the order to the number of steps left
  bool extrapolate_final = false;  ///< keep the order in a step to σ = 0, as most implementations do

  static constexpr int order = N;
  static constexpr int history = N;

  std::string name() const { return with_order("FixedAB", N); }
  void check() const {}
  F form(const TimeGrid&) const { return {}; }

  NodeWeights weights(const F& form, const OtherNodes& others, const Node& t, const Node& s) const {
    return even_weights(form, others, t, s);
  }

  void append(std::vector<Stage>& stages, const TimeGrid& grid, std::size_t i) const {
    append_multistep(*this, stages, grid, i);
  }
};

/// FixedAB on the predicted noise, by the name that the literature uses.
template <int N = 4>
using iPNDM = FixedAB<N>;

}  // namespace azula
