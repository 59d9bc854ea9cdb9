#pragma once
/// \file
/// States in GPU memory for samplers. Needs CUDA, and nvcc with --expt-relaxed-constexpr; not part of azula.hpp.

#include <cuda_runtime.h>

#include <Eigen/Core>

#include <array>
#include <concepts>
#include <cstddef>
#include <span>
#include <type_traits>

#include "azula/interop/cuda/run_memory.cuh"
#include "azula/interop/cuda_state.cuh"
#include "azula/plan/stage.hpp"
#include "azula/sample_shape.hpp"
#include "azula/state.hpp"

namespace azula {

/// The types in GPU memory that can be the state of a sampler: CudaState and CudaView.
template <class X>
concept CudaValues = requires {
  typename X::Scalar;
}
&&(std::same_as<X, CudaState<typename X::Scalar>> || std::same_as<X, CudaView<typename X::Scalar>>);

/// Lets samplers work on states in the memory of an NVIDIA GPU, without copying them to the host.
///
///     azula::CudaState<float> x({.samples = 64, .size = 784}, stream);
///     azula::NormalSource random(42);
///     sampler.init(x, random);
///     x = sampler(x, random);
///
/// A run of a CudaState owns its memory; a run of a CudaView works in place. The denoiser must read and write such
/// states, in their stream.
///
/// The kernels generate the noise of a NormalSource or of a ShardSource of one. Noise of other sources is generated on
/// the host and copied. A mean that is not finite is reported after the last stage.
template <CudaValues X>
struct StateTraits<X> {
  using T = typename X::Scalar;
  using Scalar = std::conditional_t<std::is_same_v<T, __half>, Eigen::half,
                                    std::conditional_t<std::is_same_v<T, __nv_bfloat16>, Eigen::bfloat16, T>>;
  using Plain = CudaState<T>;
  using Memory = CudaRunMemory;
  using Before = std::span<const Plain* const>;
  static constexpr bool view = std::is_same_v<X, CudaView<T>>;

  static SampleShape shape(const X& x) { return x.shape(); }

  static void resize_like(Plain& out, const X& x) {
    const bool same = out.shape().samples == x.shape().samples && out.shape().size == x.shape().size;
    if (!same || out.stream() != x.stream()) out = Plain(x.shape(), x.stream());
  }

  static bool update(const Stage& stage, X& x, Plain& mean, Before before, Memory& memory) {
    Stage quiet = stage;
    quiet.c = 0;
    return launch(quiet, x, mean, before, {}, memory);
  }

  /// One stage with the noise of a draw, in a single kernel.
  template <class Draw>
  requires requires(Memory& memory, const Draw& draw) { memory.noise(draw); }
  static bool update(const Stage& stage, X& x, Plain& mean, Before before, const Draw& draw, Memory& memory) {
    return launch(stage, x, mean, before, memory.noise(draw), memory);
  }

  /// Copies values from the host, and waits, because the caller may free them afterwards.
  static void write(X& x, const Scalar* values) {
    cuda_copy<T>(x.data(), reinterpret_cast<const T*>(values), x.size(), x.stream());
    cuda_check(cudaStreamSynchronize(x.stream()), "cudaStreamSynchronize");
  }

  static bool finite(Memory& memory) { return !memory.watch().first_bad(); }

 private:
  static bool launch(const Stage& stage, X& x, Plain& mean, Before before, const CudaNoise& noise, Memory& memory) {
    std::array<const T*, max_older> older{};
    for (std::size_t j = 0; j < before.size(); ++j) older[j] = before[j]->data();
    cuda_update<CudaSums::fused, T>(stage, x.data(), mean.data(), {older.data(), before.size()}, x.shape(), noise,
                                    x.stream(), memory.mark());
    return true;
  }
};

}  // namespace azula
