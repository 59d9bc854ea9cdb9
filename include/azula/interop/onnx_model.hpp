#pragma once
/// \file
/// The implementation of OnnxNetwork. Needs ONNX Runtime (its C++ header and library); not part of azula.hpp.

#include <onnxruntime_cxx_api.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "azula/error.hpp"
#include "azula/interop/onnx_condition.hpp"
#include "azula/interop/onnx_options.hpp"
#include "azula/interop/onnx_port.hpp"
#include "azula/sample_shape.hpp"

namespace azula {

/// A loaded ONNX model with a checked signature, shared by all copies of an OnnxNetwork.
///
/// Its error messages name OnnxNetwork, the class that programs use.
class OnnxModel {
 public:
  /// Loads a model from a file.
  /// \throws std::invalid_argument if ONNX Runtime cannot load it, or if its inputs and its output are not as
  /// OnnxNetwork requires.
  OnnxModel(const std::filesystem::path& path, const OnnxOptions& options)
      : name_(path.string()), environment_(ORT_LOGGING_LEVEL_FATAL, "azula"), session_(open(path, options)) {
    if (session_.GetInputCount() < 2 || session_.GetOutputCount() != 1) {
      refuse("the model must have at least 2 inputs and 1 output",
             std::to_string(session_.GetInputCount()) + " and " + std::to_string(session_.GetOutputCount()));
    }
    Ort::AllocatorWithDefaultOptions allocator;
    for (std::size_t i = 0; i < session_.GetInputCount(); ++i) {
      inputs_.push_back(port(session_.GetInputNameAllocated(i, allocator).get(), session_.GetInputTypeInfo(i)));
    }
    output_ = port(session_.GetOutputNameAllocated(0, allocator).get(), session_.GetOutputTypeInfo(0));
    require_float(inputs_[0]);
    require_float(output_);
    fill_open(options.sample);
    if (!fits(output_.shape, inputs_[0].shape)) {
      refuse("output \"" + output_.name + "\" must have the shape of input \"" + inputs_[0].name + "\", " +
                 shape_text(inputs_[0].shape),
             shape_text(output_.shape));
    }
    const OnnxShape& times = inputs_[1].shape;
    if (times.size() > 2 || (times.size() == 2 && times[1] > 1)) {
      refuse("input \"" + inputs_[1].name + "\" must be a number per sample", shape_text(times));
    }
  }

  /// Checks that a condition fits the model.
  /// \throws std::invalid_argument unless the model has such an input after the first two, and its type, shape and
  /// number of values fit.
  void check(const std::string& name, const OnnxCondition& condition) const {
    const OnnxPort& input = condition_port(name);
    if (input.is_float != (condition.values.index() == 0)) {
      refuse("input \"" + name + "\" must be of " + (input.is_float ? "float" : "integers"),
             input.is_float ? "integers" : "float");
    }
    OnnxShape one = condition.shape;  // a batch of 1 fits any batch
    if (!one.empty() && one[0] == 1 && !input.shape.empty()) one[0] = input.shape[0];
    if (!fits(one, input.shape)) {
      refuse("input \"" + name + "\" must be " + shape_text(input.shape), shape_text(condition.shape));
    }
    std::int64_t size = 1;
    for (const std::int64_t extent : condition.shape) size *= extent;
    const auto count = std::visit([](const auto& values) { return values.size(); }, condition.values);
    if (size != static_cast<std::int64_t>(count)) {
      refuse("input \"" + name + "\" must have the " + std::to_string(size) + " values of " +
                 shape_text(condition.shape),
             std::to_string(count));
    }
  }

  /// Evaluates the model: y = model(x, c, conditions).
  /// \param c  the time: one number for all samples, or one for each
  /// \throws std::invalid_argument if the shape does not fit the model or a condition is missing; std::runtime_error if
  /// the evaluation fails.
  void run(const float* x, std::span<const double> c, float* y, const SampleShape& shape, const OnnxConditions& conditions) {
    const OnnxShape extents = state_shape(shape);
    const auto size = static_cast<std::size_t>(shape.samples * shape.size);
    std::vector<OnnxCondition> made;  // made for this call: the time, and conditions repeated for each sample
    made.reserve(inputs_.size());
    std::vector<const char*> names{inputs_[0].name.c_str()};
    std::vector<Ort::Value> in;
    in.push_back(tensor(x, size, extents));
    for (std::size_t i = 1; i < inputs_.size(); ++i) {
      const OnnxCondition& condition =
          i == 1 ? made.emplace_back(time(c, shape)) : for_batch(inputs_[i], conditions, shape.samples, made);
      names.push_back(inputs_[i].name.c_str());
      in.push_back(std::visit(
          [&](const auto& values) { return tensor(values.data(), values.size(), condition.shape); },
          condition.values));
    }
    Ort::Value out = tensor(y, size, extents);
    const char* const result = output_.name.c_str();
    try {
      session_.Run(Ort::RunOptions{nullptr}, names.data(), in.data(), in.size(), &result, &out, 1);
    } catch (const Ort::Exception& error) {
      throw std::runtime_error("azula::OnnxNetwork: " + name_ + ": the model must write " + shape_text(extents) +
                               ", got " + error.what());
    }
  }

 private:
  Ort::Session open(const std::filesystem::path& path, const OnnxOptions& options) {
    if (!std::filesystem::is_regular_file(path)) reject("OnnxNetwork", "the model must be a file", name_);
    Ort::SessionOptions settings;
    settings.SetIntraOpNumThreads(options.threads);
    try {
      return Ort::Session(environment_, path.c_str(), settings);
    } catch (const Ort::Exception& error) {
      reject("OnnxNetwork", name_ + " must be a model that ONNX Runtime can load", error.what());
    }
  }

  OnnxPort port(const std::string& name, const Ort::TypeInfo& type) const {
    if (type.GetONNXType() != ONNX_TYPE_TENSOR) refuse("\"" + name + "\" must be a tensor", "another type");
    const auto info = type.GetTensorTypeAndShapeInfo();
    const auto element = info.GetElementType();
    if (element != ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT && element != ONNX_TENSOR_ELEMENT_DATA_TYPE_INT64) {
      refuse("\"" + name + "\" must be of float or 64-bit integers, ONNX type 1 or 7", std::to_string(element));
    }
    return {name, info.GetShape(), element == ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT};
  }

  /// Fills in the dimensions of a sample that the model leaves open, from OnnxOptions::sample.
  void fill_open(const OnnxShape& sample) {
    if (sample.empty()) return;
    OnnxShape& shape = inputs_[0].shape;
    OnnxShape given = sample;
    given.insert(given.begin(), shape.empty() ? 0 : shape[0]);
    if (!fits(given, shape)) {
      refuse("a sample must fit input \"" + inputs_[0].name + "\", " + shape_text(shape), shape_text(given));
    }
    shape = given;
  }

  void require_float(const OnnxPort& of) const {
    if (!of.is_float) refuse("\"" + of.name + "\" must be of float", "integers");
  }

  const OnnxPort& condition_port(const std::string& name) const {
    std::string all;
    for (std::size_t i = 2; i < inputs_.size(); ++i) {
      if (inputs_[i].name == name) return inputs_[i];
      all += (all.empty() ? "" : ", ") + inputs_[i].name;
    }
    refuse("a condition must be for an input after the first two, " + (all.empty() ? "of which it has none" : all),
           name);
  }

  /// A tensor over the caller's memory. ONNX Runtime has no interface for const data, but it does not write to inputs.
  template <class T>
  Ort::Value tensor(const T* values, std::size_t size, const OnnxShape& shape) const {
    return Ort::Value::CreateTensor<T>(memory_, const_cast<T*>(values), size, shape.data(), shape.size());
  }

  /// The values of the second input: a single number if the model takes one for all samples, otherwise one per sample.
  OnnxCondition time(std::span<const double> c, const SampleShape& shape) const {
    OnnxShape extents = inputs_[1].shape;
    const bool single = extents.empty() || (extents[0] == 1 && shape.samples != 1);
    const auto count = single ? std::size_t{1} : static_cast<std::size_t>(shape.samples);
    if (single && std::adjacent_find(c.begin(), c.end(), std::not_equal_to<>()) != c.end()) {
      refuse("input \"" + inputs_[1].name + "\" must be a number per sample where samples have different times",
             shape_text(extents));
    }
    if (!extents.empty()) extents[0] = static_cast<std::int64_t>(count);
    if (extents.size() == 2) extents[1] = 1;
    const auto of = [&](std::size_t j) { return c[c.size() == 1 ? 0 : j]; };
    if (inputs_[1].is_float) {
      std::vector<float> values(count);
      for (std::size_t j = 0; j < count; ++j) values[j] = static_cast<float>(of(j));
      return {extents, std::move(values)};
    }
    std::vector<std::int64_t> values(count);
    for (std::size_t j = 0; j < count; ++j) values[j] = std::llround(of(j));
    return {extents, std::move(values)};
  }

  /// The condition for an input. If it was given for one sample, a copy repeated for each sample is added to `made`.
  const OnnxCondition& for_batch(const OnnxPort& input, const OnnxConditions& conditions, std::int64_t samples,
                                 std::vector<OnnxCondition>& made) const {
    const auto found = conditions.find(input.name);
    if (found == conditions.end()) refuse("each condition must be given, by with()", "none for " + input.name);
    const OnnxCondition& given = found->second;
    const bool whole = given.shape.empty() || input.shape[0] == 1;  // the model takes one for all
    if (whole || given.shape[0] == samples) return given;
    if (given.shape[0] != 1) {
      refuse("input \"" + input.name + "\" must be for 1 sample or for the " + std::to_string(samples) +
                 " of the batch",
             std::to_string(given.shape[0]));
    }
    OnnxCondition& repeated = made.emplace_back(given);
    repeated.shape[0] = samples;
    std::visit(
        [&](auto& values) {
          const auto one = values;
          for (std::int64_t i = 1; i < samples; ++i) values.insert(values.end(), one.begin(), one.end());
        },
        repeated.values);
    return repeated;
  }

  /// The shape of the first input for this many samples. Its first dimension is the batch. One other dimension may be
  /// open: it follows from the size of a sample.
  OnnxShape state_shape(const SampleShape& shape) const {
    OnnxShape filled = inputs_[0].shape;
    std::int64_t size = 1;
    std::size_t open = 0;
    for (std::size_t i = 1; i < filled.size(); ++i) {
      if (filled[i] > 0) {
        size *= filled[i];
      } else if (std::exchange(open, i) != 0) {
        refuse("OnnxOptions::sample must say what input \"" + inputs_[0].name + "\" leaves open", shape_text(filled));
      }
    }
    if (open != 0 && shape.size % size == 0) size *= filled[open] = shape.size / size;
    if (filled.empty() || size != shape.size) {
      refuse("a sample must have the " + std::to_string(size) + " values of input \"" + inputs_[0].name + "\"",
             std::to_string(shape.size));
    }
    if (filled[0] > 0 && filled[0] != shape.samples) {
      refuse("the batch must be the model's, " + std::to_string(filled[0]), std::to_string(shape.samples));
    }
    filled[0] = shape.samples;
    return filled;
  }

  [[noreturn]] void refuse(const std::string& rule, const std::string& found) const {
    reject("OnnxNetwork", name_ + ": " + rule, found);
  }

  std::string name_;
  Ort::Env environment_;
  Ort::Session session_;
  Ort::MemoryInfo memory_ = Ort::MemoryInfo::CreateCpu(OrtDeviceAllocator, OrtMemTypeDefault);
  std::vector<OnnxPort> inputs_;
  OnnxPort output_;
};

}  // namespace azula
