#pragma once
/// \file

#include <Eigen/Core>

#include <algorithm>
#include <array>
#include <cstddef>
#include <type_traits>

#include "azula/plan/stage.hpp"
#include "azula/sample/storage.hpp"
#include "azula/sample/update.hpp"
#include "azula/state/real.hpp"

namespace azula {

/// Performs a stage on values in host memory in one pass, generating the noise block by block where the source allows
/// it.
///
/// T is the type of the state's values, M the type of means and predictions. History is the largest number of
/// predictions that the method may need. Size is the number of values if the type of the state fixes it, otherwise
/// Eigen::Dynamic. Slots gives access to the mean and the predictions:
///
///     M* mean();                          E[X | x_t]
///     const M* before(std::size_t j);     the j-th last prediction before the mean, j from 0
///
/// Each call processes the values begin, …, begin + count - 1 of a state that starts at x.
template <class T, class M, int History, int Size>
class BlockUpdate {
 public:
  using Real = real_t<T>;  // type of the noise

  static constexpr std::ptrdiff_t size = 1024;  // values per block; the noise of a block stays in the L1 cache

  /// Performs a stage without noise; returns whether the mean was finite.
  template <class Slots>
  static bool run(const Stage& stage, T* x, Slots slots, std::ptrdiff_t begin, std::ptrdiff_t count) {
    clear(stage, slots, begin, count);
    return update(stage, x + begin, slots, begin, count);
  }

  /// Performs a stage with the noise of a draw; returns whether the mean was finite.
  template <class Slots, class Draw>
  static bool run(const Stage& stage, T* x, Slots slots, std::ptrdiff_t begin, std::ptrdiff_t count, const Draw& draw) {
    clear(stage, slots, begin, count);
    std::array<Real, size> noise;
    bool finite = true;
    for (std::ptrdiff_t from = begin; from < begin + count; from += size) {
      const std::ptrdiff_t part = (std::min)(size, begin + count - from);
      Eigen::Map<Eigen::ArrayX<Real>> out(noise.data(), part);
      finite = with_block(x + from, part, [&](Real* values) {
        const bool good = update(stage, values, slots, from, part);
        draw.fill(out, from);
        add_noise(values, noise.data(), Real(stage.c), part);
        return good;
      }) && finite;
    }
    return finite;
  }

  /// Adds noise: x <- x + c ε
  static void add(T* x, const Real* noise, double c, std::ptrdiff_t count) {
    for (std::ptrdiff_t from = 0; from < count; from += size) {
      const std::ptrdiff_t part = (std::min)(size, count - from);
      with_block(x + from, part, [&](Real* to) {
        add_noise(to, noise + from, Real(c), part);
        return true;
      });
    }
  }

 private:
  /// Sets the mean to zero for a stage that does not evaluate, because nobody has written it.
  template <class Slots>
  static void clear(const Stage& stage, Slots slots, std::ptrdiff_t begin, std::ptrdiff_t count) {
    if (!stage.evaluates) std::fill_n(slots.mean() + begin, count, M(0));
  }

  /// Calls f on the values; values of 16 bits are converted to float before and rounded back once afterwards.
  template <class F>
  EIGEN_ALWAYS_INLINE static bool with_block(T* x, std::ptrdiff_t count, const F& f) {
    if constexpr (std::is_same_v<T, Real>) {
      return f(x);
    } else {
      std::array<Real, size> wide;
      Storage<T>::widen(x, wide.data(), count);
      const bool result = f(wide.data());
      Storage<T>::round(wide.data(), x, count);
      return result;
    }
  }

  /// Selects the kernel for the number of older predictions, by a chain of comparisons for each block.
  template <int Older = History - 1, class S, class Slots>
  static bool update(const Stage& stage, S* x, Slots slots, std::ptrdiff_t from, std::ptrdiff_t count) {
    if constexpr (Older > 0) {
      if (stage.older < Older) return update<Older - 1>(stage, x, slots, from, count);
    }
    if constexpr (History > 1) {
      if (stage.u != 0 || stage.v != 1) return apply<Older, true>(stage, x, slots, from, count);
    }
    return apply<Older, false>(stage, x, slots, from, count);
  }

  /// Runs one kernel.
  /// \param x  points to value number `from` of the state
  template <int Older, bool Remember, class S, class Slots>
  static bool apply(const Stage& stage, S* x, Slots slots, std::ptrdiff_t from, std::ptrdiff_t count) {
    constexpr int fixed = Size <= size ? Size : Eigen::Dynamic;
    using Kernel = Update<S, Older, Remember, M>;
    typename Kernel::Pointers p{};
    for (std::size_t j = 0; j < p.size(); ++j) p[j] = slots.before(j) + from;
    return Kernel::template run<fixed>(stage, x, slots.mean() + from, p, count);
  }
};

}  // namespace azula
