#pragma once
/// \file
/// The noise variances β_0 … β_(T-1) of the T steps that discrete diffusion models are trained on. DiscreteSchedule
/// makes a noise schedule of them.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <string>
#include <vector>

#include "azula/error.hpp"

namespace azula {

/// Options of linear_betas(), scaled_linear_betas() and sigmoid_betas(); the defaults are those of Ho et al., 2020.
struct BetaOptions {
  double first = 1e-4;          ///< β_0, in (0, 1)
  double last = 0.02;           ///< β_(T-1), in (0, 1)
  std::ptrdiff_t steps = 1000;  ///< T, the number of training steps, from 2 to 1000000
};

/// Evaluates a curve at T evenly spaced points from 0 to 1, both ends included; the functions below are made of it.
/// \param shape  shape(share) returns β at the point `share` in [0, 1]
/// \throws std::invalid_argument if an option is out of range.
template <class Shape>
std::vector<double> make_betas(const BetaOptions& options, const char* where, Shape&& shape) {
  require_count(options.steps, 2, where, "steps");
  require(options.first > 0 && options.first < 1, where, "first must be in (0, 1)", options.first);
  require(options.last > 0 && options.last < 1, where, "last must be in (0, 1)", options.last);
  std::vector<double> betas(static_cast<std::size_t>(options.steps));
  for (std::size_t k = 0; k < betas.size(); ++k) {
    betas[k] = shape(static_cast<double>(k) / static_cast<double>(betas.size() - 1));
  }
  return betas;
}

/// Returns evenly spaced betas, those of the original DDPM:
///
///     β_k = β_0 + (β_(T-1) - β_0) k/(T - 1)
///
/// Ho et al., Denoising Diffusion Probabilistic Models, 2020 (https://arxiv.org/abs/2006.11239).
inline std::vector<double> linear_betas(const BetaOptions& options = {}) {
  return make_betas(options, "linear_betas",
                    [&](double share) { return (1 - share) * options.first + share * options.last; });
}

/// Returns betas whose square roots are evenly spaced, as latent diffusion models use them.
///
///     √β_k = (1 - s) √β_0 + s √(β_(T-1)),    s = k/(T - 1)
///
/// Stable Diffusion 1.5 and SDXL have
///
///     azula::scaled_linear_betas({.first = 0.00085, .last = 0.012})
///
/// Rombach et al., High-Resolution Image Synthesis with Latent Diffusion Models, 2022
/// (https://arxiv.org/abs/2112.10752).
inline std::vector<double> scaled_linear_betas(const BetaOptions& options = {}) {
  return make_betas(options, "scaled_linear_betas", [&](double share) {
    const double root = (1 - share) * std::sqrt(options.first) + share * std::sqrt(options.last);
    return root * root;
  });
}

/// Returns betas along a sigmoid, those of GeoDiff:
///
///     β_k = first + (last - first)/(1 + e^-u),    u = 12 k/(T - 1) - 6
///
/// The sigmoid runs from 0.0025 to 0.9975, so β_0 and β_(T-1) are only nearly `first` and `last`.
/// Xu et al., GeoDiff: a Geometric Diffusion Model for Molecular Conformation Generation, 2022
/// (https://arxiv.org/abs/2203.02923).
inline std::vector<double> sigmoid_betas(const BetaOptions& options = {}) {
  return make_betas(options, "sigmoid_betas", [&](double share) {
    return options.first + (options.last - options.first) / (1 + std::exp(6 - 12 * share));
  });
}

/// Returns the betas of the cosine schedule, which Improved DDPM and many diffusion policies for robots use.
///
///     β_k = min(1 - ᾱ((k+1)/T)/ᾱ(k/T), largest),    ᾱ(s) = cos²(π/2 (s + 0.008)/1.008)
///
/// Nichol and Dhariwal, Improved Denoising Diffusion Probabilistic Models, 2021 (https://arxiv.org/abs/2102.09672).
/// \param steps    T, from 1 to 1000000
/// \param largest  upper bound of every β, in (0, 1)
/// \throws std::invalid_argument if an argument is out of range.
inline std::vector<double> squared_cosine_betas(std::ptrdiff_t steps = 1000, double largest = 0.999) {
  require_count(steps, 1, "squared_cosine_betas", "steps");
  require(largest > 0 && largest < 1, "squared_cosine_betas", "largest must be in (0, 1)", largest);
  std::vector<double> betas(static_cast<std::size_t>(steps));
  const auto angle = [&](std::size_t k) {
    return (static_cast<double>(k) / static_cast<double>(steps) + 0.008) / 1.008 * std::numbers::pi / 2;
  };
  for (std::size_t k = 0; k < betas.size(); ++k) {
    // 1 - cos²b/cos²a, written with sines of b - a and b + a: at small angles the quotient is close to 1, and its
    // difference from 1 would lose digits.
    const double a = angle(k), b = angle(k + 1);
    betas[k] = (std::min)(largest, std::sin(b - a) * std::sin(b + a) / (std::cos(a) * std::cos(a)));
  }
  return betas;
}

/// Returns log ᾱ_k = Σ_{j <= k} log(1 - β_j), from which a schedule of discrete steps is computed.
///
/// Sums of logarithms avoid the rounding errors of a long product.
/// \param betas  any range of numbers
/// \param where  the function that error messages name
/// \throws std::invalid_argument unless there is at least one β and all are in (0, 1). The last one may be 1: no signal
/// is left then (zero terminal SNR).
template <class Betas>
std::vector<double> log_alpha_bars(const Betas& betas, const char* where) {
  std::vector<double> logs;
  double sum = 0;
  for (const auto value : betas) {
    const auto beta = static_cast<double>(value);
    if (!(beta > 0 && beta <= 1) || is_nan(beta) || !is_finite(sum)) {
      reject(where, "betas must be in (0, 1), only the last may be 1, at step " + std::to_string(logs.size()),
             show(beta));
    }
    logs.push_back(sum += std::log1p(-beta));
  }
  require(!logs.empty(), where, "betas must not be empty, size", 0);
  return logs;
}

/// Returns the given betas, changed so that no signal is left at the last training step (zero terminal SNR).
///
/// The roots √ᾱ_k are shifted and scaled so that the first one stays as it is and the last one is 0; the betas
/// follow from the new roots, and the last of them is 1. Models trained in this way predict velocities, as noise
/// prediction is not defined without a signal.
///
///     azula::DiscreteSchedule schedule(azula::rescale_zero_terminal_snr(azula::linear_betas()));
///
/// Lin et al., Common Diffusion Noise Schedules and Sample Steps are Flawed, 2024 (https://arxiv.org/abs/2305.08891),
/// algorithm 1.
/// \throws std::invalid_argument as log_alpha_bars() does, or if there are fewer than two betas.
template <class Betas>
std::vector<double> rescale_zero_terminal_snr(const Betas& betas) {
  const std::vector<double> logs = log_alpha_bars(betas, "rescale_zero_terminal_snr");
  require(logs.size() >= 2, "rescale_zero_terminal_snr", "betas must be at least two, size",
          static_cast<double>(logs.size()));
  const double first = std::exp(logs.front() / 2), last = std::exp(logs.back() / 2);
  const auto root = [&](std::size_t k) { return (std::exp(logs[k] / 2) - last) * first / (first - last); };
  std::vector<double> rescaled{-std::expm1(logs.front())};
  for (std::size_t k = 1; k < logs.size(); ++k) {
    const double ratio = root(k) / root(k - 1);
    rescaled.push_back((1 - ratio) * (1 + ratio));
  }
  return rescaled;
}

}  // namespace azula
