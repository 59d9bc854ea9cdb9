#pragma once
/// \file

#include <Eigen/Core>

#include <cstddef>
#include <functional>
#include <type_traits>
#include <utility>

#include "azula/broadcast/fit.hpp"
#include "azula/error.hpp"
#include "azula/state.hpp"

namespace azula {

/// A dense Eigen object whose elements lie in memory, such as an Array, a Map or a Block; not a sum of two arrays.
template <class V>
concept DenseInMemory = DenseExpression<V> && (static_cast<unsigned>(V::Flags) & Eigen::DirectAccessBit) != 0;

/// How GivenNumbers holds an argument: a number as double, values in memory by reference, everything else as a copy.
template <class V>
struct HeldNumbers {
  using type = plain_t<V>;
};
template <class V>
  requires std::is_arithmetic_v<V>
struct HeldNumbers<V> {
  using type = double;
};
template <class V>
  requires(DenseInMemory<V> || TensorLike<V>)
struct HeldNumbers<V> {
  using type = const V&;
};
template <class V>
  requires(DenseExpression<V> && !DenseInMemory<V>)
struct HeldNumbers<V> {
  using Doubles = std::remove_cvref_t<decltype(std::declval<const V&>().template cast<double>())>;
  using type = std::conditional_t<(static_size<V> > largest_on_stack), Eigen::ArrayXXd, typename Doubles::PlainObject>;
};

/// Reads the numbers that a caller passes, one number, an Eigen array or a tensor, from where they are.
///
/// Nothing is copied, unless the argument is an Eigen expression, which is evaluated once, or a tensor type of the
/// user. Nothing is allocated if the type of the argument fixes its size. Shapes are those of Broadcast, which stores
/// the numbers instead.
///
///     const azula::GivenNumbers<Mean> means("Sampler", "the mean", mean);
///     means.require_fit(x);
///     for (std::ptrdiff_t i = 0; i < azula::value_count(x); ++i) use(means.over<azula::is_row_major<X>>(i));
///
/// It refers to the argument and must not outlive it.
template <class V>
class GivenNumbers {
 public:
  /// Whether the numbers are read from the memory of the argument.
  static constexpr bool in_place = std::is_reference_v<typename HeldNumbers<V>::type>;

  /// \param where, what  names for error messages, as of Broadcast
  /// \throws std::invalid_argument if `values` is empty.
  GivenNumbers(const char* where, const char* what, const V& values)
      : where_(where), what_(what), values_(read(values)) {
    if (size() == 0) reject(where_, join({what_, " must not be empty"}), extents_text(*this));
  }

  /// How many numbers there are.
  std::ptrdiff_t size() const {
    if constexpr (is_number) {
      return 1;
    } else {
      return value_count(values_);
    }
  }

  /// The number of dimensions; 0 for a number.
  Index rank() const {
    if constexpr (is_number) {
      return 0;
    } else {
      return azula::rank(values_);
    }
  }

  /// The size of dimension i.
  Index extent([[maybe_unused]] Index i) const {
    if constexpr (is_number) {
      return 1;
    } else {
      return azula::extent(values_, i);
    }
  }

  /// Checks that the numbers can be spread over a state.
  /// \throws std::invalid_argument if there is more than one and they have neither the shape of a sample nor the shape
  /// of the state.
  template <State X>
  void require_fit(const X& like) const {
    if (size() != 1) azula::require_fit(where_, what_, *this, like);
  }

  /// Number k in column-major order: the first index varies fastest.
  double operator[](std::ptrdiff_t k) const { return at<false>(k); }

  /// Number k in row-major order (the last index varies fastest) or in column-major order.
  template <bool RowMajor>
  double at([[maybe_unused]] std::ptrdiff_t k) const {
    if constexpr (is_number) {
      return values_;
    } else if constexpr (DenseExpression<V>) {
      const Index inner = RowMajor ? values_.colStride() : values_.rowStride();
      const Index outer = RowMajor ? values_.rowStride() : values_.colStride();
      const Index length = RowMajor ? values_.cols() : values_.rows();
      const bool in_line = inner == 1 && outer == length;
      return static_cast<double>(values_.data()[in_line ? k : k % length * inner + k / length * outer]);
    } else {
      return static_cast<double>(host_data(values_)[is_row_major<V> == RowMajor ? k : turned<RowMajor>(k)]);
    }
  }

  /// The number for the value with flat index i of a state of that storage order.
  template <bool RowMajor>
  double over([[maybe_unused]] std::ptrdiff_t i) const {
    if constexpr (is_number) {
      return values_;
    } else {
      return at<RowMajor>(i % size());
    }
  }

  /// Whether numbers that are read in place may lie in the memory of a state, so that writing the state changes them.
  template <State X>
  bool overlaps([[maybe_unused]] const X& x) const {
    if constexpr (in_place) {
      std::ptrdiff_t last = size() - 1;
      if constexpr (DenseExpression<V>) {
        last = (values_.rows() - 1) * values_.rowStride() + (values_.cols() - 1) * values_.colStride();
      }
      const std::less<const void*> before;
      const auto *const begin = values_.data(), *const end = begin + last + 1;
      const auto *const from = host_data(x), *const to = from + value_count(x);
      return before(begin, to) && before(from, end);
    } else {
      return false;
    }
  }

  /// A copy of the numbers with their shape.
  auto copy() const requires in_place {
    if constexpr (DenseExpression<V>) {
      constexpr bool large = static_size<V> > largest_on_stack;
      using Fixed = Eigen::Array<double, V::RowsAtCompileTime, V::ColsAtCompileTime>;
      std::conditional_t<large, Eigen::ArrayXXd, Fixed> all;
      all.resize(values_.rows(), values_.cols());
      for (Index j = 0, k = 0; j < all.cols(); ++j) {
        for (Index i = 0; i < all.rows(); ++i) all(i, j) = (*this)[k++];
      }
      return all;
    } else {
      return plain_t<V>(values_);
    }
  }

 private:
  using Held = typename HeldNumbers<V>::type;
  static constexpr bool is_number = std::is_arithmetic_v<V>;

  static decltype(auto) read(const V& values) {
    if constexpr (is_number) {
      return static_cast<double>(values);
    } else if constexpr (in_place) {
      return (values);
    } else if constexpr (DenseExpression<V>) {
      return Held(values.template cast<double>());
    } else {
      return Held(values);
    }
  }

  /// The place in memory of number k, where the memory of a tensor has the other order.
  template <bool RowMajor>
  std::ptrdiff_t turned(std::ptrdiff_t k) const {
    std::ptrdiff_t to = 0;
    for (Index i = 0; i < rank(); ++i) {
      const std::ptrdiff_t n = extent(RowMajor ? rank() - 1 - i : i);
      to = to * n + k % n;
      k /= n;
    }
    return to;
  }

  const char* where_;
  const char* what_;
  Held values_;
};

}  // namespace azula
