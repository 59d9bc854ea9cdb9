#pragma once
/// \file
/// Needs LibTorch (its headers and library); not part of azula.hpp.

#include "azula/interop/torch/tensor.hpp"  // before other headers of torch, see there

#include <Eigen/Core>

#include <type_traits>

#include "azula/error.hpp"

namespace azula {

/// Calls f with a value of the C++ type for a scalar type of torch: float, double, Eigen::half or Eigen::bfloat16.
/// \throws std::invalid_argument for other types.
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

/// The scalar type of torch for a C++ type.
template <class T>
inline constexpr at::ScalarType torch_type = std::is_same_v<T, float>         ? at::kFloat
                                             : std::is_same_v<T, double>      ? at::kDouble
                                             : std::is_same_v<T, Eigen::half> ? at::kHalf
                                                                              : at::kBFloat16;

/// Whether values of this type have 16 bits, so that results computed in float are rounded.
inline bool is_torch_half(at::ScalarType type) { return type == at::kHalf || type == at::kBFloat16; }

/// Pointer to the values of a tensor on the CPU. The 16-bit types of torch and Eigen have the same layout.
template <class T>
T* torch_data(const at::Tensor& values) {
  return static_cast<T*>(values.data_ptr());
}

}  // namespace azula
