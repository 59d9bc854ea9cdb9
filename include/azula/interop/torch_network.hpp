#pragma once
/// \file
/// Needs LibTorch (its headers and library); not part of azula.hpp.

#include <exception>
#include <filesystem>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>

#include "azula/error.hpp"
#include "azula/interop/torch_model.hpp"
#include "azula/interop/torch_options.hpp"
#include "azula/state.hpp"

namespace azula {

/// Runs a TorchScript module as the network of a denoiser, through LibTorch.
///
/// The module's forward(state, time) receives B samples and returns a tensor of the same shape:
/// - `state` has the dimensions B × TorchOptions::sample. It is of float, or of the type of the module's weights;
/// - `time` has the form that TorchOptions::time says;
/// - further arguments are conditions, see with().
///
/// With Eigen states the module reads the sampler's memory. Its output is copied once, because a module allocates the
/// tensor that it returns. Torch states (torch_state.hpp) may have any type that TorchState has. If they have the
/// module's type and device, nothing is copied: the state is the argument, and the output is the mean. A module that
/// changes its argument in place changes the state.
///
///     #include <azula/azula.hpp>
///     #include <azula/interop/torch_network.hpp>
///
///     int main() {
///       azula::KarrasDenoiser denoiser(azula::TorchNetwork("digits.ts"), azula::VPSchedule{});
///       azula::Sampler sampler(denoiser, azula::zEAB<3>{}, {.steps = 10});
///       Eigen::ArrayXXf x(64, 100);   // one image per column
///       azula::NormalSource random(42);
///       sampler.init(x, random);
///       x = sampler(x);
///     }
///
/// Copies share the module. Several threads may run it at once. The number of threads of one evaluation is a setting of
/// torch for the whole process: at::set_num_threads() of `ATen/Parallel.h`.
class TorchNetwork {
 public:
  /// Loads a file that torch.jit.save() has written, and puts the module into evaluation mode.
  /// \throws std::invalid_argument if the file cannot be loaded, or if forward() is not as above. The message says what
  /// was expected and what was found.
  explicit TorchNetwork(const std::filesystem::path& file, const TorchOptions& options = {})
      : model_(std::make_shared<TorchModel>(file.string(), load(file, options.device), options)) {}

  /// Uses a module that the program has already loaded, as it is.
  /// \throws std::invalid_argument if forward() is not as above.
  explicit TorchNetwork(torch::jit::Module module, const TorchOptions& options = {})
      : model_(std::make_shared<TorchModel>("the module", std::move(module), options)) {}

  /// Returns the same module with a condition: `value` for the argument `name` of forward(), such as class labels or
  /// the embedding of a prompt.
  ///
  ///     const auto cats = network.with("label", torch::tensor({281}));
  ///
  /// \param value  any value that TorchScript knows. The first dimension of a tensor is the batch. A tensor with a
  /// batch of 1, or without dimensions, applies to all samples and is not copied
  /// \throws std::invalid_argument if forward() has no such argument, or if its type is another one.
  TorchNetwork with(const std::string& name, const torch::IValue& value) const {
    TorchNetwork result = *this;
    result.conditions_.insert_or_assign(name, model_->condition(name, value));
    return result;
  }

  /// Evaluates the module in inference mode: output = forward(input, c, conditions).
  ///
  /// X is an Eigen array or tensor of float, or a TorchState. A block or row of Eigen whose samples are not contiguous
  /// in memory is copied first. A TorchState keeps its dimensions unless TorchOptions::sample is set.
  /// \throws std::invalid_argument if a sample has another size than TorchOptions::sample, if the output has another
  /// shape than the input, or if a condition is missing or has another number of samples; also whatever torch throws if
  /// the evaluation fails.
  template <State X>
  void operator()(const X& input, double c, plain_t<X>& output) const {
    if constexpr (std::is_convertible_v<const X&, const torch::Tensor&>) {
      output = model_->run(input, c, sample_shape(input), conditions_);
    } else {
      static_assert(std::is_same_v<scalar_t<X>, float>, "azula::TorchNetwork: the state must be of float");
      const auto& values = contiguous(input);
      resize_like(output, input);
      model_->run(values.data(), c, output.data(), sample_shape(input), conditions_);
    }
  }

  /// Computes output = Jᵀ v with J = ∂forward(input, c)/∂input, by automatic differentiation.
  ///
  /// DPSDenoiser, PiGDMDenoiser and MMPSDenoiser need it; NetworkDenoiser passes it on to them. It costs one forward
  /// and one backward pass.
  /// \throws std::invalid_argument as a call does, and if v has another shape than the input.
  template <State X>
  void vjp(const X& input, double c, const plain_t<X>& v, plain_t<X>& output) const {
    static_assert(std::is_same_v<scalar_t<X>, float>, "azula::TorchNetwork: the state must be of float");
    require_shape(v, input, "TorchNetwork", "v must have the shape of the input");
    const auto& values = contiguous(input);
    resize_like(output, input);
    model_->vjp(values.data(), c, v.data(), output.data(), sample_shape(input), conditions_);
  }

 private:
  static torch::jit::Module load(const std::filesystem::path& file, const torch::Device& device) {
    const std::string name = file.string();
    if (!std::filesystem::is_regular_file(file)) reject("TorchNetwork", "the module must be a file", name);
    try {
      const c10::InferenceMode recorded(false);  // torch refuses derivatives of modules loaded in inference mode
      torch::jit::Module module = torch::jit::load(name, device);
      module.eval();
      // vjp() differentiates by the input alone, so nothing is recorded for derivatives by the weights.
      for (torch::Tensor weights : module.parameters()) weights.requires_grad_(false);
      return module;
    } catch (const c10::Error& error) {
      reject("TorchNetwork", name + " must be a module that torch can load", error.what_without_backtrace());
    } catch (const std::exception& error) {
      reject("TorchNetwork", name + " must be a module that torch can load", error.what());
    }
  }

  std::shared_ptr<const TorchModel> model_;
  TorchConditions conditions_;
};

}  // namespace azula
