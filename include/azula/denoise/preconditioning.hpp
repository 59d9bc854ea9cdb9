#pragma once
/// \file

#include <cmath>
#include <span>
#include <type_traits>

#include "azula/denoise/network.hpp"
#include "azula/error.hpp"
#include "azula/plan/stage.hpp"
#include "azula/state/foreign_memory.hpp"

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

/// What a denoiser keeps for a run: the place of the scaled input, and what StateTraits wants for arithmetic that the host
/// cannot do.
template <State X>
struct ScaledInput {
  explicit ScaledInput(const X& like)
    requires HostState<X>
      : memory(values) {
    resize_like(values, like);
  }

  /// Where the host cannot write, the input becomes 0 times what is there plus x_t: that must be a number.
  explicit ScaledInput(const X& like)
    requires(!HostState<X>)
      : values(like), memory(values) {}

  plain_t<X> values;
  [[no_unique_address]] ForeignMemory<plain_t<X>> memory;
};

/// y <- a y + b x, of states that the host cannot read, as a stage of y that does not evaluate.
/// \param spare  of the shape of y, with values that do not count and may change
template <class X>
void combine_foreign(plain_t<X>& y, double a, double b, const X& x, plain_t<X>& spare,
                     ForeignMemory<plain_t<X>>& memory) {
  static_assert(std::is_same_v<X, plain_t<X>>,
                "azula: this denoiser combines states that the host cannot read, and takes none that shows memory of "
                "somebody else: start the run with a state that owns its values");
  const X* const before = &x;
  update_foreign(Stage{.a = a, .older = 1, .h = {b}, .evaluates = false}, y, spare, std::span(&before, 1), memory);
}

/// `in` x_t: x_t itself where that is the same, else in `work`.
/// \param spare  see combine_foreign
template <State X>
const plain_t<X>& scaled_input(const X& x_t, double in, ScaledInput<X>& work, plain_t<X>& spare) {
  if constexpr (std::is_same_v<X, plain_t<X>>) {
    if (in == 1) return x_t;
  }
  if constexpr (HostState<X>) {
    resize_like(work.values, x_t);
    using T = noise_t<X>;
    using S = scalar_t<plain_t<X>>;
    samples(work.values) = (T(in) * samples(x_t).template cast<T>()).template cast<S>();
  } else {
    combine_foreign(work.values, 0, in, x_t, spare, work.memory);
  }
  return work.values;
}

/// mean = skip x_t + out network(in x_t, c).
/// \throws std::invalid_argument if the network's output has another shape than x_t.
template <class N, State X>
void preconditioned_mean(const N& network, const X& x_t, const Preconditioning& by, double c, plain_t<X>& mean,
                         ScaledInput<X>& work, const char* denoiser) {
  call_network(network, scaled_input(x_t, by.in, work, mean), c, mean, denoiser);
  if (by.skip == 0 && by.out == 1) return;
  if constexpr (HostState<X>) {
    using T = noise_t<X>;  // in which values of 16 bits are combined
    using S = scalar_t<plain_t<X>>;
    auto m = samples(mean);
    m = (T(by.skip) * samples(x_t).template cast<T>() + T(by.out) * m.template cast<T>()).template cast<S>();
  } else {
    combine_foreign(mean, by.out, by.skip, x_t, work.values, work.memory);
  }
}

}  // namespace azula
