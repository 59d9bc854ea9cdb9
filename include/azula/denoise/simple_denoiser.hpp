#pragma once
/// \file

#include <cmath>
#include <utility>

#include "azula/denoise/posterior.hpp"
#include "azula/denoise/preconditioning.hpp"
#include "azula/error.hpp"

namespace azula {

/// A denoiser around a network that predicts the mean itself, for networks trained with the Python package azula.
///
///     E[X | x_t] ≈ network(c_in x_t, c_time),    c_in = 1/√(α² + σ²),  c_time = log σ/α
///
/// The scaled input and c_time make the network independent of the noise schedule. It is called as
/// network(input, c_time, output), which writes its output, or network(input, c_time), which returns it. For a network
/// that gets the state and the time as they are, use NetworkDenoiser(network, schedule, DataPrediction{}).
///
///     const auto net = [&](const auto& input, double c, auto& output) { engine.run(input.data(), c, output.data()); };
///     const azula::SimpleDenoiser denoiser(net, azula::VPSchedule{});
template <class N, Schedule S>
class SimpleDenoiser {
  static_assert(wraps_network<N>());

 public:
  template <State X>
  using Workspace = NetworkWorkspace<X>;

  /// Takes a network, held by value or std::ref, and its schedule.
  SimpleDenoiser(N network, S schedule) : network_(std::move(network)), schedule_(std::move(schedule)) {}

  const S& schedule() const { return schedule_; }

  /// Writes E[X | x_t] into `mean`.
  /// \throws std::invalid_argument if the network's output has another shape than x_t, or if α or σ is 0, where c_time
  /// is infinite.
  template <State X>
  void operator()(const X& x_t, double t, plain_t<X>& mean, Workspace<X>& work) const {
    const NetworkCall call = call_at(t);
    preconditioned_mean(target(), x_t, call.by, call.c, mean, work, "SimpleDenoiser");
  }

  /// Writes E[X | x_t] with a time for each sample. c_time is then an array, SampleTimes, with a number per sample.
  template <State X>
  void operator()(const X& x_t, const SampleTimes& times, plain_t<X>& mean, Workspace<X>& work) const {
    preconditioned_mean(target(), x_t, times, [&](double t) { return call_at(t); }, mean, work, "SimpleDenoiser");
  }

  template <State X>
  void operator()(const X& x_t, double t, plain_t<X>& mean) const {
    Workspace<X> work(x_t);
    (*this)(x_t, t, mean, work);
  }

  /// Returns a posterior that puts all its mass on the mean: a network knows no variance.
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
