#pragma once
/// \file

#include <Eigen/Core>

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include "azula/sample/stage.hpp"

namespace azula {

/// The one pass over memory that a stage is:
///
///     p  =  u x + v m                      (only if Remember; written over m)
///     x  <- a x + b m + Σ_j h_j p_j        j < Older
///
/// In packets and not as two Eigen expressions, because it writes two arrays and must read each once; not
/// as a plain loop, because g++ -O2 leaves those scalar. What does not fill a packet goes through the same
/// instructions in a padded buffer: a value does not depend on its place, and so not on the batch.
template <class T, int Older, bool Remember>
class Update {
 public:
  using Pointers = std::array<const T*, Older>;

  explicit Update(const Stage& stage) : a_(T(stage.a)), b_(T(stage.b)), u_(T(stage.u)), v_(T(stage.v)) {
    for (std::size_t j = 0; j < h_.size(); ++j) h_[j] = T(stage.h[j]);
  }

  /// Advances n values; whether all of m was finite. Size is n if that is known to the compiler, or
  /// Eigen::Dynamic.
  template <int Size>
  bool operator()(T* x, T* m, const Pointers& p, std::ptrdiff_t n) const {
    using Packet = typename Eigen::internal::packet_traits<T>::type;
    constexpr std::ptrdiff_t width = Eigen::internal::packet_traits<T>::size;
    if constexpr (Size != Eigen::Dynamic && Size < width) {
      return run<T>(x, m, p, Size);  // one shape, no batch: nothing to keep equal, and no buffer to pay for
    } else {
      const std::ptrdiff_t whole = n - n % width;
      bool finite = run<Packet>(x, m, p, whole);
      if (whole < n) finite = run_tail<Packet, width>(x + whole, m + whole, p, whole, n - whole) && finite;
      return finite;
    }
  }

 private:
  /// The weights in every lane of a packet, which may be a single T.
  template <class V>
  struct Lanes {
    V a, b, u, v;
    std::array<V, Older> h;
  };

  template <class V, std::size_t... J>
  Lanes<V> lanes(std::index_sequence<J...>) const {
    using Eigen::internal::pset1;
    return {pset1<V>(a_), pset1<V>(b_), pset1<V>(u_), pset1<V>(v_), {pset1<V>(h_[J])...}};
  }

  /// Advances one packet; returns its mean.
  template <class V, std::size_t... J>
  EIGEN_ALWAYS_INLINE static V advance(const Lanes<V>& w, T* x, T* m, const Pointers& p, std::ptrdiff_t i,
                                       std::index_sequence<J...>) {
    namespace packet = Eigen::internal;
    const V at = packet::ploadu<V>(x + i), mean = packet::ploadu<V>(m + i);
    V next = packet::pmadd(w.b, mean, packet::pmul(w.a, at));
    ((next = packet::pmadd(w.h[J], packet::ploadu<V>(p[J] + i), next)), ...);
    if constexpr (Remember) packet::pstoreu(m + i, packet::pmadd(w.v, mean, packet::pmul(w.u, at)));
    packet::pstoreu(x + i, next);
    return mean;
  }

  // Copies of the pointers and weights: a packet may alias anything, so members would be read again after
  // every store.
  template <class V>
  bool run(T* x, T* m, const Pointers p, std::ptrdiff_t n) const {
    namespace packet = Eigen::internal;
    constexpr std::ptrdiff_t width = packet::unpacket_traits<V>::size;
    constexpr auto each = std::make_index_sequence<static_cast<std::size_t>(Older)>();
    const Lanes<V> w = lanes<V>(each);
    V strange = packet::pset1<V>(T(0));
    const auto watch = [&](const V& mean) { strange = packet::por(strange, packet::psub(mean, mean)); };  // 0 or NaN
    std::ptrdiff_t i = 0;
    for (; i + 2 * width <= n; i += 2 * width) {
      watch(advance(w, x, m, p, i, each));
      watch(advance(w, x, m, p, i + width, each));
    }
    for (; i < n; i += width) watch(advance(w, x, m, p, i, each));
    return packet::predux(strange) == T(0);
  }

  template <class V, std::ptrdiff_t Width>
  bool run_tail(T* x, T* m, const Pointers& p, std::ptrdiff_t from, std::ptrdiff_t n) const {
    std::array<T, static_cast<std::size_t>(Width)> tail_x{}, tail_m{};
    std::array<std::array<T, static_cast<std::size_t>(Width)>, Older> tail_p{};
    Pointers pointers{};
    for (std::size_t j = 0; j < pointers.size(); ++j) {
      std::copy_n(p[j] + from, n, tail_p[j].begin());
      pointers[j] = tail_p[j].data();
    }
    std::copy_n(x, n, tail_x.begin());
    std::copy_n(m, n, tail_m.begin());
    const bool finite = run<V>(tail_x.data(), tail_m.data(), pointers, Width);
    std::copy_n(tail_x.begin(), n, x);
    if constexpr (Remember) std::copy_n(tail_m.begin(), n, m);
    return finite;
  }

  T a_, b_, u_, v_;
  std::array<T, Older> h_;
};

/// x <- x + c ε over n values, with the same care for the last ones.
template <class T>
void add_noise(T* x, const T* noise, T c, std::ptrdiff_t n) {
  using Packet = typename Eigen::internal::packet_traits<T>::type;
  namespace packet = Eigen::internal;
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
