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

/// An ONNX model as a network of a denoiser. Its first input is the scaled state (float, batch first), its second
/// the number that it is told as the time (float, or an integer, to which the number is rounded), one per sample
/// or one for all; its output is of the shape of the first. The model reads and writes the library's memory;
/// only the number is copied to as many as there are samples. Further inputs are conditions, see with(). Where the
/// model leaves more than one extent of a sample open, OnnxOptions::sample says them.
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
/// A copy shares the session, which may be run by several threads at once.
class OnnxNetwork {
 public:
  /// \throws std::invalid_argument if the model cannot be read, or its inputs or output are not as above;
  /// names what was expected and what was found.
  explicit OnnxNetwork(const std::filesystem::path& model, const OnnxOptions& options = {})
      : model_(std::make_shared<OnnxModel>(model, options)) {}

  /// The same model with `values` for its input `name`: a label per sample, the embedding of a prompt. T is float
  /// or std::int64_t, as the model has it.
  ///
  ///     const auto cats = network.with("label", {1}, std::vector<std::int64_t>{281});
  ///
  /// \param shape  of the values, batch first; a batch of 1 is for all samples
  /// \throws std::invalid_argument if the model has no such input, of another type, or the shape does not fit.
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

  /// output = model(input, c, conditions). X is an Eigen array or tensor of float; a block or row, whose samples do
  /// not lie one after another, is copied.
  /// \throws std::invalid_argument if the values per sample are not those of the model, a condition is missing or
  /// for another number of samples;
  /// \throws std::runtime_error if the evaluation fails, or its output is of another shape.
  template <State X>
  void operator()(const X& input, double c, plain_t<X>& output) const {
    run(input, {&c, 1}, output);
  }

  /// The same with a number c for each sample.
  /// \throws std::invalid_argument also if these differ and the model takes one for all, or if there are more or fewer.
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
