#pragma once
/// \file
/// Needs ONNX Runtime (its C++ header and library); not part of azula.hpp.

#include <onnxruntime_cxx_api.h>

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <type_traits>
#include <vector>

#include "azula/error.hpp"
#include "azula/state.hpp"

namespace azula {

/// Options of OnnxNetwork.
struct OnnxOptions {
  int threads = 1;  ///< of one evaluation; 0 lets ONNX Runtime choose
};

/// An ONNX model as a network of a denoiser: two float inputs, the scaled state (batch first) and a number
/// per sample or for all, and one float output of the shape of the first. The model reads and writes the
/// library's memory; only the number is copied to as many as there are samples.
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
      : model_(std::make_shared<Model>(model, options)) {}

  /// output = model(input, c). X is an Eigen array or tensor of float whose samples lie one after another.
  /// \throws std::invalid_argument if the values per sample are not those of the model;
  /// \throws Ort::Exception if the evaluation fails.
  template <State X>
  void operator()(const X& input, double c, plain_t<X>& output) const {
    static_assert(std::is_same_v<scalar_t<X>, float>, "azula::OnnxNetwork: the state must be of float");
    const SampleShape shape = sample_shape(input);
    model_->run(input.data(), static_cast<float>(c), output.data(), shape);
  }

 private:
  using Shape = std::vector<std::int64_t>;

  /// What is fixed once the model is loaded.
  struct Model {
    Model(const std::filesystem::path& path, const OnnxOptions& options)
        : name(path.string()), environment(ORT_LOGGING_LEVEL_ERROR, "azula"),
          session(open(path, options)) {
      if (session.GetInputCount() != 2 || session.GetOutputCount() != 1) {
        refuse("the model must have 2 inputs and 1 output",
               std::to_string(session.GetInputCount()) + " and " + std::to_string(session.GetOutputCount()));
      }
      Ort::AllocatorWithDefaultOptions allocator;
      for (std::size_t i = 0; i < 2; ++i) inputs[i] = session.GetInputNameAllocated(i, allocator).get();
      output = session.GetOutputNameAllocated(0, allocator).get();
      state_shape = shape_of(session.GetInputTypeInfo(0), inputs[0]);
      number_shape = shape_of(session.GetInputTypeInfo(1), inputs[1]);
      const Shape out = shape_of(session.GetOutputTypeInfo(0), output);
      if (out.size() != state_shape.size()) {
        refuse("output \"" + output + "\" must have the rank of input \"" + inputs[0] + "\", " +
               std::to_string(state_shape.size()), std::to_string(out.size()));
      }
      if (number_shape.size() > 2) refuse("input \"" + inputs[1] + "\" must have at most 2 dimensions", std::to_string(number_shape.size()));
    }

    void run(const float* x, float c, float* y, const SampleShape& shape) {
      const Shape dimensions = fill_in(shape);
      const auto size = static_cast<std::size_t>(shape.samples * shape.size);
      // One number for all where the model takes one, one per sample otherwise.
      const bool single = number_shape.empty() || (number_shape[0] == 1 && shape.samples != 1);
      std::vector<float> numbers(single ? 1 : static_cast<std::size_t>(shape.samples), c);
      Shape count = number_shape;
      if (!count.empty()) count[0] = static_cast<std::int64_t>(numbers.size());
      if (count.size() == 2) count[1] = 1;
      const auto memory = Ort::MemoryInfo::CreateCpu(OrtDeviceAllocator, OrtMemTypeDefault);
      const std::array<Ort::Value, 2> in{
          // The interface of ONNX Runtime knows no const data, but does not write to inputs.
          Ort::Value::CreateTensor<float>(memory, const_cast<float*>(x), size, dimensions.data(), dimensions.size()),
          Ort::Value::CreateTensor<float>(memory, numbers.data(), numbers.size(), count.data(), count.size())};
      Ort::Value out = Ort::Value::CreateTensor<float>(memory, y, size, dimensions.data(), dimensions.size());
      const std::array<const char*, 2> names{inputs[0].c_str(), inputs[1].c_str()};
      const char* const result = output.c_str();
      session.Run(Ort::RunOptions{nullptr}, names.data(), in.data(), in.size(), &result, &out, 1);
    }

   private:
    Ort::Session open(const std::filesystem::path& path, const OnnxOptions& options) {
      if (!std::filesystem::is_regular_file(path)) reject("OnnxNetwork", "the model must be a file", name);
      Ort::SessionOptions settings;
      settings.SetIntraOpNumThreads(options.threads);
      try {
        return Ort::Session(environment, path.c_str(), settings);
      } catch (const Ort::Exception& error) {
        reject("OnnxNetwork", name + " must be a model that ONNX Runtime can load", error.what());
      }
    }

    Shape shape_of(const Ort::TypeInfo& type, const std::string& what) const {
      if (type.GetONNXType() != ONNX_TYPE_TENSOR) refuse("\"" + what + "\" must be a tensor", "another type");
      const auto tensor = type.GetTensorTypeAndShapeInfo();
      if (tensor.GetElementType() != ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT) {
        refuse("\"" + what + "\" must be of float, ONNX type 1", std::to_string(tensor.GetElementType()));
      }
      return tensor.GetShape();
    }

    /// The model's shape for this many samples; its first dimension is the batch.
    Shape fill_in(const SampleShape& shape) const {
      Shape filled = state_shape;
      std::ptrdiff_t size = 1;
      for (std::size_t i = 1; i < filled.size(); ++i) size *= filled[i] > 0 ? filled[i] : 1;
      if (filled.size() == 2 && filled[1] < 0) filled[1] = size = shape.size;
      if (filled.empty() || size != shape.size) {
        refuse("a sample must have the " + std::to_string(size) + " values of input \"" + inputs[0] + "\"",
               std::to_string(shape.size));
      }
      if (filled[0] > 0 && filled[0] != shape.samples) {
        refuse("the batch must be the model's, " + std::to_string(filled[0]), std::to_string(shape.samples));
      }
      filled[0] = shape.samples;
      return filled;
    }

    [[noreturn]] void refuse(const std::string& rule, const std::string& found) const {
      reject("OnnxNetwork", name + ": " + rule, found);
    }

    std::string name;
    Ort::Env environment;
    Ort::Session session;
    std::array<std::string, 2> inputs;
    std::string output;
    Shape state_shape, number_shape;
  };

  std::shared_ptr<Model> model_;
};

}  // namespace azula
