// Compiles in a second, for who asks only whether the headers of azula and of Eigen are found.
#include <azula/noise.hpp>

#include <Eigen/Core>

int main() {
  const auto [alpha, sigma] = azula::RectifiedSchedule{.alpha_min = 0, .sigma_min = 0}(0.25);
  return Eigen::Vector2d(alpha, sigma) == Eigen::Vector2d(0.75, 0.25) ? 0 : 1;
}
