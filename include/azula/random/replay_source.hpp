#pragma once
/// \file

#include <Eigen/Core>

#include <cstddef>
#include <string>
#include <type_traits>
#include <utility>

#include "azula/error.hpp"

namespace azula {

/// Noise that was recorded before, handed out draw by draw, to repeat a run of another program exactly.
///
///     Eigen::ArrayXXd draws(size, count);        // filled by the caller, one draw per column
///     azula::ReplaySource random(draws);
///     const Eigen::ArrayXXf y = sampler(x, random);
///
/// A draw has a value for each element of the whole state, so it must have as many values as the state. Values are
/// converted to the scalar type of the state.
template <class T = double>
class ReplaySource {
 public:
  using Draws = Eigen::Array<T, Eigen::Dynamic, Eigen::Dynamic>;  ///< a draw per column

  /// \param draws  one row per value, one column per draw
  explicit ReplaySource(Draws draws) : draws_(std::move(draws)) {}

  /// Writes the next draw. \throws std::invalid_argument if none is left, or if it has another length than `out`.
  template <class Out>
  void fill(Out&& out) {
    static_assert(std::remove_cvref_t<Out>::IsVectorAtCompileTime,
                  "azula::ReplaySource: fill() takes a vector, such as Eigen::Map<Eigen::ArrayXf>");
    const std::ptrdiff_t size = out.size();
    if (size != draws_.rows()) {
      const std::string values = std::to_string(draws_.rows());
      reject("ReplaySource", "a draw must have " + values + " values", std::to_string(size));
    }
    if (next_ == draws_.cols()) {
      const std::string recorded = std::to_string(draws_.cols());
      reject("ReplaySource", "draws must have been recorded, numbered from 0",
             "draw " + std::to_string(next_) + " of " + recorded);
    }
    out = draws_.col(next_++).template cast<typename std::remove_cvref_t<Out>::Scalar>();
  }

  std::ptrdiff_t draw() const { return next_; }  ///< number of the next draw, from 0

  /// Makes `draw` the next one. \throws std::invalid_argument if it is negative or greater than the number of draws.
  void rewind(std::ptrdiff_t draw = 0) {
    if (draw < 0 || draw > draws_.cols()) {
      reject("ReplaySource", "a draw must be between 0 and " + std::to_string(draws_.cols()),
             std::to_string(draw));
    }
    next_ = draw;
  }

 private:
  Draws draws_;
  std::ptrdiff_t next_ = 0;
};

template <class Derived>
ReplaySource(const Eigen::DenseBase<Derived>&) -> ReplaySource<typename Derived::Scalar>;

}  // namespace azula
