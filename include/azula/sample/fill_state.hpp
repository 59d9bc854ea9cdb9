#pragma once
/// \file

#include <Eigen/Core>

#include <random>

#include "azula/concepts.hpp"
#include "azula/random/draw.hpp"
#include "azula/random/engine_source.hpp"

namespace azula {

/// Fills a whole state with standard normal values, from any kind of random source: a draw at time t that
/// belongs to no step. The values of a block, a row or a Ref are those that a state of its shape gets.
/// \throws what the source throws if it does not fit the state
template <State X, class Source>
  requires RandomSource<Source, scalar_t<X>>
void fill_state(X& x, Source& source, double t) {
  if constexpr (!is_contiguous<X>) {
    plain_t<X> values;
    resize_like(values, x);
    fill_state(values, source, t);
    x = values;
  } else if constexpr (!HostState<X>) {
    const SampleShape shape = sample_shape(x);
    Eigen::ArrayXX<scalar_t<X>> values(shape.size, shape.samples);
    fill_state(values, source, t);
    StateTraits<X>::write(x, values.data());
  } else {
    Eigen::Map<Eigen::ArrayX<scalar_t<X>>> out(host_data(x), value_count(x));
    if constexpr (std::uniform_random_bit_generator<Source>) {
      EngineSource(source).fill(out);
    } else if constexpr (AddressedSource<Source, scalar_t<X>>) {
      source.next(Draw{sample_shape(x), t, t}).fill(out, 0);
    } else {
      source.fill(out);
    }
  }
}

}  // namespace azula
