#pragma once
/// \file
/// Needs LibTorch (its headers and library); not part of azula.hpp. Includes most of interop/torch.

#include "azula/interop/torch/tensor.hpp"  // before other headers of torch, see there

#include <Eigen/Core>

#include <concepts>
#include <cstddef>
#include <span>
#include <string>

#include "azula/concepts.hpp"
#include "azula/error.hpp"
#include "azula/interop/torch/kernels.hpp"
#include "azula/interop/torch/operations.hpp"
#include "azula/interop/torch/run_memory.hpp"
#include "azula/interop/torch/scalar.hpp"
#include "azula/interop/torch/state.hpp"
#include "azula/plan/stage.hpp"
#include "azula/sample_shape.hpp"
#include "azula/state.hpp"

namespace azula {

/// A torch::Tensor or a TorchState.
template <class X>
concept TorchValues = std::same_as<X, at::Tensor> || std::same_as<X, TorchState>;

/// What samplers know of torch's tensors as states: those of float, double, half or bfloat16, on any device, whose
/// dimension 0 is that of the samples. A run copies its tensor, or takes it if it is moved in and nobody else holds its
/// memory, and goes on where it is:
///
///     torch::Tensor x = torch::empty({64, 3, 32, 32}, torch::kCUDA);
///     azula::NormalSource random(42);
///     sampler.init(x, random);
///     const torch::Tensor y = sampler(x, random);
///
/// with a denoiser that is given torch's tensors and returns them, a TorchNetwork or
///
///     const auto model = [&](const torch::Tensor& x_t, double t) { return net->forward(x_t, t); };
///     azula::Sampler sampler(azula::FunctionDenoiser(model, schedule), azula::xEAB<2>{}, {.steps = 12});
///
/// What it returns is the mean without a copy, unless somebody else holds its memory (a module that returns its
/// argument), or it is of another type, on another device or has gaps. The run's own state is a TorchState.
///
/// On the CPU stages are the library's kernels: the bits are those of an Eigen array of the same values, noise included.
/// Anywhere else they are operations of torch, one for each term, and nothing waits but the end: a mean that is not finite
/// is seen after the last stage.
///
/// Noise of a NormalSource has the same bits for every device, as it is made on the host, and copied. Operations of torch
/// could make it elsewhere, but it would take some two hundred in a row, each a pass over memory with 8 bytes for a value:
/// 120 for the ten rounds of Philox, in each of which two products are masked, shifted and combined twice, the others for a
/// logarithm, a root, a sine and a cosine that every machine rounds alike. TorchSource makes noise of another kind on the
/// device. With CUDA the kernels of cuda_sampler.cuh make NormalSource's bits on the GPU, in the memory of a tensor:
///
///     azula::CudaView<float> view(x.data_ptr<float>(), {x.size(0), x.numel() / x.size(0)}, stream);
template <TorchValues X>
struct StateTraits<X> {
  using Scalar = double;  // the widest; for that of a state see with_scalar
  using Plain = TorchState;
  using Memory = TorchRunMemory;
  using Before = std::span<const TorchState* const>;

  static SampleShape shape(const at::Tensor& x) {
    if (!x.defined() || x.dim() == 0) return {x.defined() ? 1 : 0, 1};
    std::ptrdiff_t size = 1;
    for (std::int64_t i = 1; i < x.dim(); ++i) size *= x.size(i);
    return {x.size(0), size};
  }

  static void resize_like(TorchState& out, const at::Tensor& x) {
    const at::Tensor& old = out.values();
    if (old.defined() && old.sizes() == x.sizes() && is_alike(old, x)) return;
    out = TorchState(at::empty(x.sizes(), x.options().requires_grad(false), at::MemoryFormat::Contiguous));
  }

  /// Calls f with a value of the type that the tensor has.
  template <class F>
  static decltype(auto) with_scalar(const at::Tensor& x, const F& f) {
    return with_torch_scalar(x.scalar_type(), f);
  }

  template <class T>
  static void write(const at::Tensor& x, const T* values) {
    const c10::InferenceMode unrecorded;
    x.copy_(at::from_blob(const_cast<T*>(values), x.sizes(), torch_type<T>));
  }

  static bool update(const Stage& stage, TorchState& x, TorchState& mean, Before before, Memory& memory) {
    check(x, mean);
    if (x.values().is_cpu()) return TorchKernels::update(stage, x, mean, before);
    TorchOperations::update(stage, x, mean, before, {}, memory);
    return true;
  }

  template <class Draw>
  static bool update(const Stage& stage, TorchState& x, TorchState& mean, Before before, const Draw& draw,
                     Memory& memory) {
    check(x, mean);
    if (x.values().is_cpu()) return TorchKernels::update(stage, x, mean, before, draw);
    const auto fill = [&](auto& out) { draw.fill(out, 0); };
    TorchOperations::update(stage, x, mean, before, memory.noise(x, fill), memory);
    return true;
  }

  template <class Source>
  static void add_whole(TorchState& x, double c, Source& source, Memory& memory) {
    const at::Tensor noise = memory.noise_of(x, source);
    x.values().is_cpu() ? TorchKernels::add(x, c, noise) : TorchOperations::add(x, c, noise, memory);
  }

  static bool finite(Memory& memory) { return memory.finite(); }

 private:
  static bool is_alike(const at::Tensor& a, const at::Tensor& b) {
    return a.scalar_type() == b.scalar_type() && a.device() == b.device();
  }

  static void check(const TorchState& x, const TorchState& mean) {
    if (is_alike(x.values(), mean.values())) return;
    const auto text = [](const at::Tensor& of) { return at::toString(of.scalar_type()) + (" on " + of.device().str()); };
    reject("TorchState", "the mean must be of the type and on the device of the state, " + text(x.values()),
           text(mean.values()));
  }
};

}  // namespace azula
