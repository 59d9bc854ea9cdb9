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
  double largest_weight = 5;  ///< β > 0: that of the paper; LeRobot has 10; infinite only where α > 0
  bool jacobian = true;       ///< whether the denoiser's vjp() is used; else J is taken for 1, for a flow
};

/// Guides a chunk of actions towards the one that is being executed, so that a robot goes on without a jerk (RTC):
///
///     mean <- m + σ w Jᵀ W (previous - m),    w = min(β, (α² + σ²)/(α σ)),    J = ∂m/∂x_t
///
/// or, without a Jacobian, m + σ/(α + σ) w W (previous - m). W are weights from 0 to 1, see prefix_weights(); previous
/// is the chunk before, moved so that its values lie where theirs are in the new one. Both are a number or of the shape
/// of one sample or of the state, see Broadcast; what lies under a weight of 0 does not count and may be NaN. Where
/// the two have different shapes, only a state tells what lies under what: NaN that counts is then refused when the
/// mean is asked for.
///
///     azula::WithVJP policy(network_denoiser, product_of_the_engine);
///     azula::RealTimeChunking guided(policy, previous, azula::prefix_weights({.horizon = 16, .delay = 4, .end = 10}));
///     azula::Sampler sampler(guided, azula::Euler{}, {.steps = 5});
///
/// Without β and where W is 1, this is PiGDMDenoiser for a measurement without noise. Without a Jacobian the guidance of
/// one Euler step of length h in the flow's time is h w W (previous - x_0): it goes too far where β h is more than 1.
/// For any schedule, as a flow's α = 1 - t and σ = t are α/(α + σ) and σ/(α + σ) of the others.
/// Black, Galliker and Levine, Real-Time Execution of Action Chunking Flow Policies, 2025
/// (https://arxiv.org/abs/2506.07339), equation 2.
template <class D>
class RealTimeChunking {
 public:
  /// What a run keeps for it: the memory of the denoiser, what is missing to the previous chunk, and its product.
  template <State X>
  struct Workspace {
    explicit Workspace(const X& like) : inner(like) {
      resize_like(missing, like);
      resize_like(product, like);
    }
    Evaluation<denoiser_t<D>, X> inner;
    plain_t<X> missing, product;
  };

  /// \throws std::invalid_argument if a weight is outside [0, 1], a value of the previous chunk under a positive one is
  /// not finite, or largest_weight is not positive.
  template <class Previous, class Weights>
  RealTimeChunking(D denoiser, const Previous& previous, const Weights& weights,
                   const RealTimeChunkingOptions& options = {})
      : denoiser_(std::move(denoiser)),
        previous_("RealTimeChunking", "the previous chunk", previous),
        weights_("RealTimeChunking", "the weights", weights),
        options_(options) {
    require_bound(options.largest_weight > 0, "RealTimeChunking", "largest_weight must be positive",
                  options.largest_weight);
    for (const double weight : weights_) require_in(0, 1, "RealTimeChunking", "weights", weight);
    const bool alike = weights_.is_like(previous_);
    if (!alike && std::find(weights_.begin(), weights_.end(), 0.0) != weights_.end()) return;  // compare() looks
    for (std::ptrdiff_t i = 0; i < previous_.size(); ++i) {
      if (!alike || weights_.begin()[i] != 0) require_previous(previous_.begin()[i]);
    }
  }

  decltype(auto) schedule() const { return target().schedule(); }

  /// \throws std::invalid_argument if weights or the previous chunk do not have the shape of a sample or the state, if
  /// a value of that under a positive weight is not finite, or if the Jacobian is asked for and the denoiser has no
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
    const double w = is_nan(cap) ? uncapped : (std::min)(cap, uncapped);  // σ w; NaN: an infinite β where σ = 0
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

  static void require_previous(double value) {
    require_finite("RealTimeChunking", "the previous chunk must be finite", value);
  }

  /// missing = W (previous - mean)
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
