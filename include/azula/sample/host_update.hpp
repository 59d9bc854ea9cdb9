#pragma once
/// \file

#include <Eigen/Core>

#include <algorithm>
#include <array>
#include <cstddef>
#include <type_traits>
#include <utility>

#include "azula/concepts.hpp"
#include "azula/sample/parts.hpp"
#include "azula/sample/prediction_ring.hpp"
#include "azula/sample/storage.hpp"
#include "azula/sample/update.hpp"
#include "azula/state.hpp"
#include "azula/state/real.hpp"

namespace azula {

/// The stages of a run whose state is in memory of the host: one pass over it, in which noise that has addresses is
/// made block by block. The executor cuts it where a block begins, which leaves the bits as they are.
template <class X, int History, Executor E>
class HostUpdate {
 public:
  using T = scalar_t<X>;           // of the state
  using M = scalar_t<plain_t<X>>;  // of means and predictions
  using Real = real_t<T>;          // of noise
  using Ring = PredictionRing<plain_t<X>, History>;

  HostUpdate(const X&, E executor) : executor_(std::move(executor)) {}

  /// Without noise; whether the mean was finite.
  bool run(const Stage& stage, X& x, Ring& ring) {
    return in_parts<block>(executor_, value_count(x), [&](std::ptrdiff_t begin, std::ptrdiff_t count) {
      clear(stage, ring, begin, count);
      return update(stage, host_data(x) + begin, ring, begin, count);
    });
  }

  /// With that of a draw.
  template <class Draw>
  bool run(const Stage& stage, X& x, Ring& ring, const Draw& draw) {
    return in_parts<block>(executor_, value_count(x), [&](std::ptrdiff_t begin, std::ptrdiff_t size) {
      clear(stage, ring, begin, size);
      std::array<Real, block> noise;
      bool finite = true;
      for (std::ptrdiff_t from = begin; from < begin + size; from += block) {
        const std::ptrdiff_t count = (std::min)(block, begin + size - from);
        Eigen::Map<Eigen::ArrayX<Real>> out(noise.data(), count);
        finite = with_block(host_data(x) + from, count, [&](Real* values) {
          const bool good = update(stage, values, ring, from, count);
          draw.fill(out, from);
          add_noise(values, noise.data(), Real(stage.c), count);
          return good;
        }) && finite;
      }
      return finite;
    });
  }

  /// Adds a whole draw after run(). It needs no memory of its own unless the predictions have 16 bits.
  template <class Source>
  void add_whole(const Stage& stage, X& x, Ring& ring, Source& source) {
    Eigen::ArrayX<Real> own(std::is_same_v<M, Real> ? 0 : value_count(x));
    Real* values = own.data();
    if constexpr (std::is_same_v<M, Real>) values = host_data(ring.spare(stage));
    Eigen::Map<Eigen::ArrayX<Real>> noise(values, value_count(x));
    source.fill(noise);
    for (std::ptrdiff_t from = 0; from < value_count(x); from += block) {
      const std::ptrdiff_t count = (std::min)(block, value_count(x) - from);
      with_block(host_data(x) + from, count, [&](Real* to) {
        add_noise(to, noise.data() + from, Real(stage.c), count);
        return true;
      });
    }
  }

  static bool finish() { return true; }

 private:
  static constexpr std::ptrdiff_t block = 1024;  // values of noise at a time: they stay in the first cache

  /// Nobody has written the mean of a stage that does not evaluate.
  static void clear(const Stage& stage, Ring& ring, std::ptrdiff_t from, std::ptrdiff_t count) {
    if (!stage.evaluates) std::fill_n(host_data(ring.mean()) + from, count, M(0));
  }

  /// Calls f(values) with the values, or with wider ones that are rounded once after it.
  template <class F>
  EIGEN_ALWAYS_INLINE static bool with_block(T* x, std::ptrdiff_t count, const F& f) {
    if constexpr (std::is_same_v<T, Real>) {
      return f(x);
    } else {
      std::array<Real, block> wide;
      Storage<T>::widen(x, wide.data(), count);
      const bool result = f(wide.data());
      Storage<T>::round(wide.data(), x, count);
      return result;
    }
  }

  /// Picks the kernel for the number of older predictions: a chain of comparisons per block.
  template <int Older = History - 1, class S>
  static bool update(const Stage& stage, S* x, Ring& ring, std::ptrdiff_t from, std::ptrdiff_t count) {
    if constexpr (Older > 0) {
      if (stage.older < Older) return update<Older - 1>(stage, x, ring, from, count);
    }
    if constexpr (History > 1) {
      if (stage.u != 0 || stage.v != 1) return apply<Older, true>(stage, x, ring, from, count);
    }
    return apply<Older, false>(stage, x, ring, from, count);
  }

  /// \param x  value number `from` of the state
  template <int Older, bool Remember, class S>
  static bool apply(const Stage& stage, S* x, Ring& ring, std::ptrdiff_t from, std::ptrdiff_t count) {
    constexpr int size = static_size<X> <= block ? static_size<X> : Eigen::Dynamic;
    using Kernel = Update<S, Older, Remember, M>;
    typename Kernel::Pointers p{};
    for (std::size_t j = 0; j < p.size(); ++j) p[j] = host_data(ring.before(j)) + from;
    return Kernel::template run<size>(stage, x, host_data(ring.mean()) + from, p, count);
  }

  [[no_unique_address]] E executor_;
};

}  // namespace azula
