#pragma once
/// \file

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "azula/error.hpp"
#include "azula/interop/cuda/groups.hpp"
#include "azula/interop/cuda/noise.hpp"
#include "azula/interop/cuda/scalar.hpp"
#include "azula/plan/stage.hpp"
#include "azula/sample_shape.hpp"

namespace azula {

/// Where a kernel says that a mean was not finite: a word in the memory of the GPU, 0 before, in which the first mark
/// stays.
struct CudaMark {
  std::uint32_t* flag = nullptr;  ///< none: nobody watches
  std::uint32_t value = 1;
};

/// All that a kernel is told, by value: the pointers and weights of a stage. Pointers are the GPU's.
template <class T>
struct CudaJob {
  using Compute = typename CudaScalar<T>::Compute;

  T* x = nullptr;
  T* mean = nullptr;  ///< none: the stage does not evaluate
  std::array<const T*, max_older> older{};
  Compute a = 0, b = 0, c = 0, u = 0, v = 0;
  std::array<Compute, max_older> h{};
  CudaGroups<CudaScalar<T>::width> groups;
  CudaNoise noise;
  CudaMark mark;
  bool aligned = false;  ///< whether all pointers are multiples of 16 bytes

  CudaJob(const Stage& stage, T* state, T* m, std::span<const T* const> before, const SampleShape& shape,
          const CudaNoise& draw = {}, const CudaMark& watch = {})
      : x(state),
        mean(stage.evaluates ? m : nullptr),
        a(Compute(stage.a)),
        b(Compute(stage.b)),
        c(Compute(stage.c)),
        u(Compute(stage.u)),
        v(Compute(stage.v)),
        groups(cut(stage, shape)),
        noise(draw),
        mark(watch) {
    const auto count = static_cast<std::size_t>(stage.older);
    require(before.size() >= count, "cuda_update", "a stage needs all its older predictions",
            static_cast<double>(before.size()));
    aligned = is_aligned(x) && is_aligned(mean);
    for (std::size_t j = 0; j < count; ++j) {
      older[j] = before[j];
      h[j] = Compute(stage.h[j]);
      aligned = aligned && is_aligned(older[j]);
    }
  }

 private:
  /// Without noise samples do not matter.
  static SampleShape cut(const Stage& stage, const SampleShape& shape) {
    return stage.c != 0 ? shape : SampleShape{1, shape.samples * shape.size};
  }
  static bool is_aligned(const void* pointer) { return reinterpret_cast<std::uintptr_t>(pointer) % 16 == 0; }
};

}  // namespace azula
