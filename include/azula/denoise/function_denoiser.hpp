#pragma once
/// \file

#include <concepts>
#include <type_traits>
#include <utility>

#include "azula/concepts.hpp"

namespace azula {

/// Makes a denoiser of a plain function and the schedule that it was made for.
///
/// The function is a lambda, a function pointer or a std::ref. It is called as function(x_t, t), which returns the mean
/// E[X | x_t] or a posterior with a member `mean`, or as function(x_t, t, mean), which writes E[X | x_t]. A function
/// whose t is a const Eigen::ArrayXd& gets a time per sample.
///
///     azula::FunctionDenoiser denoiser([](const auto& x_t, double) { return Eigen::ArrayXf(0.5f * x_t); }, schedule);
template <class F, Schedule S>
class FunctionDenoiser {
 public:
  /// Takes a function and its schedule.
  FunctionDenoiser(F function, S schedule) : function_(std::move(function)), schedule_(std::move(schedule)) {}

  const S& schedule() const { return schedule_; }

  template <State X>
    requires WritesMean<std::unwrap_reference_t<F>, X>
  void operator()(const X& x_t, double t, plain_t<X>& mean) const {
    target()(x_t, t, mean);
  }

  /// Returns what the function returns: E[X | x_t] or a posterior.
  template <State X>
    requires(!WritesMean<std::unwrap_reference_t<F>, X> && ReturnsMean<std::unwrap_reference_t<F>, X>)
  auto operator()(const X& x_t, double t) const {
    return target()(x_t, t);
  }

  /// Calls a function whose call operator is not const. A sampler calls its denoiser as const, so it refuses this one
  /// unless it is given as std::ref.
  template <State X>
    requires(!GivesMean<std::unwrap_reference_t<F>, X> && WritesMean<F&, X>)
  void operator()(const X& x_t, double t, plain_t<X>& mean) {
    function_(x_t, t, mean);
  }

  /// Returns what such a function returns.
  template <State X>
    requires(!GivesMean<std::unwrap_reference_t<F>, X> && !WritesMean<F&, X> && ReturnsMean<F&, X>)
  auto operator()(const X& x_t, double t) {
    return function_(x_t, t);
  }

  /// Writes E[X | x_t] with a time for each sample, if the function accepts that.
  template <State X, std::same_as<SampleTimes> Times>
    requires WritesMean<std::unwrap_reference_t<F>, X, Times>
  void operator()(const X& x_t, const Times& times, plain_t<X>& mean) const {
    target()(x_t, times, mean);
  }

  /// Returns what the function returns for a time per sample.
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
