#pragma once
/// \file

#include <cstddef>
#include <cstdint>
#include <utility>

#include "azula/interop/cuda/job.hpp"
#include "azula/interop/cuda/multiply_add.hpp"
#include "azula/interop/cuda/normals.hpp"
#include "azula/interop/cuda/pack.hpp"
#include "azula/is_finite.hpp"
#include "azula/random/one_lane.hpp"

namespace azula {

/// Carries out one stage on a state in GPU memory, as the work of one thread.
///
///     p  =  u x + v m                                (only if Remember; written over m)
///     x  <- a x + b m + Σ_j h_j p_j + c ε            j < Older; ε only if Noisy
///
/// A stage is a single pass: every array is read once. The operations have the same order as on the CPU, so with the
/// CudaSums of that CPU the states have the same bits in float and double. For 16-bit types, the sum is rounded once,
/// at its end.
///
/// The code also runs on the CPU, one thread after another; this is how it is tested. Everything is inlined and all
/// loops have constant lengths, because clang would otherwise copy the job or values to memory.
template <class T, int Older, bool Remember, bool Noisy, CudaSums Sums>
class CudaUpdate {
  using Compute = typename CudaScalar<T>::Compute;
  using Pack = CudaPack<T>;
  using Values = typename Pack::Values;

 public:
  using Job = CudaJob<T>;

  /// Updates every group that belongs to thread number `thread` of `threads`.
  /// \return whether their means were finite
  [[gnu::always_inline]] static constexpr bool run(const Job& job, std::uint64_t thread, std::uint64_t threads) {
    bool finite = true;
    for (std::uint64_t i = thread; i < job.groups.count(); i += threads) {
      finite = advance(job, job.groups[i]) && finite;
    }
    return finite;
  }

 private:
  [[gnu::always_inline]] static constexpr bool advance(const Job& job, const CudaGroup& group) {
    Values noise{};
    if constexpr (Noisy) noise = cuda_normals<T>(job.noise, group);
    return is_whole<T>(group, job.aligned) ? pass<true>(job, group, noise) : pass<false>(job, group, noise);
  }

  template <bool Whole>
  [[gnu::always_inline]] static constexpr bool pass(const Job& job, const CudaGroup& group, const Values& noise) {
    const Values x = Pack::template load<Whole>(job.x + group.first, group.count);
    Values mean{};
    if (job.mean) mean = Pack::template load<Whole>(job.mean + group.first, group.count);
    Values next = sum(job.a, x, job.b, mean);
    add_older<Whole>(next, job, group, std::make_index_sequence<static_cast<std::size_t>(Older)>());
    if constexpr (Noisy) add(next, job.c, noise);
    if constexpr (Remember) {
      Pack::template store<Whole>(job.mean + group.first, sum(job.u, x, job.v, mean), group.count);
    }
    Pack::template store<Whole>(job.x + group.first, next, group.count);
    return all_finite(mean);
  }

  /// a x + b m
  [[gnu::always_inline]] static constexpr Values sum(Compute a, const Values& x, Compute b, const Values& mean) {
    Values result{};
    for (std::size_t i = 0; i < result.size(); ++i) {
      result[i] = multiply_add<Sums>(b, mean[i], OneLane::multiply(a, x[i]));
    }
    return result;
  }

  template <bool Whole, std::size_t... J>
  [[gnu::always_inline]] static constexpr void add_older(Values& to, const Job& job, const CudaGroup& group,
                                                         std::index_sequence<J...>) {
    (add(to, job.h[J], Pack::template load<Whole>(job.older[J] + group.first, group.count)), ...);
  }

  [[gnu::always_inline]] static constexpr void add(Values& to, Compute weight, const Values& values) {
    for (std::size_t i = 0; i < to.size(); ++i) to[i] = multiply_add<Sums>(weight, values[i], to[i]);
  }

  [[gnu::always_inline]] static constexpr bool all_finite(const Values& mean) {
    bool finite = true;
    for (std::size_t i = 0; i < mean.size(); ++i) finite = is_finite(mean[i]) && finite;
    return finite;
  }
};

}  // namespace azula
