#pragma once
/// \file

#include <cmath>
#include <concepts>
#include <cstddef>
#include <span>
#include <type_traits>
#include <vector>

#include "azula/denoise/network.hpp"
#include "azula/denoise/sample_time.hpp"
#include "azula/error.hpp"
#include "azula/noise/scales.hpp"
#include "azula/plan/stage.hpp"
#include "azula/state/foreign_memory.hpp"

namespace azula {

/// The three numbers that turn a network F into a mean:
///
///     E[X | x_t] = skip x_t + out F(in x_t)
struct Preconditioning {
  double skip;  ///< weight of x_t
  double out;  ///< weight of the network's output
  double in;  ///< scale of the network's input
};

/// What a network predicts: a callable that returns, for Scales, how the network's output becomes a mean.
template <class P>
concept Prediction = requires(const P& prediction, const Scales& scales) {
  { prediction(scales) } -> std::convertible_to<Preconditioning>;
};

/// How a network is called for one sample: its preconditioning, and the number that it is given as the time.
struct NetworkCall {
  Preconditioning by;
  double c;
};

/// Returns log σ/α, which some networks are given as the time.
/// \throws std::invalid_argument if α or σ is 0, where it would be infinite.
template <class S>
double network_log_ratio(const S& scales, const char* denoiser) {
  require(scales.alpha > 0, denoiser, "alpha must be positive, as the network is told log sigma/alpha", scales.alpha);
  require(scales.sigma > 0, denoiser, "sigma must be positive, as the network is told log sigma/alpha", scales.sigma);
  return std::log(scales.sigma / scales.alpha);
}

/// Memory that a run keeps for a network.
///
/// It holds the scaled input; for a time per sample, the preconditioning and the network's time of each sample; and
/// what StateTraits needs for states that the host cannot read.
template <State X>
struct NetworkWorkspace {
  explicit NetworkWorkspace(const X& like)
    requires HostState<X>
      : memory(input) {
    resize_like(input, like);
  }

  /// For states that the host cannot write, scaled_input() computes 0 · input + in · x_t. The input starts as a copy of
  /// a state, because uninitialised memory may hold NaN and 0 · NaN is not 0.
  explicit NetworkWorkspace(const X& like)
    requires(!HostState<X>)
      : input(like), memory(input) {}

  plain_t<X> input;
  std::vector<Preconditioning> by = {};
  SampleTimes c = {};
  [[no_unique_address]] ForeignMemory<plain_t<X>> memory;
};

/// Computes y <- a y + b x for states that the host cannot read, by a stage of y that does not evaluate.
/// \param spare  memory of the shape of y, whose values are not used and may change
template <class X>
void combine_foreign(plain_t<X>& y, double a, double b, const X& x, plain_t<X>& spare,
                     ForeignMemory<plain_t<X>>& memory) {
  static_assert(std::is_same_v<X, plain_t<X>>,
                "azula: this denoiser combines states that the host cannot read, and takes none that shows memory of "
                "somebody else: start the run with a state that owns its values");
  const X* const before = &x;
  update_foreign(Stage{.a = a, .older = 1, .h = {b}, .evaluates = false}, y, spare, std::span(&before, 1), memory);
}

/// Returns in · x_t: x_t itself if in = 1, otherwise the product in `work`.
/// \param spare  as in combine_foreign()
template <State X>
const plain_t<X>& scaled_input(const X& x_t, double in, NetworkWorkspace<X>& work, plain_t<X>& spare) {
  if constexpr (std::is_same_v<X, plain_t<X>>) {
    if (in == 1) return x_t;
  }
  if constexpr (HostState<X>) {
    resize_like(work.input, x_t);
    using T = noise_t<X>;
    using S = scalar_t<plain_t<X>>;
    samples(work.input) = (T(in) * samples(x_t).template cast<T>()).template cast<S>();
  } else {
    combine_foreign(work.input, 0, in, x_t, spare, work.memory);
  }
  return work.input;
}

/// Computes mean <- skip x_t + out mean, for all samples or for some columns.
template <class Mean, class Values>
void combine_mean(Mean&& mean, const Values& x_t, const Preconditioning& by) {
  using S = typename std::remove_cvref_t<Mean>::Scalar;
  using T = real_t<S>;  // 16-bit values are combined in float
  if (by.skip == 0 && by.out == 1) return;
  mean = (T(by.skip) * x_t.template cast<T>() + T(by.out) * mean.template cast<T>()).template cast<S>();
}

/// Computes mean = skip x_t + out network(in x_t, c), the mean of a network at one time.
/// \throws std::invalid_argument if the network's output has another shape than x_t.
template <class N, State X>
void preconditioned_mean(const N& network, const X& x_t, const Preconditioning& by, double c, plain_t<X>& mean,
                         NetworkWorkspace<X>& work, const char* denoiser) {
  call_network(network, scaled_input(x_t, by.in, work, mean), c, mean, denoiser);
  if (by.skip == 0 && by.out == 1) return;
  if constexpr (HostState<X>) {
    combine_mean(samples(mean), samples(x_t), by);
  } else {
    combine_foreign(mean, by.out, by.skip, x_t, work.input, work.memory);
  }
}

/// Computes the mean of a network with a time for each sample.
/// \param call_at  call_at(t) returns the NetworkCall of time t
/// \throws std::invalid_argument also if there are more or fewer times than samples.
template <class N, State X, std::invocable<double> CallAt>
void preconditioned_mean(const N& network, const X& x_t, const SampleTimes& times, const CallAt& call_at,
                         plain_t<X>& mean, NetworkWorkspace<X>& work, const char* denoiser) {
  require_per_sample(times, x_t, denoiser, "a time");
  const auto x = samples(x_t);
  work.by.resize(static_cast<std::size_t>(times.size()));
  work.c.resize(times.size());
  resize_like(work.input, x_t);
  auto input = samples(work.input);
  for (Eigen::Index j = 0; j < times.size(); ++j) {
    using T = noise_t<X>;
    const NetworkCall call = call_at(times(j));
    work.by[static_cast<std::size_t>(j)] = call.by;
    work.c(j) = call.c;
    input.col(j) = (T(call.by.in) * x.col(j).template cast<T>()).template cast<scalar_t<plain_t<X>>>();
  }
  const plain_t<X>& scaled = work.input;
  call_network(network, scaled, work.c, mean, denoiser);
  auto m = samples(mean);
  for (Eigen::Index j = 0; j < times.size(); ++j) {
    combine_mean(m.col(j), x.col(j), work.by[static_cast<std::size_t>(j)]);
  }
}

}  // namespace azula
