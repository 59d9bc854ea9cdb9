#pragma once
/// \file
/// What a sampler is told besides its denoiser and its method: options, and times.

#include <concepts>
#include <cstddef>
#include <iterator>
#include <string_view>
#include <utility>

namespace azula {

/// Options of a sampler whose times are evenly spaced.
///
///     const azula::Sampler sampler(denoiser, azula::zAB<3>{}, {.start = 1, .stop = 0.01, .steps = 20, .silent = true});
struct SamplerOptions {
  double start = 1.0;         ///< the time at which a run begins: noisy for sampling, clean for inversion
  double stop = 0.0;          ///< the time at which a run ends
  std::ptrdiff_t steps = 64;  ///< number of steps, from 1 to 1000000
  bool silent = false;        ///< whether to hide the progress bar (it appears on a terminal only, after half a second)
  bool check_finite = true;   ///< whether a mean that contains NaN or infinity is an error
};

/// Options of a sampler whose times are given one by one.
///
///     const azula::Sampler sampler(denoiser, azula::zAB<3>{}, times, {.silent = true});
struct RunOptions {
  bool silent = false;       ///< whether to hide the progress bar (it appears on a terminal only, after half a second)
  bool check_finite = true;  ///< whether a mean that contains NaN or infinity is an error
};

/// A range of numbers, such as a std::vector<double> or an Eigen::ArrayXd.
template <class R>
concept TimeRange = std::convertible_to<decltype(*std::begin(std::declval<const R&>())), double> &&
                    !std::convertible_to<const R&, std::string_view>;

}  // namespace azula
