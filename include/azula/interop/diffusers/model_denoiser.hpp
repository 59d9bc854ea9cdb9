#pragma once
/// \file

#include <functional>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

#include "azula/denoise/preconditioning.hpp"
#include "azula/guide/clamped_denoiser.hpp"
#include "azula/guide/kept_noise_denoiser.hpp"
#include "azula/guide/thresholded_denoiser.hpp"
#include "azula/interop/diffusers/model_schedule.hpp"
#include "azula/interop/diffusers/model_time.hpp"

namespace azula::diffusers {

/// What a configuration says about the network and the denoised mean.
struct Model {
  ModelSchedule schedule;  ///< noise schedule
  std::function<Preconditioning(const Scales&)>
      prediction;  ///< what the network predicts, and the form of its input
  ModelTime time;  ///< the time values that the network is given

  double clip = 0;                                       ///< the mean is clipped to [-clip, clip]; 0: not clipped
  std::optional<ThresholdOptions> threshold{};           ///< dynamic thresholding, instead of clipping
  std::optional<KeptNoise<ModelSchedule>> kept_noise{};  ///< a step keeps the noise of the mean before clipping
  std::function<Preconditioning(double)>
      boundary{};  ///< for consistency models: mean <- skip x_t + out mean, as a function of the network's time
};

/// A denoiser that computes E[X | x_t] from a network as a configuration of diffusers says.
///
/// It scales the input, converts the time, turns the network's prediction into the mean, and clips or thresholds the
/// mean. The network is called as network(input, c, output), see NetworkDenoiser. Setup::denoiser() makes one.
template <class N>
class ModelDenoiser {
  static_assert(wraps_network<N>());

 public:
  template <State X>
  struct Workspace {
    explicit Workspace(const X& like) : input(like), sizes(static_cast<std::size_t>(sample_shape(like).size)) {
      resize_like(plain, like);
    }
    NetworkWorkspace<X> input;
    plain_t<X> plain;
    std::vector<scalar_t<X>> sizes;
  };

  ModelDenoiser(N network, Model model) : network_(std::move(network)), model_(std::move(model)) {}

  const ModelSchedule& schedule() const { return model_.schedule; }

  /// Writes E[X | x_t] into `mean`.
  /// \throws std::invalid_argument if the network's output has another shape than x_t, or if the prediction does not
  /// determine the mean at this time, because α = 0.
  template <State X>
  void operator()(const X& x_t, double t, plain_t<X>& mean, Workspace<X>& work) const {
    const Preconditioning by = model_.prediction(model_.schedule(t));
    if (!(is_finite(by.skip) && is_finite(by.out))) {
      reject("ModelDenoiser", "this prediction does not tell the mean where alpha = 0, at time", show(t));
    }
    const double told = model_.time(model_.schedule, t);
    const std::unwrap_reference_t<N>& network = network_;
    preconditioned_mean(network, x_t, by, told, mean, work.input, "ModelDenoiser");
    clip(t, mean, work);
    if (!model_.boundary) return;
    using T = scalar_t<X>;
    const Preconditioning scaling = model_.boundary(told);
    auto m = samples(mean);
    m = T(scaling.skip) * samples(x_t) + T(scaling.out) * m;
  }

  template <State X>
  void operator()(const X& x_t, double t, plain_t<X>& mean) const {
    Workspace<X> work(x_t);
    (*this)(x_t, t, mean, work);
  }

 private:
  template <class Mean, class Work>
  void clip(double t, Mean& mean, Work& work) const {
    if (model_.clip == 0 && !model_.threshold) return;
    if (model_.kept_noise) work.plain = mean;
    if (model_.threshold) {
      threshold_mean(mean, *model_.threshold, work.sizes);
    } else {
      clamp_mean(mean, -model_.clip, model_.clip);
    }
    if (model_.kept_noise) mix_kept_noise(mean, work.plain, (*model_.kept_noise)(t));
  }

  N network_;
  Model model_;
};

}  // namespace azula::diffusers
