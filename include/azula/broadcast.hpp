#pragma once
/// \file

#include <Eigen/Core>

#include <cstddef>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "azula/error.hpp"
#include "azula/state.hpp"

namespace azula {

/// A view of the numbers of a Broadcast for one state: one number for each value of the state, in the state's memory
/// order.
///
/// It points into the Broadcast it was made from and is valid as long as that object lives.
struct Spread {
  const double* values;   ///< the numbers; there are `period` of them, and they repeat
  std::ptrdiff_t period;  ///< 1, the number of values per sample, or the number of values in the state

  /// The number for the value with flat index i.
  double operator[](std::ptrdiff_t i) const { return values[i % period]; }

  /// The number for value i of sample j, in a state with `size` values per sample.
  double at(std::ptrdiff_t i, std::ptrdiff_t j, std::ptrdiff_t size) const {
    return values[period == 1 ? 0 : period == size ? i : i + j * size];
  }
};

/// Numbers that are spread over a state later, as NumPy broadcasts arrays: a mean, a variance, a mask.
///
/// They are one number for all values, one number per value of a sample (the same for every sample), or one number per
/// value of the whole state. The numbers of a sample come as a column, in the shape of a state with one sample, or in
/// the shape of the state without the index of the samples. Indices match, not memory: element (i, j) here belongs to
/// element (i, j) of the state, even if one is stored row by row and the other column by column.
///
///     const azula::Broadcast variance("MyDenoiser", "the variance", given);   // a number, an Eigen array or a tensor
///     const azula::Spread v = variance.over(x_t);                             // throws if the shape does not fit
///     for (std::ptrdiff_t i = 0; i < azula::value_count(x_t); ++i) use(v[i]);
///
/// The numbers are stored as double. Copies share them, so copying is cheap.
class Broadcast {
 public:
  /// Stores a copy of the numbers.
  /// \param where, what  names for error messages, "azula::<where>: <what> must have …"; string literals, as only the
  /// pointers are kept
  /// \param values  a number, an Eigen array or matrix, or a tensor
  /// \throws std::invalid_argument if `values` is empty.
  template <class V>
  Broadcast(const char* where, const char* what, const V& values) : where_(where), what_(what) {
    if constexpr (std::is_arithmetic_v<V>) {
      number_ = static_cast<double>(values);
    } else if constexpr (DenseExpression<V>) {
      const Eigen::ArrayXXd columns = values.template cast<double>();
      keep({columns.rows(), columns.cols()}, columns.data(), false);
    } else {
      const plain_t<V> plain = values;
      std::vector<std::ptrdiff_t> extents;
      for (Index i = 0; i < rank(plain); ++i) extents.push_back(extent(plain, i));
      keep(std::move(extents), host_data(plain), is_row_major<V>);
    }
  }

  /// The numbers in column-major order: the first index varies fastest.
  const double* begin() const { return table_ ? table_->values.data() : &number_; }
  const double* end() const { return begin() + size(); }  ///< one past the last number

  /// How many numbers there are: 1, or as many as the array or tensor has.
  std::ptrdiff_t size() const { return table_ ? static_cast<std::ptrdiff_t>(table_->values.size()) : 1; }

  /// Whether both have the same shape: the same extents, or a single number each.
  bool is_like(const Broadcast& other) const {
    return table_ && other.table_ ? table_->extents == other.table_->extents : !table_ && !other.table_;
  }

  /// Spreads the numbers over a state.
  /// \throws std::invalid_argument if there is more than one number and they have neither the shape of a sample nor the
  /// shape of the state.
  template <State X>
  Spread over(const X& like) const {
    return table_ ? fitted(like) : Spread{&number_, 1};
  }

 private:
  struct Table {
    std::vector<std::ptrdiff_t> extents;
    std::vector<double> values;        // column-major: the first index varies fastest
    std::vector<double> last_fastest;  // row-major; empty where both orders are the same
  };

  /// Kept out of line, because most broadcasts are single numbers and need none of this.
  template <class X>
  EIGEN_DONT_INLINE Spread fitted(const X& like) const {
    if (!is_whole(like) && !is_sample(like)) refuse(sample_shape(like).size, shape_text(like));
    const bool reordered = is_row_major<X> && !table_->last_fastest.empty();
    return {(reordered ? table_->last_fastest : table_->values).data(), size()};
  }

  template <class T>
  void keep(std::vector<std::ptrdiff_t> extents, const T* values, bool last_is_fastest) {
    std::ptrdiff_t size = 1, beyond_one = 0;
    for (const std::ptrdiff_t n : extents) size *= n, beyond_one += n > 1;
    if (size == 0) reject(where_, join({what_, " must not be empty"}), text(extents));
    number_ = static_cast<double>(values[0]);
    if (size == 1) return;
    Table table{std::move(extents), std::vector<double>(values, values + size), {}};
    if (beyond_one > 1) turn(table, last_is_fastest);
    table_ = std::make_shared<const Table>(std::move(table));
  }

  static void turn(Table& table, bool last_is_fastest) {
    const auto& extents = table.extents;
    table.last_fastest.resize(table.values.size());
    for (std::size_t i = 0; i < table.values.size(); ++i) {
      std::size_t rest = i, to = 0;
      for (std::size_t k = 0; k < extents.size(); ++k) {
        const auto n = static_cast<std::size_t>(extents[last_is_fastest ? extents.size() - 1 - k : k]);
        to = to * n + rest % n;
        rest /= n;
      }
      table.last_fastest[to] = table.values[i];
    }
    if (last_is_fastest) table.values.swap(table.last_fastest);
  }

  template <class X>
  bool is_whole(const X& like) const {
    const auto& extents = table_->extents;
    if (static_cast<Index>(extents.size()) != rank(like)) return false;
    for (std::size_t k = 0; k < extents.size(); ++k) {
      if (extents[k] != extent(like, static_cast<Index>(k))) return false;
    }
    return true;
  }

  /// Whether these are the numbers of one sample: a column of its values, or the shape of the state with the index of
  /// the samples missing or 1.
  template <class X>
  bool is_sample(const X& like) const {
    const auto& extents = table_->extents;
    if (extents.size() <= 2 && extents[0] == size() && size() == sample_shape(like).size) return true;
    const auto given = static_cast<Index>(extents.size()), wanted = rank(like);
    const Index batch = is_row_major<X> ? 0 : wanted - 1;
    if (given != wanted && given + 1 != wanted) return false;
    for (Index k = 0, i = 0; k < wanted; ++k) {
      if (k == batch && given < wanted) continue;
      if (extents[static_cast<std::size_t>(i++)] != (k == batch ? 1 : extent(like, k))) return false;
    }
    return true;
  }

  [[noreturn]] void refuse(std::ptrdiff_t sample, const std::string& state) const {
    const std::string one = std::to_string(sample);
    reject(where_, join({what_, " must be one number, have the shape of a sample (", one, ") or of the state (", state, ")"}),
           text(table_->extents));
  }

  static std::string text(const std::vector<std::ptrdiff_t>& extents) {
    std::string all;
    for (const std::ptrdiff_t n : extents) all += (all.empty() ? "" : " x ") + std::to_string(n);
    return all;
  }

  const char* where_;
  const char* what_;
  double number_ = 0;
  std::shared_ptr<const Table> table_;  // null for a single number
};

}  // namespace azula
