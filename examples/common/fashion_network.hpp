#pragma once

#include <Eigen/Core>

#include <array>
#include <filesystem>
#include <memory>

#include "require_images.hpp"

namespace examples {

/// The convolutional network of data/README.md, which knows ten classes of clothes. Calls are const and share
/// nothing but the weights, so threads may use one network; an image's bits do not depend on the others in
/// its batch.
class FashionNetwork {
 public:
  static constexpr Eigen::Index pixels = 28 * 28;
  static constexpr int classes = 10;
  static constexpr int any_class = classes;  ///< the label of an image of which no class is known

  static constexpr std::array<const char*, classes> class_names{
      "T-shirt", "trousers", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "boot"};

  /// Of any_class, until conditioned() says otherwise.
  explicit FashionNetwork(const std::filesystem::path& weights);

  /// The same weights for images of these classes: one label for all, or one per column of the batch.
  /// \throws std::invalid_argument unless they are 0 to 9, or any_class.
  FashionNetwork conditioned(Eigen::ArrayXi labels) const;

  /// One image per column. Input and output are Eigen arrays or matrices of floats, column-major, of equal
  /// size. \throws std::invalid_argument if they are not, or there are neither one label nor as many as columns.
  void operator()(const auto& input, double log_sigma_over_alpha, auto& output) const {
    (*this)(input, Eigen::ArrayXd(Eigen::ArrayXd::Constant(1, log_sigma_over_alpha)), output);
  }

  /// The same with one for all images, or one for each.
  void operator()(const auto& input, const Eigen::ArrayXd& log_sigma_over_alpha, auto& output) const {
    require_images("FashionNetwork", pixels, input, output);
    // A block of all columns, because Eigen::Ref refuses what matrix() returns for a matrix: its base class.
    forward(input.matrix(), log_sigma_over_alpha, output.matrix().leftCols(output.cols()));
  }

 private:
  using Input = Eigen::Ref<const Eigen::MatrixXf>;
  using Output = Eigen::Ref<Eigen::MatrixXf>;
  struct Weights;
  struct Conditions;
  struct Pass;

  void forward(const Input& x, const Eigen::ArrayXd& c, Output y) const;

  std::shared_ptr<const Weights> weights_;
  Eigen::ArrayXi labels_;
};

}  // namespace examples
