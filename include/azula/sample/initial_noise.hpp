#pragma once
/// \file

#include <Eigen/Core>

#include <cmath>
#include <cstddef>
#include <type_traits>
#include <variant>

#include "azula/broadcast/given_numbers.hpp"
#include "azula/concepts.hpp"
#include "azula/error.hpp"
#include "azula/is_finite.hpp"
#include "azula/plan/time_grid.hpp"
#include "azula/sample/fill_state.hpp"
#include "azula/sample/parts.hpp"
#include "azula/state.hpp"

namespace azula {

/// Writes x ~ N(α mean, α² variance + σ²) with the scales of a node into a contiguous state; see Sampler::init().
template <class X, class Source, class Mean, class Variance, Executor E>
void draw_first(X& x, Source& random, const Mean& mean, const Variance& variance, const Node& first, const E& executor) {
  const GivenNumbers<Mean> means("Sampler", "the mean", mean);
  const GivenNumbers<Variance> variances("Sampler", "the variance", variance);
  means.require_fit(x);
  variances.require_fit(x);
  if constexpr (GivenNumbers<Mean>::in_place) {  // the noise would overwrite what is in the memory of x
    if (means.overlaps(x)) return draw_first(x, random, means.copy(), variance, first, executor);
  }
  if constexpr (GivenNumbers<Variance>::in_place) {
    if (variances.overlaps(x)) return draw_first(x, random, mean, variances.copy(), first, executor);
  }
  using T = scalar_t<X>;
  T* const values = host_data(x);
  constexpr bool in_place = std::is_same_v<T, noise_t<X>>;
  std::conditional_t<in_place, std::monostate, ValuesLike<noise_t<X>, X>> own;
  noise_t<X>* noise = nullptr;
  if constexpr (in_place) {
    noise = values;
  } else {
    own.resize(value_count(x), 1);
    noise = own.data();
  }
  fill_values<noise_t<X>>({noise, value_count(x)}, sample_shape(x), random, first.t, executor);
  in_parts<1024>(executor, value_count(x), [&](std::ptrdiff_t from, std::ptrdiff_t count) {
    for (std::ptrdiff_t i = from; i < from + count; ++i) {
      const double m = means.template over<is_row_major<X>>(i), v = variances.template over<is_row_major<X>>(i);
      require_finite("Sampler", "the mean must be finite", m);
      require(v >= 0, "Sampler", "the variance must be finite and not negative", v);
      const double scale = std::sqrt(first.alpha * first.alpha * v + first.sigma * first.sigma);
      const double value = first.alpha * m + scale * static_cast<double>(noise[i]);
      values[i] = T(static_cast<noise_t<X>>(value));
      if (!is_finite(values[i])) reject("Sampler", "the initial state must fit its scalar", show(value));
    }
    return true;
  });
}

}  // namespace azula
