#pragma once

#include <Eigen/Core>

#include <stdexcept>
#include <string>

namespace examples {

/// \throws std::invalid_argument unless both are images of so many pixels, one per column, and equally many.
void require_images(const std::string& network, Eigen::Index pixels, const auto& input, const auto& output) {
  const auto text = [](Eigen::Index rows, Eigen::Index columns) {
    return std::to_string(rows) + " x " + std::to_string(columns);
  };
  if (input.rows() != pixels) {
    throw std::invalid_argument(network + ": an image must have " + std::to_string(pixels) +
                                " values, one image per column, got " +
                                text(input.rows(), input.cols()));
  }
  if (output.rows() != pixels || output.cols() != input.cols()) {
    throw std::invalid_argument(network + ": the output must be " + text(pixels, input.cols()) + ", got " +
                                text(output.rows(), output.cols()));
  }
}

}  // namespace examples
