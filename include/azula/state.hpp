#pragma once
/// \file
/// What the library knows of a tensor: its values, a shape, and which part of it is one sample. For a type of your own
/// see StateTraits.

#include <Eigen/Core>

#include <cstddef>
#include <string>
#include <type_traits>

#include "azula/error.hpp"
#include "azula/sample_shape.hpp"
#include "azula/state/eigen_state.hpp"
#include "azula/state/real.hpp"
#include "azula/state/state_traits.hpp"

namespace azula {

/// A type of somebody's for which StateTraits is specialised.
template <class X>
concept OwnState = !DenseExpression<X> && !TensorLike<X> && requires(const std::remove_cvref_t<X>& x) {
  typename StateTraits<std::remove_cvref_t<X>>::Scalar;
  typename StateTraits<std::remove_cvref_t<X>>::Plain;
  StateTraits<std::remove_cvref_t<X>>::shape(x);
};

/// A tensor that a sampler accepts as x_t.
template <class X>
concept State = DenseExpression<X> || TensorLike<X> || OwnState<X>;

/// One whose values are in memory that the host reads and writes.
template <class X>
concept HostState = State<X> && requires(std::remove_cvref_t<X>& x) { StateTraits<std::remove_cvref_t<X>>::data(x); };

/// The type of a value.
template <State X>
using scalar_t = typename StateTraits<std::remove_cvref_t<X>>::Scalar;

/// What noise for a state is drawn in: its scalar, or float if that has 16 bits.
template <State X>
using noise_t = real_t<scalar_t<X>>;

/// Calls f with a value of the type that those of x have, which some types of state do not tell before the program runs.
template <State X, class F>
decltype(auto) with_scalar(const X& x, const F& f) {
  using Traits = StateTraits<std::remove_cvref_t<X>>;
  if constexpr (requires { Traits::with_scalar(x, f); }) {
    return Traits::with_scalar(x, f);
  } else {
    return f(scalar_t<X>());
  }
}

/// The type that owns values of the shape of X.
template <State X>
using plain_t = typename StateTraits<std::remove_cvref_t<X>>::Plain;

/// Whether the values of every state of this type lie one after another.
template <State X>
inline constexpr bool is_contiguous = [] {
  using Traits = StateTraits<std::remove_cvref_t<X>>;
  if constexpr (requires { Traits::contiguous; }) {
    return Traits::contiguous;
  } else {
    return true;
  }
}();

/// Whether the type shows memory that belongs to somebody else.
template <State X>
inline constexpr bool is_view = [] {
  using Traits = StateTraits<std::remove_cvref_t<X>>;
  if constexpr (requires { Traits::view; }) {
    return Traits::view;
  } else {
    return false;
  }
}();

/// How many values every state of the type has, or Eigen::Dynamic.
template <State X>
inline constexpr int static_size = [] {
  using Traits = StateTraits<std::remove_cvref_t<X>>;
  if constexpr (requires { Traits::size; }) {
    return Traits::size;
  } else {
    return static_cast<int>(Eigen::Dynamic);
  }
}();

template <class X>
struct RunState {
  static constexpr bool view = is_view<X>;
  static_assert(!view || is_contiguous<X>,
                "azula: a strided Eigen::Map cannot be advanced in place; pass a contiguous Map, or "
                "a copy of it (map.eval())");
  using type = std::conditional_t<view, X, plain_t<X>>;
};

/// What a run advances: the view itself for a Map or TensorMap (so foreign memory is advanced in
/// place), an owning copy for everything else.
template <State X>
using state_t = typename RunState<std::remove_cvref_t<X>>::type;

/// x itself if its type says that its values lie one after another, else a copy in which they do.
template <State X>
decltype(auto) contiguous(const X& x) {
  if constexpr (is_contiguous<X>) {
    return (x);
  } else {
    return plain_t<X>(x);
  }
}

/// Whether the last index is the fastest in memory, and the first one that of the samples.
template <State X>
inline constexpr bool is_row_major = [] {
  if constexpr (DenseExpression<X>) {
    return bool(plain_t<X>::IsRowMajor);
  } else if constexpr (TensorLike<X>) {
    return static_cast<int>(plain_t<X>::Layout) == static_cast<int>(Eigen::RowMajor);
  } else {
    return false;
  }
}();

/// Samples and values per sample: always the slowest index in memory, so that a sample is contiguous.
template <State X>
SampleShape sample_shape(const X& x) {
  return StateTraits<X>::shape(x);
}

/// How many values a state has.
template <State X>
std::ptrdiff_t value_count(const X& x) {
  if constexpr (OwnState<X>) {
    const SampleShape shape = sample_shape(x);
    return shape.samples * shape.size;
  } else {
    return static_cast<std::ptrdiff_t>(x.size());
  }
}

/// Where the values of a state begin.
template <State X>
auto* host_data(X& x) {
  static_assert(HostState<X>,
                "azula: this calculates with the values of a state on the host, and StateTraits of the state has no "
                "data() that says where they are");
  return StateTraits<std::remove_const_t<X>>::data(x);
}

/// Extent of dimension i: a type of somebody's is like a matrix with one sample per column.
template <OwnState X>
Index extent(const X& x, Index i) {
  return i == 0 ? sample_shape(x).size : sample_shape(x).samples;
}

/// The number of dimensions.
template <State X>
Index rank(const X& x) {
  if constexpr (TensorLike<X>) {
    return static_cast<Index>(x.rank());
  } else {
    return 2;
  }
}

/// All values as a matrix with one sample per column, whatever the state's type: a view, no copy. A block, a
/// row or a Ref is seen through its strides.
template <State X>
auto samples(X& x) {
  using S = std::remove_pointer_t<decltype(host_data(x))>;
  using Values = Eigen::Array<std::remove_const_t<S>, Eigen::Dynamic, Eigen::Dynamic>;
  using Seen = std::conditional_t<std::is_const_v<S>, const Values, Values>;
  const SampleShape shape = sample_shape(x);
  if constexpr (is_contiguous<X>) {
    return Eigen::Map<Seen>(host_data(x), shape.size, shape.samples);
  } else {
    using Strides = Eigen::Stride<Eigen::Dynamic, X::InnerStrideAtCompileTime == 1 ? 1 : Eigen::Dynamic>;
    return Eigen::Map<Seen, 0, Strides>(x.data(), shape.size, shape.samples, {x.outerStride(), x.innerStride()});
  }
}

/// Same extent in every dimension; samples and their sizes, if one has a type of somebody's.
template <State A, State B>
bool same_shape(const A& a, const B& b) {
  if constexpr (DenseExpression<A> && DenseExpression<B>) {
    return a.rows() == b.rows() && a.cols() == b.cols();
  } else if constexpr (OwnState<A> || OwnState<B>) {
    const SampleShape of_a = sample_shape(a), of_b = sample_shape(b);
    return of_a.samples == of_b.samples && of_a.size == of_b.size;
  } else if constexpr (TensorLike<A> != TensorLike<B>) {
    return false;
  } else {
    if (rank(a) != rank(b)) return false;
    for (Index i = 0; i < rank(a); ++i) {
      if (extent(a, i) != extent(b, i)) return false;
    }
    return true;
  }
}

/// "784 x 64": the extents as a message shows them.
template <State X>
std::string shape_text(const X& x) {
  std::string text;
  for (Index i = 0; i < rank(x); ++i) {
    text += (i ? " x " : "") + std::to_string(extent(x, i));
  }
  return text;
}

/// \param rule  of the shape, without the shape itself: "the mean must have the shape of the state"
/// \throws std::invalid_argument unless x has the shape of `model`: "azula::<where>: <rule>, 3 x 2, got 3 x 40".
template <State X, State Model>
void require_shape(const X& x, const Model& model, const char* where, const char* rule) {
  if (!same_shape(x, model)) reject(where, join({rule, ", ", shape_text(model)}), shape_text(x));
}

/// Gives `out` the shape of `x`; values are left undefined. Allocates only if the size changes.
template <State Out, State X>
void resize_like(Out& out, const X& x) {
  StateTraits<X>::resize_like(out, x);
}

}  // namespace azula
