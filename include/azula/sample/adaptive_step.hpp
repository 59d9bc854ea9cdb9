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

/// Over what the error of a step is averaged (as a root mean square): each sample by itself, of which the
/// worst counts, or the whole batch.
enum class ErrorNorm { sample, batch };

/// One step of an adaptive run, from t to s, with all that is remembered of the steps before: the state of
/// AdaptiveSampler, and what its observers see.
template <class X, int N>
class AdaptiveStep {
 public:
  using T = scalar_t<X>;

  AdaptiveStep(X state, const Node& start) : state_(std::move(state)), predicted_(state_), corrected_(state_) {
    for (X& mean : means_) resize_like(mean, state_);
    nodes_.fill(start);
  }

  const Node& from() const { return nodes_[0]; }       ///< t, α_t, σ_t
  const Node& to() const { return to_; }               ///< s, α_s, σ_s
  const X& state() const { return state_; }            ///< x_t
  const X& result() const { return corrected_; }       ///< x_s
  int order() const { return known_; }                 ///< of the predictor

  /// Dense output: the state at a time from to().t to from().t, of the order of the corrector. Continuous
  /// from step to step.
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

  /// Sets the corrected state. \return its distance from the predicted one, in units of the tolerance
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

  /// Goes on from s.
  void accept() {
    std::swap(state_, corrected_);
    std::rotate(means_.begin(), means_.end() - 1, means_.end());
    std::rotate(nodes_.begin(), nodes_.end() - 1, nodes_.end());
    nodes_[0] = to_;
    known_ = (std::min)(known_ + 1, N);
  }

 private:
  /// Weights of the means but the current one, older ones first; with the new one, if it is known.
  NodeWeights weights(const Node& to, bool with_new) const {
    OtherNodes others;
    for (int j = 1; j < known_; ++j) others.add(difference(form_, nodes_[0], nodes_[static_cast<std::size_t>(j)]));
    if (with_new) others.add(difference(form_, nodes_[0], to_));
    return exact_weights(form_, others, nodes_[0], to);
  }

  /// out = the state at `to`, from `count` means: the current one, known_ - 1 older ones and the new one.
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
  std::array<X, N + 1> means_;     // current, older ones newest first; the last is the new one
  std::array<Node, N + 1> nodes_;  // likewise
  Node to_{};
  int known_ = 1;
};

}  // namespace azula
