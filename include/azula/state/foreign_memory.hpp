#pragma once
/// \file

#include <span>

#include "azula/state.hpp"

namespace azula {

struct Stage;

/// Holds what StateTraits keeps during a run, its Memory, or nothing if StateTraits has no such type.
template <class X>
struct ForeignMemory {
  explicit ForeignMemory(const X&) {}
};

template <class X>
  requires requires { typename StateTraits<X>::Memory; }
struct ForeignMemory<X> {
  explicit ForeignMemory(const X& like) : value(like) {}
  typename StateTraits<X>::Memory value;
};

/// Carries out one stage, without its noise, on a state whose values the host cannot read; see StateTraits.
/// \return what StateTraits::update returns: false if a mean is known not to be finite
template <class X>
bool update_foreign(const Stage& stage, X& x, plain_t<X>& mean, std::span<const plain_t<X>* const> before,
                    ForeignMemory<X>& memory) {
  if constexpr (requires { memory.value; }) {
    return StateTraits<X>::update(stage, x, mean, before, memory.value);
  } else {
    return StateTraits<X>::update(stage, x, mean, before);
  }
}

}  // namespace azula
