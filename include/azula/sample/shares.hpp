#pragma once
/// \file

#include <Eigen/Core>

#include <algorithm>
#include <cstddef>

#include "azula/error.hpp"
#include "azula/state.hpp"

namespace azula {

/// A range of consecutive samples of a batch.
struct Share {
  std::ptrdiff_t first;  ///< index of its first sample
  std::ptrdiff_t count;  ///< number of samples
};

/// Divides a batch into shares of consecutive samples, one for each thread or machine.
///
///     const azula::Share share = azula::Shares(1000, machines)[rank];   // 1000 samples on several machines
///     azula::NormalSource random(42, share.first);                      // the noise of these samples
///     Eigen::ArrayXXf x(784, share.count);
///
/// The counts differ by at most one; the first shares are the larger ones. If there are more shares than samples, the
/// last ones are empty.
class Shares {
 public:
  /// Divides `samples` samples into `shares` shares.
  /// \throws std::invalid_argument if samples < 0 or shares < 1.
  Shares(std::ptrdiff_t samples, std::ptrdiff_t shares) : samples_(samples), shares_(shares) {
    require(samples >= 0, "Shares", "samples must be at least 0", static_cast<double>(samples));
    require(shares >= 1, "Shares", "shares must be at least 1", static_cast<double>(shares));
  }

  std::ptrdiff_t size() const { return shares_; }  ///< the number of shares

  /// Share number i, from 0.
  Share operator[](std::ptrdiff_t i) const { return {start(i), start(i + 1) - start(i)}; }

 private:
  std::ptrdiff_t start(std::ptrdiff_t i) const {
    return i * (samples_ / shares_) + (std::min)(i, samples_ % shares_);
  }

  std::ptrdiff_t samples_;
  std::ptrdiff_t shares_;
};

/// Whether every state of this type is a single sample, as a vector is.
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

/// Whether the number of samples in a state of this type is chosen at run time.
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

/// A state with `count` samples of the same shape as the samples of x. Its values are undefined.
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

/// A copy of the samples of one share of a state.
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
