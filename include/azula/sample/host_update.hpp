#pragma once
/// \file

#include <Eigen/Core>

#include <cstddef>
#include <type_traits>
#include <utility>

#include "azula/concepts.hpp"
#include "azula/sample/block_update.hpp"
#include "azula/sample/parts.hpp"
#include "azula/sample/prediction_ring.hpp"
#include "azula/state.hpp"

namespace azula {

/// Performs the stages of a run whose state is in host memory, by BlockUpdate. An executor may split a stage, but only
/// at the beginning of a block, so that the bits stay the same.
template <class X, int History, Executor E>
class HostUpdate {
 public:
  using T = scalar_t<X>;           // type of the state's values
  using M = scalar_t<plain_t<X>>;  // type of means and predictions
  using Ring = PredictionRing<plain_t<X>, History>;

  HostUpdate(const X&, E executor) : executor_(std::move(executor)) {}

  /// Performs a stage without noise; returns whether the mean was finite.
  bool run(const Stage& stage, X& x, Ring& ring) {
    return in_parts<Block::size>(executor_, value_count(x), [&](std::ptrdiff_t begin, std::ptrdiff_t count) {
      return Block::run(stage, host_data(x), Slots{ring}, begin, count);
    });
  }

  /// Performs a stage with the noise of a draw; returns whether the mean was finite.
  template <class Draw>
  bool run(const Stage& stage, X& x, Ring& ring, const Draw& draw) {
    return in_parts<Block::size>(executor_, value_count(x), [&](std::ptrdiff_t begin, std::ptrdiff_t count) {
      return Block::run(stage, host_data(x), Slots{ring}, begin, count, draw);
    });
  }

  /// Adds a whole draw of a source, after run(). It allocates memory only if the predictions have 16 bits.
  template <class Source>
  void add_whole(const Stage& stage, X& x, Ring& ring, Source& source) {
    using Real = real_t<T>;
    Eigen::ArrayX<Real> own(std::is_same_v<M, Real> ? 0 : value_count(x));
    Real* values = own.data();
    if constexpr (std::is_same_v<M, Real>) values = host_data(ring.spare(stage));
    Eigen::Map<Eigen::ArrayX<Real>> noise(values, value_count(x));
    source.fill(noise);
    Block::add(host_data(x), values, stage.c, value_count(x));
  }

  static bool finish() { return true; }

 private:
  using Block = BlockUpdate<T, M, History, static_size<X>>;

  struct Slots {
    Ring& ring;
    M* mean() const { return host_data(ring.mean()); }
    const M* before(std::size_t j) const { return host_data(ring.before(j)); }
  };

  [[no_unique_address]] E executor_;
};

}  // namespace azula
