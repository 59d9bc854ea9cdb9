// expect: azula::EngineSource: fill() takes a contiguous vector
#include <azula/azula.hpp>

#include <random>

int main() {
  std::mt19937_64 engine(1);
  Eigen::ArrayXXd x(4, 3);
  azula::EngineSource(engine).fill(x.row(0));
}
