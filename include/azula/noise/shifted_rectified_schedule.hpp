#pragma once
/// \file

#include <cmath>

#include "azula/error.hpp"
#include "azula/noise/scales.hpp"
#include "azula/noise/time_interval.hpp"

namespace azula {

/// The noise schedule of rectified flow models with a time shift, such as Stable Diffusion 3 and Flux.
///
///     σ_t = s t/(1 + (s - 1) t),    α_t = 1 - σ_t
///
/// σ = 0 at t = 0 and α = 0 at t = 1. Large images need more noise, and a shift s > 1 gives more of the time to high
/// noise levels; s = 1 is RectifiedSchedule{.alpha_min = 0, .sigma_min = 0}.
///
///     azula::ShiftedRectifiedSchedule schedule{.shift = 3};
///
/// Esser et al., Scaling Rectified Flow Transformers for High-Resolution Image Synthesis, 2024
/// (https://arxiv.org/abs/2403.03206), eq. 23; the model of the paper is sampled with s = 3.
struct ShiftedRectifiedSchedule {
  double shift = 3;  ///< s > 0: √(pixels / pixels in training), or what ResolutionShift gives

  Scales operator()(double t) const {
    const double total = 1 + (shift - 1) * t;
    return {(1 - t) / total, shift * t / total};
  }

  static constexpr TimeInterval time_interval() { return {}; }  ///< the times at which it is defined, [0, 1]

  /// The time at which the schedule has σ_t = `sigma`, for noise levels that are given as σ in [0, 1].
  double time_of_sigma(double sigma) const { return sigma / (shift + (1 - shift) * sigma); }

  /// The time at which log α/σ = `lambda`.
  double time_of_log_snr(double lambda) const {
    const auto [a, s] = unit_scales(lambda);
    return time_of_sigma(s / (a + s));
  }

  /// Checks the options. \throws std::invalid_argument that names the option out of range.
  void check() const {
    require(shift > 0, "ShiftedRectifiedSchedule",
            "shift must be finite and positive", shift);
  }
};

/// Computes the shift of a ShiftedRectifiedSchedule from the size of the image, as Flux does.
///
/// μ is linear in the number of tokens of the image. The shift is e^μ, as for Flux, or μ itself. A token of Flux covers
/// 16 × 16 pixels:
///
///     azula::ShiftedRectifiedSchedule schedule{.shift = azula::ResolutionShift{}(width * height / 256)};
struct ResolutionShift {
  double low_tokens = 256;    ///< tokens at which μ = low_mu
  double high_tokens = 4096;  ///< tokens at which μ = high_mu
  double low_mu = 0.5;        ///< μ at low_tokens
  double high_mu = 1.15;      ///< μ at high_tokens
  bool exponential = true;  ///< true: s = e^μ; false: s = μ

  /// μ for a number of tokens, on the line through the two points of the options.
  double mu(double tokens) const {
    return low_mu + (high_mu - low_mu) * (tokens - low_tokens) / (high_tokens - low_tokens);
  }

  /// The shift s for a number of tokens.
  double operator()(double tokens) const { return exponential ? std::exp(mu(tokens)) : mu(tokens); }
};

}  // namespace azula
