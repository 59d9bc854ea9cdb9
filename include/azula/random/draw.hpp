#pragma once
/// \file

#include <type_traits>

#include "azula/sample_shape.hpp"

namespace azula {

/// Whether fill() can write to this type: a vector with contiguous values, such as Eigen::Map<Eigen::ArrayXf>.
template <class Out>
inline constexpr bool is_fillable =
    std::remove_cvref_t<Out>::IsVectorAtCompileTime && std::remove_cvref_t<Out>::InnerStrideAtCompileTime == 1;

/// A request for the noise of a whole state: the shape of the state, and the step that the noise is for.
struct Draw {
  SampleShape shape;  ///< flat index i is element i % size of sample i / size
  double from = 1;    ///< time before the update
  double to = 1;      ///< time after the update; from == to: noise that belongs to no step (the initial state)
};

}  // namespace azula
