#pragma once

#include <Eigen/Core>

#include <array>
#include <filesystem>

#include "require_images.hpp"

namespace examples {

/// The residual perceptron of data/README.md. Calls are const and share nothing, so threads may use one network; an
/// image's bits do not depend on the others in its batch.
class DigitsNetwork {
 public:
  static constexpr Eigen::Index pixels = 64;

  explicit DigitsNetwork(const std::filesystem::path& weights);

  /// One image per column. Input and output are Eigen arrays or matrices of floats, column-major, of equal size.
  /// \throws std::invalid_argument if they are not.
  void operator()(const auto& input, double log_sigma_over_alpha, auto& output) const {
    require_images("DigitsNetwork", pixels, input, output);
    // A block of all columns, because Eigen::Ref refuses what matrix() returns for a matrix: its base class.
    forward(input.matrix(), log_sigma_over_alpha, output.matrix().leftCols(output.cols()));
  }

  /// output = (d network(input) / d input)^T v, image by image.
  void vjp(const auto& input, double log_sigma_over_alpha, const auto& v, auto& output) const {
    require_images("DigitsNetwork", pixels, input, output);
    require_images("DigitsNetwork", pixels, input, v);
    backward(input.matrix(), log_sigma_over_alpha, v.matrix(), output.matrix().leftCols(output.cols()));
  }

 private:
  static constexpr Eigen::Index width = 256;
  static constexpr Eigen::Index frequencies = 16;
  static constexpr std::size_t blocks = 3;

  using Input = Eigen::Ref<const Eigen::MatrixXf>;
  using Output = Eigen::Ref<Eigen::MatrixXf>;
  using Biases = Eigen::Matrix<float, width, 1 + blocks>;

  struct Linear {
    Eigen::MatrixXf weight;
    Eigen::VectorXf bias;
  };

  struct Workspace {
    Eigen::MatrixXf input, hidden, active, inner, output;
  };

  void forward(const Input& x, double c, Output y) const;
  void backward(const Input& x, double c, const Input& v, Output y) const;
  void forward_chunk(const Biases& biases, Workspace& work) const;
  Biases biases_at(double c) const;

  Eigen::VectorXf frequency_;
  Linear input_;
  Linear output_;
  std::array<Linear, 1 + blocks> embedding_;  // of the noise level: into the first layer, then into each block
  std::array<Linear, blocks> block_;
};

}  // namespace examples
