#pragma once
/// \file
/// The golden runs as samplers: their denoisers and methods, and how far a run is from them.

#include <Eigen/Core>

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>

#include "azula/azula.hpp"
#include "support/any.hpp"
#include "support/golden.hpp"

template <class T>
using GoldenArray = Eigen::ArrayX<T>;

/// The network of the golden files: w2 tanh(w1 input + wt c + b1) + b2.
inline auto golden_mlp(const GoldenDenoiser& golden) {
  return [golden](const auto& input, double c) {
    using T = azula::scalar_t<decltype(input)>;
    const Eigen::ArrayXd hidden =
        (golden["w1"] * input.matrix().template cast<double>() + golden["wt"] * c + golden["b1"]).array().tanh();
    return GoldenArray<T>((golden["w2"] * hidden.matrix() + golden["b2"]).array().template cast<T>());
  };
}

using AnyGoldenDenoiser = AnyDenoiser<GoldenArray<double>, GoldenArray<float>>;

inline AnyGoldenDenoiser golden_denoiser(const GoldenCase& golden) {
  const GoldenDenoiser& d = golden.denoiser;
  if (d.name == "gaussian") {
    const Eigen::ArrayXd mean = d["mean"], variance = d["var"];
    return AnyGoldenDenoiser(azula::GaussianDenoiser(mean, variance, golden.schedule));
  }
  if (d.name == "mixture") {
    return AnyGoldenDenoiser(
        azula::MixtureDenoiser(d["weights"], d["means"].transpose(), d["variances"], golden.schedule));
  }
  return AnyGoldenDenoiser(azula::KarrasDenoiser(golden_mlp(d), golden.schedule));
}

/// The largest error over the states of a run and their values, relative to max(1, |state|).
class GoldenErrors {
 public:
  explicit GoldenErrors(const Eigen::MatrixXd& trajectory) : trajectory_(trajectory) {}

  template <class T>
  void add(const GoldenArray<T>& x) {
    const Eigen::ArrayXd expected = trajectory_.col(++states_);
    const double e = ((x.template cast<double>() - expected).abs() / expected.abs().max(1.0)).maxCoeff();
    largest_ = e <= largest_ ? largest_ : e;  // NaN stays
  }

  double largest() const {
    return states_ + 1 == trajectory_.cols() ? largest_ : std::numeric_limits<double>::infinity();
  }

 private:
  const Eigen::MatrixXd& trajectory_;
  Eigen::Index states_ = 0;
  double largest_ = 0;
};

template <template <int> class M, class F>
auto with_golden_order(const GoldenCase& golden, const F& f) -> decltype(f(azula::Euler{})) {
  switch (static_cast<int>(golden.options.at("order"))) {
    case 1:
      return f(M<1>{});
    case 2:
      return f(M<2>{});
    case 3:
      return f(M<3>{});
    case 4:
      return f(M<4>{});
    case 6:
      return f(M<6>{});
    default:
      throw std::runtime_error("no order of " + golden.label);
  }
}

/// What f makes of the method of a run.
template <class F>
auto with_golden_method(const GoldenCase& golden, const F& f) {
  const auto option = [&](const char* key) { return golden.options.at(key); };
  const std::string& name = golden.method;
  if (name == "DDPM") return f(azula::DDPM{});
  if (name == "DDIM") return f(azula::DDIM{.eta = option("eta")});
  if (name == "Euler") return f(azula::Euler{});
  if (name == "Heun") return f(azula::Heun{});
  if (name == "Ito") return f(azula::Ito{option("eta"), option("temperature")});
  if (name == "PC") return f(azula::PC{static_cast<int>(option("corrections")), option("delta")});
  if (name == "zAB") return with_golden_order<azula::zAB>(golden, f);
  if (name == "vAB") return with_golden_order<azula::vAB>(golden, f);
  if (name == "zEAB") return with_golden_order<azula::zEAB>(golden, f);
  if (name == "xEAB") return with_golden_order<azula::xEAB>(golden, f);
  if (name == "REAB") return with_golden_order<azula::REAB>(golden, f);
  throw std::runtime_error("no method " + name);
}
