#pragma once
/// \file

#include "azula/concepts.hpp"

namespace azula {

/// output = network(input, c): networks are called like denoisers, with whatever number c their
/// parametrisation gives them for the time; one that writes, network(input, c, output), is not copied from.
/// \throws std::invalid_argument if the output comes back with another shape than the input.
template <class N, State X>
void call_network(const N& network, const X& input, double c, plain_t<X>& output, const char* denoiser) {
  static_assert(WritesMean<N, X> || ReturnsMean<N, X>,
                "azula: the network cannot be called with this state; it needs operator()(input, c) that returns "
                "the output, or operator()(input, c, output) that writes it");
  if constexpr (WritesMean<N, X>) {
    network(input, c, output);
  } else {
    output = network(input, c);
  }
  require_shape(output, input, denoiser, "the network's output must have the shape of its input");
}

}  // namespace azula
