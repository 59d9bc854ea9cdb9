#pragma once
/// \file

#include <cstddef>
#include <cstdint>

#include "azula/interop/cuda/groups.hpp"
#include "azula/interop/cuda/job.hpp"
#include "azula/interop/cuda/noise.hpp"
#include "azula/interop/cuda/pack.hpp"
#include "azula/interop/cuda/scalar.hpp"

namespace azula {

/// Whether a group can be read and written in pieces of 16 bytes. `aligned` says whether the arrays start at a multiple
/// of 16 bytes.
template <class T>
constexpr bool is_whole(const CudaGroup& group, bool aligned) {
  constexpr int width = CudaScalar<T>::width;
  return aligned && group.count == width && group.first % width == 0;
}

/// Computes the noise values From, From + 1, … of a group.
template <class T, std::size_t From = 0>
[[gnu::always_inline]] constexpr void cuda_normals(const CudaNoise& noise, const CudaGroup& group,
                                                   typename CudaPack<T>::Values& values) {
  if constexpr (From < CudaScalar<T>::width) {
    const auto four = noise.four(group.sample, (group.element + From) / 4);
    for (std::size_t j = 0; j < 4; ++j) values[From + j] = static_cast<typename CudaScalar<T>::Compute>(four[j]);
    cuda_normals<T, From + 4>(noise, group, values);
  }
}

/// Computes the noise of a group, in the type that the kernel computes in.
template <class T>
[[gnu::always_inline]] constexpr typename CudaPack<T>::Values cuda_normals(const CudaNoise& noise,
                                                                           const CudaGroup& group) {
  typename CudaPack<T>::Values values{};
  cuda_normals<T>(noise, group, values);
  return values;
}

/// Fills a state with noise, x <- ε, as the work of one GPU thread. See CudaUpdate.
template <class T>
class CudaFill {
  using Pack = CudaPack<T>;

 public:
  using Job = CudaJob<T>;

  [[gnu::always_inline]] static constexpr bool run(const Job& job, std::uint64_t thread, std::uint64_t threads) {
    for (std::uint64_t i = thread; i < job.groups.count(); i += threads) {
      const CudaGroup group = job.groups[i];
      const typename Pack::Values values = cuda_normals<T>(job.noise, group);
      if (is_whole<T>(group, job.aligned)) {
        Pack::template store<true>(job.x + group.first, values, group.count);
      } else {
        Pack::template store<false>(job.x + group.first, values, group.count);
      }
    }
    return true;
  }
};

}  // namespace azula
