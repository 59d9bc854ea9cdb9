// expect: azula::Pool: a std::vector<bool> has no std::span
#include <azula/azula.hpp>
#include <azula/sample/pool.hpp>

#include <span>

int main() {
  azula::Pool<Eigen::ArrayXXf, bool> pool(
      [](std::span<const bool>) { return azula::GaussianDenoiser(0.0, 1.0, azula::VPSchedule{}); });
}
