#pragma once
/// \file

#include <Eigen/Core>

#include <algorithm>
#include <array>
#include <cstddef>

#include "azula/sample/prediction_ring.hpp"
#include "azula/sample/update.hpp"
#include "azula/state.hpp"

namespace azula {

/// The stages of a run whose state is in memory of the host: one pass over it, in which noise that has addresses is
/// made block by block.
template <class X, int History>
class HostUpdate {
 public:
  using T = scalar_t<X>;
  using Ring = PredictionRing<plain_t<X>, History>;

  explicit HostUpdate(const X&) {}

  /// Without noise; whether the mean was finite.
  bool run(const Stage& stage, X& x, Ring& ring) {
    clear(stage, x, ring);
    return update(stage, x, ring, 0, value_count(x));
  }

  /// With that of a draw.
  template <class Draw>
  bool run(const Stage& stage, X& x, Ring& ring, const Draw& draw) {
    clear(stage, x, ring);
    std::array<T, block> noise;
    bool finite = true;
    const std::ptrdiff_t size = value_count(x);
    for (std::ptrdiff_t from = 0; from < size; from += block) {
      const std::ptrdiff_t count = (std::min)(block, size - from);
      finite = update(stage, x, ring, from, count) && finite;
      Eigen::Map<Eigen::ArrayX<T>> out(noise.data(), count);
      draw.fill(out, from);
      add_noise(host_data(x) + from, noise.data(), T(stage.c), count);
    }
    return finite;
  }

  /// Adds a whole draw after run(), which needs no memory of its own.
  template <class Source>
  void add_whole(const Stage& stage, X& x, Ring& ring, Source& source) {
    Eigen::Map<Eigen::ArrayX<T>> noise(host_data(ring.spare(stage)), value_count(x));
    source.fill(noise);
    add_noise(host_data(x), noise.data(), T(stage.c), value_count(x));
  }

  static bool finish() { return true; }

 private:
  static constexpr std::ptrdiff_t block = 1024;  // values of noise at a time: they stay in the first cache

  /// Nobody has written the mean of a stage that does not evaluate.
  static void clear(const Stage& stage, const X& x, Ring& ring) {
    if (!stage.evaluates) std::fill_n(host_data(ring.mean()), value_count(x), T(0));
  }

  /// Picks the kernel for the number of older predictions: a chain of comparisons per block.
  template <int Older = History - 1>
  static bool update(const Stage& stage, X& x, Ring& ring, std::ptrdiff_t from, std::ptrdiff_t count) {
    if constexpr (Older > 0) {
      if (stage.older < Older) return update<Older - 1>(stage, x, ring, from, count);
    }
    if constexpr (History > 1) {
      if (stage.u != 0 || stage.v != 1) return apply<Older, true>(stage, x, ring, from, count);
    }
    return apply<Older, false>(stage, x, ring, from, count);
  }

  template <int Older, bool Remember>
  static bool apply(const Stage& stage, X& x, Ring& ring, std::ptrdiff_t from, std::ptrdiff_t count) {
    constexpr int size = static_size<X> <= block ? static_size<X> : Eigen::Dynamic;
    typename Update<T, Older, Remember>::Pointers p{};
    for (std::size_t j = 0; j < p.size(); ++j) p[j] = host_data(ring.before(j)) + from;
    return Update<T, Older, Remember>::template run<size>(stage, host_data(x) + from, host_data(ring.mean()) + from, p,
                                                          count);
  }
};

}  // namespace azula
