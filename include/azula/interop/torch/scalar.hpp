#pragma once
/// \file
/// Needs LibTorch (its headers and library); not part of azula.hpp.

#include "azula/interop/torch/tensor.hpp"  // before other headers of torch, see there

#include <Eigen/Core>

#include <type_traits>

#include "azula/error.hpp"

namespace azula {

/// Calls f with a value of the type that the values of a tensor have: float, double, Eigen::half or Eigen::bfloat16.
/// \throws std::invalid_argument if they have another.
template <class F>
decltype(auto) with_torch_scalar(at::ScalarType type, const F& f) {
  switch (type) {
    case at::kFloat:
      return f(float());
    case at::kDouble:
      return f(double());
    case at::kHalf:
      return f(Eigen::half());
    case at::kBFloat16:
      return f(Eigen::bfloat16());
    default:
      reject("TorchState", "values must be of float, double, half or bfloat16", at::toString(type));
  }
}

/// What torch calls the type.
template <class T>
inline constexpr at::ScalarType torch_type = std::is_same_v<T, float>         ? at::kFloat
                                             : std::is_same_v<T, double>      ? at::kDouble
                                             : std::is_same_v<T, Eigen::half> ? at::kHalf
                                                                              : at::kBFloat16;

/// Whether torch keeps such values in 16 bits: what it calculates of them in float is rounded.
inline bool is_torch_half(at::ScalarType type) { return type == at::kHalf || type == at::kBFloat16; }

/// The values of a tensor on the CPU. Those of 16 bits are laid out like Eigen's.
template <class T>
T* torch_data(const at::Tensor& values) {
  return static_cast<T*>(values.data_ptr());
}

}  // namespace azula
