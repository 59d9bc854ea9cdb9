#pragma once
/// \file

#include <Eigen/Core>

#include <cstddef>
#include <string>
#include <type_traits>

#include "azula/error.hpp"
#include "azula/state.hpp"

namespace azula {

/// Numbers for every value of a state: one number for all, those of one sample for every sample, or one
/// each. Held in double, in the order of the state's memory: a row-major matrix, such as a transposed one,
/// is reordered for a column-major state and the other way round.
class Broadcast {
 public:
  /// \param where, what  as a message names them: "azula::<where>: <what> must have …"
  /// \throws std::invalid_argument if the size is none of 1, that of a sample, that of the state.
  template <class V, State X>
  Broadcast(const char* where, const char* what, const V& values, const X& like)
      : values_(flat<is_row_major<X>>(values)) {
    const SampleShape shape = sample_shape(like);
    const std::ptrdiff_t size = values_.size();
    if (size == 1) {
      period_ = 1;
    } else if (size == shape.size || size == shape.size * shape.samples) {
      period_ = size;
    } else {
      reject(where,
             join({what, " must have 1 value, ", std::to_string(shape.size), " for a sample or ",
                   std::to_string(shape.size * shape.samples), " for the state"}),
             std::to_string(size));
    }
  }

  double operator[](std::ptrdiff_t i) const { return values_(i % period_); }

 private:
  template <class X>
  static constexpr bool is_row_major = [] {
    if constexpr (DenseExpression<X>) return bool(plain_t<X>::IsRowMajor);
    return false;
  }();

  template <bool RowMajor, class V>
  static Eigen::ArrayXd flat(const V& values) {
    if constexpr (std::is_arithmetic_v<V>) {
      return Eigen::ArrayXd::Constant(1, static_cast<double>(values));
    } else if constexpr (DenseExpression<V>) {
      constexpr int order = RowMajor ? Eigen::RowMajor : Eigen::ColMajor;
      const Eigen::Array<double, Eigen::Dynamic, Eigen::Dynamic, order> ordered(values.template cast<double>());
      return Eigen::Map<const Eigen::ArrayXd>(ordered.data(), ordered.size());
    } else {
      const plain_t<V> plain = values;
      return samples(plain).template cast<double>().reshaped();
    }
  }

  Eigen::ArrayXd values_;
  std::ptrdiff_t period_ = 1;
};

}  // namespace azula
