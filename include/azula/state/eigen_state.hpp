#pragma once
/// \file
/// Makes Eigen's arrays, matrices and tensors states that samplers accept.

#include <Eigen/Core>

#include <cstddef>
#include <type_traits>

#include "azula/sample_shape.hpp"
#include "azula/state/state_traits.hpp"

namespace azula {

using Index = Eigen::Index;

/// Declared but never defined: whether this can be called tells whether a type is a dense Eigen object or expression.
///
/// It relies on implicit conversion, because x.head(n), for example, is not derived directly from its DenseBase.
template <class D>
void takes_dense(const Eigen::DenseBase<D>&);

/// A dense Eigen object or expression: an Array, Matrix, Map, Block or Ref, for example.
template <class X>
concept DenseExpression = requires(const std::remove_cvref_t<X>& x) { takes_dense(x); };

/// An Eigen::Tensor, TensorFixedSize or TensorMap.
///
/// It is recognised by its members, so that programs without tensors need not include the headers of Eigen's tensors.
template <class X>
concept TensorLike = !DenseExpression<X> && requires(std::remove_cvref_t<X>& x, Index i) {
  typename std::remove_cvref_t<X>::Dimensions;
  typename std::remove_cvref_t<X>::Scalar;
  x.data();
  x.dimensions();
  x.dimension(i);
  x.rank();
};

/// Returns the extent of dimension i, read from dimensions(), because the dimension(i) of Tensor and TensorMap take
/// indices of different types.
template <TensorLike X>
Index extent(const X& x, Index i) {
  const auto& extents = x.dimensions();
  if constexpr (requires { extents.begin(); }) {
    return static_cast<Index>(extents[static_cast<std::size_t>(i)]);
  } else {
    return static_cast<Index>(extents[i]);  // TensorFixedSize
  }
}

template <DenseExpression X>
Index extent(const X& x, Index i) {
  return i == 0 ? x.rows() : x.cols();
}

/// Describes how a type of Eigen is stored.
///
/// - `Plain`: the type that owns values of this shape
/// - `view`: whether the type is a writable view of memory that it does not own
/// - `contiguous`: whether the type guarantees that its values lie one after another; a block, a row or a Ref may have
///   gaps
template <class X>
struct EigenStorage;

template <DenseExpression X>
struct EigenStorage<X> {
  using Plain = typename X::PlainObject;
  static constexpr bool view = false;
  static constexpr bool contiguous =
      std::is_same_v<X, Plain> || (X::IsVectorAtCompileTime && X::InnerStrideAtCompileTime == 1);
};

template <class P, int Alignment, class Stride>
struct EigenStorage<Eigen::Map<P, Alignment, Stride>> {
  using Plain = std::remove_const_t<P>;
  static constexpr bool view = !std::is_const_v<P>;
  static constexpr bool contiguous = std::is_same_v<Stride, Eigen::Stride<0, 0>>;
};

template <TensorLike X>
struct EigenStorage<X> {
  using Plain = X;
  static constexpr bool view = false;
  static constexpr bool contiguous = true;
};

/// The type that owns the values which a TensorMap of P shows: P without const, also if P is a Tensor of const scalars.
template <class P>
struct Mutable {
  using type = std::remove_const_t<P>;
};
template <template <class, int, int, class> class Tensor, class T, int Rank, int Options, class IndexType>
struct Mutable<Tensor<const T, Rank, Options, IndexType>> {
  using type = Tensor<T, Rank, Options, IndexType>;
};

// TensorMap<Plain, Options, MakePointer>, matched by its template parameters so that its header is not needed.
template <template <class, int, template <class> class> class Map, class P, int Options,
          template <class> class MakePointer>
  requires TensorLike<Map<P, Options, MakePointer>>
struct EigenStorage<Map<P, Options, MakePointer>> {
  using Plain = typename Mutable<P>::type;
  static constexpr bool view = std::is_same_v<P, Plain>;
  static constexpr bool contiguous = true;
};

/// A dense Eigen object as a state: one sample per column, or per row if the storage is row-major. A vector is one
/// sample.
template <DenseExpression X>
struct StateTraits<X> {
  using Scalar = std::remove_const_t<typename X::Scalar>;
  using Plain = typename EigenStorage<X>::Plain;
  static constexpr bool view = EigenStorage<X>::view;
  static constexpr bool contiguous = EigenStorage<X>::contiguous;
  static constexpr int size = Plain::SizeAtCompileTime;

  static SampleShape shape(const X& x) { return {x.outerSize(), x.innerSize()}; }
  static void resize_like(auto& out, const X& x) { out.resize(x.rows(), x.cols()); }
  static auto* data(auto& x) requires requires { x.data(); } { return x.data(); }
};

/// An Eigen tensor as a state: one sample per outermost index, which is the last one if the tensor is column-major and
/// the first one if it is row-major. A tensor of rank 1 is one sample.
template <TensorLike X>
struct StateTraits<X> {
  using Scalar = std::remove_const_t<typename X::Scalar>;
  using Plain = typename EigenStorage<X>::Plain;
  static constexpr bool view = EigenStorage<X>::view;
  static constexpr bool contiguous = true;
  static constexpr int size = Eigen::Dynamic;

  static SampleShape shape(const X& x) {
    const auto values = static_cast<Index>(x.size()), rank = static_cast<Index>(x.rank());
    if (rank < 2) return {1, values};
    constexpr bool row_major = static_cast<int>(Plain::Layout) == static_cast<int>(Eigen::RowMajor);
    const Index samples = extent(x, row_major ? 0 : rank - 1);
    return {samples, samples == 0 ? 0 : values / samples};
  }

  static void resize_like(auto& out, const X& x) {
    if constexpr (requires { out.resize(x.dimensions()); }) out.resize(x.dimensions());
  }
  static auto* data(auto& x) requires requires { x.data(); } { return x.data(); }
};

}  // namespace azula
