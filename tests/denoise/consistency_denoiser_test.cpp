#include "azula/denoise/consistency_denoiser.hpp"

#include <Eigen/Core>

#include <cmath>
#include <functional>
#include <string>
#include <type_traits>

#include "azula/denoise/function_denoiser.hpp"
#include "azula/denoise/network_time.hpp"
#include "azula/noise/betas.hpp"
#include "azula/noise/discrete_schedule.hpp"
#include "azula/noise/vp_schedule.hpp"
#include "catch.hpp"
#include "support/complaint.hpp"

using azula::ConsistencyDenoiser;

namespace {

/// mean = 3 x, and Jᵀ v = 3 v.
struct Triple {
  azula::VPSchedule vp;

  const auto& schedule() const { return vp; }
  void operator()(const Eigen::ArrayXd& x, double, Eigen::ArrayXd& mean) const { mean = 3 * x; }
  void vjp(const Eigen::ArrayXd&, double, const Eigen::ArrayXd& v, Eigen::ArrayXd& out) const { out = 3 * v; }
};

const Eigen::ArrayXd x{{0.4, -1.2, 0.05}};

template <class D>
Eigen::ArrayXd mean_of(const D& denoiser, double t) {
  Eigen::ArrayXd mean;
  denoiser(x, t, mean);
  return mean;
}

template <class D>
concept ProductOf = requires(const D& d, const Eigen::ArrayXd& v, Eigen::ArrayXd& out) { d.vjp(v, 0.5, v, out); };

}  // namespace

TEST_CASE("a consistency denoiser has the scalings of latent consistency models", "[denoise]") {
  const azula::DiscreteSchedule schedule(azula::linear_betas());
  const azula::FunctionDenoiser inner([](const auto& in, double, auto& mean) { mean = 3 * in; }, schedule);
  for (const double step : {1.0, 19.0, 999.0}) {
    const double skip = 0.25 / (100 * step * step + 0.25), out = 10 * step / std::sqrt(100 * step * step + 0.25);
    const Eigen::ArrayXd mean = mean_of(ConsistencyDenoiser(std::cref(inner)), schedule.time_of(step));
    CHECK((mean - (skip + 3 * out) * x).abs().maxCoeff() < 1e-14);
  }
  CHECK((mean_of(ConsistencyDenoiser(inner), schedule.time_of(0)) == x).all());
  CHECK((mean_of(ConsistencyDenoiser(inner), 0) == x).all());
}

TEST_CASE("a consistency denoiser takes other scalings and times", "[denoise]") {
  const ConsistencyDenoiser denoiser(Triple{}, {.sigma_data = 2, .timestep_scaling = 5}, azula::OwnTime{.scale = 4});
  const double scaled = 5 * 4 * 0.3, skip = 4 / (scaled * scaled + 4), out = scaled / std::sqrt(scaled * scaled + 4);
  CHECK((mean_of(denoiser, 0.3) - (skip + 3 * out) * x).abs().maxCoeff() < 1e-14);

  Eigen::ArrayXd product;
  const Eigen::ArrayXd v = x.reverse();
  denoiser.vjp(x, 0.3, v, product);
  CHECK((product - (skip + 3 * out) * v).abs().maxCoeff() < 1e-14);
  STATIC_REQUIRE(ProductOf<ConsistencyDenoiser<Triple, azula::OwnTime>>);
  const auto without = [](const auto& in, double, auto& mean) { mean = in; };
  using Without = azula::FunctionDenoiser<std::decay_t<decltype(without)>, azula::VPSchedule>;
  STATIC_REQUIRE_FALSE(ProductOf<ConsistencyDenoiser<Without, azula::OwnTime>>);
}

TEST_CASE("a consistency denoiser refuses what has no scalings", "[denoise]") {
  const auto said = [](auto&& call) { return complaint<std::invalid_argument>(call); };
  CHECK(said([] { ConsistencyDenoiser(Triple{}, {.sigma_data = 0}, azula::OwnTime{}); }) ==
        "azula::ConsistencyDenoiser: sigma_data must be finite and positive, got 0");
  CHECK(said([] { ConsistencyDenoiser(Triple{}, {.timestep_scaling = -1}, azula::OwnTime{}); }) ==
        "azula::ConsistencyDenoiser: timestep_scaling must be finite and positive, got -1");
  const ConsistencyDenoiser backwards(Triple{}, {}, azula::OwnTime{.scale = -1});
  CHECK(said([&] { mean_of(backwards, 0.3); }) ==
        "azula::ConsistencyDenoiser: the network's time must be finite and at least 0, got -0.3");
  const ConsistencyDenoiser denoiser(Triple{}, {}, azula::OwnTime{});
  Eigen::ArrayXd product;
  CHECK(said([&] { denoiser.vjp(x, 0.3, Eigen::ArrayXd::Ones(2), product); }).find("v must have the shape") !=
        std::string::npos);
}
