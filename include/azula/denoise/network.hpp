#pragma once
/// \file

#include <concepts>
#include <type_traits>

#include "azula/concepts.hpp"
#include "azula/error.hpp"

namespace azula {

/// Refuses to compile a denoiser around a network that is a denoiser already, see wraps_denoiser().
template <class N>
consteval bool wraps_network() {
  static_assert(!NamesSchedule<N>,
                "azula: a network is needed here, and this is a denoiser already, as it has schedule(); give it to "
                "the sampler as it is");
  return true;
}

/// Declared but never defined: the type of the third parameter of a call operator.
template <class N, class A, class B, class C>
std::type_identity<C> third_parameter(void (N::*)(A, B, C) const);

/// A network that takes its output by value. It would write into a copy, which is lost.
template <class N, class X>
concept WritesCopy = requires {
  requires std::same_as<decltype(third_parameter(&N::operator())), std::type_identity<X>>;
};

/// Says at compile time why a network cannot be called.
template <class N, class X, class Time>
consteval void refuse_network() {
  constexpr bool mutates = WritesMean<N&, X, Time> || ReturnsMean<N&, X, Time>;
  constexpr bool per_sample = std::is_same_v<Time, SampleTimes>;
  static_assert(!mutates,
                "azula: the network's call operator must be const: write operator()(input, c, output) const and make "
                "the engine's state mutable, or pass a lambda without `mutable` that captures the engine by reference");
  static_assert(mutates || per_sample,
                "azula: the network cannot be called with this state; for a state of type X it needs "
                "operator()(const X& input, double c, X& output) const that writes the output, or "
                "operator()(const X& input, double c) const that returns it, with the state's type of number");
  static_assert(mutates || !per_sample,
                "azula: the network takes one number c for all samples, and each of these has its own time; it needs "
                "operator()(input, c, output) const where c is a const Eigen::ArrayXd& with a number per sample");
}

/// Calls a network and puts its output into memory of the caller: output = network(input, c).
///
/// c is the number that the parametrisation gives the network for the time, or SampleTimes with a number per sample. A
/// network with the call network(input, c, output) writes into `output` directly; the result of network(input, c) is
/// assigned to it.
/// \throws std::invalid_argument if the output has another shape than the input.
template <class N, State X, class Time>
void call_network(const N& network, const X& input, const Time& c, plain_t<X>& output, const char* denoiser) {
  static_assert(!WritesCopy<N, plain_t<X>>,
                "azula: the network takes its output by value, so that what it writes is lost; take an X& output");
  if constexpr (WritesMean<N, X, Time>) {
    network(input, c, output);
  } else if constexpr (ReturnsMean<N, X, Time>) {
    output = network(input, c);
  } else {
    refuse_network<N, X, Time>();
  }
  require_shape(output, input, denoiser, "the network's output must have the shape of its input");
}

}  // namespace azula
