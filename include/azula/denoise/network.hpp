#pragma once
/// \file

#include <type_traits>

#include "azula/concepts.hpp"
#include "azula/error.hpp"

namespace azula {

/// Calls a network and puts its output into memory of the caller: output = network(input, c).
///
/// c is the number that the parametrisation gives the network for the time, or SampleTimes with a number per sample. A
/// network with the call network(input, c, output) writes into `output` directly; the result of network(input, c) is
/// assigned to it.
/// \throws std::invalid_argument if the output has another shape than the input.
template <class N, State X, class Time>
void call_network(const N& network, const X& input, const Time& c, plain_t<X>& output, const char* denoiser) {
  constexpr bool callable = WritesMean<N, X, Time> || ReturnsMean<N, X, Time>;
  static_assert(callable || std::is_same_v<Time, SampleTimes>,
                "azula: the network cannot be called with this state; it needs operator()(input, c) that returns "
                "the output, or operator()(input, c, output) that writes it");
  static_assert(callable || !std::is_same_v<Time, SampleTimes>,
                "azula: the network takes one number c for all samples, and each of these has its own time; it needs "
                "operator()(input, c, output) where c is a const Eigen::ArrayXd& with a number per sample");
  if constexpr (WritesMean<N, X, Time>) {
    network(input, c, output);
  } else {
    output = network(input, c);
  }
  require_shape(output, input, denoiser, "the network's output must have the shape of its input");
}

}  // namespace azula
