#include "digits_data.hpp"

#include "safetensors.hpp"

namespace examples {

DigitsData::DigitsData(const std::filesystem::path& path) {
  const SafeTensors file(path);
  images = file.matrix("images", Eigen::Dynamic, 64).transpose().array() / 8.0F - 1.0F;
  labels = file.vector("labels", images.cols()).cast<int>();
}

}  // namespace examples
