#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <string>

#include "azula/azula.hpp"
#include "catch.hpp"
#include "support/golden.hpp"

namespace {

template <class T>
using Array = Eigen::ArrayX<T>;

constexpr double infinity = std::numeric_limits<double>::infinity();

/// The network of the golden files: w2 tanh(w1 input + wt c + b1) + b2.
auto mlp(const GoldenDenoiser& golden) {
  return [golden](const auto& input, double c) {
    using T = azula::scalar_t<decltype(input)>;
    const Eigen::ArrayXd hidden =
        (golden["w1"] * input.matrix().template cast<double>() + golden["wt"] * c + golden["b1"]).array().tanh();
    return Array<T>((golden["w2"] * hidden.matrix() + golden["b2"]).array().template cast<T>());
  };
}

using Denoiser = AnyDenoiser<Array<double>, Array<float>>;

Denoiser denoiser(const GoldenCase& golden) {
  const GoldenDenoiser& d = golden.denoiser;
  if (d.name == "gaussian") {
    const Eigen::ArrayXd mean = d["mean"], variance = d["var"];
    return Denoiser(azula::GaussianDenoiser(mean, variance, golden.schedule));
  }
  if (d.name == "mixture") {
    return Denoiser(azula::MixtureDenoiser(d["weights"], d["means"].transpose(), d["variances"], golden.schedule));
  }
  return Denoiser(azula::KarrasDenoiser(mlp(d), golden.schedule));
}

/// The largest error over the states of a run and their values, relative to max(1, |state|).
class Errors {
 public:
  explicit Errors(const Eigen::MatrixXd& trajectory) : trajectory_(trajectory) {}

  template <class T>
  void add(const Array<T>& x) {
    const Eigen::ArrayXd expected = trajectory_.col(++states_);
    const double e = ((x.template cast<double>() - expected).abs() / expected.abs().max(1.0)).maxCoeff();
    largest_ = e <= largest_ ? largest_ : e;  // NaN stays
  }

  double largest() const { return states_ + 1 == trajectory_.cols() ? largest_ : infinity; }

 private:
  const Eigen::MatrixXd& trajectory_;
  Eigen::Index states_ = 0;
  double largest_ = 0;
};

struct Error {
  double in_double, in_float;
};

/// In double as a caller of the sampler sees the states, in float as one who advances it himself does.
Error error(const GoldenCase& golden, auto method) {
  const azula::Sampler sampler(denoiser(golden), method,
                               {.start = golden.start, .stop = golden.stop, .steps = golden.steps});
  const Array<double> start = golden.trajectory.col(0);
  Errors in_double(golden.trajectory), in_float(golden.trajectory);
  azula::ReplaySource noise(golden.noise), same_noise(golden.noise);
  sampler(start, noise, [&](const azula::StepInfo&, const Array<double>& x) { in_double.add(x); });
  for (auto run = sampler.start(Array<float>(start.cast<float>())); !run.done();) {
    const std::ptrdiff_t step = run.step();
    sampler.denoiser()(run.state(), run.time(), run.mean());
    run.advance(same_noise);
    if (run.step() > step) in_float.add(run.state());
  }
  return {in_double.largest(), in_float.largest()};
}

template <template <int> class M>
Error error_of_order(const GoldenCase& golden) {
  switch (static_cast<int>(golden.options.at("order"))) {
    case 1: return error(golden, M<1>{});
    case 2: return error(golden, M<2>{});
    case 3: return error(golden, M<3>{});
    case 4: return error(golden, M<4>{});
    case 6: return error(golden, M<6>{});
    default: return {infinity, infinity};
  }
}

Error error(const GoldenCase& golden) {
  const auto option = [&](const char* key) { return golden.options.at(key); };
  const std::string& name = golden.method;
  if (name == "DDPM") return error(golden, azula::DDPM{});
  if (name == "DDIM") return error(golden, azula::DDIM{.eta = option("eta")});
  if (name == "Euler") return error(golden, azula::Euler{});
  if (name == "Heun") return error(golden, azula::Heun{});
  if (name == "Ito") return error(golden, azula::Ito{option("eta"), option("temperature")});
  if (name == "PC") return error(golden, azula::PC{static_cast<int>(option("corrections")), option("delta")});
  if (name == "zAB") return error_of_order<azula::zAB>(golden);
  if (name == "vAB") return error_of_order<azula::vAB>(golden);
  if (name == "zEAB") return error_of_order<azula::zEAB>(golden);
  if (name == "xEAB") return error_of_order<azula::xEAB>(golden);
  if (name == "REAB") return error_of_order<azula::REAB>(golden);
  return {infinity, infinity};
}

}  // namespace

TEST_CASE("every state of every golden run is met, to 1e-11 in double and 1e-4 in float", "[golden]") {
  const auto cases = golden_cases();
  REQUIRE(cases.size() == 295);
  for (const GoldenCase& golden : cases) {
    INFO(golden.label);
    const Error e = error(golden);
    if (std::getenv("SHOW")) std::printf("D %.2e %s\nF %.2e\n", e.in_double, golden.label.c_str(),e.in_float);
    CHECK(e.in_double <= 1e-11);
    CHECK(e.in_float <= 1e-4);
  }
}
