/// \file
/// Measures how much accuracy states of 16 bits cost, and writes the table of docs/performance.md.
///
/// It compares runs of the digits network with the same runs in double, from the same noise, once with predictions in
/// the type of the state and once in float. The numbers are root mean square differences over all pixels, in
/// thousandths.

#include "common/digits_network.hpp"

#include <azula/azula.hpp>
#include <azula/method/any_method.hpp>
#include <azula/state/float_predictions.hpp>

#include <Eigen/Core>

#include <cmath>
#include <cstddef>
#include <cstdio>
#include <functional>
#include <stdexcept>
#include <string>
#include <type_traits>

namespace {

constexpr Eigen::Index digits = 64;

/// The network, which calculates in float, for states and means of any type.
struct Network {
  examples::DigitsNetwork digits{AZULA_EXAMPLES_DATA "/digits.safetensors"};

  void operator()(const auto& input, double c, auto& output) const {
    using S = azula::scalar_t<std::remove_cvref_t<decltype(output)>>;
    const Eigen::ArrayXXf wide = input.template cast<float>();
    Eigen::ArrayXXf result(wide.rows(), wide.cols());
    digits(wide, c, result);
    output = result.template cast<S>();
  }
};

template <class X>
const X& values(const X& x) requires azula::DenseExpression<X> { return x; }
template <class X>
const X& values(const azula::FloatPredictions<X>& x) { return x.values; }

/// The last state, wider.
Eigen::ArrayXXd drawn(const auto& sampler, auto x) {
  azula::NormalSource random(1);
  sampler.init(x, random);
  return values(sampler(x, random)).template cast<double>();
}

template <class T>
using Array = Eigen::ArrayXX<T>;

void row(const std::string& name, std::ptrdiff_t steps) {
  const azula::VPSchedule schedule;
  static const azula::KarrasDenoiser denoiser(Network{}, schedule);
  const azula::Sampler sampler(std::ref(denoiser), azula::AnyMethod(name),
                               azula::log_snr_times(schedule, {.stop = 0.01, .steps = steps}), {.silent = true});
  const Eigen::Index pixels = examples::DigitsNetwork::pixels;
  const Eigen::ArrayXXd exact = drawn(sampler, Array<double>(pixels, digits));
  const auto error = [&](const auto& x) {
    try {
      return 1e3 * std::sqrt((drawn(sampler, x) - exact).square().mean());
    } catch (const std::runtime_error&) {  // the state has grown beyond half's range
      return std::nan("");
    }
  };
  const Array<Eigen::half> half(pixels, digits);
  const Array<Eigen::bfloat16> bfloat16(pixels, digits);
  std::printf("| %s | %td | %.4f | %.2f | %.2f | %.1f | %.1f |\n", name.c_str(), steps,
              error(Array<float>(pixels, digits)), error(half), error(azula::FloatPredictions{half}), error(bfloat16),
              error(azula::FloatPredictions{bfloat16}));
  std::fflush(stdout);
}

}  // namespace

int main() {
  std::printf("| method | steps | float | half | half, float predictions | bfloat16 | bfloat16, float predictions |\n");
  std::printf("|---|---|---|---|---|---|---|\n");
  for (const char* name :
       {"Euler", "DDPM", "Ito", "Heun", "zAB3", "vAB3", "tAB3", "zEAB3", "xEAB2", "xEAB3", "xEAB4", "REAB3", "BoundedzAB3",
        "FixedAB2", "PNDM", "GradientEstimation", "UniPC3", "DPM2", "HeunPP2", "ExponentialHeun", "RES2S", "DPMSolver3S",
        "DPMSolverSinglestep3", "RK4", "VelocityRK4", "EulerAncestral", "DPMSolver2SAncestral", "Renoise", "SEEDS3",
        "DPMSolverMultistepSDE2", "DPMSolverNoiseSDE2", "SASolver3", "ERSDE3"}) {
    for (const std::ptrdiff_t steps : {10, 50}) row(name, steps);
  }
}
