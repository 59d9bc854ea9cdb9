#pragma once
/// \file
/// Needs LibTorch (its headers and library); not part of azula.hpp.

#include "azula/interop/torch/tensor.hpp"  // before other headers of torch, see there

#include <utility>

#include "azula/error.hpp"
#include "azula/interop/torch/scalar.hpp"

namespace azula {

/// A torch tensor with value semantics, in which a run keeps its state and its predictions (see torch_state.hpp).
///
/// A torch::Tensor is a handle: copies share the same memory. A TorchState owns contiguous memory, and a copy has its
/// own memory with the same values.
///
///     azula::TorchState x(torch::randn({64, 3, 32, 32}));
///     const torch::Tensor& seen = x;
///
/// It takes over the memory of a tensor that is moved in if nobody else holds that memory and torch has allocated it;
/// views and tensors of torch::from_blob() are copied. If you keep a torch::Tensor that you got from it, the state does
/// not change your values: writable() moves the state to new memory first.
///
/// A sampler returns a temporary TorchState. Store it in a torch::Tensor, not in a reference to one, which would
/// dangle.
///
/// Values are of float, double, half or bfloat16, on any device. Assigned values are converted to the type and device
/// of the state.
class TorchState {
 public:
  TorchState() = default;

  /// Takes over the tensor, or copies it if its memory is shared or not contiguous.
  /// \throws std::invalid_argument if the values are of another type, or not dense.
  explicit TorchState(at::Tensor values) : values_(owned(std::move(values))) {}

  /// Copies the values to memory of its own.
  TorchState(const TorchState& other) : TorchState(other.values_) {}
  TorchState(TorchState&&) noexcept = default;  ///< takes over the tensor
  TorchState& operator=(TorchState&&) noexcept = default;  ///< takes over the tensor
  /// Copies the values.
  TorchState& operator=(const TorchState& other) { return *this = other.values_; }
  ~TorchState() = default;

  /// Takes over the values, converted, or copies them if somebody else holds their memory.
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

  const at::Tensor& values() const& { return values_; }  ///< the tensor, for reading
  at::Tensor values() && { return std::move(values_); }  ///< the tensor of a temporary state
  operator const at::Tensor&() const { return values_; }  ///< the tensor, for reading

  /// The tensor, for writing. If somebody else holds its memory, the state moves to new memory first.
  const at::Tensor& writable() {
    if (!is_alone(values_)) values_ = owned(std::move(values_));
    return values_;
  }

  /// Exchanges the tensor for another one of the same shape and type, whose memory nobody else may hold.
  void swap(at::Tensor& other) { std::swap(values_, other); }

  /// Whether this handle is the only one of the tensor and of its memory, and torch has allocated the memory.
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
    const c10::InferenceMode normal(false);  // not in inference mode: the caller may later differentiate by the result
    return values.clone(at::MemoryFormat::Contiguous);
  }

  at::Tensor values_;
};

}  // namespace azula
