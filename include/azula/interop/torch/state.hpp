#pragma once
/// \file
/// Needs LibTorch (its headers and library); not part of azula.hpp.

#include "azula/interop/torch/tensor.hpp"  // before other headers of torch, see there

#include <utility>

#include "azula/error.hpp"
#include "azula/interop/torch/scalar.hpp"

namespace azula {

/// A torch::Tensor that is a value: what a run keeps as its state and its predictions, see torch_state.hpp.
///
/// A tensor is a handle, whose copies show the same memory. A TorchState has memory of its own, without gaps, and its
/// copy has the same values elsewhere. It takes the memory of a tensor that is moved in if nobody else holds it and torch
/// has allocated it: not that of a view, nor of torch::from_blob. Handles that were taken from it are not changed behind
/// the back of who holds them: writable() leaves the memory to them.
///
///     azula::TorchState x(torch::randn({64, 3, 32, 32}));
///     const torch::Tensor& seen = x;
///
/// What a sampler returns is gone at the end of the statement: make it a torch::Tensor, and no reference to one.
///
/// Values are of float, double, half or bfloat16, on any device. What is assigned is converted to the type and the device
/// that are there.
class TorchState {
 public:
  TorchState() = default;

  /// \throws std::invalid_argument if the values are of another type or not dense.
  explicit TorchState(at::Tensor values) : values_(owned(std::move(values))) {}

  /// Another tensor of the same values.
  TorchState(const TorchState& other) : TorchState(other.values_) {}
  TorchState(TorchState&&) noexcept = default;  ///< the tensor itself
  TorchState& operator=(TorchState&&) noexcept = default;  ///< likewise
  /// Copies the values.
  TorchState& operator=(const TorchState& other) { return *this = other.values_; }
  ~TorchState() = default;

  /// Takes the values, converted, or copies them if somebody else holds their memory.
  TorchState& operator=(at::Tensor values) {
    const c10::InferenceMode unrecorded;
    if (values_.defined() && values.defined()) values = values.to(values_.options());
    if (!is_alone(values) && is_alone(values_) && values.sizes() == values_.sizes()) {
      values_.copy_(values);
    } else {
      values_ = owned(std::move(values));
    }
    return *this;
  }

  const at::Tensor& values() const& { return values_; }  ///< the tensor, to look at
  at::Tensor values() && { return std::move(values_); }  ///< of a state that is gone at the end of the statement
  operator const at::Tensor&() const { return values_; }  ///< the tensor, to look at

  /// The tensor for who writes to it: nobody else holds its memory then.
  const at::Tensor& writable() {
    if (!is_alone(values_)) values_ = owned(std::move(values_));
    return values_;
  }

  /// Exchanges the tensor for one of the same shape and type, of which nobody else holds the memory.
  void swap(at::Tensor& other) { std::swap(values_, other); }

  /// Whether nobody but this handle holds the tensor or its memory, which is torch's own.
  static bool is_alone(const at::Tensor& values) {
    return values.defined() && values.use_count() == 1 && values.storage().use_count() == 1 &&
           values.storage().resizable();
  }

 private:
  static at::Tensor owned(at::Tensor&& values) {
    if (!values.defined()) return {};
    if (values.layout() != at::kStrided) reject("TorchState", "values must be dense", "a sparse tensor");
    with_torch_scalar(values.scalar_type(), [](auto) {});
    const bool alone = is_alone(values) && values.is_contiguous();
    const at::NoGradGuard unrecorded;
    if (alone) return values.requires_grad() ? values.detach() : std::move(values);
    const c10::InferenceMode normal(false);  // whatever the caller's mode is: one may later derive by what is drawn
    return values.clone(at::MemoryFormat::Contiguous);
  }

  at::Tensor values_;
};

}  // namespace azula
