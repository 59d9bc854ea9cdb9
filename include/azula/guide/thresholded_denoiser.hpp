#pragma once
/// \file

#include <Eigen/Core>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <utility>
#include <vector>

#include "azula/concepts.hpp"
#include "azula/denoise/evaluate.hpp"
#include "azula/error.hpp"
#include "azula/is_finite.hpp"

namespace azula {

/// Options of ThresholdedDenoiser.
struct ThresholdOptions {
  double quantile = 0.995;                                   ///< q in [0, 1]: the quantile that is the threshold
  double range = 1;                                          ///< R > 0: the data are in [-R, R]
  double largest = std::numeric_limits<double>::infinity();  ///< upper bound of the threshold, at least R
};

/// Returns the q-quantile of some values, interpolated linearly between the two around it. It reorders the values.
template <class T>
double quantile(std::vector<T>& values, double q) {
  const double position = q * static_cast<double>(values.size() - 1);
  const auto below = values.begin() + static_cast<std::ptrdiff_t>(position);
  std::nth_element(values.begin(), below, values.end());
  const auto low = static_cast<double>(*below);
  const double share = position - std::floor(position);
  return share == 0 ? low
                    : low + share * (static_cast<double>(*std::min_element(below + 1, values.end())) - low);
}

/// Applies dynamic thresholding to a mean in place, sample by sample; see ThresholdedDenoiser.
/// \param sizes  memory for as many values as a sample has
template <State X>
void threshold_mean(X& mean, const ThresholdOptions& options, std::vector<scalar_t<X>>& sizes) {
  using T = scalar_t<X>;
  auto m = samples(mean);
  for (Eigen::Index j = 0; j < m.cols(); ++j) {
    auto column = m.col(j);
    if (column.size() == 0 || !all_finite(column)) continue;  // NaN stays, and the sampler reports it
    std::transform(column.begin(), column.end(), sizes.begin(), [](T value) { return value < T(0) ? -value : value; });
    const double s = (std::min)((std::max)(options.range, quantile(sizes, options.quantile)), options.largest);
    column = ((column.max)(T(-s)).min)(T(s)) * T(options.range / s);
  }
}

/// A denoiser with dynamic thresholding: large means are scaled back into the range of the data instead of being
/// clipped.
///
/// It is for pixel models with strong guidance, as in Imagen. In each sample, with the threshold s,
///
///     mean <- R/s min(max(mean, -s), s),    s = min(max(R, q-quantile of |mean|), largest)
///
/// The quantile is interpolated between the two values around it. Where s = R, this is only a clamp. A sample with NaN
/// stays as it is, so that the sampler reports it.
///
///     azula::ThresholdedDenoiser thresholded(denoiser, {.quantile = 0.9});
///
/// Saharia et al., Photorealistic Text-to-Image Diffusion Models with Deep Language Understanding, 2022
/// (https://arxiv.org/abs/2205.11487), section 2.3.
template <class D>
class ThresholdedDenoiser {
  static_assert(wraps_denoiser<D>());

 public:
  template <State X>
  struct Workspace {
    explicit Workspace(const X& like)
        : inner(like), sizes(static_cast<std::size_t>(sample_shape(like).size)) {}
    Evaluation<denoiser_t<D>, X> inner;
    std::vector<scalar_t<X>> sizes;
  };

  /// Wraps a denoiser, held by value or std::ref. \throws std::invalid_argument if an option is out of range.
  explicit ThresholdedDenoiser(D denoiser, const ThresholdOptions& options = {})
      : denoiser_(std::move(denoiser)), options_(options) {
    require(options.quantile >= 0 && options.quantile <= 1, "ThresholdedDenoiser",
            "quantile must be in [0, 1]", options.quantile);
    require(options.range > 0, "ThresholdedDenoiser",
            "range must be finite and positive", options.range);
    require_bound(options.largest >= options.range, "ThresholdedDenoiser", "largest must be at least the range",
            options.largest);
  }

  decltype(auto) schedule() const { return target().schedule(); }

  template <State X>
  void operator()(const X& x_t, double t, plain_t<X>& mean, Workspace<X>& work) const {
    work.inner(target(), x_t, t, mean);
    threshold_mean(mean, options_, work.sizes);
  }

  template <State X>
  void operator()(const X& x_t, const SampleTimes& times, plain_t<X>& mean, Workspace<X>& work) const {
    work.inner(target(), x_t, times, mean);
    threshold_mean(mean, options_, work.sizes);
  }

  /// Writes the thresholded mean, if the inner denoiser needs to know where the step leads.
  template <State X>
    requires AsksForStage<denoiser_t<D>, X>
  void operator()(const X& x_t, const Stage& stage, plain_t<X>& mean, Workspace<X>& work) const {
    work.inner(target(), x_t, stage, mean);
    threshold_mean(mean, options_, work.sizes);
  }

  template <State X>
  void operator()(const X& x_t, double t, plain_t<X>& mean) const {
    Workspace<X> work(x_t);
    (*this)(x_t, t, mean, work);
  }

 private:
  const denoiser_t<D>& target() const { return denoiser_; }

  D denoiser_;
  ThresholdOptions options_;
};

}  // namespace azula
