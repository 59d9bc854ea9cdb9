#pragma once
/// \file

#include <Eigen/Core>

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include "azula/is_finite.hpp"
#include "azula/opaque.hpp"
#include "azula/plan/stage.hpp"
#include "azula/sample/storage.hpp"

namespace azula {

namespace packet = Eigen::internal;

/// The kernel of a stage: one pass over memory that updates the state and makes the prediction.
///
///     p  =  u x + v m                      only if Remember; overwrites m
///     x  <- a x + b m + Σ_j h_j p_j        j < Older
///
/// It is written in packets. Two Eigen expressions would read the arrays twice, because there are two results; a plain
/// loop stays scalar with g++ -O2. The values that do not fill a packet are processed by the same instructions in a
/// padded buffer. A value therefore does not depend on its position, and a sample does not depend on its batch.
///
/// States are stored in T, means and predictions in M. The arithmetic is done in Real, which is float if they have 16
/// bits.
template <class T, int Older, bool Remember, class M = T>
class Update {
  static constexpr auto each = std::make_index_sequence<static_cast<std::size_t>(Older)>();
  using Real = real_t<T>;
  static_assert(std::is_same_v<Real, real_t<M>>, "azula: predictions of another type than the state's must be float");

 public:
  using Pointers = std::array<const M*, Older>;

  /// Advances n values; returns whether all of m was finite. Size is n if it is known at compile time, otherwise
  /// Eigen::Dynamic.
  ///
  /// The sum of the means is the cheapest test for NaN and infinity, because either of them persists in a sum. A sum of
  /// finite values may overflow, so if the sum is not finite, the values are checked one by one.
  template <int Size>
  static bool run(const Stage& stage, T* x, M* m, const Pointers& p, std::ptrdiff_t n) {
    using Packet = typename packet::packet_traits<Real>::type;
    constexpr std::ptrdiff_t width = packet::packet_traits<Real>::size;
    if constexpr (Size != Eigen::Dynamic && Size < width) {
      return run_whole<Real>(stage, x, m, p, Size) || all_finite(m, n);  // of fixed size, so no batch to agree with
    } else {
      const std::ptrdiff_t whole = n & -width;  // n - n % width would be slower, as n could be negative
      const bool finite = run_whole<Packet>(stage, x, m, p, whole);
      if (whole < n) return run_tail<Packet, width>(stage, x, m, p, whole, n, finite);
      return finite || all_finite(m, n);
    }
  }

 private:
  /// The coefficients in every lane of a packet, which may be a single Real.
  template <class V>
  struct Weights {
    explicit Weights(const Stage& stage) : Weights(stage, each) {}

    template <std::size_t... J>
    Weights(const Stage& stage, std::index_sequence<J...>)
        : a(lane(stage.a)), b(lane(stage.b)), u(lane(stage.u)), v(lane(stage.v)), h{lane(stage.h[J])...} {}

    static V lane(double weight) { return packet::pset1<V>(Real(weight)); }

    V a, b, u, v;
    std::array<V, Older> h;
  };

  /// Advances one packet and adds its mean to `sum`. The sum comes first, so that the register of the mean may then be
  /// overwritten by the products. The mean is opaque, as compilers would otherwise load it again for each use.
  template <class V, std::size_t... J>
  EIGEN_ALWAYS_INLINE static void advance(const Weights<V>& w, T* x, M* m, const Pointers& p, std::ptrdiff_t i, V& sum,
                                          std::index_sequence<J...>) {
    const V at = Storage<T>::template load<V>(x + i);
    const V mean = opaque(Storage<M>::template load<V>(m + i));
    sum = packet::padd(sum, mean);
    V next = packet::pmadd(w.b, mean, packet::pmul(w.a, at));
    ((next = packet::pmadd(w.h[J], Storage<M>::template load<V>(p[J] + i), next)), ...);
    if constexpr (Remember) Storage<M>::store(m + i, V(packet::pmadd(w.v, mean, packet::pmul(w.u, at))));
    Storage<T>::store(x + i, next);
  }

  /// Advances n values; n is a multiple of the packet width. The pointers are passed by value because a packet may
  /// alias anything: pointers behind a reference would be read again after every store.
  template <class V>
  EIGEN_ALWAYS_INLINE static bool run_whole(const Stage& stage, T* x, M* m, const Pointers p, std::ptrdiff_t n) {
    constexpr std::ptrdiff_t width = packet::unpacket_traits<V>::size;
    const Weights<V> w(stage);
    const V zero = packet::pset1<V>(Real(0));
    std::array<V, 4> sums{zero, zero, zero, zero};  // with only one, each addition would wait for the previous one
    std::ptrdiff_t i = 0;
    for (; i + 4 * width <= n; i += 4 * width) {
      advance(w, x, m, p, i, sums[0], each);
      advance(w, x, m, p, i + width, sums[1], each);
      advance(w, x, m, p, i + 2 * width, sums[2], each);
      advance(w, x, m, p, i + 3 * width, sums[3], each);
    }
    for (; i < n; i += width) advance(w, x, m, p, i, sums[0], each);
    const V sum = packet::padd(packet::padd(sums[0], sums[1]), packet::padd(sums[2], sums[3]));
    return is_finite(packet::predux(sum));
  }

  /// Advances the values from `from` to n, which do not fill a packet. It is called last and not inlined, so that calls
  /// without such values do not pay for its stack frame.
  template <class V, std::ptrdiff_t Width>
  EIGEN_DONT_INLINE static bool run_tail(const Stage& stage, T* x, M* m, const Pointers& p, std::ptrdiff_t from,
                                         std::ptrdiff_t n, bool finite_before) {
    const std::ptrdiff_t count = n - from;
    using Buffer = std::array<M, static_cast<std::size_t>(Width)>;
    std::array<T, static_cast<std::size_t>(Width)> tail_x{};
    Buffer tail_m{};
    std::array<Buffer, Older> tail_p{};
    Pointers pointers{};
    for (std::size_t j = 0; j < pointers.size(); ++j) {
      std::copy_n(p[j] + from, count, tail_p[j].begin());
      pointers[j] = tail_p[j].data();
    }
    std::copy_n(x + from, count, tail_x.begin());
    std::copy_n(m + from, count, tail_m.begin());
    const bool finite = run_whole<V>(stage, tail_x.data(), tail_m.data(), pointers, Width);
    std::copy_n(tail_x.begin(), count, x + from);
    if constexpr (Remember) std::copy_n(tail_m.begin(), count, m + from);
    return (finite_before && finite) || all_finite(m, n);
  }

  /// Whether all of m is finite. m may already hold predictions; no prediction made from a mean that is not finite is
  /// finite.
  EIGEN_DONT_INLINE static bool all_finite(const M* m, std::ptrdiff_t n) {
    return std::all_of(m, m + n, is_finite<M>);
  }
};

/// Adds noise to n values, x <- x + c ε. As in Update, the last values go through a padded buffer.
template <class T>
void add_noise(T* x, const T* noise, T c, std::ptrdiff_t n) {
  using Packet = typename packet::packet_traits<T>::type;
  constexpr std::ptrdiff_t width = packet::packet_traits<T>::size;
  const Packet scale = packet::pset1<Packet>(c);
  const auto add = [&](T* to, const T* from) {
    packet::pstoreu(to, packet::pmadd(scale, packet::ploadu<Packet>(from), packet::ploadu<Packet>(to)));
  };
  std::ptrdiff_t i = 0;
  for (; i + width <= n; i += width) add(x + i, noise + i);
  if (i == n) return;
  std::array<T, static_cast<std::size_t>(width)> tail_x{}, tail_noise{};
  std::copy_n(x + i, n - i, tail_x.begin());
  std::copy_n(noise + i, n - i, tail_noise.begin());
  add(tail_x.data(), tail_noise.data());
  std::copy_n(tail_x.begin(), n - i, x + i);
}

}  // namespace azula
