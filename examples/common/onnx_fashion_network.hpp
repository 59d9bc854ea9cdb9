#pragma once

#include <onnxruntime_cxx_api.h>

#include <Eigen/Core>

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace examples {

/// FashionNetwork in ONNX Runtime: a model of three inputs, x, c and label, on one thread. azula::OnnxNetwork
/// is for two. Copies share the session.
class OnnxFashionNetwork {
 public:
  static constexpr int any_class = 10;

  /// \throws Ort::Exception if the model cannot be read.
  explicit OnnxFashionNetwork(const std::filesystem::path& model)
      : environment_(std::make_shared<Ort::Env>(ORT_LOGGING_LEVEL_ERROR, "fashion")) {
    Ort::SessionOptions settings;
    settings.SetIntraOpNumThreads(1);
    session_ = std::make_shared<Ort::Session>(*environment_, model.c_str(), settings);
  }

  /// For images of these classes: one label for all, or one per column of the batch.
  OnnxFashionNetwork conditioned(const Eigen::ArrayXi& labels) const {
    OnnxFashionNetwork result = *this;
    result.labels_.assign(labels.begin(), labels.end());
    return result;
  }

  /// One image per column of a float array. The model reads and writes its memory.
  /// \throws std::invalid_argument if there are neither one label nor as many as columns.
  void operator()(const Eigen::ArrayXXf& x, double c, Eigen::ArrayXXf& y) const {
    const auto count = static_cast<std::size_t>(x.cols());
    if (labels_.size() != 1 && labels_.size() != count) {
      throw std::invalid_argument("OnnxFashionNetwork: the labels must be one, or one for each of " +
                                  std::to_string(count) + " images, got " + std::to_string(labels_.size()));
    }
    std::vector<std::int64_t> labels = labels_;
    labels.resize(count, labels_.front());
    std::vector<float> levels(count, static_cast<float>(c));
    const std::array<std::int64_t, 4> shape{x.cols(), 1, 28, 28};
    const auto memory = Ort::MemoryInfo::CreateCpu(OrtDeviceAllocator, OrtMemTypeDefault);
    const auto tensor = [&](auto* values, std::size_t size, std::size_t rank) {
      return Ort::Value::CreateTensor(memory, values, size, shape.data(), rank);
    };
    const std::array<Ort::Value, 3> in{
        // The interface of ONNX Runtime knows no const data, but does not write to inputs.
        tensor(const_cast<float*>(x.data()), static_cast<std::size_t>(x.size()), 4),
        tensor(levels.data(), count, 1), tensor(labels.data(), count, 1)};
    Ort::Value out = tensor(y.data(), static_cast<std::size_t>(y.size()), 4);
    const std::array<const char*, 3> inputs{"x", "c", "label"};
    const char* const output = "y";
    session_->Run(Ort::RunOptions{nullptr}, inputs.data(), in.data(), in.size(), &output, &out, 1);
  }

 private:
  std::shared_ptr<Ort::Env> environment_;  // which must outlive the session
  std::shared_ptr<Ort::Session> session_;
  std::vector<std::int64_t> labels_{any_class};
};

}  // namespace examples
