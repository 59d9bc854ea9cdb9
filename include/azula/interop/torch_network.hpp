#pragma once
/// \file
/// Needs LibTorch (its headers and library); not part of azula.hpp.

// The first of them: before LibTorch 2.1 clang finds a vector of an incomplete type in the others.
#include <ATen/core/ivalue.h>

#include <torch/csrc/autograd/autograd.h>
#include <torch/script.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "azula/error.hpp"
#include "azula/state.hpp"

namespace azula {

/// The form in which a module's second argument gets the time. One that is declared as float gets a number.
enum class TorchTime {
  per_sample,  ///< a tensor of B values
  column,      ///< B × 1
  single       ///< a tensor of no dimensions
};

/// Options of TorchNetwork.
struct TorchOptions {
  std::vector<std::int64_t> sample = {};  ///< shape of one sample, {3, 32, 32} say; empty: one dimension
  TorchTime time = TorchTime::per_sample;
  torch::Device device = torch::kCPU;  ///< where the module is; away from the CPU the input is copied, too
};

/// A TorchScript module as a network of a denoiser: forward(state, time) is given B × sample values of float
/// and returns as many. The module reads the library's memory. Its output is copied, once: a module allocates
/// what it returns and cannot be given memory to write to. One that changes its argument in place changes the
/// state.
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
      : model_(std::make_shared<Model>(file.string(), load(file, options.device), options)) {}

  /// A module at hand, left as it is.
  /// \throws std::invalid_argument if its forward is not as above.
  explicit TorchNetwork(torch::jit::Module module, const TorchOptions& options = {})
      : model_(std::make_shared<Model>("the module", std::move(module), options)) {}

  /// output = forward(input, c), without a record for derivatives. X is an Eigen array or tensor of float
  /// whose samples lie one after another.
  /// \throws std::invalid_argument if a sample is not of the options' size or the output not of the input's
  /// shape; what torch throws if the evaluation fails.
  template <State X>
  void operator()(const X& input, double c, plain_t<X>& output) const {
    static_assert(std::is_same_v<scalar_t<X>, float>, "azula::TorchNetwork: the state must be of float");
    resize_like(output, input);
    model_->run(input.data(), c, output.data(), sample_shape(input));
  }

  /// output = Jᵀ v, J = ∂forward(input, c)/∂input, by automatic differentiation: what NetworkDenoiser passes
  /// on to DPSDenoiser, PiGDMDenoiser and MMPSDenoiser. Costs an evaluation and its way back.
  /// \throws as a call does, and std::invalid_argument if v has another shape than the input.
  template <State X>
  void vjp(const X& input, double c, const plain_t<X>& v, plain_t<X>& output) const {
    static_assert(std::is_same_v<scalar_t<X>, float>, "azula::TorchNetwork: the state must be of float");
    if (!same_shape(v, input)) {
      reject("TorchNetwork", "v must have the shape of the input, " + shape_text(input), shape_text(v));
    }
    resize_like(output, input);
    model_->vjp(input.data(), c, v.data(), output.data(), sample_shape(input));
  }

 private:
  using Shape = std::vector<std::int64_t>;

  struct Model {
    Model(std::string what, torch::jit::Module loaded, const TorchOptions& settings)
        : name(std::move(what)), module(std::move(loaded)), options(settings) {
      const auto forward = module.find_method("forward");
      if (!forward) refuse("the module must have a forward", "none");
      const c10::FunctionSchema& schema = forward->function().getSchema();
      const auto& arguments = schema.arguments();  // the module itself is the first one
      std::size_t needed = arguments.size();
      while (needed > 3 && arguments[needed - 1].default_value()) --needed;
      if (needed != 3) {
        refuse("forward must have 2 arguments without a default", std::to_string(arguments.size() - 1));
      }
      if (arguments[1].type()->kind() != c10::TypeKind::TensorType) {
        refuse("argument \"" + arguments[1].name() + "\" must be a Tensor", arguments[1].type()->str());
      }
      takes_number = arguments[2].type()->kind() == c10::TypeKind::FloatType;
      if (!takes_number && arguments[2].type()->kind() != c10::TypeKind::TensorType) {
        refuse("argument \"" + arguments[2].name() + "\" must be a Tensor or a float",
               arguments[2].type()->str());
      }
    }

    void run(const float* x, double c, float* y, const SampleShape& shape) const {
      const c10::InferenceMode unrecorded;
      const Shape dimensions = dimensions_of(shape);
      copy(evaluate(on_device(view(x, dimensions)), c), y, dimensions);
    }

    void vjp(const float* x, double c, const float* v, float* y, const SampleShape& shape) const {
      const c10::InferenceMode recorded(false);  // whatever the caller's mode is
      const torch::AutoGradMode recording(true);
      const Shape dimensions = dimensions_of(shape);
      const torch::Tensor input = on_device(view(x, dimensions)).requires_grad_();
      const torch::Tensor output = evaluate(input, c);
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
    torch::Tensor evaluate(const torch::Tensor& input, double c) const {
      const torch::IValue time = takes_number ? torch::IValue(c) : time_tensor(c, input.size(0));
      const torch::IValue result = module.get_method("forward")({input, time});
      if (!result.isTensor()) refuse("forward must return a Tensor", result.tagKind());
      torch::Tensor output = result.toTensor();
      if (output.sizes() != input.sizes()) {
        refuse("the output must have the shape of the input, " + text(input.sizes()), text(output.sizes()));
      }
      return output;
    }

    torch::Tensor time_tensor(double c, std::int64_t count) const {
      Shape shape;
      if (options.time != TorchTime::single) shape.push_back(count);
      if (options.time == TorchTime::column) shape.push_back(1);
      const torch::Tensor time = torch::empty(shape, torch::kFloat32);
      std::fill_n(time.data_ptr<float>(), time.numel(), static_cast<float>(c));
      return on_device(time);
    }

    /// The batch and one sample.
    Shape dimensions_of(const SampleShape& shape) const {
      Shape dimensions{shape.samples};
      std::int64_t size = 1;
      for (const std::int64_t extent : options.sample) dimensions.push_back(extent), size *= extent;
      if (options.sample.empty()) dimensions.push_back(size = shape.size);
      if (size != shape.size) {
        refuse("a sample must have the " + std::to_string(size) + " values of " + text(options.sample),
               std::to_string(shape.size));
      }
      return dimensions;
    }

    /// Memory of the library as a tensor. Torch knows no const data, but only a module that works in place
    /// writes to its arguments.
    static torch::Tensor view(const float* data, const Shape& dimensions) {
      return torch::from_blob(const_cast<float*>(data), dimensions, torch::kFloat32);
    }

    torch::Tensor on_device(const torch::Tensor& tensor) const {
      return options.device.is_cpu() ? tensor : tensor.to(options.device);
    }

    /// Torch's own copy finds its way through tables that the evaluation has driven out of the caches.
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
      reject("TorchNetwork", name + ": " + rule, found);
    }

    std::string name;
    torch::jit::Module module;
    TorchOptions options;
    bool takes_number = false;
  };

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

  std::shared_ptr<const Model> model_;
};

}  // namespace azula
