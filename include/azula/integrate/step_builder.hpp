#pragma once
/// \file

#include <array>
#include <cassert>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "azula/plan/stage.hpp"

namespace azula {

/// A linear combination of the state at the start of a step and the predictions made since.
struct Combination {
  double x = 0;                        ///< weight of the state at the start
  std::array<double, max_older> p{};   ///< weights of the predictions, oldest first

  friend Combination operator+(Combination a, const Combination& b) {
    a.x += b.x;
    for (std::size_t j = 0; j < a.p.size(); ++j) a.p[j] += b.p[j];
    return a;
  }
  friend Combination operator*(double factor, Combination a) {
    a.x *= factor;
    for (double& weight : a.p) weight *= factor;
    return a;
  }
  friend Combination operator-(const Combination& a, const Combination& b) { return a + -1.0 * b; }
};

/// Turns a step with several evaluations into stages; one writes the step down as in its paper.
///
///     StepBuilder step(stages);
///     const Combination x = step.start(), m = step.evaluate(t);
///     step.go(0.5 * x + 0.5 * m, middle);                 // the state moves to `middle` …
///     step.go(0.2 * x + 0.8 * step.evaluate(middle), s);  // … and, with the mean seen there, to s
///
/// The state at the start is not copied: it is a combination of the current state and the predictions.
class StepBuilder {
 public:
  /// A builder that appends to these stages.
  explicit StepBuilder(std::vector<Stage>& stages) : stages_(stages) {}

  /// The state at the start of the step, x_t, as a combination.
  Combination start() const { return {.x = 1}; }

  /// Evaluates the denoiser at the current state and returns the mean E[X | x_t] as a combination.
  ///
  /// What a run remembers is `prediction.u` x + `prediction.v` m, by default the mean.
  Combination evaluate(const Node& at, const Stage& prediction = {}) {
    pending_ = {.time = at.t, .u = prediction.u, .v = prediction.v};
    if (!quiet_since_) quiet_since_ = at.t;
    Combination remembered;
    remembered.p[count_] = 1;
    return (1 / prediction.v) * (remembered - prediction.u * state_);
  }

  /// Moves the state to `target`, and adds noise of the given standard deviation.
  ///
  /// This noise covers the part of the step since the last move with noise, or since the start. Noise that earlier
  /// moves have added is scaled along with the state.
  void go(const Combination& target, const Node& to, double noise = 0) {
    Stage stage = pending_;
    const double kept = target.x == 0 ? 0 : target.x / state_.x;
    const Combination rest = target - kept * state_;
    stage.next = to.t;
    stage.a = kept + rest.p[count_] * stage.u;
    stage.b = rest.p[count_] * stage.v;
    if (noise != 0) {
      stage.c = noise;
      stage.from = std::exchange(quiet_since_, to.t);
    }
    stage.older = static_cast<int>(count_);
    for (std::size_t j = 0; j < count_; ++j) stage.h[j] = rest.p[count_ - 1 - j];
    stages_.push_back(stage);
    state_ = target;
    ++count_;
  }

  /// Forgets all predictions of this step but the first, from which a multistep method goes on.
  void keep_first() { stages_.back().drop = static_cast<int>(count_) - 1; }

 private:
  std::vector<Stage>& stages_;
  Stage pending_{};
  Combination state_{.x = 1};
  std::optional<double> quiet_since_;
  std::size_t count_ = 0;
};

}  // namespace azula
