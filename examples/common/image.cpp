#include "image.hpp"

#include <stb_image_write.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

namespace examples {
namespace {

// From -1 (black) to 1 (white); what lies outside, or is not a number, is clamped.
std::uint8_t grey(float value) {
  const float clamped = value > -1.0F ? std::min(value, 1.0F) : -1.0F;
  return static_cast<std::uint8_t>(std::lround((clamped + 1.0F) * 127.5F));
}

// Row i gives output pixel i as a mean of the input pixels of a line.
Eigen::MatrixXf interpolation(Eigen::Index side, Eigen::Index scale, bool smooth) {
  Eigen::MatrixXf weights = Eigen::MatrixXf::Zero(side * scale, side);
  for (Eigen::Index i = 0; i < weights.rows(); ++i) {
    const float centre = (static_cast<float>(i) + 0.5F) / static_cast<float>(scale) - 0.5F;
    const float position = std::clamp(smooth ? centre : std::round(centre), 0.0F, static_cast<float>(side - 1));
    const auto left = std::min(static_cast<Eigen::Index>(position), side - 2);
    const float fraction = position - static_cast<float>(left);
    weights(i, left) = 1.0F - fraction;
    weights(i, left + 1) = fraction;
  }
  return weights;
}

void require_at_least(const char* name, Eigen::Index value, Eigen::Index least) {
  if (value >= least) return;
  throw std::invalid_argument(std::string("montage: ") + name + " must be at least " + std::to_string(least) +
                              ", got " + std::to_string(value));
}

}  // namespace

Image montage(const Eigen::Ref<const Eigen::ArrayXXf>& samples, const Montage& layout) {
  using RowMajor = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  require_at_least("side", layout.side, 2);
  require_at_least("columns", layout.columns, 1);
  require_at_least("scale", layout.scale, 1);
  require_at_least("margin", layout.margin, 0);
  if (samples.rows() != layout.side * layout.side) {
    throw std::invalid_argument("montage: samples must have " + std::to_string(layout.side * layout.side) +
                                " rows, got " + std::to_string(samples.rows()));
  }
  const Eigen::MatrixXf weights = interpolation(layout.side, layout.scale, layout.smooth);
  const Eigen::Index tile = weights.rows();
  const Eigen::Index pitch = tile + layout.margin;
  const Eigen::Index rows = (samples.cols() + layout.columns - 1) / layout.columns;
  Image image = Image::Constant(rows * pitch + layout.margin, layout.columns * pitch + layout.margin,
                                layout.background);
  for (Eigen::Index i = 0; i < samples.cols(); ++i) {
    // Clamped before it is spread, so that one wild pixel does not wash out its neighbours.
    const Eigen::VectorXf pixels = samples.col(i).max(-1.0F).min(1.0F);
    const Eigen::Map<const RowMajor> small(pixels.data(), layout.side, layout.side);
    const Eigen::MatrixXf large = weights * small * weights.transpose();
    image.block(i / layout.columns * pitch + layout.margin, i % layout.columns * pitch + layout.margin, tile, tile) =
        large.array().unaryExpr(&grey);
  }
  return image;
}

void write_png(const std::filesystem::path& path, const Image& image) {
  const auto rows = static_cast<int>(image.rows());
  const auto columns = static_cast<int>(image.cols());
  if (image.size() == 0) throw std::invalid_argument("write_png: the image for " + path.string() + " is empty");
  if (stbi_write_png(path.string().c_str(), columns, rows, 1, image.data(), columns) == 0) {
    throw std::runtime_error("write_png: " + path.string() + " cannot be written");
  }
}

}  // namespace examples
