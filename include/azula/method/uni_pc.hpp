#pragma once
/// \file

#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <string>
#include <vector>

#include "azula/method/corrected.hpp"
#include "azula/method/x_eab.hpp"
#include "azula/method/z_eab.hpp"

namespace azula {

/// Which function B(h) UniPC uses in its two simplified weights; the order does not depend on it.
enum class UniPCVariant {
  exact,  ///< no simplified weights: the predictor is xEAB<N>
  B1,     ///< B(h) = h
  B2      ///< B(h) = e^h - 1, the usual choice
};

/// The predictor of UniPC: xEAB<N>, with a simplified weight in two cases.
///
/// B1 and B2 simplify two weights: the weight of the only older node in a predictor of order 2, and the weight of the
/// only new node in a corrector of order 1. Each is half the weight that a constant would have, times h over the
/// distance of the node. With more nodes B cancels, and B1, B2 and the exact weights are the same numbers. With
/// ExponentialNoiseForm the predictor is zEAB<N>.
template <int N, Form F = ExponentialDataForm>
struct UniP {
  UniPCVariant variant = UniPCVariant::exact;  ///< how the simplified weights are computed
  bool lower_order_final = true;

  static constexpr int order = N;
  static constexpr int history = N;

  std::string name() const { return with_order("UniP", N); }
  void check() const {}
  F form(const TimeGrid&) const { return {}; }

  NodeWeights weights(const F& form, const OtherNodes& others, const Node& t, const Node& s) const {
    if (variant == UniPCVariant::exact || others.count > 1) return exact_weights(form, others, t, s);
    constexpr bool data = std::same_as<F, ExponentialDataForm>;
    const double step = difference(form, t, s), h = data ? step : -step;
    const double b_2 = data ? -std::expm1(-h) : std::expm1(h);
    const double scale = (data ? s.alpha : -s.sigma) * (variant == UniPCVariant::B1 ? h : b_2);
    return {scale / 2 * step / others.at[0]};
  }

  void append(std::vector<Stage>& stages, const TimeGrid& grid, std::size_t i) const {
    append_multistep(*this, stages, grid, i);
  }
};

/// A multistep solver with one evaluation per step whose states are corrected with the mean that is seen at them.
///
/// Use UniPC<2> for flow models such as Wan, and to reproduce UniPC. The predictor is of order N and the corrector of
/// order N + 1; the correction costs no evaluation.
///
///     azula::Sampler sampler(denoiser, azula::UniPC<2>{}, {.steps = 20});
///
/// N is from 1 to 7 (the paper: 1 to 4). The order ramps up in the first steps and, by default, down in the last ones.
/// With the defaults a run is of order 2 for every N, since the last step is an Euler step that nothing corrects.
/// Without `lower_order_final` it is of order N + 1 with exact starting values, and from noise of order 3 at most
/// (docs/orders.md).
///
/// The class works on the denoised mean. UniPC<N, ExponentialNoiseForm> works on the predicted noise (`predict_x0`
/// false in diffusers). See Corrected for the same with any multistep method.
/// Zhao et al., UniPC, 2023 (https://arxiv.org/abs/2302.04867).
template <int N = 3, Form F = ExponentialDataForm>
struct UniPC {
  static_assert(N >= 1 && N < max_older, "azula::UniPC<N>: the order N must be from 1 to 7");

  UniPCVariant variant = UniPCVariant::B2;    ///< how the simplified weights are computed
  bool lower_order_final = true;              ///< in the last steps, lower the order to the number of steps left
  std::vector<std::ptrdiff_t> uncorrected{};  ///< steps, from 0, whose result is not corrected (strong guidance)

  static constexpr int history = N + 1;
  static constexpr bool spans_steps = true;  ///< a step relies on the results of earlier steps

  std::string name() const { return with_order("UniPC", N); }
  void check() const {}

  void append(std::vector<Stage>& stages, const TimeGrid& grid, std::size_t i) const {
    const UniP<N, F> predictor{variant, lower_order_final};
    const bool corrected = std::find(uncorrected.begin(), uncorrected.end(), static_cast<std::ptrdiff_t>(i) - 1) == uncorrected.end();
    if (!corrected) return predictor.append(stages, grid, i);
    Corrected<UniP<N, F>>{predictor}.append(stages, grid, i);
  }
};

}  // namespace azula
