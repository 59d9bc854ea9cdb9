#pragma once

#include <Eigen/Core>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <random>

namespace examples {

/// The noise of PyTorch on a CPU: what torch.manual_seed(seed) makes torch.randn return, draw after draw, for single
/// precision and sizes that are multiples of 16. With it a run made in Python can be repeated.
class TorchSource {
 public:
  explicit TorchSource(std::uint32_t seed) : engine_(seed) {}

  void fill(Eigen::Map<Eigen::ArrayXf> out) {
    eigen_assert(out.size() % block == 0);
    for (float& value : out) value = static_cast<float>(engine_() & 0xFFFFFFU) * 0x1p-24F;
    for (Eigen::Index i = 0; i < out.size(); i += block) box_muller(out.data() + i);
  }

 private:
  static constexpr Eigen::Index block = 16;

  /// Value j is paired with value j + 8.
  static void box_muller(float* values) {
    for (std::size_t j = 0; j < 8; ++j) {
      const float radius = std::sqrt(-2 * std::log(1 - values[j]));
      const float angle = 2 * std::numbers::pi_v<float> * values[j + 8];
      values[j] = radius * std::cos(angle);
      values[j + 8] = radius * std::sin(angle);
    }
  }

  std::mt19937 engine_;
};

}  // namespace examples
