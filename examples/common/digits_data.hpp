#pragma once

#include "safetensors.hpp"

#include <Eigen/Core>

#include <filesystem>

namespace examples {

/// The 1,797 handwritten digits: one image per column, pixels from -1 (paper) to 1 (ink).
struct DigitsData {
  Eigen::ArrayXXf images;
  Eigen::ArrayXi labels;

  explicit DigitsData(const std::filesystem::path& path) {
    const SafeTensors file(path);
    images = file.matrix("images", Eigen::Dynamic, 64).transpose().array() / 8.0F - 1.0F;
    labels = file.vector("labels", images.cols()).cast<int>();
  }
};

}  // namespace examples
