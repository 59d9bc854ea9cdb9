#pragma once
/// \file

#include <cmath>
#include <utility>

#include "azula/denoise/posterior.hpp"
#include "azula/denoise/preconditioning.hpp"

namespace azula {

/// A denoiser around a network with EDM preconditioning, for networks trained with the Python package azula.
///
/// The preconditioning is that of Karras et al. for data of standard deviation 1, generalised to a signal scale α_t:
///
///     E[X | x_t] ≈ c_skip x_t + c_out network(c_in x_t, c_time)
///     c_in = 1/√(α² + σ²),  c_out = σ/√(α² + σ²),  c_skip = α/(α² + σ²),  c_time = log σ/α
///
/// The network is called as network(input, c_time, output), which writes its output, or network(input, c_time), which
/// returns it. Other parametrisations, those of EDM's own networks among them, are a NetworkDenoiser.
///
///     const auto net = [&](const auto& input, double c, auto& output) { engine.run(input.data(), c, output.data()); };
///     const azula::KarrasDenoiser denoiser(net, azula::VPSchedule{});
///
/// Karras et al., Elucidating the Design Space of Diffusion-Based Generative Models, 2022
/// (https://arxiv.org/abs/2206.00364), section 5.
template <class N, Schedule S>
class KarrasDenoiser {
  static_assert(wraps_network<N>());

 public:
  template <State X>
  using Workspace = NetworkWorkspace<X>;

  /// Takes a network, held by value or std::ref, and its schedule.
  KarrasDenoiser(N network, S schedule) : network_(std::move(network)), schedule_(std::move(schedule)) {}

  const S& schedule() const { return schedule_; }

  /// Writes E[X | x_t] into `mean`.
  /// \throws std::invalid_argument if the network's output has another shape than x_t, or if α or σ is 0, where c_time
  /// is infinite.
  template <State X>
  void operator()(const X& x_t, double t, plain_t<X>& mean, Workspace<X>& work) const {
    const NetworkCall call = call_at(t);
    preconditioned_mean(target(), x_t, call.by, call.c, mean, work, "KarrasDenoiser");
  }

  /// Writes E[X | x_t] with a time for each sample. c_time is then an array, SampleTimes, with a number per sample.
  template <State X>
  void operator()(const X& x_t, const SampleTimes& times, plain_t<X>& mean, Workspace<X>& work) const {
    preconditioned_mean(target(), x_t, times, [&](double t) { return call_at(t); }, mean, work, "KarrasDenoiser");
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
    const double total = scales.alpha * scales.alpha + scales.sigma * scales.sigma;
    const double c_in = 1 / std::sqrt(total);
    return {{.skip = scales.alpha / total, .out = scales.sigma * c_in, .in = c_in},
            network_log_ratio(scales, "KarrasDenoiser")};
  }

  N network_;
  S schedule_;
};

}  // namespace azula
