#include "azula/denoise/preconditioning.hpp"

#include <Eigen/Core>

#include <array>

#include "catch.hpp"

TEST_CASE("a network sees the state scaled, or the state itself where the scale is 1", "[denoise]") {
  const Eigen::Array3d x_t{1, -2, 4};
  Eigen::Array3d mean;
  azula::NetworkWorkspace<Eigen::Array3d> work(x_t);
  work.input.setZero();
  REQUIRE(&azula::scaled_input(x_t, 1, work, mean) == &x_t);
  REQUIRE((work.input == 0).all());
  REQUIRE(&azula::scaled_input(x_t, 0.5, work, mean) == &work.input);
  REQUIRE((work.input == Eigen::Array3d(0.5, -1, 2)).all());

  // A Map is not the type that networks are called with.
  const std::array<double, 3> memory{1, -2, 4};
  const Eigen::Map<const Eigen::Array3d> map(memory.data());
  azula::NetworkWorkspace<Eigen::Map<const Eigen::Array3d>> other(map);
  REQUIRE(&azula::scaled_input(map, 1, other, mean) == &other.input);
  REQUIRE((other.input == x_t).all());
}

TEST_CASE("the mean combines the state and the network's output", "[denoise]") {
  const Eigen::Array3d x_t{1, -2, 4};
  Eigen::Array3d mean;
  azula::NetworkWorkspace<Eigen::Array3d> work(x_t);
  const auto square = [](const Eigen::Array3d& input, double c, Eigen::Array3d& output) {
    output = input.square() + c;
  };
  azula::preconditioned_mean(square, x_t, {.skip = 0.25, .out = 2, .in = 0.5}, 3, mean, work, "test");
  REQUIRE((mean == 0.25 * x_t + 2 * ((0.5 * x_t).square() + 3)).all());

  azula::preconditioned_mean(square, x_t, {.skip = 0, .out = 1, .in = 1}, 3, mean, work, "test");
  REQUIRE((mean == x_t.square() + 3).all());
}
