#pragma once
/// \file

#include <Eigen/Core>

#include <algorithm>
#include <cstddef>

#include "azula/error.hpp"
#include "azula/state.hpp"

namespace azula {

/// Consecutive samples of a batch.
struct Share {
  std::ptrdiff_t first;  ///< its first sample
  std::ptrdiff_t count;  ///< how many it has
};

/// A batch in consecutive shares, one for each thread or machine, whose counts differ by one at most: the
/// first ones have more. Where there are more shares than samples, the last ones are empty.
class Shares {
 public:
  /// \throws std::invalid_argument if there is no share, or fewer than no samples.
  Shares(std::ptrdiff_t samples, std::ptrdiff_t shares) : samples_(samples), shares_(shares) {
    require(samples >= 0, "Shares", "samples must be at least 0", static_cast<double>(samples));
    require(shares >= 1, "Shares", "shares must be at least 1", static_cast<double>(shares));
  }

  std::ptrdiff_t size() const { return shares_; }  ///< how many shares

  /// Share number i, from 0.
  Share operator[](std::ptrdiff_t i) const { return {start(i), start(i + 1) - start(i)}; }

 private:
  std::ptrdiff_t start(std::ptrdiff_t i) const {
    return i * (samples_ / shares_) + (std::min)(i, samples_ % shares_);
  }

  std::ptrdiff_t samples_;
  std::ptrdiff_t shares_;
};

/// Whether every state of this type is one sample: a vector.
template <State X>
inline constexpr bool is_one_sample = [] {
  if constexpr (DenseExpression<X>) {
    return bool{plain_t<X>::IsVectorAtCompileTime};
  } else if constexpr (OwnState<X>) {
    return false;
  } else {
    return int{plain_t<X>::NumDimensions} < 2;
  }
}();

/// Whether states of this type may have any number of samples.
template <State X>
inline constexpr bool has_dynamic_batch = [] {
  using P = plain_t<X>;
  if constexpr (DenseExpression<X>) {
    return (P::IsRowMajor ? int{P::RowsAtCompileTime} : int{P::ColsAtCompileTime}) == Eigen::Dynamic;
  } else if constexpr (OwnState<X>) {
    return false;
  } else {
    return requires(P plain) { plain.resize(plain.dimensions()); };
  }
}();

/// A state of another number of samples that are like those of x. The values are left undefined.
template <State X>
  requires has_dynamic_batch<X>
plain_t<X> batch_like(const X& x, std::ptrdiff_t count) {
  plain_t<X> batch;
  if constexpr (DenseExpression<X>) {
    plain_t<X>::IsRowMajor ? batch.resize(count, x.cols()) : batch.resize(x.rows(), count);
  } else {
    auto extents = x.dimensions();
    constexpr bool row_major = static_cast<int>(plain_t<X>::Layout) == static_cast<int>(Eigen::RowMajor);
    extents[row_major ? 0 : extents.size() - 1] = count;
    batch.resize(extents);
  }
  return batch;
}

/// A copy of some of the samples of a state.
template <State X>
  requires(is_one_sample<X> || has_dynamic_batch<X>)
plain_t<X> copy_share(const X& x, const Share& share) {
  if constexpr (is_one_sample<X>) {
    return plain_t<X>(x);
  } else {
    plain_t<X> part = batch_like(x, share.count);
    samples(part) = samples(x).middleCols(share.first, share.count);
    return part;
  }
}

}  // namespace azula
