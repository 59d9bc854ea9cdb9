#pragma once
/// \file
/// Every method, with the order that its authors claim and the one that it has: what orders_test.cpp checks
/// and bench/orders.cpp writes into docs/orders.md.

#include <cmath>
#include <string>
#include <vector>

#include "azula/method.hpp"
#include "orders/orders.hpp"

/// A deterministic method.
struct OrderRow {
  std::string start;  ///< where its first values come from
  double claimed;     ///< order
  double order;       ///< order that it has, to be measured within 0.15
  Subject subject;
  double on_gaussian = order;  ///< that on Gaussian data
};

/// Order p claimed and had, from exact starting values.
template <class... M>
void append_exact(std::vector<OrderRow>& rows, const M&... methods) {
  (rows.push_back({"exact", M::order, M::order, exactly_started(methods)}), ...);
}

/// From the method's own start, from order 1 up.
template <class... M>
void append_own(std::vector<OrderRow>& rows, double claimed, double order, const M&... methods) {
  (rows.push_back({"its own", claimed, order, as_it_is(methods)}), ...);
}

/// Order p + 1 claimed and had.
template <class... M>
void append_corrected(std::vector<OrderRow>& rows, const M&... methods) {
  (rows.push_back({"exact", M::order + 1, M::order + 1, exactly_started(azula::Corrected{methods}, methods)}),
   ...);
}

/// Singlestep without the shorter cycles at its end.
inline OrderRow whole_cycles() {
  const azula::DPMSolverSinglestep<3> method{.lower_order_final = false};
  OrderRow row{"none needed, 3 k steps", 3, 3, every_third(method)};
  row.subject.method.name += ", order kept";
  return row;
}

inline std::vector<OrderRow> one_step_rows() {
  using namespace azula;
  return {{"none needed", 1, 1, as_it_is(Euler{})},
          {"none needed", 2, 2, as_it_is(Heun{})},
          {"none needed", 2, 2, as_it_is(DPM2{})},
          {"none needed", 2, 2, as_it_is(DPMSolver2S{})},
          {"none needed", 2, 2, as_it_is(ExponentialHeun{})},
          {"none needed", 2, 2, as_it_is(RES2S{})},
          {"none needed", 1, 1, as_it_is(HeunPP2<>{})},
          {"none needed", 1, 1, as_it_is(HeunPP2<VelocityForm>{})},
          {"none needed", 3, 3, as_it_is(DPMSolver3S{})},
          {"none needed", 2, 2, as_it_is(DPMSolverSinglestep<2>{})},
          {"none needed, 3 k steps", 3, 2, every_third(DPMSolverSinglestep<3>{})},
          whole_cycles(),
          {"none needed", 4, 4, as_it_is(RK4{})},
          {"none needed", 2, 2, as_it_is(VelocityHeun{})},
          {"none needed", 2, 2, as_it_is(VelocityMidpoint{}), 3},
          {"none needed", 4, 4, as_it_is(VelocityRK4{})}};
}

inline std::vector<OrderRow> multistep_rows() {
  using namespace azula;
  std::vector<OrderRow> rows;
  append_exact(rows, zAB<1>{}, zAB<2>{}, zAB<3>{}, zAB<4>{}, zAB<5>{}, vAB<1>{}, vAB<2>{}, vAB<3>{}, vAB<4>{},
               vAB<5>{});
  append_exact(rows, tAB<1>{}, tAB<2>{}, tAB<3>{}, tAB<4>{}, zEAB<1>{}, zEAB<2>{}, zEAB<3>{}, zEAB<4>{},
               zEAB<5>{});
  append_exact(rows, xEAB<1>{}, xEAB<2>{}, xEAB<3>{}, xEAB<4>{}, xEAB<5>{}, xEAB<6>{});
  append_exact(rows, REAB<1>{}, REAB<2>{}, REAB<3>{}, REAB<4>{}, REAB<5>{});
  append_exact(rows, Bounded{xEAB<2>{}}, Bounded{xEAB<3>{}}, Bounded{vAB<3>{}}, Bounded{zAB<3>{}});
  for (const Subject& fixed : {exactly_started(FixedAB<3>{}), exactly_started(FixedAB<4>{})}) {
    rows.push_back({"exact", 2, 2, fixed});
  }
  rows.push_back({"Heun", 2, 2, as_it_is(PNDM{})});
  rows.push_back({"Runge–Kutta", 2, 2, as_it_is(PNDM{PNDMStart::runge_kutta})});
  rows.push_back({"exact", 1, 1, exactly_started(GradientEstimation{})});
  append_own(rows, 2, 2, zAB<2>{}, vAB<2>{}, tAB<2>{}, zEAB<2>{}, xEAB<2>{}, REAB<2>{});
  append_own(rows, 3, 2, zAB<3>{}, vAB<3>{}, tAB<3>{}, zEAB<3>{}, xEAB<3>{}, REAB<3>{});
  append_own(rows, 4, 2, zAB<4>{}, vAB<4>{}, tAB<4>{}, zEAB<4>{}, xEAB<4>{}, REAB<4>{});
  return rows;
}

inline std::vector<OrderRow> started_rows() {
  using namespace azula;
  std::vector<OrderRow> rows;
  append_own(rows, 3, 3, Started{zAB<3>{}}, Started{vAB<3>{}}, Started{tAB<3>{}}, Started{zEAB<3>{}},
             Started{xEAB<3>{}}, Started{REAB<3>{}});
  append_own(rows, 4, 4, Started{zAB<4>{}}, Started{vAB<4>{}}, Started{xEAB<4>{}}, Started{REAB<4>{}});
  append_own(rows, 5, 5, Started{xEAB<5>{}}, Started{REAB<5>{}});
  for (OrderRow& row : rows) row.start = "Runge–Kutta";
  return rows;
}

/// The widespread forms, and what becomes of an order that is lowered at the end.
inline std::vector<OrderRow> compat_rows() {
  using namespace azula;
  const auto compat = [](auto method, double claimed, const char* name) {
    method.compat = true;
    OrderRow row{"exact", claimed, 2, exactly_started(method)};
    row.subject.method.name += name;
    return row;
  };
  const auto lowered = [](auto method, double claimed) {
    method.lower_order_final = true;
    OrderRow row{"exact", claimed, 2, exactly_started(method)};
    row.subject.method.name += ", lower_order_final";
    return row;
  };
  return {compat(xEAB<2>{}, 2, ", compat (2M)"),
          compat(xEAB<3>{}, 3, ", compat (3M)"),
          compat(zEAB<2>{}, 2, ", compat (2M)"),
          compat(zEAB<3>{}, 3, ", compat (3M)"),
          lowered(xEAB<2>{}, 2),
          lowered(xEAB<3>{}, 3),
          lowered(xEAB<4>{}, 4),
          lowered(zAB<3>{}, 3)};
}

inline std::vector<OrderRow> corrected_rows() {
  using namespace azula;
  std::vector<OrderRow> rows;
  append_corrected(rows, xEAB<1>{}, xEAB<2>{}, xEAB<3>{}, xEAB<4>{}, zEAB<3>{}, zAB<3>{}, vAB<3>{}, tAB<3>{},
                   REAB<3>{});
  append_own(rows, 2, 2, Corrected{xEAB<1>{}});
  append_own(rows, 3, 3, Corrected{xEAB<2>{}}, Corrected{zAB<2>{}}, Corrected{REAB<2>{}});
  append_own(rows, 4, 3, Corrected{xEAB<3>{}}, Corrected{zAB<3>{}}, Corrected{REAB<3>{}});
  append_own(rows, 5, 3, Corrected{xEAB<4>{}});
  return rows;
}

template <int N>
void append_uni_pc(std::vector<OrderRow>& rows, double own) {
  using namespace azula;
  const auto named = [](OrderRow row, const char* name) {
    row.subject.method.name += name;
    return row;
  };
  const UniPCVariant B2 = UniPCVariant::B2;
  rows.push_back(named({"exact", N + 1, N + 1, exactly_started(UniPC<N>{B2, false}, UniP<N>{B2, false})},
                       ", order kept"));
  rows.push_back(named({"its own", N + 1, own, as_it_is(UniPC<N>{B2, false})}, ", order kept"));
  rows.push_back({"its own", N + 1, 2, as_it_is(UniPC<N>{})});
}

inline std::vector<OrderRow> uni_pc_rows() {
  std::vector<OrderRow> rows;
  append_uni_pc<1>(rows, 2);
  append_uni_pc<2>(rows, 3);
  append_uni_pc<3>(rows, 3);
  append_uni_pc<4>(rows, 3);
  return rows;
}

/// A stochastic method. Orders of what is exact are infinite, those of what has none are NaN.
struct StochasticRow {
  std::string name;
  double claimed;         ///< order that its authors derive, of the deterministic part where they say so
  double eta;             ///< of the SDE that it approaches; NaN: another one
  double mean, variance;  ///< weak orders
  double strong;          ///< on a common Brownian path
  Subject subject;
};

inline StochasticRow stochastic(const auto& method, std::string options, double claimed, double eta,
                                double mean, double variance, double strong) {
  return {method.name() + options, claimed, eta, mean, variance, strong, as_it_is(method)};
}

inline std::vector<StochasticRow> stochastic_rows() {
  using namespace azula;
  constexpr double exact = INFINITY, none = NAN;
  return {
      stochastic(DDPM{}, "", 1, 1, exact, 1, 1),
      stochastic(DDIM{.eta = 0.5}, ", η = 0.5", 1, 0.5, 1, 1, 1),
      stochastic(Ito{}, "", 1, 1, 1, 1, 1),
      stochastic(EulerAncestral{}, "", 1, 1, exact, 1, 1),
      stochastic(EulerAncestral{.eta = 0.7}, ", η = 0.7", 1, 0.49, 1, 1, 1),
      stochastic(FlowAncestral{}, "", 1, 1, 1, 1, 1),
      stochastic(FlowAncestral{.eta = 0.5}, ", η = 0.5", 1, 0.5, 1, 1, 1),
      stochastic(TCD{}, "", 0, none, none, 0, 0),
      stochastic(Renoise{}, "", 0, none, none, 0, 0),
      stochastic(DPM2Ancestral{}, "", 2, 1, 1, 2, 1),
      stochastic(DPMSolver2SAncestral{}, "", 2, 1, 1, 2, 1),
      stochastic(DPMSolver2SAncestral{.eta = 0.7}, ", η = 0.7", 2, 0.49, 1, 2, 1),
      stochastic(Ancestral{Euler{}}, "", 1, 1, exact, 1, 1),
      stochastic(Ancestral{Heun{}}, "", 2, 1, 1, 2, 1),
      stochastic(Ancestral{DPMSolver3S{}}, "", 3, 1, 1, 2, 1),
      stochastic(Ancestral{xEAB<2>{}}, "", 2, 1, exact, 1, 1),
      stochastic(Ancestral{vAB<2>{}, 0.7}, ", η = 0.7", 2, 0.49, 1, 1, 1),
      stochastic(DPMSolverSDE{}, "", 2, 1, exact, 2, 1),
      stochastic(DPMSolverSDE{.eta = 0.5}, ", η = 0.5", 2, 0.5, 2, 2, 1),
      stochastic(RES2S{.eta = 1}, ", η = 1", 2, 1, exact, 2, 1),
      stochastic(RES2S{.eta = 0.5, .r = 0.3}, ", η = 0.5, r = 0.3", 2, 0.5, 2, 2, 1),
      stochastic(ExponentialHeun{.eta = 1}, ", η = 1", 2, 1, exact, 2, 1),
      stochastic(SEEDS3{}, "", 3, 1, exact, 2, 1),
      stochastic(SEEDS3{.eta = 0.5}, ", η = 0.5", 3, 0.5, 3, 2, 1),
      stochastic(DPMSolverMultistepSDE<1>{}, "", 1, 1, exact, 1, 1),
      stochastic(DPMSolverMultistepSDE<2>{}, "", 2, 1, exact, 2, 1),
      stochastic(DPMSolverMultistepSDE<3>{.lower_order_final = false}, ", order kept", 3, 1, exact, 2, 1),
      stochastic(DPMSolverMultistepSDE<2>{.eta = 0.5}, ", η = 0.5", 2, 0.5, 2, 2, 1),
      stochastic(DPMSolverMultistepSDE<2>{.compat = true}, ", compat (2M)", 2, 1, exact, 2, 1),
      stochastic(DPMSolverMultistepSDE<3>{.lower_order_final = false, .compat = true}, ", compat (3M)", 3, 1, exact, 2, 1),
      stochastic(DPMSolverNoiseSDE<1>{}, "", 1, 1, 1, 1, 1),
      stochastic(DPMSolverNoiseSDE<2>{}, "", 2, 1, 2, 2, 1),
      stochastic(DPMSolverNoiseSDE<2>{.eta = 0.5}, ", η = 0.5", 2, 0.5, 2, 2, 1),
      stochastic(DPMSolverNoiseSDE<2>{.compat = true}, ", compat (2M)", 2, 1, 2, 2, 1),
      stochastic(SASolver<1>{.lower_order_final = false}, ", order kept", 2, 1, exact, 2, 1),
      stochastic(SASolver<2>{.lower_order_final = false}, ", order kept", 3, 1, exact, 2, 1),
      stochastic(SASolver<3>{.lower_order_final = false}, ", order kept", 4, 1, exact, 2, 1),
      stochastic(SASolver<3>{.tau = 0.5, .lower_order_final = false}, ", τ = 0.5, order kept", 4, 0.25, 3, 2,
                 1),
      stochastic(ERSDE<1>{}, "", 1, none, none, 1, 1),
      stochastic(ERSDE<2>{}, "", 2, none, none, 2, 1),
      stochastic(ERSDE<3>{}, "", 3, none, none, 2, 1),
  };
}
