#pragma once
/// \file

#include <cmath>
#include <utility>

#include "azula/denoise/posterior.hpp"
#include "azula/denoise/preconditioning.hpp"
#include "azula/error.hpp"

namespace azula {

/// A network that predicts the mean itself, whatever the noise schedule:
///
///     E[X | x_t] ≈ network(c_in x_t, c_time),    c_in = 1/√(α² + σ²),  c_time = log σ/α
///
/// One that is given the state and the time as they are is
/// NetworkDenoiser(network, schedule, DataPrediction{}). From the Python package.
template <class N, Schedule S>
class SimpleDenoiser {
 public:
  template <State X>
  using Workspace = NetworkWorkspace<X>;

  /// A network, network(input, c_time, output), and its schedule.
  SimpleDenoiser(N network, S schedule) : network_(std::move(network)), schedule_(std::move(schedule)) {}

  const S& schedule() const { return schedule_; }

  /// \throws std::invalid_argument if the network's output has another shape than x_t, or where α or σ is 0
  /// and c_time infinite.
  template <State X>
  void operator()(const X& x_t, double t, plain_t<X>& mean, Workspace<X>& work) const {
    const NetworkCall call = call_at(t);
    preconditioned_mean(target(), x_t, call.by, call.c, mean, work, "SimpleDenoiser");
  }

  /// With a time for each sample, which the network is told as SampleTimes.
  template <State X>
  void operator()(const X& x_t, const SampleTimes& times, plain_t<X>& mean, Workspace<X>& work) const {
    preconditioned_mean(target(), x_t, times, [&](double t) { return call_at(t); }, mean, work, "SimpleDenoiser");
  }

  template <State X>
  void operator()(const X& x_t, double t, plain_t<X>& mean) const {
    Workspace<X> work(x_t);
    (*this)(x_t, t, mean, work);
  }

  /// All on the mean.
  template <State X>
  DiracPosterior<plain_t<X>> posterior(const X& x_t, double t) const {
    DiracPosterior<plain_t<X>> result{x_t};
    (*this)(x_t, t, result.mean);
    return result;
  }

 private:
  const std::unwrap_reference_t<N>& target() const { return network_; }

  NetworkCall call_at(double t) const {
    const auto scales = schedule_(t);
    return {{.skip = 0, .out = 1, .in = 1 / std::hypot(scales.alpha, scales.sigma)},
            network_log_ratio(scales, "SimpleDenoiser")};
  }

  N network_;
  S schedule_;
};

}  // namespace azula
