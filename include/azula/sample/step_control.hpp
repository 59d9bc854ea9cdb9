#pragma once
/// \file

#include <algorithm>
#include <cmath>

namespace azula {

/// Controls the step length of an adaptive run by its errors, measured in units of the tolerance (PI control).
///
/// A step with error e_n is accepted if e_n <= 1. The next length is then
///
///     h <- 0.9 h e_n^(-0.7/k) e_{n-1}^(0.4/k)
///
/// where the error is of order h^k, and the factor is kept in [0.2, 2]: beyond 2 the variable-step Adams formulas lose
/// their stability. Errors below 1e-8 count as 1e-8. After a rejected step the next length is h <- 0.9 h e_n^(-1/k),
/// with the factor kept in [0.2, 0.9].
///
/// Hairer and Wanner, Solving Ordinary Differential Equations II, section IV.2.
class StepControl {
 public:
  explicit StepControl(double first) : step_(first) {}

  double step() const { return step_; }

  /// Whether a step with this error, of order h^k, is accepted. Sets the length of the next try.
  bool accept(double error, int k) {
    const double bounded = (std::max)(error, 1e-8);
    const bool accepted = error <= 1;
    double factor = 0.9 * std::pow(bounded, (accepted ? -0.7 : -1.0) / k);
    if (accepted) {
      factor *= std::pow(previous_, 0.4 / k);
      previous_ = bounded;
    }
    step_ *= std::clamp(factor, 0.2, accepted ? 2.0 : 0.9);
    return accepted;
  }

 private:
  double step_;
  double previous_ = 1;
};

}  // namespace azula
