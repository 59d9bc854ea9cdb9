#pragma once
/// \file
/// Needs LibTorch (its headers and library); not part of azula.hpp.

#include "azula/interop/torch/tensor.hpp"  // before other headers of torch, see there

#include <cstddef>
#include <span>
#include <utility>

#include "azula/interop/torch/run_memory.hpp"
#include "azula/interop/torch/scalar.hpp"
#include "azula/interop/torch/state.hpp"
#include "azula/plan/stage.hpp"

namespace azula {

/// Updates torch tensors on any device, by operations of torch.
///
///     p  =  u x + v m                                (only if it is not m; in the place of the mean)
///     x  <- a x + b m + Σ_j h_j p_j + c ε
///
/// Each term is one operation, which is started without waiting for the result. Values of 16 bits are summed in float
/// and rounded once.
class TorchOperations {
  using Memory = TorchRunMemory;
  using Use = Memory::Use;

 public:
  /// Carries out one stage.
  /// \param noise  ε; an undefined tensor if the stage has no noise
  static void update(const Stage& stage, TorchState& x, TorchState& mean, std::span<const TorchState* const> before,
                     const at::Tensor& noise, Memory& memory) {
    const c10::InferenceMode unrecorded;
    const bool remember = stage.evaluates && (stage.u != 0 || stage.v != 1);
    if (stage.evaluates) memory.watch(mean.values());
    if (remember) remembered(x, memory).copy_(x.values()).mul_(stage.u).add_(like(x, mean), stage.v);
    sum(x, memory, [&](const at::Tensor& to) {
      to.mul_(stage.a);
      if (stage.evaluates) to.add_(like(x, mean), stage.b);
      for (std::size_t j = 0; j < before.size(); ++j) to.add_(like(x, *before[j]), stage.h[j]);
      if (noise.defined()) to.add_(noise, stage.c);
    });
    if (!remember) return;
    if (is_torch_half(mean.values().scalar_type())) {
      mean.writable().view(x.values().sizes()).copy_(remembered(x, memory));
    } else {
      mean.swap(remembered(x, memory));
    }
  }

  /// Adds noise: x <- x + c ε.
  static void add(TorchState& x, double c, const at::Tensor& noise, Memory& memory) {
    const c10::InferenceMode unrecorded;
    sum(x, memory, [&](const at::Tensor& to) { to.add_(noise, c); });
  }

 private:
  /// Calls f with the tensor to sum in: the state itself, or a tensor of float for a state of 16 bits, which is rounded
  /// once at the end.
  template <class F>
  static void sum(TorchState& x, Memory& memory, const F& f) {
    const at::Tensor& values = x.writable();
    if (!is_torch_half(values.scalar_type())) return f(values);
    const at::Tensor& wide = scratch(Use::sum, values, memory);
    wide.copy_(values);
    f(wide);
    values.copy_(wide);
  }

  static at::Tensor& remembered(const TorchState& x, Memory& memory) {
    return scratch(Use::prediction, x.values(), memory);
  }

  static at::Tensor& scratch(Use use, const at::Tensor& like, Memory& memory) {
    const bool half = is_torch_half(like.scalar_type());
    return memory.scratch(use, like, half ? like.options().dtype(at::kFloat) : like.options());
  }

  /// The values of a prediction in the dimensions of the state.
  static at::Tensor like(const TorchState& x, const TorchState& prediction) {
    return prediction.values().view(x.values().sizes());
  }
};

}  // namespace azula
