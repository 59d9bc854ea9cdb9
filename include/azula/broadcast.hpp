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
/// each. Held in double, in the order of the state's memory.
class Broadcast {
 public:
  /// \param where, what  as a message names them: "azula::<where>: <what> must have …"
  /// \throws std::invalid_argument if the size is none of 1, that of a sample, that of the state.
  template <class V>
  Broadcast(const char* where, const char* what, const V& values, const SampleShape& shape)
      : Broadcast(values) {
    const std::ptrdiff_t size = values_.size();
    if (size == 1) {
      period_ = 1;
    } else if (size == shape.size || size == shape.size * shape.samples) {
      period_ = size;
    } else {
      reject(where,
             std::string(what) + " must have 1 value, " + std::to_string(shape.size) + " for a sample or " +
                 std::to_string(shape.size * shape.samples) + " for the state",
             std::to_string(size));
    }
  }

  double operator[](std::ptrdiff_t i) const { return values_(i % period_); }

 private:
  template <class V>
  explicit Broadcast(const V& values) {
    if constexpr (std::is_arithmetic_v<V>) {
      values_.setConstant(1, static_cast<double>(values));
    } else {
      const plain_t<V> plain = values;
      using T = scalar_t<V>;
      values_ = Eigen::Map<const Eigen::ArrayX<T>>(plain.data(), static_cast<Eigen::Index>(plain.size()))
                    .template cast<double>();
    }
  }

  Eigen::ArrayXd values_;
  std::ptrdiff_t period_ = 1;
};

}  // namespace azula
