#pragma once
/// \file

#include <Eigen/Core>

#include <type_traits>

namespace azula {

/// Eigen::half or Eigen::bfloat16: a type to keep values in, not to calculate with.
template <class T>
inline constexpr bool is_half = std::is_same_v<T, Eigen::half> || std::is_same_v<T, Eigen::bfloat16>;

/// What values of a type are calculated in, and noise for them is drawn in: float for those of 16 bits, else themselves.
template <class T>
using real_t = std::conditional_t<is_half<T>, float, T>;

}  // namespace azula
