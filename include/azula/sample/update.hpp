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

/// The one pass over memory that a stage is:
///
///     p  =  u x + v m                      (only if Remember; written over m)
///     x  <- a x + b m + Σ_j h_j p_j        j < Older
///
/// In packets and not as two Eigen expressions, because it writes two arrays and must read each once; not
/// as a plain loop, because g++ -O2 leaves those scalar. What does not fill a packet goes through the same
/// instructions in a padded buffer: a value does not depend on its place, and so not on the batch.
///
/// States are kept in T, means and predictions in M. The arithmetic is that of Real, which is wider than both if they have
/// 16 bits.
template <class T, int Older, bool Remember, class M = T>
class Update {
  static constexpr auto each = std::make_index_sequence<static_cast<std::size_t>(Older)>();
  using Real = real_t<T>;
  static_assert(std::is_same_v<Real, real_t<M>>, "azula: predictions of another type than the state's must be float");

 public:
  using Pointers = std::array<const M*, Older>;

  /// Advances n values; whether all of m was finite. Size is n if that is known to the compiler, or
  /// Eigen::Dynamic.
  ///
  /// A sum of the means is the cheapest watch for NaN and infinity, since both stay in it. That of finite
  /// values may overflow, so it alone does not condemn them.
  template <int Size>
  static bool run(const Stage& stage, T* x, M* m, const Pointers& p, std::ptrdiff_t n) {
    using Packet = typename packet::packet_traits<Real>::type;
    constexpr std::ptrdiff_t width = packet::packet_traits<Real>::size;
    if constexpr (Size != Eigen::Dynamic && Size < width) {
      return run_whole<Real>(stage, x, m, p, Size) || all_finite(m, n);  // one shape, no batch: nothing to keep equal
    } else {
      const std::ptrdiff_t whole = n & -width;  // for n % width the compiler must allow for a negative n
      const bool finite = run_whole<Packet>(stage, x, m, p, whole);
      if (whole < n) return run_tail<Packet, width>(stage, x, m, p, whole, n, finite);
      return finite || all_finite(m, n);
    }
  }

 private:
  /// The weights in every lane of a packet, which may be a single Real.
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

  /// Advances one packet and adds its mean to `sum`: first, so that the mean may then be multiplied where it is. It is
  /// opaque, or compilers would read it once for each.
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

  /// n is a multiple of the width. The pointers are copied because a packet may alias anything: those of the
  /// caller would be read again after every store.
  template <class V>
  EIGEN_ALWAYS_INLINE static bool run_whole(const Stage& stage, T* x, M* m, const Pointers p, std::ptrdiff_t n) {
    constexpr std::ptrdiff_t width = packet::unpacket_traits<V>::size;
    const Weights<V> w(stage);
    const V zero = packet::pset1<V>(Real(0));
    std::array<V, 4> sums{zero, zero, zero, zero};  // one alone would make every packet wait for the last
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

  /// The values from `from` to n, after those before. Called last, so that nothing waits for it on the stack of
  /// those who do not come here.
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

  /// Whether all of m is finite, or of the predictions in its place: none is that comes from another mean.
  EIGEN_DONT_INLINE static bool all_finite(const M* m, std::ptrdiff_t n) {
    return std::all_of(m, m + n, is_finite<M>);
  }
};

/// x <- x + c ε over n values, with the same care for the last ones.
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
