#pragma once
/// \file
/// The implementation of TorchNetwork. Needs LibTorch (its headers and library); not part of azula.hpp.

#include "azula/interop/torch_options.hpp"  // before other headers of torch, see there

#include <torch/csrc/autograd/autograd.h>
#include <torch/script.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "azula/error.hpp"
#include "azula/sample_shape.hpp"

namespace azula {

/// The conditions of a module, by the names of the arguments of its forward().
using TorchConditions = torch::jit::Kwargs;

/// A TorchScript module with a checked signature, shared by all copies of a TorchNetwork.
///
/// Its error messages name TorchNetwork, the class that programs use.
class TorchModel {
  using Shape = std::vector<std::int64_t>;

 public:
  /// \param name  name of the module, for messages
  /// \throws std::invalid_argument unless forward() takes a Tensor, then a Tensor or a float.
  TorchModel(std::string name, torch::jit::Module module, const TorchOptions& options)
      : name_(std::move(name)), module_(std::move(module)), options_(options) {
    const auto forward = module_.find_method("forward");
    if (!forward) refuse("the module must have a forward", "none");
    arguments_ = forward->function().getSchema().arguments();
    arguments_.erase(arguments_.begin());  // the module itself
    if (arguments_.size() < 2) {
      refuse("forward must have at least 2 arguments", std::to_string(arguments_.size()));
    }
    if (arguments_[0].type()->kind() != c10::TypeKind::TensorType) {
      refuse("argument \"" + arguments_[0].name() + "\" must be a Tensor", arguments_[0].type()->str());
    }
    for (const torch::Tensor& weights : module_.parameters()) {
      if (!type_ && weights.is_floating_point()) type_ = weights.scalar_type();
    }
    takes_number_ = arguments_[1].type()->kind() == c10::TypeKind::FloatType;
    if (!takes_number_ && arguments_[1].type()->kind() != c10::TypeKind::TensorType) {
      refuse("argument \"" + arguments_[1].name() + "\" must be a Tensor or a float", arguments_[1].type()->str());
    }
  }

  /// Checks a value for the argument `name` of forward(), and returns it on the module's device.
  /// \throws std::invalid_argument unless forward() has that argument after the first two, with that type.
  torch::IValue condition(const std::string& name, const torch::IValue& value) const {
    std::string all;
    for (std::size_t i = 2; i < arguments_.size(); ++i) {
      const c10::Argument& argument = arguments_[i];
      all += (all.empty() ? "" : ", ") + argument.name();
      if (argument.name() != name) continue;
      if (!value.type()->isSubtypeOf(*argument.type())) {
        refuse("argument \"" + name + "\" must be of type " + argument.type()->str(), value.type()->str());
      }
      return value.isTensor() ? torch::IValue(kept(value.toTensor())) : value;
    }
    refuse("a condition must be for an argument after the first two, " +
               (all.empty() ? "of which it has none" : all),
           name);
  }

  /// Evaluates the module: y = module(x, c, conditions).
  void run(const float* x, double c, float* y, const SampleShape& shape, const TorchConditions& conditions) const {
    const c10::InferenceMode unrecorded;
    const Shape dimensions = dimensions_of(shape);
    copy(evaluate(as_weights(view(x, dimensions)), c, conditions), y, dimensions);
  }

  /// Evaluates the module for a tensor. The tensor is passed on without a copy if it has the type and device of the
  /// module, and the output is returned as it is.
  torch::Tensor run(const torch::Tensor& x, double c, const SampleShape& shape,
                    const TorchConditions& conditions) const {
    const c10::InferenceMode unrecorded;
    const torch::Tensor input = options_.sample.empty() ? x : x.view(dimensions_of(shape));
    return evaluate(as_weights(input), c, conditions).reshape(x.sizes());
  }

  /// Multiplies v by the transposed Jacobian: y = Jᵀ v with J = ∂module(x, c, conditions)/∂x.
  void vjp(const float* x, double c, const float* v, float* y, const SampleShape& shape,
           const TorchConditions& conditions) const {
    const c10::InferenceMode recorded(false);  // the caller may be in inference mode
    const torch::AutoGradMode recording(true);
    const Shape dimensions = dimensions_of(shape);
    const torch::Tensor input = as_weights(view(x, dimensions)).requires_grad_();
    const torch::Tensor output = evaluate(input, c, conditions);
    torch::Tensor product;  // undefined if the output does not depend on the input
    if (output.requires_grad()) {
      const torch::Tensor direction = view(v, dimensions).to(output.options());
      product = torch::autograd::grad({output}, {input}, {direction}, {}, false, /*allow_unused=*/true)[0];
    }
    if (product.defined()) {
      copy(product, y, dimensions);
    } else {
      view(y, dimensions).zero_();
    }
  }

 private:
  torch::Tensor evaluate(const torch::Tensor& input, double c, const TorchConditions& conditions) const {
    const std::int64_t count = input.size(0);
    const torch::IValue time = takes_number_ ? torch::IValue(c) : time_tensor(c, count);
    const torch::IValue result = module_.get_method("forward")({input, time}, for_batch(conditions, count));
    if (!result.isTensor()) refuse("forward must return a Tensor", result.tagKind());
    torch::Tensor output = result.toTensor();
    if (output.sizes() != input.sizes()) {
      refuse("the output must have the shape of the input, " + text(input.sizes()), text(output.sizes()));
    }
    return output;
  }

  torch::Tensor time_tensor(double c, std::int64_t count) const {
    Shape shape;
    if (options_.time != TorchTime::single) shape.push_back(count);
    if (options_.time == TorchTime::column) shape.push_back(1);
    const bool wide = type_ == torch::kFloat64;  // times of 16 bits would be too coarse
    const torch::Tensor time = torch::empty(shape, wide ? torch::kFloat64 : torch::kFloat32);
    if (wide) {
      std::fill_n(time.data_ptr<double>(), time.numel(), c);
    } else {
      std::fill_n(time.data_ptr<float>(), time.numel(), static_cast<float>(c));
    }
    return on_device(time);
  }

  /// The conditions for this many samples. A condition given for one sample is expanded, without a copy.
  TorchConditions for_batch(TorchConditions conditions, std::int64_t count) const {
    for (std::size_t i = 2; i < arguments_.size(); ++i) {
      const std::string& name = arguments_[i].name();
      const auto given = conditions.find(name);
      if (given == conditions.end()) {
        if (!arguments_[i].default_value()) refuse("each condition must be given, by with()", "none for " + name);
        continue;
      }
      if (!given->second.isTensor()) continue;
      const torch::Tensor values = given->second.toTensor();
      if (values.dim() == 0 || values.size(0) == count) continue;
      if (values.size(0) != 1) {
        refuse("argument \"" + name + "\" must be for 1 sample or for the " + std::to_string(count) +
                   " of the batch",
               std::to_string(values.size(0)));
      }
      Shape extents = values.sizes().vec();
      extents[0] = count;
      given->second = values.expand(extents);
    }
    return conditions;
  }

  /// The dimensions of the module's input: the batch, then those of one sample.
  Shape dimensions_of(const SampleShape& shape) const {
    Shape dimensions{shape.samples};
    std::int64_t size = 1;
    for (const std::int64_t extent : options_.sample) dimensions.push_back(extent), size *= extent;
    if (options_.sample.empty()) dimensions.push_back(size = shape.size);
    if (size != shape.size) {
      refuse("a sample must have the " + std::to_string(size) + " values of " + text(options_.sample),
             std::to_string(shape.size));
    }
    return dimensions;
  }

  /// A tensor over memory of the library. Torch has no tensors of const data, but only a module that works in place
  /// writes to its arguments.
  static torch::Tensor view(const float* data, const Shape& dimensions) {
    return torch::from_blob(const_cast<float*>(data), dimensions, torch::kFloat32);
  }

  /// A condition on the module's device. One that was made in inference mode is copied, because vjp() could not use it.
  torch::Tensor kept(const torch::Tensor& values) const {
    const c10::InferenceMode recorded(false);
    return on_device(values.is_inference() ? values.clone() : values);
  }

  torch::Tensor on_device(const torch::Tensor& tensor) const {
    return options_.device.is_cpu() ? tensor : tensor.to(options_.device);
  }

  /// The input on the module's device, converted to the type of its weights if it has floating-point weights.
  torch::Tensor as_weights(const torch::Tensor& input) const {
    return input.to(options_.device, type_.value_or(input.scalar_type()));
  }

  /// Copies the output. The plain copy is faster: torch's copy_() looks up its kernel in tables that the evaluation has
  /// evicted from the caches.
  static void copy(const torch::Tensor& from, float* y, const Shape& dimensions) {
    if (from.is_cpu() && from.is_contiguous() && from.scalar_type() == torch::kFloat32) {
      std::copy_n(from.data_ptr<float>(), from.numel(), y);
    } else {
      view(y, dimensions).copy_(from);
    }
  }

  static std::string text(torch::IntArrayRef extents) {
    std::string result;
    for (const std::int64_t i : extents) result += (result.empty() ? "" : " x ") + std::to_string(i);
    return result.empty() ? "no dimensions" : result;
  }

  [[noreturn]] void refuse(const std::string& rule, const std::string& found) const {
    reject("TorchNetwork", name_ + ": " + rule, found);
  }

  std::string name_;
  torch::jit::Module module_;
  TorchOptions options_;
  std::vector<c10::Argument> arguments_;
  std::optional<torch::ScalarType> type_;
  bool takes_number_ = false;
};

}  // namespace azula
