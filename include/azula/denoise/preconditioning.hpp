#pragma once
/// \file

#include <cmath>
#include <type_traits>

#include "azula/denoise/network.hpp"
#include "azula/error.hpp"

namespace azula {

/// How a network's output F becomes the mean:
///
///     E[X | x_t] = skip x_t + out F(in x_t)
struct Preconditioning {
  double skip;
  double out;
  double in;
};

/// log σ/α, as networks are told it.
/// \throws std::invalid_argument if α or σ is 0 and it is infinite.
template <class S>
double network_log_ratio(const S& scales, const char* denoiser) {
  require(scales.alpha > 0, denoiser, "alpha must be positive, as the network is told log sigma/alpha", scales.alpha);
  require(scales.sigma > 0, denoiser, "sigma must be positive, as the network is told log sigma/alpha", scales.sigma);
  return std::log(scales.sigma / scales.alpha);
}

/// `in` x_t: x_t itself where that is the same, else in `scratch`.
template <State X>
const plain_t<X>& scaled_input(const X& x_t, double in, plain_t<X>& scratch) {
  if constexpr (std::is_same_v<X, plain_t<X>>) {
    if (in == 1) return x_t;
  }
  resize_like(scratch, x_t);
  using T = noise_t<X>;
  using S = scalar_t<plain_t<X>>;
  samples(scratch) = (T(in) * samples(x_t).template cast<T>()).template cast<S>();
  return scratch;
}

/// mean = skip x_t + out network(in x_t, c).
/// \throws std::invalid_argument if the network's output has another shape than x_t.
template <class N, State X>
void preconditioned_mean(const N& network, const X& x_t, const Preconditioning& by, double c, plain_t<X>& mean,
                         plain_t<X>& scratch, const char* denoiser) {
  using T = noise_t<X>;  // in which values of 16 bits are combined
  using S = scalar_t<plain_t<X>>;
  call_network(network, scaled_input(x_t, by.in, scratch), c, mean, denoiser);
  auto m = samples(mean);
  if (by.skip == 0 && by.out == 1) return;
  m = (T(by.skip) * samples(x_t).template cast<T>() + T(by.out) * m.template cast<T>()).template cast<S>();
}

}  // namespace azula
