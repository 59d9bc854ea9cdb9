#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "azula/denoise/gaussian_denoiser.hpp"
#include "azula/method.hpp"
#include "azula/noise.hpp"
#include "azula/sample/sampler.hpp"
#include "catch.hpp"
#include "support/any.hpp"

namespace {

using azula::Stage;

const std::vector<AnySchedule> schedules = {{azula::VESchedule{}},     {azula::VPSchedule{}},
                                            {azula::CosineSchedule{}}, {azula::RectifiedSchedule{}},
                                            {azula::DecaySchedule{}},  {azula::RectifiedSchedule{0, 0}}};

std::vector<Stage> stages(const AnySchedule& schedule, const auto& method) {
  return azula::Sampler(azula::GaussianDenoiser(0.0, 1.0, schedule), method, {.steps = 12}).stages();
}

/// Whether two methods do the same to the state: to some units in the last place of what is added up.
bool same(const Stage& p, const Stage& q) {
  const auto close = [](double a, double b) {
    return std::fabs(a - b) <= 4e-15 * std::max(std::fabs(a), std::fabs(b));
  };
  return p.step == q.step && p.time == q.time && p.next == q.next && close(p.a, q.a) && close(p.b, q.b) &&
         close(p.c, q.c) && p.older == 0 && q.older == 0;
}

bool same(const auto& method, const auto& other) {
  return std::all_of(schedules.begin(), schedules.end(), [&](const AnySchedule& schedule) {
    const std::vector<Stage> p = stages(schedule, method), q = stages(schedule, other);
    return std::equal(p.begin(), p.end(), q.begin(), q.end(),
                      [](const Stage& s, const Stage& t) { return same(s, t); });
  });
}

}  // namespace

TEST_CASE("DDIM without noise is Euler's method", "[method]") {
  REQUIRE(same(azula::DDIM{.eta = 0}, azula::Euler{}));
}
TEST_CASE("DDIM with all its noise is DDPM", "[method]") {
  REQUIRE(same(azula::DDIM{.eta = 1}, azula::DDPM{}));
}
TEST_CASE("Ito without noise at temperature one is Euler's method", "[method]") {
  REQUIRE(same(azula::Ito{.eta = 0, .temperature = 1}, azula::Euler{}));
}
TEST_CASE("PC without corrections is Euler's method", "[method]") {
  REQUIRE(same(azula::PC{.corrections = 0}, azula::Euler{}));
}
TEST_CASE("the multistep methods of order one are Euler's method", "[method]") {
  REQUIRE(same(azula::zAB<1>{}, azula::Euler{}));
  REQUIRE(same(azula::vAB<1>{}, azula::Euler{}));
  REQUIRE(same(azula::zEAB<1>{}, azula::Euler{}));
  REQUIRE(same(azula::xEAB<1>{}, azula::Euler{}));
}
TEST_CASE("REAB of order one is not Euler's method, and exact for standard normal data", "[method]") {
  REQUIRE(!same(azula::REAB<1>{}, azula::Euler{}));
  for (const AnySchedule& schedule : schedules) {
    // m = α x/(α² + σ²); the flow keeps x/√(α² + σ²).
    for (const Stage& stage : stages(schedule, azula::REAB<1>{})) {
      const auto t = schedule(stage.time), s = schedule(stage.next);
      if (s.sigma == 0) continue;
      const double total = t.alpha * t.alpha + t.sigma * t.sigma;
      const double gain = stage.a + stage.b * t.alpha / total;
      REQUIRE(std::fabs(gain / (std::hypot(s.alpha, s.sigma) / std::sqrt(total)) - 1) < 1e-14);
    }
  }
}

TEST_CASE("a method of order N begins with the orders below it", "[method]") {
  for (const AnySchedule& schedule : schedules) {
    const std::vector<Stage> three = stages(schedule, azula::xEAB<3>{}),
                             two = stages(schedule, azula::xEAB<2>{});
    REQUIRE(same(three[0], stages(schedule, azula::Euler{})[0]));
    REQUIRE(three[1].older == two[1].older);
    REQUIRE(three[1].h == two[1].h);
  }
}

TEST_CASE("PC replaces a share of the noise before each Euler step", "[method]") {
  const std::vector<Stage> pc = stages(schedules[1], azula::PC{.corrections = 2, .delta = 0.36});
  const std::vector<Stage> euler = stages(schedules[1], azula::Euler{});
  REQUIRE(pc.size() == 3 * euler.size());
  for (std::size_t i = 0; i < euler.size(); ++i) {
    REQUIRE(same(pc[3 * i + 2], euler[i]));
    for (const std::size_t j : {3 * i, 3 * i + 1}) {
      const auto [a, s] = schedules[1](pc[j].time);
      REQUIRE(pc[j].next == pc[j].time);
      REQUIRE(std::fabs(pc[j].a - 0.8) < 1e-15);  // √(1 - δ)
      REQUIRE(std::fabs(pc[j].b - 0.2 * a) < 1e-15);
      REQUIRE(std::fabs(pc[j].c - 0.6 * s) < 1e-15);
    }
  }
}

TEST_CASE("the orders two of the exponential methods are DPM-Solver's", "[method]") {
  // DPM-Solver++(2M), Lu et al. 2022, algorithm 2, in its Taylor form (the one without 1 + 1/(2r)):
  //   x_s = σ_s/σ_t x_t + α_s (1 - e^-h) m_t + α_s (h - 1 + e^-h)/h_1 (m_t - m_before)
  const auto lambda = [](const azula::Scales& n) { return std::log(n.alpha / n.sigma); };
  for (const AnySchedule& schedule : schedules) {
    const std::vector<Stage> all = stages(schedule, azula::xEAB<2>{});
    for (std::size_t i = 2; i + 1 < all.size(); ++i) {
      const auto before = schedule(all[i - 1].time), t = schedule(all[i].time), s = schedule(all[i].next);
      const double h = lambda(s) - lambda(t), h1 = lambda(t) - lambda(before);
      const double slope = s.alpha * (h + std::expm1(-h)) / h1;
      REQUIRE(std::fabs(all[i].a / (s.sigma / t.sigma) - 1) < 1e-14);
      REQUIRE(std::fabs(all[i].b - (-s.alpha * std::expm1(-h) + slope)) < 1e-12 * (1 + std::fabs(slope)));
      REQUIRE(std::fabs(all[i].h[0] + slope) < 1e-12 * std::fabs(slope));
    }
  }
}
