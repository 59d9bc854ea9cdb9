#pragma once
/// \file

#include <cmath>

#include "azula/error.hpp"
#include "azula/noise/scales.hpp"

namespace azula {

/// Rectified flow with shifted times, as large images need more noise:
///
///     σ_t = s t/(1 + (s - 1) t),    α_t = 1 - σ_t
///
/// s = 1 is RectifiedSchedule{.alpha_min = 0, .sigma_min = 0}. α = 0 at t = 1 and σ = 0 at t = 0.
/// Esser et al., Scaling Rectified Flow Transformers for High-Resolution Image Synthesis, 2024
/// (https://arxiv.org/abs/2403.03206), eq. 23; its model is sampled with s = 3.
struct ShiftedRectifiedSchedule {
  double shift = 3;  ///< s > 0: √(pixels/pixels in training), or the e^μ of ResolutionShift

  Scales operator()(double t) const {
    const double total = 1 + (shift - 1) * t;
    return {(1 - t) / total, shift * t / total};
  }

  /// t -> the time of the flow without shift that has these scales is σ_t; this is its inverse, for noise
  /// levels given as σ.
  double time_of_sigma(double sigma) const { return sigma / (shift + (1 - shift) * sigma); }

  /// The time at which log α/σ = `lambda`.
  double time_of_log_snr(double lambda) const {
    const auto [a, s] = unit_scales(lambda);
    return time_of_sigma(s / (a + s));
  }

  /// \throws std::invalid_argument that names the parameter out of range.
  void check() const {
    require(shift > 0, "ShiftedRectifiedSchedule",
            "shift must be finite and positive", shift);
  }
};

/// A shift that depends on the resolution: μ is linear in the number of tokens of the image, and the shift
/// is e^μ (exponential, as Flux has it) or μ itself.
///
///     azula::ShiftedRectifiedSchedule schedule{.shift = azula::ResolutionShift{}(width * height / 256)};
struct ResolutionShift {
  double low_tokens = 256;    ///< tokens at which μ = low_mu
  double high_tokens = 4096;  ///< tokens at which μ = high_mu
  double low_mu = 0.5;        ///< μ there
  double high_mu = 1.15;      ///< μ there
  bool exponential = true;  ///< s = e^μ rather than s = μ

  /// μ at so many tokens, on the line through both.
  double mu(double tokens) const {
    return low_mu + (high_mu - low_mu) * (tokens - low_tokens) / (high_tokens - low_tokens);
  }

  /// The shift for so many tokens.
  double operator()(double tokens) const { return exponential ? std::exp(mu(tokens)) : mu(tokens); }
};

}  // namespace azula
