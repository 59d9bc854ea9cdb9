#pragma once
/// \file
/// Torch tensors as states of samplers. Needs LibTorch (its headers and library); not part of azula.hpp. Includes most
/// of interop/torch.

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

/// The torch types that can be the state of a sampler: torch::Tensor and TorchState.
template <class X>
concept TorchValues = std::same_as<X, at::Tensor> || std::same_as<X, TorchState>;

/// Lets samplers work directly on torch tensors, on whatever device they are.
///
/// Values are of float, double, half or bfloat16. Dimension 0 of a tensor is the batch.
///
///     torch::Tensor x = torch::empty({64, 3, 32, 32}, torch::kCUDA);
///     azula::NormalSource random(42);
///     sampler.init(x, random);
///     const torch::Tensor y = sampler(x, random);
///
/// A run copies the tensor that it is given. It takes the tensor over without a copy if it is moved in and nobody else
/// holds its memory. The run stays on the tensor's device, and its own state is a TorchState.
///
/// The denoiser must take and return torch tensors. Use a TorchNetwork, or a function of your own:
///
///     const auto model = [&](const torch::Tensor& x_t, double t) { return net->forward(x_t, t); };
///     azula::Sampler sampler(azula::FunctionDenoiser(model, schedule), azula::xEAB<2>{}, {.steps = 12});
///
/// The tensor that the denoiser returns becomes the mean without a copy. It is copied only if somebody else holds its
/// memory (as when a module returns its argument), if it has another type or device, or if it is not contiguous.
///
/// On the CPU, the library's own kernels update the state, with the same bits as for an Eigen array of the same values,
/// noise included. On other devices, each term of an update is an operation of torch. The program waits for the device
/// only at the end of a run, so a mean that is not finite is reported after the last stage.
///
/// Noise of a NormalSource is generated on the host and copied, so it has the same bits for every device. Generating
/// these bits by torch operations would take about two hundred passes over memory at 8 bytes per value: 120 for the ten
/// rounds of Philox, the others for a logarithm, a root, a sine and a cosine that every machine rounds alike. There are
/// two ways to generate noise on the device. TorchSource does, with other values. With CUDA, the kernels of
/// cuda_sampler.cuh generate the bits of NormalSource in the memory of a tensor:
///
///     azula::CudaView<float> view(x.data_ptr<float>(), {x.size(0), x.numel() / x.size(0)}, stream);
template <TorchValues X>
struct StateTraits<X> {
  using Scalar = double;  // the widest type; with_scalar() gives the type of a state
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

  /// Calls f with a value of the scalar type of the tensor.
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
