/// \file
/// Methods by name: the stages of their types, and what is refused.

#include <map>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "azula/azula.hpp"
#include "azula/method/any_method.hpp"
#include "catch.hpp"
#include "support/complaint.hpp"
#include "support/erased_method.hpp"

namespace {

using azula::AnyMethod;

static_assert(azula::Method<AnyMethod>);
static_assert(!std::is_convertible_v<const char*, AnyMethod> && !std::is_constructible_v<AnyMethod, int>);

/// The stages as a sampler prints them, to the last bit.
std::string table(const auto& method) {
  const azula::TimeGrid grid(azula::VPSchedule{}, azula::linear_times({.steps = 9}));
  std::ostringstream text;
  text << stages_of(erased(method), grid);
  return text.str();
}

std::string refusal(const std::string& name, const azula::MethodOptions& options = {}) {
  return complaint<std::invalid_argument>([&] { AnyMethod(name, options); });
}

/// Names beside the stages of their types.
using Typed = std::map<std::string, std::string>;

template <template <int> class M, int N>
void add_orders(Typed& typed, const std::string& name) {
  typed[name + std::to_string(N)] = table(M<N>{});
  if constexpr (N > 1) add_orders<M, N - 1>(typed, name);
}

template <int N>
using Bounded = azula::Bounded<azula::xEAB<N>>;
template <int N>
using BoundedNoise = azula::Bounded<azula::zAB<N>>;
template <int N>
using FixedAB = azula::FixedAB<N>;
template <int N>
using UniPC = azula::UniPC<N>;
template <int N>
using SASolver = azula::SASolver<N>;
template <int N>
using Singlestep = azula::DPMSolverSinglestep<N>;
template <int N>
using AncestralData = azula::Ancestral<azula::xEAB<N>>;

Typed multistep_methods() {
  using namespace azula;
  Typed typed;
  add_orders<zAB, 8>(typed, "zAB");
  add_orders<vAB, 8>(typed, "vAB");
  add_orders<tAB, 8>(typed, "tAB");
  add_orders<zEAB, 8>(typed, "zEAB");
  add_orders<xEAB, 8>(typed, "xEAB");
  add_orders<REAB, 8>(typed, "REAB");
  add_orders<::Bounded, 8>(typed, "BoundedxEAB");
  add_orders<::FixedAB, 4>(typed, "FixedAB");
  add_orders<::UniPC, 7>(typed, "UniPC");
  add_orders<DPMSolverMultistepSDE, 8>(typed, "DPMSolverMultistepSDE");
  add_orders<::SASolver, 7>(typed, "SASolver");
  add_orders<ERSDE, 3>(typed, "ERSDE");
  add_orders<BoundedNoise, 8>(typed, "BoundedzAB");
  add_orders<Singlestep, 3>(typed, "DPMSolverSinglestep");
  add_orders<AncestralData, 3>(typed, "AncestralxEAB");
  add_orders<DPMSolverNoiseSDE, 2>(typed, "DPMSolverNoiseSDE");
  return typed;
}

Typed all_methods() {
  using namespace azula;
  Typed typed = multistep_methods();
  const auto add = [&](const auto&... methods) { ((typed[methods.name()] = table(methods)), ...); };
  add(DDPM{}, DDIM{}, Euler{}, Heun{}, Ito{}, PC{}, DPM2{}, DPMSolver2S{}, DPMSolver3S{}, ExponentialHeun{}, RK4{});
  add(EulerAncestral{}, DPM2Ancestral{}, DPMSolver2SAncestral{}, DPMSolverSDE{}, FlowAncestral{});
  add(PNDM{}, GradientEstimation{}, RES2S{}, HeunPP2<>{}, VelocityHeun{}, VelocityMidpoint{}, VelocityRK4{});
  add(Renoise{}, TCD{}, SEEDS3{});
  typed["ChurnedEuler"] = table(Churned{Euler{}, Churn{}});
  return typed;
}

}  // namespace

TEST_CASE("a method by name has the stages of its type, bit by bit", "[any_method]") {
  const Typed typed = all_methods();
  for (const std::string& name : azula::method_names()) {
    CAPTURE(name);
    REQUIRE(typed.contains(name));
    CHECK(table(AnyMethod(name)) == typed.at(name));
    CHECK(table(AnyMethod(AnyMethod(name).name())) == typed.at(name));  // "xEAB<3>" is a name, too
  }
  CHECK(typed.size() == azula::method_names().size());
}

TEST_CASE("a family's name alone means the order that its type has by default", "[any_method]") {
  using namespace azula;
  const auto check = [](const char* name, const auto& method) { CHECK(AnyMethod(name).name() == method.name()); };
  check("zAB", zAB<>{});
  check("vAB", vAB<>{});
  check("tAB", tAB<>{});
  check("zEAB", zEAB<>{});
  check("xEAB", xEAB<>{});
  check("REAB", REAB<>{});
  check("BoundedxEAB", azula::Bounded{xEAB<>{}});
  check("FixedAB", azula::FixedAB<>{});
  check("DPMSolverSinglestep", DPMSolverSinglestep<>{});
  check("DPMSolverNoiseSDE", DPMSolverNoiseSDE<>{});
  check("UniPC", azula::UniPC<>{});
  check("DPMSolverMultistepSDE", DPMSolverMultistepSDE<>{});
  check("SASolver", azula::SASolver<>{});
  check("ERSDE", ERSDE<>{});
}

TEST_CASE("options by name are those of the type", "[any_method]") {
  using namespace azula;
  CHECK(table(AnyMethod("DDIM", {{"eta", 0.5}})) == table(DDIM{.eta = 0.5}));
  CHECK(table(AnyMethod("Ito", {{"eta", 0.5}, {"temperature", 0.9}})) == table(Ito{0.5, 0.9}));
  CHECK(table(AnyMethod("PC", {{"corrections", 2}, {"delta", 0.1}})) == table(PC{2, 0.1}));
  CHECK(table(AnyMethod("DPMSolver2S", {{"r", 0.3}})) == table(DPMSolver2S{0.3}));
  CHECK(table(AnyMethod("DPMSolver3S", {{"r_1", 0.2}, {"r_2", 0.7}})) == table(DPMSolver3S{0.2, 0.7}));
  const MethodOptions churn{{"s_churn", 20}, {"s_min", 0.1}, {"s_max", 9}, {"s_noise", 1.1}};
  CHECK(table(AnyMethod("Heun", churn)) == table(Heun{{20, 0.1, 9, 1.1}}));
  CHECK(table(AnyMethod("zAB3", {{"lower_order_final", 1}})) == table(zAB<3>{.lower_order_final = true}));
  CHECK(table(AnyMethod("UniPC3", {{"lower_order_final", 0}, {"variant", 1}})) ==
        table(azula::UniPC<3>{UniPCVariant::B1, false}));
  CHECK(table(AnyMethod("SASolver3", {{"tau", 0.5}, {"rho_min", 0.1}, {"rho_max", 5}})) ==
        table(azula::SASolver<3>{.tau = 0.5, .rho_min = 0.1, .rho_max = 5}));
  CHECK(table(AnyMethod("BoundedxEAB3", {{"most", 2}, {"compat", 1}, {"lower_order_final", 1}})) ==
        table(azula::Bounded<xEAB<3>>{xEAB<3>{.compat = true}, 2, 0.7, true}));
  CHECK(table(AnyMethod("BoundedzAB3", {{"least", 0}})) == table(azula::Bounded{zAB<3>{}, 1.1, 0}));
  CHECK(table(AnyMethod("DDPM", {{"variance", 1}})) == table(DDPM{DDPMVariance::fixed_large}));
  CHECK(table(AnyMethod("PNDM", {{"start", 1}})) == table(PNDM{PNDMStart::runge_kutta}));
  CHECK(table(AnyMethod("DPMSolverSinglestep3", {{"weights", 2}})) == table(DPMSolverSinglestep<3>{SinglestepWeights::exact}));
  CHECK(table(AnyMethod("GradientEstimation", {{"gamma", 1.5}})) == table(GradientEstimation{1.5}));
  CHECK(table(AnyMethod("ChurnedEuler", {{"s_churn", 5}, {"first", 1}})) ==
        table(Churned{Euler{}, {.s_churn = 5, .first = true}}));
}

TEST_CASE("the end of zAB may be extrapolated by name, where no noise is left", "[any_method]") {
  const azula::TimeGrid grid(azula::RectifiedSchedule{.sigma_min = 0}, {0.8, 0.6, 0.4, 0.2, 0});
  const auto last = [&](const AnyMethod& method) { return stages_of(erased(method), grid).back().older; };
  CHECK(last(AnyMethod("zAB3", {{"extrapolate_final", 1}})) == 2);
  CHECK(last(AnyMethod("zAB3")) == 0);
}

TEST_CASE("a method tells which options it has", "[any_method]") {
  CHECK(AnyMethod("zAB3").has("extrapolate_final"));
  CHECK_FALSE(AnyMethod("zAB3").has("eta"));
  CHECK(AnyMethod("Euler").options().empty());
  CHECK(AnyMethod("Ito").options() == std::vector<std::string_view>{"eta", "temperature"});
}

TEST_CASE("a method as a value keeps its name, its options and its stages", "[any_method]") {
  const AnyMethod method = azula::Corrected{azula::zAB<3>{}};
  CHECK(method.name() == "Corrected zAB<3>");
  CHECK(table(method) == table(azula::Corrected{azula::zAB<3>{}}));
  const azula::Restart restart{azula::Heun{}, {.rho_min = 1, .rho_max = 3}};
  CHECK(table(AnyMethod(restart)) == table(restart));
  CHECK(AnyMethod(restart).has("repeats"));
  const AnyMethod wrong = azula::DDIM{.eta = -1};  // as with its own type, it is the sampler that refuses it
  CHECK(complaint<std::invalid_argument>([&] { wrong.check(); }) ==
        "azula::DDIM: eta must be finite and at least 0, got -1");
}

TEST_CASE("a sampler of any method draws what that of its type draws", "[any_method]") {
  const azula::GaussianDenoiser denoiser(0.3, 0.5, azula::VPSchedule{});
  const Eigen::ArrayXd x = Eigen::ArrayXd::LinSpaced(7, -2, 2);
  const auto drawn = [&](const auto& method) {
    azula::NormalSource random(3);
    return Eigen::ArrayXd(azula::Sampler(denoiser, method, {.steps = 6, .silent = true})(x, random));
  };
  CHECK((drawn(AnyMethod("SASolver3")) == drawn(azula::SASolver<3>{})).all());
  CHECK((drawn(AnyMethod(azula::Started{azula::xEAB<5>{}})) == drawn(azula::Started{azula::xEAB<5>{}})).all());
}

TEST_CASE("a run of any method remembers as many predictions as its type's", "[any_method]") {
  const azula::GaussianDenoiser denoiser(0.3, 0.5, azula::VPSchedule{});
  const auto remembered = [&](const AnyMethod& method, std::ptrdiff_t steps) {
    const azula::Sampler sampler(denoiser, method, {.steps = steps, .silent = true});
    auto run = sampler.start(Eigen::ArrayXd(Eigen::ArrayXd::Ones(3)));
    std::set<const double*> slots;
    while (!run.done()) {
      slots.insert(run.mean().data());
      sampler.denoiser()(run.state(), run.time(), run.mean());
      run.advance(azula::NormalSource(1));
    }
    return slots.size();
  };
  CHECK(remembered(AnyMethod("Euler"), 20) == 1);
  CHECK(remembered(AnyMethod("Heun"), 20) == 2);
  CHECK(remembered(AnyMethod("xEAB3"), 20) == 3);
  CHECK(remembered(AnyMethod("UniPC3"), 20) == 4);
  CHECK(remembered(AnyMethod("xEAB8"), 20) == 8);
  CHECK(remembered(AnyMethod("xEAB8"), 3) == 3);
}

TEST_CASE("names and options that are none are refused with those that are", "[any_method]") {
  for (const char* name : {"", "xEAB0", "xEAB9", "xEAB12", "DDPM2", "ddpm", "xEAB-", "UniPC8", "Bounded"}) {
    CAPTURE(name);
    const std::string said = refusal(name);
    CHECK(said.starts_with("azula::AnyMethod: a method must be one of DDPM, DDIM, Euler, "));
    CHECK(said.find("xEAB(1-8)") != std::string::npos);
    CHECK(said.ends_with(", got \"" + std::string(name) + '"'));
  }
  CHECK(refusal("Euler", {{"eta", 0}}) == "azula::Euler: the method has no options, got \"eta\"");
  CHECK(refusal("Ito", {{"etta", 0}}) == "azula::Ito: its options are eta, temperature, got \"etta\"");
  CHECK(refusal("DDIM", {{"eta", -1}}) == "azula::DDIM: eta must be finite and at least 0, got -1");
  CHECK(refusal("DPM2", {{"s_churn", -1}}) == "azula::DPM2: s_churn must be finite and at least 0, got -1");
  CHECK(refusal("xEAB4", {{"compat", 1}}) == "azula::xEAB: compat exists for the orders 1 to 3, got 4");
  CHECK(refusal("xEAB3", {{"compat", 0.5}}) == "azula::xEAB<3>: compat must be a whole number from 0 to 1, got 0.5");
  CHECK(refusal("PC", {{"corrections", 1.5}}) ==
        "azula::PC: corrections must be a whole number from 0 to 1000000, got 1.5");
  CHECK(refusal("PC", {{"corrections", 2000}}) == "azula::PC: corrections must be in [0, 1000], got 2000");
  CHECK(refusal("UniPC", {{"variant", 3}}) == "azula::UniPC<3>: variant must be a whole number from 0 to 2, got 3");
}
