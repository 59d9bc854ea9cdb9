#pragma once
/// \file

#include <type_traits>

#include "azula/sample_shape.hpp"

namespace azula {

/// What fill() writes to: a vector whose values lie one after another, such as Eigen::Map<Eigen::ArrayXf>.
template <class Out>
inline constexpr bool is_fillable =
    std::remove_cvref_t<Out>::IsVectorAtCompileTime && std::remove_cvref_t<Out>::InnerStrideAtCompileTime == 1;

/// One draw of noise for a whole state: how it is cut into samples and the step it is for.
struct Draw {
  SampleShape shape;  ///< flat index i is element i % size of sample i / size
  double from = 1;    ///< time before the update
  double to = 1;      ///< time after it; from == to: noise that belongs to no step (the initial state)
};

}  // namespace azula
