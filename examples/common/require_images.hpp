#pragma once

#include <azula/state.hpp>

#include <Eigen/Core>

#include <stdexcept>
#include <string>

namespace examples {

/// \throws std::invalid_argument unless both are images of so many pixels, one per column, and equally many.
void require_images(const std::string& network, Eigen::Index pixels, const auto& input, const auto& output) {
  if (input.rows() != pixels) {
    throw std::invalid_argument(network + ": an image must have " + std::to_string(pixels) +
                                " values, one image per column, got " + azula::shape_text(input));
  }
  if (output.rows() != pixels || output.cols() != input.cols()) {
    throw std::invalid_argument(network + ": the output must be " + azula::shape_text(input) + ", got " +
                                azula::shape_text(output));
  }
}

}  // namespace examples
