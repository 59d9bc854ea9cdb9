#pragma once
/// \file

#include <type_traits>
#include <utility>

#include "azula/state.hpp"

namespace azula {

/// Wraps a half-precision Eigen state so that the means and predictions of its run are kept in float.
///
///     azula::FloatPredictions<Eigen::ArrayXX<Eigen::half>> x{noise};
///     const auto done = sampler(x).values;   // the denoiser is given x and writes an Eigen::ArrayXXf
///
/// Without the wrapper means and predictions have the type of the state, which takes half the memory. With 50 steps of
/// the digits network the errors of most methods are the same either way, because the rounding of the state dominates.
/// With 10 steps the errors with float predictions are 0.7 to 1.1 times the others. Where methods of high order
/// extrapolate far on coarse grids, they are a sixth (docs/performance.md).
template <State X>
  requires(is_half<scalar_t<X>> && !OwnState<X>)
struct FloatPredictions {
  X values;

  /// Converts the values to float.
  operator typename StateTraits<FloatPredictions>::Plain() const { return values.template cast<float>(); }
};

template <class X>
FloatPredictions(X) -> FloatPredictions<X>;

/// The type that owns floats in the shape of a P.
template <class P>
struct FloatLike;

template <DenseExpression P>
struct FloatLike<P> {
  using type = typename std::remove_cvref_t<decltype(std::declval<const P&>().template cast<float>())>::PlainObject;
};

template <template <class, auto, auto, class> class Tensor, class T, auto Rank, auto Options, class IndexType>
struct FloatLike<Tensor<T, Rank, Options, IndexType>> {
  using type = Tensor<float, Rank, Options, IndexType>;
};

template <template <class, class, auto, class> class Tensor, class T, class Sizes, auto Options, class IndexType>
struct FloatLike<Tensor<T, Sizes, Options, IndexType>> {
  using type = Tensor<float, Sizes, Options, IndexType>;
};

template <class X>
struct StateTraits<FloatPredictions<X>> {
  using Scalar = scalar_t<X>;
  using Plain = typename FloatLike<plain_t<X>>::type;
  static constexpr bool view = true;  // a run advances the wrapper itself, not a Plain
  static constexpr bool contiguous = is_contiguous<X>;
  static constexpr int size = static_size<X>;

  static SampleShape shape(const FloatPredictions<X>& x) { return sample_shape(x.values); }
  static void resize_like(Plain& out, const FloatPredictions<X>& x) { azula::resize_like(out, x.values); }
  static auto* data(auto& x) { return host_data(x.values); }
};

}  // namespace azula
