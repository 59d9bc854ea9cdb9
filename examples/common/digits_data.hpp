#pragma once

#include <Eigen/Core>

#include <filesystem>

namespace examples {

/// The 1,797 handwritten digits: one image per column, pixels from -1 (paper) to 1 (ink).
struct DigitsData {
  Eigen::ArrayXXf images;
  Eigen::ArrayXi labels;

  explicit DigitsData(const std::filesystem::path& path);
};

}  // namespace examples
