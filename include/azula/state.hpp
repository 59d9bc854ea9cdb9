#pragma once
/// \file
/// Functions and traits that tell the library about a tensor: its values, its shape, and which part is one sample. To
/// use a tensor type of your own, specialise StateTraits.

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

/// A tensor type outside Eigen for which StateTraits is specialised.
template <class X>
concept OwnState = !DenseExpression<X> && !TensorLike<X> && requires(const std::remove_cvref_t<X>& x) {
  typename StateTraits<std::remove_cvref_t<X>>::Scalar;
  typename StateTraits<std::remove_cvref_t<X>>::Plain;
  StateTraits<std::remove_cvref_t<X>>::shape(x);
};

/// A tensor that a sampler accepts as the state x_t: an Eigen array, matrix, map or tensor, or a type with StateTraits.
template <class X>
concept State = DenseExpression<X> || TensorLike<X> || OwnState<X>;

/// A state of floating-point numbers, which a sampler can run. Integers hold no sample, and complex numbers no noise.
template <class X>
concept FloatState = State<X> && !std::is_integral_v<typename StateTraits<std::remove_cvref_t<X>>::Scalar> &&
                     !Eigen::NumTraits<typename StateTraits<std::remove_cvref_t<X>>::Scalar>::IsComplex;

/// A state whose values are in host memory, where the CPU can read and write them.
template <class X>
concept HostState = State<X> && requires(std::remove_cvref_t<X>& x) { StateTraits<std::remove_cvref_t<X>>::data(x); };

/// The type of a single value of a state, such as float.
template <State X>
using scalar_t = typename StateTraits<std::remove_cvref_t<X>>::Scalar;

/// The type in which noise for a state is drawn: the state's scalar, or float if the scalar has 16 bits.
template <State X>
using noise_t = real_t<scalar_t<X>>;

/// Calls f with a default value of the scalar type of x, and returns what f returns. For most states that type is
/// scalar_t<X>; some types of state know it only at run time.
template <State X, class F>
decltype(auto) with_scalar(const X& x, const F& f) {
  using Traits = StateTraits<std::remove_cvref_t<X>>;
  if constexpr (requires { Traits::with_scalar(x, f); }) {
    return Traits::with_scalar(x, f);
  } else {
    return f(scalar_t<X>());
  }
}

/// The type that owns values of the shape of X, such as Eigen::ArrayXXf for a Map or a block of one.
template <State X>
using plain_t = typename StateTraits<std::remove_cvref_t<X>>::Plain;

/// Whether every state of this type is contiguous in memory.
template <State X>
inline constexpr bool is_contiguous = [] {
  using Traits = StateTraits<std::remove_cvref_t<X>>;
  if constexpr (requires { Traits::contiguous; }) {
    return Traits::contiguous;
  } else {
    return true;
  }
}();

/// Whether the type is a view of memory owned elsewhere, which a run advances in place: a Map of non-const values, a
/// TensorMap.
template <State X>
inline constexpr bool is_view = [] {
  using Traits = StateTraits<std::remove_cvref_t<X>>;
  if constexpr (requires { Traits::view; }) {
    return Traits::view;
  } else {
    return false;
  }
}();

/// The number of values in a state if its type fixes it, otherwise Eigen::Dynamic.
template <State X>
inline constexpr int static_size = [] {
  using Traits = StateTraits<std::remove_cvref_t<X>>;
  if constexpr (requires { Traits::size; }) {
    return Traits::size;
  } else {
    return static_cast<int>(Eigen::Dynamic);
  }
}();

/// The largest number of values that the library's own arrays of a fixed size have. Eigen refuses more than 128 KiB.
inline constexpr int largest_on_stack = 4096;

/// The number of samples in a state if its type fixes it, otherwise Eigen::Dynamic.
template <State X>
inline constexpr int static_samples = [] {
  if constexpr (DenseExpression<X>) {
    return static_cast<int>(plain_t<X>::IsRowMajor ? plain_t<X>::RowsAtCompileTime : plain_t<X>::ColsAtCompileTime);
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

/// The type of the state that a run holds: the view itself for a Map or TensorMap, whose memory is then advanced in
/// place, and an owning copy for everything else.
template <State X>
using state_t = typename RunState<std::remove_cvref_t<X>>::type;

/// Returns x itself if its type guarantees that its values are contiguous, otherwise a contiguous copy.
template <State X>
decltype(auto) contiguous(const X& x) {
  if constexpr (is_contiguous<X>) {
    return (x);
  } else {
    return plain_t<X>(x);
  }
}

/// Whether a state is stored row-major: the last index varies fastest, and the first index is the index of the samples.
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

/// The number of samples in a state and the number of values per sample. The sample index is the slowest one in memory,
/// so that each sample is contiguous: a column of a column-major array, a row of a row-major one.
template <State X>
SampleShape sample_shape(const X& x) {
  return StateTraits<X>::shape(x);
}

/// The number of values in a state, over all samples.
template <State X>
std::ptrdiff_t value_count(const X& x) {
  if constexpr (OwnState<X>) {
    const SampleShape shape = sample_shape(x);
    return shape.samples * shape.size;
  } else {
    return static_cast<std::ptrdiff_t>(x.size());
  }
}

/// A pointer to the first value of a state in host memory.
template <State X>
auto* host_data(X& x) {
  static_assert(HostState<X>,
                "azula: this calculates with the values of a state on the host, and StateTraits of the state has no "
                "data() that says where they are");
  return StateTraits<std::remove_const_t<X>>::data(x);
}

/// The size of dimension i. A state with StateTraits counts as a matrix with one sample per column.
template <OwnState X>
Index extent(const X& x, Index i) {
  return i == 0 ? sample_shape(x).size : sample_shape(x).samples;
}

/// The number of dimensions; 2 for everything but tensors.
template <State X>
Index rank(const X& x) {
  if constexpr (TensorLike<X>) {
    return static_cast<Index>(x.rank());
  } else {
    return 2;
  }
}

/// Views all values as a matrix with one sample per column, whatever the type of the state. Nothing is copied; a block,
/// a row or a Ref is viewed through its strides.
///
///     const float largest = azula::samples(x).col(2).maxCoeff();   // of sample 2
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

/// Whether two states have the same size in every dimension. If one of them has a type with StateTraits, the number of
/// samples and the number of values per sample are compared.
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

/// The shape as error messages show it, such as "784 x 64".
template <State X>
std::string shape_text(const X& x) {
  std::string text;
  for (Index i = 0; i < rank(x); ++i) {
    text += (i ? " x " : "") + std::to_string(extent(x, i));
  }
  return text;
}

/// Checks that x has the shape of `model`.
/// \param rule  the rule without the shape itself, such as "the mean must have the shape of the state"
/// \throws std::invalid_argument if the shapes differ: "azula::<where>: <rule>, 3 x 2, got 3 x 40".
template <State X, State Model>
void require_shape(const X& x, const Model& model, const char* where, const char* rule) {
  if (!same_shape(x, model)) reject(where, join({rule, ", ", shape_text(model)}), shape_text(x));
}

/// Gives `out` the shape of `x`. The values are undefined afterwards. It allocates only if the size changes.
template <State Out, State X>
void resize_like(Out& out, const X& x) {
  StateTraits<X>::resize_like(out, x);
}

}  // namespace azula
