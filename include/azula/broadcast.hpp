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

/// Numbers for every value of a state, in the order of its memory.
struct Spread {
  const double* values;   ///< as many as the period,
  std::ptrdiff_t period;  ///< which is 1, the size of a sample, or that of the state

  /// Of the value with flat index i.
  double operator[](std::ptrdiff_t i) const { return values[i % period]; }

  /// That of value i of sample j, of samples of `size` values.
  double at(std::ptrdiff_t i, std::ptrdiff_t j, std::ptrdiff_t size) const {
    return values[period == 1 ? 0 : period == size ? i : i + j * size];
  }
};

/// Numbers for every value of a state that may come later: one number for all, those of one sample for every sample,
/// or one each. Element (i, j) is that of the state, whatever the storage of either. In double; cheap to copy.
///
/// Those of one sample are a column of its values, or have the shape of the state with one sample, or without the
/// index of the samples.
class Broadcast {
 public:
  /// \param where, what  as messages name them: "azula::<where>: <what> must have …"
  /// \throws std::invalid_argument if there are no values.
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

  /// The numbers, the first index fastest.
  const double* begin() const { return table_ ? table_->values.data() : &number_; }
  const double* end() const { return begin() + size(); }  ///< behind the last of them

  /// How many values there are.
  std::ptrdiff_t size() const { return table_ ? static_cast<std::ptrdiff_t>(table_->values.size()) : 1; }

  /// Whether the other one has an element for each of this one's, and no more.
  bool is_like(const Broadcast& other) const {
    return table_ && other.table_ ? table_->extents == other.table_->extents : !table_ && !other.table_;
  }

  /// \throws std::invalid_argument if they are neither one number, nor of the shape of a sample or of the state.
  template <State X>
  Spread over(const X& like) const {
    return table_ ? fitted(like) : Spread{&number_, 1};
  }

 private:
  struct Table {
    std::vector<std::ptrdiff_t> extents;
    std::vector<double> values;        // the first index fastest
    std::vector<double> last_fastest;  // the same the other way round, where it is another order
  };

  /// Apart, as most are numbers.
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

  /// A column of its values, or the state's shape but for the index of the samples, which is missing or 1.
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
    reject(where_, join({what_, " must have 1 value, ", one, " for a sample or ", state, " for the state"}),
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
  std::shared_ptr<const Table> table_;  // none of a number
};

}  // namespace azula
