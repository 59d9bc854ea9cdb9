#pragma once
/// \file
/// What the compiler says of wrong arguments of a sampler.

#include <concepts>
#include <type_traits>
#include <utility>

#include "azula/concepts.hpp"

namespace azula {

/// What stands for the method in a Sampler that is made without one, which the compiler refuses.
struct NoMethod {};

/// What a call returns that does not compile. It converts to everything, so that no second error hides the first one.
struct Refused {
  template <class T>
  operator T() const;
};

/// Says at compile time why X is not a state that can be sampled.
template <class X>
constexpr Refused refuse_state() {
  static_assert(State<X>,
                "azula: the first argument is not a state, which is an Eigen array, matrix, Map or tensor, or a type "
                "with StateTraits; for the values of a std::vector<float> v use Eigen::Map<Eigen::ArrayXXf>(v.data(), "
                "size, samples)");
  static_assert(FloatState<X> || !State<X>,
                "azula: the values of a state must be floating-point numbers; convert them with x.cast<float>()");
  return {};
}

/// Whether values can be written into x through an X&.
template <State X>
inline constexpr bool is_writable = [] {
  using S = std::remove_cvref_t<X>;
  if constexpr (HostState<S>) {
    using Value = std::remove_pointer_t<decltype(StateTraits<S>::data(std::declval<std::remove_reference_t<X>&>()))>;
    return !std::is_const_v<Value>;
  } else {
    return !std::is_const_v<std::remove_reference_t<X>> && OwnState<S>;
  }
}();

/// Whether R is a random source for states of type X. If it is none, the compiler says why.
template <class R, class X>
constexpr bool is_source() {
  constexpr bool source = RandomSource<R, noise_t<X>>;
  if constexpr (!source) {
    constexpr bool constant = RandomSource<std::remove_const_t<R>, noise_t<X>>, observer = Observer<R, X>;
    static_assert(!constant, "azula: the random source is const, and to draw from it changes it");
    static_assert(!observer,
                  "azula::Sampler: the random source comes before the observer: sampler(x, random, observer)");
    static_assert(constant || observer,
                  "azula::Sampler: not a random source for this state, such as azula::NormalSource random(42) or a "
                  "std::mt19937, see RandomSource in concepts.hpp");
  }
  return source;
}

/// Whether O observes states of type X. If it does not, the compiler says why.
template <class O, class X>
constexpr bool is_observer() {
  if constexpr (!Observer<O, X>) {
    constexpr bool writes = std::invocable<O&, const StepInfo&, X&> ||
                            std::invocable<O&, const StepInfo&, X&, plain_t<X>&>;
    constexpr bool constant = RandomSource<std::remove_const_t<O>, noise_t<X>>;
    static_assert(!writes, "azula: an observer gets the state as const and cannot change it: take a const X&");
    static_assert(!constant, "azula: the random source is const, and to draw from it changes it");
    static_assert(writes || constant,
                  "azula::Sampler: the last argument is neither a random source, such as "
                  "azula::NormalSource random(42), nor an observer, which is called as "
                  "observer(const azula::StepInfo& step, const X& x) for a state of type X, see RandomSource and "
                  "Observer in concepts.hpp");
  }
  return Observer<O, X>;
}

}  // namespace azula
