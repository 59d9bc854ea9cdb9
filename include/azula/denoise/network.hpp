#pragma once
/// \file

#include <type_traits>

#include "azula/concepts.hpp"
#include "azula/error.hpp"

namespace azula {

/// output = network(input, c): networks are called like denoisers, with whatever number c their
/// parametrisation gives them for the time, or SampleTimes of a number per sample; one that writes,
/// network(input, c, output), is not copied from.
/// \throws std::invalid_argument if the output comes back with another shape than the input.
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
