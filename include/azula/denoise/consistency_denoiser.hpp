#pragma once
/// \file

#include <cmath>
#include <utility>

#include "azula/concepts.hpp"
#include "azula/denoise/evaluate.hpp"
#include "azula/denoise/network_time.hpp"
#include "azula/denoise/preconditioning.hpp"
#include "azula/error.hpp"

namespace azula {

/// Options of ConsistencyDenoiser; the defaults are those of latent consistency models.
struct ConsistencyOptions {
  double sigma_data = 0.5;       ///< σ_d > 0, the standard deviation of the data
  double timestep_scaling = 10;  ///< s > 0, the factor of the network's time
};

/// Returns c_skip and c_out of ConsistencyDenoiser at a time of the network.
inline Preconditioning consistency_scaling(const ConsistencyOptions& options, double time) {
  const double scaled = options.timestep_scaling * time, r = std::hypot(scaled, options.sigma_data);
  return {.skip = options.sigma_data / r * (options.sigma_data / r), .out = scaled / r, .in = 1};
}

/// A denoiser for latent consistency models (LCM, LCM-LoRA), which applies the scalings of their training to the mean.
///
///     mean <- c_skip x_t + c_out mean,    c_skip = σ_d²/((s t)² + σ_d²),    c_out = s t/√((s t)² + σ_d²)
///
/// t is the network's time: for latent consistency models the training step of a DiscreteSchedule, otherwise any time
/// of network_time.hpp. Where t = 0, the mean is the state itself. Put this denoiser around all that clamps or guides
/// the mean, and use it with the method Renoise, which is also called LCM:
///
///     azula::NetworkDenoiser denoiser(unet, schedule, azula::NoisePrediction{}, azula::TrainingStep{});
///     azula::Sampler sampler(azula::ConsistencyDenoiser{denoiser}, azula::LCM{},
///                            azula::training_times(schedule, {999, 759, 499, 259}));
///
/// The consistency models of Song et al. need none of this: they are a NetworkDenoiser with
/// EDMPrediction{.sigma_min = 0.002}.
/// Luo et al., Latent Consistency Models, 2023 (https://arxiv.org/abs/2310.04378), equation 9.
template <class D, class Time = TrainingStep>
class ConsistencyDenoiser {
  static_assert(wraps_denoiser<D>());
  static_assert(!HasSchedule<D> || NetworkTime<Time, decltype(std::declval<const denoiser_t<D>&>().schedule())>,
                "azula::ConsistencyDenoiser: its time is by default the training step, and this schedule has none: "
                "use a DiscreteSchedule, or give the network's time as the third argument");

 public:
  /// Memory that a run keeps for this denoiser: that of the inner denoiser.
  template <State X>
  using Workspace = Evaluation<denoiser_t<D>, X>;

  /// Wraps a denoiser, held by value or std::ref. \throws std::invalid_argument if an option is not positive and
  /// finite.
  explicit ConsistencyDenoiser(D denoiser, ConsistencyOptions options = {}, Time time = {})
      : denoiser_(std::move(denoiser)), options_(options), time_(std::move(time)) {
    require(options.sigma_data > 0, "ConsistencyDenoiser", "sigma_data must be finite and positive",
            options.sigma_data);
    require(options.timestep_scaling > 0, "ConsistencyDenoiser", "timestep_scaling must be finite and positive",
            options.timestep_scaling);
  }

  decltype(auto) schedule() const { return target().schedule(); }

  /// Writes the scaled mean. \throws std::invalid_argument if the network's time is negative or not finite.
  template <State X>
  void operator()(const X& x_t, double t, plain_t<X>& mean, Workspace<X>& work) const {
    work(target(), x_t, t, mean);
    blend(scaling(t), samples(x_t), samples(mean));
  }

  template <State X>
  void operator()(const X& x_t, double t, plain_t<X>& mean) const {
    Workspace<X> work(x_t);
    (*this)(x_t, t, mean, work);
  }

  /// Writes out = Jᵀ v with J = ∂mean/∂x_t; available if the inner denoiser has a vjp().
  /// \throws std::invalid_argument if v has another shape than x_t.
  template <State X>
  requires requires(const denoiser_t<D>& d, const X& x, double t, const plain_t<X>& v, plain_t<X>& out) {
    d.vjp(x, t, v, out);
  }
  void vjp(const X& x_t, double t, const plain_t<X>& v, plain_t<X>& out) const {
    require_shape(v, x_t, "ConsistencyDenoiser", "v must have the shape of the state");
    target().vjp(x_t, t, v, out);
    blend(scaling(t), samples(v), samples(out));
  }

 private:
  const denoiser_t<D>& target() const { return denoiser_; }

  Preconditioning scaling(double t) const {
    const double time = time_(schedule(), t);
    require(time >= 0, "ConsistencyDenoiser", "the network's time must be finite and at least 0", time);
    return consistency_scaling(options_, time);
  }

  /// to <- skip · from + out · to
  template <class From, class To>
  static void blend(const Preconditioning& by, const From& from, To to) {
    using T = typename To::Scalar;
    to = T(by.skip) * from + T(by.out) * to;
  }

  D denoiser_;
  ConsistencyOptions options_;
  Time time_;
};

}  // namespace azula
