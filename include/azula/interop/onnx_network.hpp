#pragma once
/// \file
/// Needs ONNX Runtime (its C++ header and library); not part of azula.hpp.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "azula/denoise/sample_time.hpp"
#include "azula/interop/onnx_model.hpp"
#include "azula/state.hpp"

namespace azula {

/// Runs an ONNX model as the network of a denoiser, through ONNX Runtime.
///
/// The model must have one output and at least two inputs:
/// - the first input is the scaled state: float, batch first;
/// - the second input is the time: float or 64-bit integer (the time is then rounded), one per sample or one for all;
/// - further inputs are conditions, see with();
/// - the output is float and has the shape of the first input.
///
/// The model reads the state and writes its output directly in the sampler's memory. Only the time, and conditions that
/// are given for all samples, are copied once per sample. If the model leaves more than one dimension of a sample open,
/// set OnnxOptions::sample.
///
///     #include <azula/azula.hpp>
///     #include <azula/interop/onnx_network.hpp>
///
///     int main() {
///       azula::KarrasDenoiser denoiser(azula::OnnxNetwork("digits.onnx"), azula::VPSchedule{});
///       azula::Sampler sampler(denoiser, azula::zEAB<3>{}, {.steps = 10});
///       Eigen::ArrayXXf x(64, 100);   // one image per column
///       azula::NormalSource random(42);
///       sampler.init(x, random);
///       x = sampler(x);
///     }
///
/// Copies share the ONNX Runtime session. Several threads may run it at once.
class OnnxNetwork {
 public:
  /// Loads a model from a file.
  /// \throws std::invalid_argument if the model cannot be loaded, or if its inputs or output are not as above. The
  /// message says what was expected and what was found.
  explicit OnnxNetwork(const std::filesystem::path& model, const OnnxOptions& options = {})
      : model_(std::make_shared<OnnxModel>(model, options)) {}

  /// Returns the same model with a condition: `values` for its input `name`, such as class labels or the embedding of a
  /// prompt.
  ///
  ///     const auto cats = network.with("label", {1}, std::vector<std::int64_t>{281});
  ///
  /// \tparam T  float or std::int64_t, the type of the input
  /// \param shape  shape of the values, batch first; a batch of 1 applies to all samples
  /// \throws std::invalid_argument if the model has no such input, or if the type or the shape does not fit.
  template <class T>
  OnnxNetwork with(const std::string& name, std::vector<std::int64_t> shape, std::vector<T> values) const {
    static_assert(std::is_same_v<T, float> || std::is_same_v<T, std::int64_t>,
                  "azula::OnnxNetwork: a condition must be of float or std::int64_t");
    OnnxCondition condition{std::move(shape), std::move(values)};
    model_->check(name, condition);
    OnnxNetwork result = *this;
    result.conditions_.insert_or_assign(name, std::move(condition));
    return result;
  }

  /// Evaluates the model with one time for all samples: output = model(input, c, conditions).
  ///
  /// X is an Eigen array or tensor of float. A block or row whose samples are not contiguous in memory is copied first.
  /// \throws std::invalid_argument if a sample has another number of values than the model expects, or if a condition
  /// is missing or has another number of samples.
  /// \throws std::runtime_error if the evaluation fails, or if the output has another shape.
  template <State X>
  void operator()(const X& input, double c, plain_t<X>& output) const {
    run(input, {&c, 1}, output);
  }

  /// Evaluates the model with a time for each sample.
  /// \throws std::invalid_argument as above, and if there is not one time per sample, or if the times differ and the
  /// model takes one for all samples.
  template <State X>
  void operator()(const X& input, const SampleTimes& c, plain_t<X>& output) const {
    require_per_sample(c, input, "OnnxNetwork", "a time");
    if (c.size() > 0) run(input, {c.data(), static_cast<std::size_t>(c.size())}, output);
  }

 private:
  template <State X>
  void run(const X& input, std::span<const double> c, plain_t<X>& output) const {
    static_assert(std::is_same_v<scalar_t<X>, float>, "azula::OnnxNetwork: the state must be of float");
    const auto& values = contiguous(input);
    resize_like(output, input);
    model_->run(values.data(), c, output.data(), sample_shape(input), conditions_);
  }

  std::shared_ptr<OnnxModel> model_;
  OnnxConditions conditions_;
};

}  // namespace azula
