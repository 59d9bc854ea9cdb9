#pragma once

#include <Eigen/Core>

#include <cstdint>
#include <filesystem>

namespace examples {

/// Grey bytes, 0 black to 255 white, row by row from the top.
using Image = Eigen::Array<std::uint8_t, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// How images are laid out: sizes in pixels of the result.
struct Montage {
  Eigen::Index columns = 10;
  Eigen::Index scale = 8;
  Eigen::Index margin = 6;
  std::uint8_t background = 60;
  bool smooth = true;     // bilinear rather than blocks
  Eigen::Index side = 8;  // of an image, in its own pixels
};

/// The samples, one per column of side² pixels from -1 to 1, as tiles from left to right and from top to bottom.
Image montage(const Eigen::Ref<const Eigen::ArrayXXf>& samples, const Montage& layout = {});

void write_png(const std::filesystem::path& path, const Image& image);

}  // namespace examples
