#pragma once
/// \file

#include <Eigen/Core>

#include <array>
#include <cstddef>
#include <span>

#include "azula/sample/prediction_ring.hpp"
#include "azula/sample/serial.hpp"
#include "azula/state.hpp"
#include "azula/state/foreign_memory.hpp"

namespace azula {

/// Performs the stages of a run whose state is not in host memory, by the functions of StateTraits.
template <class X, int History>
class ForeignUpdate {
  using Traits = StateTraits<X>;
  using Plain = plain_t<X>;
  static constexpr bool complete = requires(const Stage& stage, X& x, Plain& mean, std::span<const Plain* const> before,
                                            const scalar_t<X>* values, ForeignMemory<X>& memory) {
    requires requires { Traits::update(stage, x, mean, before); } ||
                 requires { Traits::update(stage, x, mean, before, memory.value); };
    StateTraits<Plain>::write(mean, values);
  };
  static_assert(complete,
                "azula: StateTraits of this state needs data(), or update() and write(), see state/state_traits.hpp");

 public:
  using T = scalar_t<X>;
  using Ring = PredictionRing<Plain, History>;

  ForeignUpdate(const X& like, Serial) : memory_(like) {}

  /// Performs a stage without noise; returns false if it is known that this mean or an earlier one was not finite.
  bool run(const Stage& stage, X& x, Ring& ring) {
    return update_foreign(stage, x, ring.mean(), {before(stage, ring).data(), static_cast<std::size_t>(stage.older)}, memory_);
  }

  /// Performs a stage with the noise of a draw.
  template <class Draw>
  bool run(const Stage& stage, X& x, Ring& ring, const Draw& draw) {
    const Before older = before(stage, ring);
    const std::span<const Plain* const> span(older.data(), static_cast<std::size_t>(stage.older));
    if constexpr (requires { Traits::update(stage, x, ring.mean(), span, draw, memory_.value); }) {
      return Traits::update(stage, x, ring.mean(), span, draw, memory_.value);
    }
    const bool finite = run(stage, x, ring);
    if constexpr (requires { Traits::add_noise(x, stage.c, draw, memory_.value); }) {
      Traits::add_noise(x, stage.c, draw, memory_.value);
    } else if constexpr (requires { Traits::add_noise(x, stage.c, draw); }) {
      Traits::add_noise(x, stage.c, draw);
    } else {
      add_from_host(stage, x, ring, [&](auto& out) { draw.fill(out, 0); });
    }
    return finite;
  }

  /// Adds a whole draw of a source, after run().
  template <class Source>
  void add_whole(const Stage& stage, X& x, Ring& ring, Source& source) {
    if constexpr (requires { Traits::add_whole(x, stage.c, source, memory_.value); }) {
      Traits::add_whole(x, stage.c, source, memory_.value);
    } else {
      add_from_host(stage, x, ring, [&](auto& out) { source.fill(out); });
    }
  }

  /// Called after the last stage; returns false if a mean was not finite.
  bool finish() {
    if constexpr (requires { Traits::finite(memory_.value); }) {
      return Traits::finite(memory_.value);
    } else {
      return true;
    }
  }

 private:
  using Before = std::array<const Plain*, static_cast<std::size_t>(History)>;

  static Before before(const Stage& stage, const Ring& ring) {
    Before pointers{};
    for (std::size_t j = 0; j < static_cast<std::size_t>(stage.older); ++j) pointers[j] = &ring.before(j);
    return pointers;
  }

  /// Adds noise made on the host, x <- x + c ε, by an update with a = 1 and b = c whose mean is the noise.
  template <class Fill>
  void add_from_host(const Stage& stage, X& x, Ring& ring, const Fill& fill) {
    Eigen::ArrayX<T> values(value_count(x));
    Eigen::Map<Eigen::ArrayX<T>> out(values.data(), values.size());
    fill(out);
    Plain& noise = ring.spare(stage);
    StateTraits<Plain>::write(noise, values.data());
    update_foreign(Stage{.a = 1, .b = stage.c}, x, noise, {}, memory_);
  }

  [[no_unique_address]] ForeignMemory<X> memory_;
};

}  // namespace azula
