#pragma once
/// \file
/// What the library knows of a tensor: contiguous memory, a shape, and which part of it is one sample.

#include <Eigen/Core>

#include <cstddef>
#include <string>
#include <type_traits>

#include "azula/error.hpp"
#include "azula/sample_shape.hpp"

namespace azula {

using Index = Eigen::Index;

/// Declared only: to ask whether something is dense. By conversion, as x.head(n) is no direct child of its
/// DenseBase.
template <class D>
void takes_dense(const Eigen::DenseBase<D>&);

/// An Eigen Array, Matrix, Map, Block, Ref or expression.
template <class X>
concept DenseExpression = requires(const std::remove_cvref_t<X>& x) { takes_dense(x); };

/// An Eigen::Tensor, TensorFixedSize or TensorMap: recognised by its members, so that who does not
/// use tensors does not pay for their headers.
template <class X>
concept TensorLike = !DenseExpression<X> && requires(std::remove_cvref_t<X>& x, Index i) {
  typename std::remove_cvref_t<X>::Dimensions;
  typename std::remove_cvref_t<X>::Scalar;
  x.data();
  x.dimensions();
  x.dimension(i);
  x.rank();
};

/// A tensor that a sampler accepts as x_t.
template <class X>
concept State = DenseExpression<X> || TensorLike<X>;

template <State X>
using scalar_t = std::remove_const_t<typename std::remove_cvref_t<X>::Scalar>;

/// How a state type is stored: which type owns its values, whether it is a view of memory that belongs to
/// somebody else, and whether the type says that its values lie one after another. A block, a row or a Ref may
/// have gaps.
template <class X>
struct StateTraits;

template <DenseExpression X>
struct StateTraits<X> {
  using Plain = typename X::PlainObject;
  static constexpr bool view = false;
  static constexpr bool contiguous =
      std::is_same_v<X, Plain> || (X::IsVectorAtCompileTime && X::InnerStrideAtCompileTime == 1);
  static constexpr int size = Plain::SizeAtCompileTime;
};

template <class P, int Alignment, class Stride>
struct StateTraits<Eigen::Map<P, Alignment, Stride>> {
  using Plain = std::remove_const_t<P>;
  static constexpr bool view = !std::is_const_v<P>;
  static constexpr bool contiguous = std::is_same_v<Stride, Eigen::Stride<0, 0>>;
  static constexpr int size = Plain::SizeAtCompileTime;
};

template <TensorLike X>
struct StateTraits<X> {
  using Plain = X;
  static constexpr bool view = false;
  static constexpr bool contiguous = true;
  static constexpr int size = Eigen::Dynamic;
};

/// What owns values that P shows: P, which may be a Tensor of const scalars, without const.
template <class P>
struct Mutable {
  using type = std::remove_const_t<P>;
};
template <template <class, int, int, class> class Tensor, class T, int Rank, int Options, class IndexType>
struct Mutable<Tensor<const T, Rank, Options, IndexType>> {
  using type = Tensor<T, Rank, Options, IndexType>;
};

// TensorMap<Plain, Options, MakePointer>, named by its shape only: see TensorLike.
template <template <class, int, template <class> class> class Map, class P, int Options,
          template <class> class MakePointer>
  requires TensorLike<Map<P, Options, MakePointer>>
struct StateTraits<Map<P, Options, MakePointer>> {
  using Plain = typename Mutable<P>::type;
  static constexpr bool view = std::is_same_v<P, Plain>;
  static constexpr bool contiguous = true;
  static constexpr int size = Eigen::Dynamic;
};

/// The type that owns values of the shape of X.
template <State X>
using plain_t = typename StateTraits<std::remove_cvref_t<X>>::Plain;

/// Whether the values of every state of this type lie one after another.
template <State X>
inline constexpr bool is_contiguous = StateTraits<std::remove_cvref_t<X>>::contiguous;

template <class X>
struct RunState {
  static constexpr bool view = StateTraits<X>::view;
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
  } else {
    return static_cast<int>(plain_t<X>::Layout) == static_cast<int>(Eigen::RowMajor);
  }
}();

/// Extent of dimension i. By dimensions(), as Tensor and TensorMap do not agree on the index of dimension().
template <TensorLike X>
Index extent(const X& x, Index i) {
  const auto& extents = x.dimensions();
  if constexpr (requires { extents.begin(); }) {
    return static_cast<Index>(extents[static_cast<std::size_t>(i)]);
  } else {
    return static_cast<Index>(extents[i]);  // of TensorFixedSize
  }
}

template <DenseExpression X>
Index extent(const X& x, Index i) {
  return i == 0 ? x.rows() : x.cols();
}

/// The number of dimensions.
template <State X>
Index rank(const X& x) {
  if constexpr (DenseExpression<X>) {
    return 2;
  } else {
    return static_cast<Index>(x.rank());
  }
}

/// Samples and values per sample. One sample per column, or per row where the storage is row-major,
/// or per outermost index of a tensor (the last one if column-major, the first one if row-major):
/// always the slowest index in memory, so that a sample is contiguous. A vector is one sample.
template <State X>
SampleShape sample_shape(const X& x) {
  if constexpr (DenseExpression<X>) {
    return {x.outerSize(), x.innerSize()};
  } else {
    if (rank(x) < 2) return {1, static_cast<Index>(x.size())};
    const Index samples = extent(x, is_row_major<X> ? 0 : rank(x) - 1);
    return {samples, samples == 0 ? 0 : static_cast<Index>(x.size()) / samples};
  }
}

/// All values as a matrix with one sample per column, whatever the state's type: a view, no copy. A block, a
/// row or a Ref is seen through its strides.
template <State X>
auto samples(X& x) {
  using S = std::remove_pointer_t<decltype(x.data())>;
  using Values = Eigen::Array<std::remove_const_t<S>, Eigen::Dynamic, Eigen::Dynamic>;
  using Seen = std::conditional_t<std::is_const_v<S>, const Values, Values>;
  const SampleShape shape = sample_shape(x);
  if constexpr (is_contiguous<X>) {
    return Eigen::Map<Seen>(x.data(), shape.size, shape.samples);
  } else {
    using Strides = Eigen::Stride<Eigen::Dynamic, X::InnerStrideAtCompileTime == 1 ? 1 : Eigen::Dynamic>;
    return Eigen::Map<Seen, 0, Strides>(x.data(), shape.size, shape.samples, {x.outerStride(), x.innerStride()});
  }
}

/// Same extent in every dimension.
template <State A, State B>
bool same_shape(const A& a, const B& b) {
  if constexpr (DenseExpression<A> && DenseExpression<B>) {
    return a.rows() == b.rows() && a.cols() == b.cols();
  } else if constexpr (TensorLike<A> && TensorLike<B>) {
    if (rank(a) != rank(b)) return false;
    for (Index i = 0; i < rank(a); ++i) {
      if (extent(a, i) != extent(b, i)) return false;
    }
    return true;
  } else {
    return false;
  }
}

/// "784 x 64": the extents as a message shows them.
template <State X>
std::string shape_text(const X& x) {
  if constexpr (DenseExpression<X>) {
    return join({std::to_string(x.rows()), " x ", std::to_string(x.cols())});
  } else {
    std::string text;
    for (Index i = 0; i < rank(x); ++i) {
      text += (i ? " x " : "") + std::to_string(extent(x, i));
    }
    return text;
  }
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
  if constexpr (DenseExpression<X>) {
    out.resize(x.rows(), x.cols());
  } else if constexpr (requires { out.resize(x.dimensions()); }) {
    out.resize(x.dimensions());
  }
}

}  // namespace azula
