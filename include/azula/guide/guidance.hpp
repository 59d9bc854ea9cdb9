#pragma once
/// \file

#include <Eigen/Core>

#include <cmath>
#include <limits>
#include <type_traits>
#include <utility>

#include "azula/denoise/sample_time.hpp"
#include "azula/error.hpp"
#include "azula/is_finite.hpp"
#include "azula/noise/scales.hpp"
#include "azula/plan/stage.hpp"
#include "azula/state.hpp"
#include "azula/state/foreign_memory.hpp"

namespace azula {

/// The prediction whose standard deviation a rescaled guidance keeps. The choice matters, because each is another
/// linear combination of x_t and the mean.
enum class RescaledPrediction { data, noise, velocity, flow };

/// Options of GuidedDenoiser and BatchedGuidedDenoiser: an interval of noise levels, and a rescale of the result.
struct GuidanceOptions {
  /// Guidance acts only where low < σ/α <= high; elsewhere the weight is 1. Kynkäänniemi et al., Applying Guidance
  /// in a Limited Interval, 2024 (https://arxiv.org/abs/2404.07724).
  double low = 0;
  double high = std::numeric_limits<double>::infinity();  ///< the end of that interval

  /// φ in [0, 1]: how far the standard deviation of the guided prediction is put back to that of the positive one.
  ///
  /// The guided prediction of each sample is multiplied by 1 - φ + φ (positive deviation)/(guided deviation). In the
  /// paper the prediction is the network's output, a velocity. At α = 0 the predicted noise is x_t/σ for any mean, so
  /// nothing is put back there. Lin et al., Common Diffusion Noise Schedules and Sample Steps are Flawed, 2024
  /// (https://arxiv.org/abs/2305.08891), section 3.4.
  double rescale = 0;
  RescaledPrediction rescaled = RescaledPrediction::velocity;  ///< what is put back
};

/// One weight for each sample of a state. They need no memory of the heap if the type of the state fixes the number of
/// samples.
template <State X>
using SampleWeights = Eigen::Array<double, Eigen::Dynamic, 1, Eigen::ColMajor, static_samples<X>, 1>;

/// What the guided denoisers share: the weights, and the combination of two means.
template <class W>
class Guidance {
 public:
  /// Whether each sample has a weight of its own, because W is a vector.
  static constexpr bool per_sample = DenseExpression<W>;
  static_assert(per_sample || std::is_arithmetic_v<W> || std::is_invocable_r_v<double, const W&, double>,
                "azula: the guidance scale must be a number, an Eigen::ArrayXd with a number per sample, or a callable "
                "of the time");

  /// Takes a number, a vector with a number for each sample, or a callable of the time.
  /// \throws std::invalid_argument if rescale is outside [0, 1], low > high, or a weight that is a number is not
  /// finite.
  Guidance(W weight, const GuidanceOptions& options, const char* where)
      : weight_(held(std::move(weight))), options_(options) {
    require(options.rescale >= 0 && options.rescale <= 1, where, "rescale must be in [0, 1]",
            options.rescale);
    require_bound(options.low <= options.high, where, "low must be at most high", options.low);
    require_bound(options.low <= options.high, where, "high must be at least low", options.high);
    if constexpr (std::is_arithmetic_v<W>) {
      require_finite(where, "the weight must be finite", static_cast<double>(weight_));
    }
    if constexpr (per_sample) {
      for (const double w : weight_) require_finite(where, "the weights must be finite", w);
    }
  }

  /// Returns the weight of sample j at time t; 1 outside the interval.
  double weight(double t, const Scales& scales, Eigen::Index j = 0) const {
    const double rho = scales.sigma / scales.alpha;
    if (!(rho > options_.low && rho <= options_.high)) return 1;
    if constexpr (per_sample) {
      return weight_(j);
    } else if constexpr (std::is_arithmetic_v<W>) {
      return static_cast<double>(weight_);
    } else {
      return static_cast<double>(weight_(t));
    }
  }

  /// Writes the weights of all samples of x.
  /// \param t  one time, or one per sample
  /// \throws std::invalid_argument if there are more or fewer times or weights than samples.
  template <class S, State X, class Time>
  void weights(const S& schedule, const X& x, const Time& t, SampleWeights<X>& out, const char* where) const {
    if constexpr (per_sample) require_per_sample(weight_, x, where, "a weight");
    if constexpr (std::is_same_v<Time, SampleTimes>) require_per_sample(t, x, where, "a time");
    out.resize(sample_shape(x).samples);
    for (Eigen::Index j = 0; j < out.size(); ++j) {
      const double time = sample_time(t, j);
      const auto at = schedule(time);
      out(j) = weight(time, Scales{at.alpha, at.sigma}, j);
    }
  }

  /// Combines two means sample by sample, with the weights from weights().
  template <class S, class Time, class Weights, class X, class Mean, class Negative>
  void combine(const S& schedule, const Time& t, const Weights& weights, const X& x, Mean& mean,
               const Negative& negative) const {
    for (Eigen::Index j = 0; j < mean.cols(); ++j) {
      auto column = mean.middleCols(j, 1);
      const auto other = negative.middleCols(j, 1);
      if (weights(j) == 0) column = other;
      if (weights(j) == 0 || weights(j) == 1) continue;
      const auto at = schedule(sample_time(t, j));
      combine(x.middleCols(j, 1), column, other, weights(j), Scales{at.alpha, at.sigma});
    }
  }

  /// Computes mean <- negative + w (mean - negative) and rescales it. All three are matrices with one sample per
  /// column.
  template <class X, class Mean, class Negative>
  void combine(const X& x, Mean& mean, const Negative& negative, double w, const Scales& scales) const {
    using S = typename Mean::Scalar;
    using T = real_t<S>;
    const double q = share_of_state(scales);
    if (options_.rescale == 0 || !is_finite(q)) {
      const auto other = negative.template cast<T>();
      mean = (other + T(w) * (mean.template cast<T>() - other)).template cast<S>();
      return;
    }
    for (Eigen::Index j = 0; j < mean.cols(); ++j) {
      const double wanted = deviation(x.col(j), mean.col(j), q);
      const auto positive = mean.col(j).template cast<T>();
      const auto other = negative.col(j).template cast<T>();
      mean.col(j) = (other + T(w) * (positive - other)).template cast<S>();
      const double found = deviation(x.col(j), mean.col(j), q);
      const double factor = found > 0 ? 1 + options_.rescale * (wanted / found - 1) : 1;
      mean.col(j) = (T(factor) * positive + T((factor - 1) * q) * x.col(j).template cast<T>()).template cast<S>();
    }
  }

  /// Computes mean <- negative + w (mean - negative) for states that the host cannot read, which cannot be rescaled.
  /// \throws std::invalid_argument if rescale is not 0.
  template <class Mean>
  void combine(Mean& mean, Mean& negative, double w, ForeignMemory<Mean>& memory) const {
    require(options_.rescale == 0, "Guidance", "rescale must be 0 for states that the host cannot read",
            options_.rescale);
    update_foreign(Stage{.a = w, .b = 1 - w}, mean, negative, {}, memory);
  }

 private:
  /// Copies weights that are a vector, as it may be an Eigen expression that refers to temporaries.
  static auto held(W weight) {
    if constexpr (per_sample) {
      return Eigen::ArrayXd(weight.template cast<double>().matrix().array());
    } else {
      return weight;
    }
  }

  /// Returns q, with which the prediction to rescale is m + q x_t up to a factor.
  double share_of_state(const Scales& s) const {
    switch (options_.rescaled) {
      case RescaledPrediction::noise:
        return -1 / s.alpha;
      case RescaledPrediction::velocity:
        return -s.alpha / (s.alpha * s.alpha + s.sigma * s.sigma);
      case RescaledPrediction::flow:
        return -1 / (s.alpha + s.sigma);
      default:
        return 0;
    }
  }

  template <class Column, class Mean>
  static double deviation(const Column& x, const Mean& m, double q) {
    const auto prediction = m.template cast<double>() + q * x.template cast<double>();
    const double centre = prediction.mean();
    return std::sqrt((prediction - centre).square().mean());
  }

  std::conditional_t<per_sample, Eigen::ArrayXd, W> weight_;
  GuidanceOptions options_;
};

}  // namespace azula
