#pragma once
/// \file

#include <cstddef>
#include <memory>
#include <vector>

#include "azula/broadcast/fit.hpp"
#include "azula/broadcast/given_numbers.hpp"
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
  Broadcast(const char* where, const char* what, const V& values)
      : Broadcast(where, what, GivenNumbers<V>(where, what, values)) {}

  /// The numbers in column-major order: the first index varies fastest.
  const double* begin() const { return table_ ? table_->values.data() : &number_; }
  const double* end() const { return begin() + size(); }  ///< one past the last number

  /// How many numbers there are: 1, or as many as the array or tensor has.
  std::ptrdiff_t size() const { return table_ ? static_cast<std::ptrdiff_t>(table_->values.size()) : 1; }

  /// Number k in column-major order.
  double operator[](std::ptrdiff_t k) const { return begin()[k]; }

  /// Whether both have the same shape: the same extents, or a single number each.
  bool is_like(const Broadcast& other) const {
    return table_ && other.table_ ? table_->extents == other.table_->extents : !table_ && !other.table_;
  }

  /// Reads other numbers, which assign() may put in the place of these.
  /// \throws std::invalid_argument if their shape is another one.
  template <class V>
  GivenNumbers<V> replacement(const V& values) const {
    const GivenNumbers<V> given(where_, what_, values);
    if (table_ ? !same_extents(*table_, given) : given.size() != 1) {
      reject(where_, join({what_, " must have the same shape as before, ", table_ ? extents_text(*table_) : "1 value"}),
             given.rank() == 0 ? "1 value" : extents_text(given));
    }
    return given;
  }

  /// Overwrites the numbers with others of the same shape, see replacement(). Copies of this object keep the old ones.
  /// It allocates only if there are copies.
  template <class V>
  void assign(const GivenNumbers<V>& given) {
    if (!table_) {
      number_ = given[0];
      return;
    }
    if (table_.use_count() > 1) table_ = std::make_shared<Table>(*table_);
    table_->write(given);
  }

  /// Spreads the numbers over a state.
  /// \throws std::invalid_argument if there is more than one number and they have neither the shape of a sample nor the
  /// shape of the state.
  template <State X>
  Spread over(const X& like) const {
    if (!table_) return Spread{&number_, 1};
    require_fit(where_, what_, *table_, like);
    const bool reordered = is_row_major<X> && !table_->last_fastest.empty();
    return {(reordered ? table_->last_fastest : table_->values).data(), size()};
  }

 private:
  struct Table {
    std::vector<std::ptrdiff_t> extents;
    std::vector<double> values;        // column-major: the first index varies fastest
    std::vector<double> last_fastest;  // row-major; empty where both orders are the same

    std::ptrdiff_t size() const { return static_cast<std::ptrdiff_t>(values.size()); }
    Index rank() const { return static_cast<Index>(extents.size()); }
    Index extent(Index i) const { return extents[static_cast<std::size_t>(i)]; }

    template <class V>
    void write(const GivenNumbers<V>& given) {
      for (std::size_t i = 0; i < values.size(); ++i) values[i] = given[static_cast<std::ptrdiff_t>(i)];
      for (std::size_t i = 0; i < last_fastest.size(); ++i) {
        last_fastest[i] = given.template at<true>(static_cast<std::ptrdiff_t>(i));
      }
    }
  };

  template <class V>
  Broadcast(const char* where, const char* what, const GivenNumbers<V>& given) : where_(where), what_(what) {
    number_ = given[0];
    if (given.size() == 1) return;
    table_ = std::make_shared<Table>();
    std::ptrdiff_t beyond_one = 0;
    for (Index i = 0; i < given.rank(); ++i) {
      table_->extents.push_back(given.extent(i));
      beyond_one += given.extent(i) > 1;
    }
    table_->values.resize(static_cast<std::size_t>(given.size()));
    if (beyond_one > 1) table_->last_fastest.resize(table_->values.size());
    table_->write(given);
  }

  const char* where_;
  const char* what_;
  double number_ = 0;
  std::shared_ptr<Table> table_;  // null for a single number; copies share it, and assign() makes one of its own
};

}  // namespace azula
