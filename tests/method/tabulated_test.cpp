#include "azula/method/tabulated.hpp"

#include <Eigen/Core>

#include <cmath>
#include <limits>
#include <sstream>
#include <string>
#include <vector>

#include "azula/denoise/function_denoiser.hpp"
#include "azula/denoise/gaussian_denoiser.hpp"
#include "azula/method.hpp"
#include "azula/noise/vp_schedule.hpp"
#include "azula/plan/read_stages.hpp"
#include "azula/plan/stage_table.hpp"
#include "azula/random/normal_source.hpp"
#include "azula/sample/sampler.hpp"
#include "catch.hpp"
#include "support/catalogue.hpp"
#include "support/complaint.hpp"

namespace {

using Eigen::ArrayXXd;

struct LineSchedule {  // α = 1, σ = t
  azula::Scales operator()(double t) const { return {1, t}; }
};

const azula::GaussianDenoiser denoiser(0.3, 0.25, azula::VPSchedule{});

ArrayXXd initial(const auto& sampler) {
  ArrayXXd x(5, 3);
  azula::NormalSource random(1);
  sampler.init(x, random);
  return x;
}

/// The same table after a way through text.
azula::Tabulated<> reread(const std::vector<azula::Stage>& stages) {
  std::stringstream text;
  text << stages;
  return {azula::read_stages(text)};
}

void require_same_run(const auto& method) {
  CAPTURE(method.name());
  const azula::Sampler sampler(denoiser, method, {.steps = 7, .silent = true});
  const azula::Tabulated table = reread(sampler.stages());
  const azula::Sampler again(denoiser, table, table.times(), {.silent = true});
  REQUIRE((again.timesteps() == sampler.timesteps()).all());
  azula::NormalSource random(2), same(2);
  REQUIRE((again(initial(sampler), same) == sampler(initial(sampler), random)).all());
}

std::vector<azula::Stage> two_steps() {
  return {{.step = 0, .time = 1, .next = 0.5, .a = 0.5, .b = 0.5},
          {.step = 1, .time = 0.5, .next = 0, .b = 1, .older = 1}};
}

std::string refusal(const auto& method, const std::vector<double>& times) {
  return complaint<std::invalid_argument>([&] { azula::Sampler(denoiser, method, times); });
}

}  // namespace

TEST_CASE("a run of a table has the bits of the sampler's own", "[tabulated]") {
  require_same_run(azula::UniPC<7>{});  // as many predictions as any method remembers
  require_same_run(azula::Heun{{.s_churn = 20}});
  require_same_run(azula::Started{azula::xEAB<4>{}});
  require_same_run(azula::Restart{azula::xEAB<3>{}, {.rho_min = 0.5, .rho_max = 2}});
  require_same_run(azula::SASolver<3>{});
  require_same_run(azula::DPMSolverSDE{});
}

TEST_CASE("the times of a table are those of the grid it was made on, for every method", "[tabulated]") {
  const azula::TimeGrid grid(azula::VPSchedule{}, {1, 0.83, 0.7, 0.44, 0.2, 0.1, 0.05, 0});
  auto methods = all_multistep_methods();
  for (const NamedMethod& named : all_other_methods()) methods.push_back(named);
  for (const NamedMethod& named : methods) {
    CAPTURE(named.method.name);
    const std::vector<double> times = azula::Tabulated{stages_of(named.method, grid)}.times();
    REQUIRE(times.size() == grid.size());
    for (std::size_t i = 0; i < times.size(); ++i) REQUIRE(times[i] == grid[i].t);
  }
}

TEST_CASE("a solver by hand that asks the network elsewhere does what its formula says", "[tabulated]") {
  // As learned solvers do: the state goes 8 → 2 → 1 → 1/2, the network, of which d = (x - m(x, t'))/t' is used, is
  // asked at t' = 7, 2.5 and 0.9; x <- x + (s - t) Σ_j w_j d_j with weights w that somebody has learned.
  const auto mean = [](double x, double t) { return std::tanh(x / (0.1 + t * t)); };
  const std::vector<double> nodes{8, 2, 1, 0.5}, asked{7, 2.5, 0.9};
  const std::vector<std::vector<double>> weights{{0.97}, {1.3, -0.28}, {1.6, -0.9, 0.29}};
  std::stringstream text;
  text.precision(17);
  text << "step time next a b u v h_1 h_2 evaluates\n0 8 7 1 0 0 1 0 0 0\n";  // the first mean is not asked for at 8
  double x = 3;
  std::vector<double> slopes;
  for (std::size_t i = 0; i < 3; ++i) {
    const double step = nodes[i + 1] - nodes[i], t = asked[i], w = weights[i][0];
    text << i << ' ' << t << ' ' << nodes[i + 1] << ' ' << 1 + step * w / t << ' ' << -step * w / t << ' ' << 1 / t
         << ' ' << -1 / t;
    for (std::size_t j = 1; j < 3; ++j) text << ' ' << (j < weights[i].size() ? step * weights[i][j] : 0);
    text << " 1\n";
    slopes.insert(slopes.begin(), (x - mean(x, t)) / t);
    for (std::size_t j = 0; j <= i; ++j) x += step * weights[i][j] * slopes[j];
  }
  const azula::Tabulated table{azula::read_stages(text)};
  REQUIRE(table.times() == nodes);
  const azula::FunctionDenoiser network(
      [&](const ArrayXXd& x_t, double t) -> ArrayXXd { return x_t.unaryExpr([&](double v) { return mean(v, t); }); },
      LineSchedule{});
  const azula::Sampler sampler(network, table, table.times());
  REQUIRE(sampler.evaluations() == 3);
  REQUIRE(std::fabs(sampler(ArrayXXd::Constant(1, 1, 3.0).eval())(0) - x) < 1e-14 * 8);
}

TEST_CASE("a table is refused times that are not its own, to rounding", "[tabulated]") {
  const azula::Tabulated table{two_steps()};
  CHECK(refusal(table, {1, 0.5, 0}).empty());
  CHECK(refusal(table, {1 + 1e-13, 0.5 - 1e-13, 1e-13}).empty());
  CHECK(refusal(table, {1, 0.5 + 1e-11, 0}) ==
        "azula::Tabulated: time 1 of the sampler must be that of the table, 0.5, got 0.5");
  CHECK(refusal(table, {0.9, 0.5, 0}) ==
        "azula::Tabulated: time 0 of the sampler must be that of the table, 1, got 0.9");
  CHECK(refusal(table, {1, 0.5, 0.1}) ==
        "azula::Tabulated: time 2 of the sampler must be that of the table, 0, got 0.1");
  CHECK(refusal(table, {1, 0}) ==
        "azula::Tabulated: the sampler must be given as many steps as the table has, 2, got 1");
  CHECK(refusal(table, {1, 0.5, 0.2, 0}) ==
        "azula::Tabulated: the sampler must be given as many steps as the table has, 2, got 3");
}

TEST_CASE("stages that are no solver are refused by sampler and times()", "[tabulated]") {
  const auto refused = [](auto change) {
    azula::Tabulated table{two_steps()};
    change(table.stages);
    const std::string text = refusal(table, {1, 0.5, 0});
    CHECK(complaint<std::invalid_argument>([&] { table.times(); }) == text);
    return text;
  };
  using Stages = std::vector<azula::Stage>;
  CHECK(refused([](Stages& s) { s.clear(); }) == "azula::Tabulated: there must be at least one stage, got 0");
  CHECK(refused([](Stages& s) { s[1].step = 2; }) ==
        "azula::Tabulated: stage 1, step: steps must count up from 0 without gaps, got 2");
  CHECK(refused([](Stages& s) { s[0].step = -1; }) ==
        "azula::Tabulated: stage 0, step: steps must count up from 0 without gaps, got -1");
  CHECK(refused([](Stages& s) { s[1].older = 2; }) ==
        "azula::Tabulated: stage 1, older: must be from 0 to 1, the predictions that are remembered, got 2");
  CHECK(refused([](Stages& s) { s[1].older = -1; }) ==
        "azula::Tabulated: stage 1, older: must be from 0 to 1, the predictions that are remembered, got -1");
  CHECK(refused([](Stages& s) { s[1].h[0] = std::numeric_limits<double>::infinity(); }) ==
        "azula::Tabulated: stage 1, h_1: must be finite, got inf");
  CHECK(refused([](Stages& s) { s[0].from = std::numeric_limits<double>::infinity(); }) ==
        "azula::Tabulated: stage 0, from: must be finite, got inf");
  CHECK(refused([](Stages& s) { s[0].time = std::numeric_limits<double>::infinity(); }) ==
        "azula::Tabulated: stage 0, time: must be finite, got inf");
  CHECK(refused([](Stages& s) { s[1].drop = 3; }) ==
        "azula::Tabulated: stage 1, drop: must be from 0 to 2, the predictions that are remembered, got 3");
  CHECK(refusal(azula::Tabulated<1>{two_steps()}, {1, 0.5, 0}) ==
        "azula::Tabulated: stage 1, older: must be from 0 to 0, the predictions that are remembered, got 1");
  CHECK(refusal(azula::Tabulated<2>{two_steps()}, {1, 0.5, 0}).empty());
}
