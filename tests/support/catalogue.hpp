#pragma once
/// \file
/// Every method of method.hpp, with the options that change its path through the code, and every schedule of
/// noise.hpp, with clean ends and pure-noise starts where they exist.

#include <string>
#include <vector>

#include "azula/method.hpp"
#include "azula/noise.hpp"
#include "support/any.hpp"
#include "support/erased_method.hpp"

struct NamedMethod {
  ErasedMethod method;
  bool stochastic;
};

template <class... M>
void append_methods(std::vector<NamedMethod>& all, bool stochastic, const M&... methods) {
  (all.push_back({erased(methods), stochastic}), ...);
}

template <template <int> class M>
void append_orders(std::vector<NamedMethod>& all) {
  append_methods(all, false, M<1>{}, M<2>{}, M<3>{}, M<4>{}, M<8>{});
  append_methods(all, false, M<2>{.lower_order_final = true}, M<4>{.lower_order_final = true});
  append_methods(all, false, azula::Corrected{M<1>{}}, azula::Corrected{M<3>{}}, azula::Corrected{M<7>{}});
  append_methods(all, false, azula::Started{M<3>{}}, azula::Started{M<4>{}}, azula::Started{M<5>{}});
}

inline std::vector<NamedMethod> all_multistep_methods() {
  using namespace azula;
  std::vector<NamedMethod> all;
  append_orders<xEAB>(all);
  append_orders<zEAB>(all);
  append_orders<zAB>(all);
  append_orders<vAB>(all);
  append_orders<REAB>(all);
  append_orders<tAB>(all);
  append_methods(all, false, FixedAB<1>{}, FixedAB<2>{}, FixedAB<4>{}, FixedAB<3, VelocityForm>{},
                 FixedAB<3>{.lower_order_final = true}, Corrected{FixedAB<2>{}});
  append_methods(all, false, Bounded{xEAB<2>{}}, Bounded{xEAB<4>{}}, Bounded{vAB<8>{}}, Bounded{zAB<3>{}, 1},
                 Bounded{REAB<3>{.lower_order_final = true}}, Corrected{Bounded{xEAB<3>{}}},
                 Started{Bounded{xEAB<3>{}}});
  append_methods(all, false, xEAB<2>{.compat = true}, xEAB<3>{.compat = true}, zEAB<3>{.compat = true});
  append_methods(all, false, UniPC<1>{}, UniPC<2>{}, UniPC<3>{}, UniPC<4>{}, UniPC<7>{},
                 UniPC<2>{UniPCVariant::B1}, UniPC<3>{UniPCVariant::exact, false});
  append_methods(all, false, UniPC<3, ExponentialNoiseForm>{}, UniPC<2, ExponentialNoiseForm>{UniPCVariant::B1},
                 UniPC<3>{.uncorrected = {0, 2}}, FixedAB<3>{.extrapolate_final = true});
  return all;
}

inline std::vector<NamedMethod> all_other_methods() {
  using namespace azula;
  std::vector<NamedMethod> all;
  append_methods(all, false, Euler{}, Heun{}, DPM2{}, DPMSolver2S{}, DPMSolver2S{.r = 1}, DPMSolver3S{},
                 ExponentialHeun{}, RK4{}, VelocityHeun{}, VelocityMidpoint{},
                 VelocityMidpoint{.extrapolate_final = true}, VelocityRK4{}, RES2S{}, RES2S{.r = 0.3}, RES2S{.r = 1});
  append_methods(all, false, GradientEstimation{}, GradientEstimation{.gamma = 1.5}, HeunPP2<>{},
                 HeunPP2<VelocityForm>{},
                 DPMSolverSinglestep<1>{}, DPMSolverSinglestep<2>{}, DPMSolverSinglestep<3>{},
                 DPMSolverSinglestep<3, ExponentialNoiseForm>{SinglestepWeights::lines},
                 DPMSolverSinglestep<3>{SinglestepWeights::exact, false}, PNDM{}, PNDM{PNDMStart::runge_kutta});
  append_methods(all, true, DDPM{}, DDIM{.eta = 0.5}, Ito{}, PC{}, Heun{{.s_churn = 20}},
                 DPM2{{.s_churn = 20}});
  append_methods(all, true, EulerAncestral{}, DPM2Ancestral{}, DPMSolver2SAncestral{},
                 EulerAncestral{.eta = 0.5}, DPM2Ancestral{.eta = 0.5}, DPMSolver2SAncestral{.eta = 0.5},
                 DPM2Ancestral{.eta = 0});
  append_methods(all, true, Renoise{}, Renoise{.rho_min = 0.05}, Renoise{.noise_at_end = false}, TCD{},
                 TCD{.gamma = 1}, TCD{.gamma = 0}, FlowAncestral{}, FlowAncestral{.eta = 0.4}, FlowAncestral{.eta = 0});
  append_methods(all, true, Ancestral{Euler{}}, Ancestral{Heun{}}, Ancestral{ExponentialHeun{}, 0.5},
                 Ancestral{DPMSolver3S{}}, Ancestral{RK4{}}, Ancestral{xEAB<2>{}}, Ancestral{vAB<3>{}, 0.5},
                 Ancestral{zAB<2>{}}, Ancestral{tAB<2>{}}, Ancestral{Bounded{REAB<2>{}}},
                 Ancestral{Started{xEAB<3>{}}}, Restart{Ancestral{Heun{}}});
  append_methods(all, true, Churned{Euler{}, {.s_churn = 20}}, Churned{DPMSolver2S{}, {.s_churn = 20, .first = true}},
                 Churned{xEAB<3>{}, {.s_churn = 20}}, Churned{Started{zEAB<4>{}}, {.s_churn = 2}}, Churned{Euler{}, {}},
                 Heun{{.s_churn = 20, .first = true}});
  append_methods(all, true, DPMSolverSDE{}, DPMSolverSDE{.eta = 0.5, .r = 0.3}, DPMSolverSDE{.eta = 0});
  append_methods(all, true, RES2S{.eta = 1}, RES2S{.eta = 0.5, .r = 0.3}, ExponentialHeun{.eta = 1}, SEEDS3{},
                 SEEDS3{.eta = 0.5, .r_1 = 0.2, .r_2 = 0.9}, SEEDS3{.eta = 0}, Restart{DPMSolverSinglestep<3>{}},
                 Restart{HeunPP2<>{}}, Ancestral{GradientEstimation{}}, Ancestral{HeunPP2<VelocityForm>{}},
                 Churned{HeunPP2<>{}, {.s_churn = 20}});
  append_methods(all, true, DPMSolverMultistepSDE<1>{}, DPMSolverMultistepSDE<2>{},
                 DPMSolverMultistepSDE<3>{}, DPMSolverMultistepSDE<8>{},
                 DPMSolverMultistepSDE<3>{.eta = 0.5, .lower_order_final = false},
                 Corrected{DPMSolverMultistepSDE<2>{}});
  append_methods(all, true, DPMSolverNoiseSDE<1>{}, DPMSolverNoiseSDE<2>{}, DPMSolverNoiseSDE<2>{.compat = true},
                 DPMSolverNoiseSDE<2>{.eta = 0}, Corrected{DPMSolverNoiseSDE<2>{.eta = 0.5}});
  append_methods(all, true, SASolver<1>{}, SASolver<3>{}, SASolver<7>{},
                 SASolver<3>{.rho_min = 0.05, .rho_max = 1}, SASolver<2, 2>{.compat = true}, SASolver<3, 3>{},
                 SASolver<1, 4>{}, DDPM{DDPMVariance::fixed_large});
  append_methods(all, true, ERSDE<1>{}, ERSDE<2>{}, ERSDE<3>{}, ERSDE<3>{.lower_order_final = true});
  append_methods(all, true, Restart{Heun{}}, Restart{xEAB<3>{}},
                 Restart{UniPC<3>{}, {.repeats = 3, .steps = 5}}, Restart{Started{xEAB<3>{}}});
  return all;
}

struct NamedSchedule {
  std::string name;
  AnySchedule schedule;
  double start = 1, stop = 0;
};

inline std::vector<NamedSchedule> all_schedules() {
  using namespace azula;
  const EDMSchedule edm;
  const DiscreteSchedule discrete(linear_betas()),
      stable(scaled_linear_betas({.first = 0.00085, .last = 0.012}));
  const DiscreteSchedule zero_terminal(rescale_zero_terminal_snr(scaled_linear_betas()), Interpolation::log);
  return {
      {"VE", {VESchedule{}}},
      {"VE, wide", {VESchedule{.sigma_min = 1e-6, .sigma_max = 1e6}}},
      {"VP", {VPSchedule{}}},
      {"VP, clean end, little signal", {VPSchedule{.alpha_min = 1e-12, .sigma_min = 0}}},
      {"cosine", {CosineSchedule{}}},
      {"cosine, both ends", {CosineSchedule{.alpha_min = 0, .sigma_min = 0}}},
      {"rectified", {RectifiedSchedule{}}},
      {"rectified, both ends", {RectifiedSchedule{.alpha_min = 0, .sigma_min = 0}}},
      {"rectified, stopped short", {RectifiedSchedule{.alpha_min = 0, .sigma_min = 0}}, 1 - 1e-9, 1e-9},
      {"decay", {DecaySchedule{}}},
      {"decay, both ends", {DecaySchedule{.alpha_min = 0, .sigma_min = 0}}},
      {"shifted", {ShiftedRectifiedSchedule{}}},
      {"score SDE VP", {SongVPSchedule{}}},
      {"score SDE VP, exploding", {ExplodingSchedule<SongVPSchedule>(SongVPSchedule{})}},
      {"EDM", {edm}},
      {"EDM, clean end", {edm}, 1, edm.clean_time()},
      {"discrete", {discrete}},
      {"discrete, exploding", {ExplodingSchedule<DiscreteSchedule>(stable)}},
      {"discrete, zero terminal signal", {zero_terminal}},
      {"discrete, zero terminal signal, exploding", {ExplodingSchedule<DiscreteSchedule>(zero_terminal)}},
  };
}
