#pragma once
/// \file

#include <Eigen/Core>

#include <type_traits>

namespace azula {

/// Whether T is Eigen::half or Eigen::bfloat16, in which values are stored but not calculated.
template <class T>
inline constexpr bool is_half = std::is_same_v<T, Eigen::half> || std::is_same_v<T, Eigen::bfloat16>;

/// The type in which the library calculates with values of type T and draws noise for them: float for 16-bit types,
/// otherwise T itself.
template <class T>
using real_t = std::conditional_t<is_half<T>, float, T>;

}  // namespace azula
