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

/// A TorchScript module as a network of a denoiser: forward(state, time) is given B × sample values of float
/// and returns as many, or what its weights are of. Further arguments are conditions, see with(). The module reads the
/// library's memory. Its output is copied, once: a module allocates what it returns and cannot be given memory to write
/// to. With states of torch's own (torch_state.hpp), of any type, nothing is copied: the state is the argument, and the
/// output the mean. A module that changes its argument in place changes the state.
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
/// A copy shares the module, which may be run by several threads at once. How many threads one evaluation
/// uses is torch's setting, of the whole process: at::set_num_threads of <ATen/Parallel.h>.
class TorchNetwork {
 public:
  /// Loads a file that torch.jit.save has written, and puts the module into evaluation mode.
  /// \throws std::invalid_argument if it cannot be read, or its forward is not as above; names what was
  /// expected and what was found.
  explicit TorchNetwork(const std::filesystem::path& file, const TorchOptions& options = {})
      : model_(std::make_shared<TorchModel>(file.string(), load(file, options.device), options)) {}

  /// A module at hand, left as it is.
  /// \throws std::invalid_argument if its forward is not as above.
  explicit TorchNetwork(torch::jit::Module module, const TorchOptions& options = {})
      : model_(std::make_shared<TorchModel>("the module", std::move(module), options)) {}

  /// The same module with `value` for its argument `name`: a tensor with a label or the embedding of a prompt
  /// for each sample, or anything else that TorchScript knows.
  ///
  ///     const auto cats = network.with("label", torch::tensor({281}));
  ///
  /// \param value  a tensor's first dimension is the batch; a batch of 1 is for all samples, without a copy, and
  /// so is a tensor of no dimensions
  /// \throws std::invalid_argument if forward has no such argument, or of another type.
  TorchNetwork with(const std::string& name, const torch::IValue& value) const {
    TorchNetwork result = *this;
    result.conditions_.insert_or_assign(name, model_->condition(name, value));
    return result;
  }

  /// output = forward(input, c, conditions), without a record for derivatives. X is an Eigen array or tensor of
  /// float, where a block or row, whose samples do not lie one after another, is copied; or a TorchState, whose
  /// dimensions the module is given where the options have none.
  /// \throws std::invalid_argument if a sample is not of the options' size, the output not of the input's shape,
  /// or a condition missing or for another number of samples; what torch throws if the evaluation fails.
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

  /// output = Jᵀ v, J = ∂forward(input, c)/∂input, by automatic differentiation: what NetworkDenoiser passes
  /// on to DPSDenoiser, PiGDMDenoiser and MMPSDenoiser. Costs an evaluation and its way back.
  /// \throws as a call does, and std::invalid_argument if v has another shape than the input.
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
      const c10::InferenceMode recorded(false);  // or vjp() would be refused later
      torch::jit::Module module = torch::jit::load(name, device);
      module.eval();
      // Derivatives are by the input alone: what those by the weights would need is not kept.
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
