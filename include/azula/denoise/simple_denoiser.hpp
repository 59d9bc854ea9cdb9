#pragma once
/// \file

#include <utility>

#include "azula/denoise/network.hpp"
#include "azula/denoise/posterior.hpp"

namespace azula {

/// A network that predicts the mean itself and is given the time as it is:
///
///     E[X | x_t] ≈ network(x_t, t)
///
/// The posterior is taken to be N(mean, σ_t²/(α_t² + σ_t²)), exact for data of unit variance.
template <class N, Schedule S>
class SimpleDenoiser {
 public:
  SimpleDenoiser(N network, S schedule) : network_(std::move(network)), schedule_(std::move(schedule)) {}

  const S& schedule() const { return schedule_; }

  /// \throws std::invalid_argument if the network's output has another shape than x_t.
  template <State X>
  void operator()(const X& x_t, double t, plain_t<X>& mean) const {
    call_network(target(), x_t, t, mean, "SimpleDenoiser");
  }

  template <State X>
  GaussianPosterior<plain_t<X>> posterior(const X& x_t, double t) const {
    const auto scales = schedule_(t);
    const double total = scales.alpha * scales.alpha + scales.sigma * scales.sigma;
    GaussianPosterior<plain_t<X>> result{x_t, scales.sigma * scales.sigma / total};
    (*this)(x_t, t, result.mean);
    return result;
  }

 private:
  const std::unwrap_reference_t<N>& target() const { return network_; }

  N network_;
  S schedule_;
};

}  // namespace azula
