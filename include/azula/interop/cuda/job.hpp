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

/// Where and how a kernel reports a mean that is not finite.
///
/// The kernel writes `value` to a word in GPU memory, if that is still 0. So the word keeps the first report.
struct CudaMark {
  std::uint32_t* flag = nullptr;  ///< the word; null: nothing is reported
  std::uint32_t value = 1;        ///< what is written, not 0
};

/// The arguments of a kernel, passed by value: the pointers and weights of a stage. Pointers are to GPU memory.
template <class T>
struct CudaJob {
  using Compute = typename CudaScalar<T>::Compute;

  T* x = nullptr;
  T* mean = nullptr;  ///< null if the stage does not evaluate the denoiser
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
  /// A stage without noise is processed as one large sample, because samples matter for noise only.
  static SampleShape cut(const Stage& stage, const SampleShape& shape) {
    return stage.c != 0 ? shape : SampleShape{1, shape.samples * shape.size};
  }
  static bool is_aligned(const void* pointer) { return reinterpret_cast<std::uintptr_t>(pointer) % 16 == 0; }
};

}  // namespace azula
