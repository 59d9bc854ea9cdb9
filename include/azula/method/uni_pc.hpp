#pragma once
/// \file

#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include "azula/method/corrected.hpp"
#include "azula/method/x_eab.hpp"

namespace azula {

/// Which B(h) UniPC's two short cuts have; the order does not depend on it.
enum class UniPCVariant {
  exact,  ///< no short cuts: the predictor is xEAB<N>
  B1,     ///< B(h) = h
  B2      ///< B(h) = e^h - 1; the usual choice
};

/// The predictor of UniPC: xEAB<N>, but with B1 or B2 the weight of the only older node in a predictor of
/// order 2, and of the only new one in a corrector of order 1, is taken as half of what a constant would
/// have. (For more nodes B cancels, and B1, B2 and the exact weights are the same numbers.)
template <int N>
struct UniP {
  UniPCVariant variant = UniPCVariant::exact;
  bool lower_order_final = true;

  static constexpr int order = N;
  static constexpr int history = N;

  std::string name() const { return with_order("UniP", N); }
  void check() const {}
  ExponentialDataForm form(const TimeGrid&) const { return {}; }

  NodeWeights weights(const ExponentialDataForm& form, const OtherNodes& others, const Node& t, const Node& s) const {
    if (variant == UniPCVariant::exact || others.count > 1) return exact_weights(form, others, t, s);
    const double h = difference(form, t, s);
    const double scale = variant == UniPCVariant::B1 ? h : -std::expm1(-h);
    return {s.alpha * scale / 2 * h / others.at[0]};
  }

  void append(std::vector<Stage>& stages, const TimeGrid& grid, std::size_t i) const {
    append_multistep(*this, stages, grid, i);
  }
};

/// Unified predictor–corrector in the data form: predictor of order N, corrector of order N + 1 at no extra
/// evaluation, the order ramping up in the first steps and, by default, down in the last. N from 1 to 7
/// (the paper: 1 to 4).
/// Zhao et al., UniPC, 2023 (https://arxiv.org/abs/2302.04867).
template <int N = 3>
struct UniPC {
  static_assert(N >= 1 && N < max_older, "azula::UniPC<N>: the order N must be from 1 to 7");

  UniPCVariant variant = UniPCVariant::B2;
  bool lower_order_final = true;  ///< lower the order to the number of steps left

  static constexpr int history = N + 1;
  static constexpr bool spans_steps = true;  ///< a step counts on where the one before led

  std::string name() const { return with_order("UniPC", N); }
  void check() const {}

  void append(std::vector<Stage>& stages, const TimeGrid& grid, std::size_t i) const {
    const UniP<N> predictor{variant, lower_order_final};
    Corrected<UniP<N>>{predictor}.append(stages, grid, i);
  }
};

}  // namespace azula
