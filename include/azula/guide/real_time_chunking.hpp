#pragma once
/// \file

#include <Eigen/Core>

#include <algorithm>
#include <cstddef>
#include <utility>

#include "azula/broadcast.hpp"
#include "azula/concepts.hpp"
#include "azula/denoise/evaluate.hpp"
#include "azula/error.hpp"
#include "azula/guide/with_vjp.hpp"
#include "azula/is_finite.hpp"
#include "azula/state.hpp"

namespace azula {

/// Options of RealTimeChunking.
struct RealTimeChunkingOptions {
  double largest_weight = 5;  ///< β > 0: 5 in the paper, 10 in LeRobot; it may be infinite if α > 0 at all times
  bool jacobian = true;       ///< whether to use the denoiser's vjp(); without, J is replaced by 1/(α + σ)
};

/// Real-time chunking (RTC): guides a new chunk of actions towards the one that is being executed, so that a robot
/// moves on smoothly.
///
/// It is for policies that are flows, such as π0, but works on any schedule:
///
///     mean <- m + σ w Jᵀ W (previous - m),    w = min(β, (α² + σ²)/(α σ)),    J = ∂m/∂x_t
///
/// `previous` is the chunk before, shifted so that each value is at its place in the new chunk. W are weights from 0 to
/// 1, see prefix_weights(). Each of the two is a number or has the shape of one sample or of the state, see Broadcast.
/// A value of weight 0 is not used and may be NaN. A NaN that is used is an error of the constructor, or of the call if
/// the shapes of both differ, as only the state tells then which value has which weight.
///
///     azula::WithVJP policy(network_denoiser, product_of_the_engine);
///     azula::RealTimeChunking guided(policy, previous, azula::prefix_weights({.horizon = 16, .delay = 4, .end = 10}));
///     azula::Sampler sampler(std::ref(guided), azula::Euler{}, {.steps = 5});
///     guided.set_previous(shifted);   // before each run; allocates nothing
///     chunk = sampler(x);
///
/// Without a Jacobian the mean is m + σ/(α + σ) w W (previous - m), as in LeRobot. An Euler step of length h in the
/// flow's time then moves the state by h w W (previous - m), which overshoots if β h > 1. Without the cap β and where W
/// is 1, this is PiGDMDenoiser for a measurement without noise. Other schedules are treated as a flow, whose α = 1 - t
/// and σ = t are their α/(α + σ) and σ/(α + σ).
/// Black, Galliker and Levine, Real-Time Execution of Action Chunking Flow Policies, 2025
/// (https://arxiv.org/abs/2506.07339), equation 2.
template <class D>
class RealTimeChunking {
  static_assert(wraps_denoiser<D>());

 public:
  /// Memory that a run keeps for this denoiser: that of the inner denoiser, W (previous - m), and its product with Jᵀ.
  template <State X>
  struct Workspace {
    explicit Workspace(const X& like) : inner(like) {
      resize_like(missing, like);
      resize_like(product, like);
    }
    Evaluation<denoiser_t<D>, X> inner;
    plain_t<X> missing, product;
  };

  /// Takes a denoiser, held by value or std::ref, the previous chunk and its weights.
  /// \throws std::invalid_argument if a weight is outside [0, 1], a previous value of positive weight is not finite, or
  /// largest_weight is not positive.
  template <class Previous, class Weights>
  RealTimeChunking(D denoiser, const Previous& previous, const Weights& weights,
                   const RealTimeChunkingOptions& options = {})
      : denoiser_(std::move(denoiser)),
        previous_("RealTimeChunking", "the previous chunk", previous),
        weights_("RealTimeChunking", "the weights", weights),
        options_(options) {
    require_bound(options.largest_weight > 0, "RealTimeChunking", "largest_weight must be positive",
                  options.largest_weight);
    check(previous_, weights_);
  }

  /// Replaces the previous chunk, which keeps its shape.
  ///
  /// It allocates nothing if the chunk is a number, a tensor, or an Eigen object that lies in memory or has a fixed
  /// size. A run under way uses the new chunk from its next evaluation on. This denoiser must not be evaluated in
  /// another thread meanwhile. Copies keep the old chunk, also the copy in a sampler that was not given std::ref, and
  /// the first call after a copy was made allocates.
  /// \throws std::invalid_argument if the shape differs from the shape of the chunk before, or a value of positive
  /// weight is not finite. Nothing is changed then.
  template <class Previous>
  void set_previous(const Previous& previous) {
    const auto new_previous = previous_.replacement(previous);
    check(new_previous, weights_);
    previous_.assign(new_previous);
  }

  /// Replaces the previous chunk and its weights, for example because the delay has changed. As prefix_weights()
  /// allocates, compute the weights of each delay before the loop.
  /// \throws std::invalid_argument as the other overload, or if a weight is outside [0, 1].
  template <class Previous, class Weights>
  void set_previous(const Previous& previous, const Weights& weights) {
    const auto new_previous = previous_.replacement(previous);
    const auto new_weights = weights_.replacement(weights);
    check(new_previous, new_weights);
    previous_.assign(new_previous);
    weights_.assign(new_weights);
  }

  decltype(auto) schedule() const { return target().schedule(); }

  /// Writes the guided mean.
  /// \throws std::invalid_argument if the weights or the previous chunk have neither the shape of a sample nor of the
  /// state, if a previous value of positive weight is not finite, or if the Jacobian is wanted and the denoiser has no
  /// vjp().
  template <State X>
  void operator()(const X& x_t, double t, plain_t<X>& mean, Workspace<X>& work) const {
    using T = scalar_t<plain_t<X>>;
    if (options_.jacobian && !HasVJP<D, X>) {
      reject("RealTimeChunking", "the denoiser must have a vjp(), see WithVJP, where jacobian is true", "none");
    }
    work.inner(target(), x_t, t, mean);
    compare(mean, work.missing);
    const auto scales = schedule()(t);
    const double alpha = scales.alpha, sigma = scales.sigma;
    const double cap = options_.largest_weight * sigma, uncapped = (alpha * alpha + sigma * sigma) / alpha;
    const double w = is_nan(cap) ? uncapped : (std::min)(cap, uncapped);  // this is σ w; NaN if β = ∞ and σ = 0
    auto m = samples(mean);
    if constexpr (HasVJP<D, X>) {
      if (options_.jacobian) {
        target().vjp(x_t, t, work.missing, work.product);
        m += T(w) * samples(std::as_const(work.product));
        return;
      }
    }
    m += T(w / (alpha + sigma)) * samples(std::as_const(work.missing));
  }

  template <State X>
  void operator()(const X& x_t, double t, plain_t<X>& mean) const {
    Workspace<X> work(x_t);
    (*this)(x_t, t, mean, work);
  }

 private:
  const denoiser_t<D>& target() const { return denoiser_; }

  /// Checks numbers before they are used; they have the shapes of previous_ and weights_.
  template <class Previous, class Weights>
  void check(const Previous& previous, const Weights& weights) const {
    bool all_used = true;
    for (std::ptrdiff_t i = 0; i < weights.size(); ++i) {
      require_in(0, 1, "RealTimeChunking", "weights", weights[i]);
      if (weights[i] == 0) all_used = false;
    }
    const bool alike = weights_.is_like(previous_);
    if (!alike && !all_used) return;  // compare() checks the chunk
    for (std::ptrdiff_t i = 0; i < previous.size(); ++i) {
      if (!alike || weights[i] != 0) require_previous(previous[i]);
    }
  }

  static void require_previous(double value) {
    require_finite("RealTimeChunking", "the previous chunk must be finite", value);
  }

  /// Writes missing = W (previous - mean), without looking at values of weight 0.
  template <State Mean>
  void compare(const Mean& mean, Mean& missing) const {
    using T = scalar_t<Mean>;
    const Spread previous = previous_.over(mean), weights = weights_.over(mean);
    const auto m = samples(mean);
    auto out = samples(missing);
    for (Eigen::Index j = 0; j < m.cols(); ++j) {
      for (Eigen::Index i = 0; i < m.rows(); ++i) {
        const T weight = T(weights.at(i, j, m.rows()));
        const double value = previous.at(i, j, m.rows());
        if (weight != T(0)) require_previous(value);
        out(i, j) = weight == T(0) ? T(0) : weight * (T(value) - m(i, j));
      }
    }
  }

  D denoiser_;
  Broadcast previous_;
  Broadcast weights_;
  RealTimeChunkingOptions options_;
};

}  // namespace azula
