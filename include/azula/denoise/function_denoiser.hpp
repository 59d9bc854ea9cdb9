#pragma once
/// \file

#include <concepts>
#include <type_traits>
#include <utility>

#include "azula/concepts.hpp"

namespace azula {

/// A plain function (lambda, function pointer, std::ref) as a denoiser: function(x_t, t) returns
/// E[X | x_t] or a posterior, or function(x_t, t, mean) writes it. One that takes a const Eigen::ArrayXd& for t is given
/// a time per sample.
///
///     azula::FunctionDenoiser denoiser([](const auto& x_t, double) { return Eigen::ArrayXf(0.5f * x_t); }, schedule);
template <class F, Schedule S>
class FunctionDenoiser {
 public:
  /// A function and the schedule that it was made for.
  FunctionDenoiser(F function, S schedule) : function_(std::move(function)), schedule_(std::move(schedule)) {}

  const S& schedule() const { return schedule_; }

  template <State X>
    requires WritesMean<std::unwrap_reference_t<F>, X>
  void operator()(const X& x_t, double t, plain_t<X>& mean) const {
    target()(x_t, t, mean);
  }

  /// What the function returns.
  template <State X>
    requires(!WritesMean<std::unwrap_reference_t<F>, X> && ReturnsMean<std::unwrap_reference_t<F>, X>)
  auto operator()(const X& x_t, double t) const {
    return target()(x_t, t);
  }

  /// With a time for each sample, if the function takes that.
  template <State X, std::same_as<SampleTimes> Times>
    requires WritesMean<std::unwrap_reference_t<F>, X, Times>
  void operator()(const X& x_t, const Times& times, plain_t<X>& mean) const {
    target()(x_t, times, mean);
  }

  /// What the function returns for a time for each sample.
  template <State X, std::same_as<SampleTimes> Times>
    requires(!WritesMean<std::unwrap_reference_t<F>, X, Times> && ReturnsMean<std::unwrap_reference_t<F>, X, Times>)
  auto operator()(const X& x_t, const Times& times) const {
    return target()(x_t, times);
  }

 private:
  const std::unwrap_reference_t<F>& target() const { return function_; }

  F function_;
  S schedule_;
};

}  // namespace azula
