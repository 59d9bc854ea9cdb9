#pragma once
/// \file

#include <Eigen/Core>

#include <algorithm>
#include <cstddef>
#include <random>
#include <type_traits>

#include "azula/concepts.hpp"
#include "azula/random/draw.hpp"
#include "azula/random/engine_source.hpp"
#include "azula/sample/parts.hpp"
#include "azula/sample/serial.hpp"

namespace azula {

/// A column for as many values as a state has. It is on the stack if the type of the state fixes a size that fits.
template <class T, State X>
using ValuesLike = Eigen::Array<T, (static_size<X> > largest_on_stack) ? static_cast<int>(Eigen::Dynamic) : static_size<X>, 1>;

/// Fills memory with standard normal values for a state of some shape, from any kind of random source. The draw is at
/// time t and belongs to no step.
/// \throws what the source throws if it does not fit the shape
template <class T, class Source, Executor E = Serial>
  requires RandomSource<Source, T>
void fill_values(Eigen::Map<Eigen::ArrayX<T>> out, const SampleShape& shape, Source& source, double t,
                 const E& executor = {}) {
  if constexpr (std::uniform_random_bit_generator<Source>) {
    EngineSource(source).fill(out);
  } else if constexpr (AddressedSource<Source, T>) {
    const auto draw = source.next(Draw{shape, t, t});
    in_parts<1024>(executor, out.size(), [&](std::ptrdiff_t from, std::ptrdiff_t count) {
      draw.fill(Eigen::Map<Eigen::ArrayX<T>>(out.data() + from, count), from);
      return true;
    });
  } else {
    source.fill(out);
  }
}

/// Fills a whole state with standard normal values. A block, a row or a Ref gets the same values as a contiguous state
/// of its shape; a state of 16 bits gets rounded floats.
template <State X, class Source>
  requires RandomSource<Source, noise_t<X>>
void fill_state(X& x, Source& source, double t) {
  using T = scalar_t<X>;
  if constexpr (!is_contiguous<X>) {
    plain_t<X> values;
    resize_like(values, x);
    fill_state(values, source, t);
    x = values;
  } else if constexpr (HostState<X> && std::is_same_v<T, noise_t<X>>) {
    fill_values<T>({host_data(x), value_count(x)}, sample_shape(x), source, t);
  } else {
    with_scalar(x, [&](auto scalar) {
      using S = decltype(scalar);
      using Real = real_t<S>;
      ValuesLike<Real, X> values;
      values.resize(value_count(x), 1);
      fill_values<Real>({values.data(), values.size()}, sample_shape(x), source, t);
      if constexpr (HostState<X>) {
        std::transform(values.begin(), values.end(), host_data(x), [](Real value) { return S(value); });
      } else {
        const ValuesLike<S, X> rounded = values.template cast<S>();
        StateTraits<X>::write(x, rounded.data());
      }
    });
  }
}

}  // namespace azula
