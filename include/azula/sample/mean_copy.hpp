#pragma once
/// \file

#include "azula/concepts.hpp"

namespace azula {

/// Keeps a copy of the last mean if the observer wants it, and nothing otherwise.
template <class O, class X>
class MeanCopy {
 public:
  explicit MeanCopy(const plain_t<X>&) {}
  void operator=(const plain_t<X>&) {}
};

template <class O, class X>
  requires MeanObserver<O, X>
class MeanCopy<O, X> {
 public:
  explicit MeanCopy(const plain_t<X>& like) { resize_like(mean_, like); }
  void operator=(const plain_t<X>& mean) { mean_ = mean; }
  const plain_t<X>& value() const { return mean_; }

 private:
  plain_t<X> mean_;
};

}  // namespace azula
