#pragma once
/// \file

#include <Eigen/Core>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <utility>

#include "azula/concepts.hpp"
#include "azula/integrate/multistep.hpp"
#include "azula/is_finite.hpp"
#include "azula/method/x_eab.hpp"

namespace azula {

/// How AdaptiveSampler averages the error of a step, as a root mean square: over each sample by itself, of which the
/// largest error counts, or over the whole batch.
enum class ErrorNorm { sample, batch };

/// One step of an adaptive run, from time t to time s: what an observer of AdaptiveSampler gets. It also holds what the
/// run remembers of earlier steps.
template <class X, int N>
class AdaptiveStep {
 public:
  using T = scalar_t<X>;

  AdaptiveStep(X state, const Node& start) : state_(std::move(state)), predicted_(state_), corrected_(state_) {
    for (X& mean : means_) resize_like(mean, state_);
    nodes_.fill(start);
  }

  const Node& from() const { return nodes_[0]; }       ///< the start of the step: t, α_t, σ_t
  const Node& to() const { return to_; }               ///< the end of the step: s, α_s, σ_s
  const X& state() const { return state_; }            ///< the state x_t at the start
  const X& result() const { return corrected_; }       ///< the state x_s at the end
  int order() const { return known_; }                 ///< the order of the predictor in this step

  /// The state at any time between from().t and to().t (dense output). It has the order of the corrector and is
  /// continuous from step to step.
  X at(double t, const auto& schedule) const {
    const auto scales = schedule(t);
    const Node there{t, scales.alpha, scales.sigma};
    X out = state_;
    if (t == from().t) return out;
    combine(there, weights(there, true), known_ + 1, out);
    return out;
  }

  X& mean() { return means_[0]; }
  X& new_mean() { return means_[N]; }
  const X& predicted() const { return predicted_; }

  void predict(const Node& to) {
    to_ = to;
    combine(to, weights(to, false), known_, predicted_);
  }

  /// Computes the corrected state.
  /// \return its distance from the predicted state, in units of the tolerance; NaN if it is not finite
  double correct(double relative, double absolute, ErrorNorm norm) {
    combine(to_, weights(to_, true), known_ + 1, corrected_);
    const auto x = samples(predicted_), y = samples(corrected_), old = samples(state_);
    const auto scale = T(absolute) + T(relative) * (y.abs().max)(old.abs());
    const auto square = ((y - x) / scale).square();
    if (!all_finite(y) || y.size() == 0) return y.size() == 0 ? 0 : std::nan("");
    if (norm == ErrorNorm::batch) return std::sqrt(static_cast<double>(square.mean()));
    double worst = 0;
    for (Eigen::Index j = 0; j < y.cols(); ++j) worst = (std::max)(worst, static_cast<double>(square.col(j).mean()));
    return std::sqrt(worst);
  }

  /// Accepts the step: s becomes the start of the next one.
  void accept() {
    std::swap(state_, corrected_);
    std::rotate(means_.begin(), means_.end() - 1, means_.end());
    std::rotate(nodes_.begin(), nodes_.end() - 1, nodes_.end());
    nodes_[0] = to_;
    known_ = (std::min)(known_ + 1, N);
  }

 private:
  /// Weights of all means except the current one: the older means, then the new one if `with_new`.
  NodeWeights weights(const Node& to, bool with_new) const {
    OtherNodes others;
    for (int j = 1; j < known_; ++j) others.add(difference(form_, nodes_[0], nodes_[static_cast<std::size_t>(j)]));
    if (with_new) others.add(difference(form_, nodes_[0], to_));
    return exact_weights(form_, others, nodes_[0], to);
  }

  /// Computes out = the state at `to` from `count` means: the current one, known_ - 1 older ones, and the new one if
  /// there is room for it.
  void combine(const Node& to, const NodeWeights& w, int count, X& out) const {
    const Stage first = form_.first_order(nodes_[0], to);
    double sum = 0;
    for (int j = 0; j + 1 < count; ++j) sum += w[static_cast<std::size_t>(j)];
    auto o = samples(out);
    o = T(first.a) * samples(state_) + T(first.b - sum) * samples(means_[0]);
    for (int j = 0; j + 1 < count; ++j) {
      const auto slot = static_cast<std::size_t>(j + 1 < known_ ? j + 1 : N);
      o += T(w[static_cast<std::size_t>(j)]) * samples(means_[slot]);
    }
  }

  ExponentialDataForm form_;
  X state_, predicted_, corrected_;
  std::array<X, N + 1> means_;     // the current one, then older ones, newest first; the last slot is for the new one
  std::array<Node, N + 1> nodes_;  // in the same order
  Node to_{};
  int known_ = 1;
};

}  // namespace azula
