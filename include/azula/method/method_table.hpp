#pragma once
/// \file
/// The table of all methods by name, for AnyMethod. Including this header compiles every method.

#include <string>
#include <string_view>
#include <vector>

#include "azula/error.hpp"
#include "azula/method.hpp"
#include "azula/method/method_options.hpp"
#include "azula/method/method_parts.hpp"

namespace azula {

/// A row of the table of methods: one method, or a family of methods of the orders 1, 2, …
struct MethodEntry {
  std::string_view name;
  int most;    ///< the highest order; 0 if the method is not a family
  int preset;  ///< the order that the name alone stands for
  MethodParts (*make)(int order, const MethodOptions& options);
};

/// Makes a method that is not a family.
template <class M>
MethodParts make_method(int, const MethodOptions& options) {
  return parts_of(M{}, options);
}

/// Makes the member of the given order, from N to Most.
template <template <int> class M, int N, int Most>
MethodParts make_order(int order, const MethodOptions& options) {
  if constexpr (N < Most) {
    if (order > N) return make_order<M, N + 1, Most>(order, options);
  }
  return make_method<M<N>>(N, options);
}

/// A row for one method.
template <class M>
constexpr MethodEntry one(std::string_view name) {
  return {name, 0, 0, &make_method<M>};
}

/// A row for a family of the orders 1 to Most.
template <template <int> class M, int Most>
constexpr MethodEntry orders(std::string_view name, int preset = 2) {
  return {name, Most, preset, &make_order<M, 1, Most>};
}

// Families whose templates have other parameters than the order get an alias that has the order alone.
template <int N>
using BoundedxEAB = Bounded<xEAB<N>>;
template <int N>
using BoundedzAB = Bounded<zAB<N>>;
template <int N>
using AncestralxEAB = Ancestral<xEAB<N>>;
template <int N>
using DataUniPC = UniPC<N>;
template <int N>
using UsualSASolver = SASolver<N>;
template <int N>
using DataSinglestep = DPMSolverSinglestep<N>;

/// The table of all methods. A new method is a new row.
inline const std::vector<MethodEntry>& method_table() {
  static const std::vector<MethodEntry> table{
      one<DDPM>("DDPM"),
      one<DDIM>("DDIM"),
      one<Euler>("Euler"),
      one<Heun>("Heun"),
      one<Ito>("Ito"),
      orders<zAB, max_order>("zAB"),
      orders<vAB, max_order>("vAB"),
      orders<zEAB, max_order>("zEAB"),
      orders<xEAB, max_order>("xEAB"),
      orders<REAB, max_order>("REAB"),
      one<PC>("PC"),
      one<PNDM>("PNDM"),
      one<GradientEstimation>("GradientEstimation"),
      orders<iPNDM, 4>("FixedAB", 4),
      orders<BoundedxEAB, max_order>("BoundedxEAB"),
      orders<BoundedzAB, max_order>("BoundedzAB", 3),
      orders<tAB, max_order>("tAB"),
      orders<DataUniPC, 7>("UniPC", 3),
      one<DPM2>("DPM2"),
      one<DPMSolver2S>("DPMSolver2S"),
      one<DPMSolver3S>("DPMSolver3S"),
      orders<DataSinglestep, 3>("DPMSolverSinglestep"),
      one<RES2S>("RES2S"),
      one<HeunPP2<>>("HeunPP2"),
      one<VelocityHeun>("VelocityHeun"),
      one<VelocityMidpoint>("VelocityMidpoint"),
      one<VelocityRK4>("VelocityRK4"),
      one<ExponentialHeun>("ExponentialHeun"),
      one<RK4>("RK4"),
      one<EulerAncestral>("EulerAncestral"),
      one<DPM2Ancestral>("DPM2Ancestral"),
      one<DPMSolver2SAncestral>("DPMSolver2SAncestral"),
      one<FlowAncestral>("FlowAncestral"),
      orders<AncestralxEAB, 3>("AncestralxEAB"),
      one<Churned<Euler>>("ChurnedEuler"),
      one<Renoise>("Renoise"),
      one<TCD>("TCD"),
      one<DPMSolverSDE>("DPMSolverSDE"),
      one<SEEDS3>("SEEDS3"),
      orders<DPMSolverNoiseSDE, 2>("DPMSolverNoiseSDE"),
      orders<DPMSolverMultistepSDE, max_order>("DPMSolverMultistepSDE"),
      orders<UsualSASolver, 7>("SASolver", 3),
      orders<ERSDE, 3>("ERSDE", 3),
  };
  return table;
}

/// The names of all methods; families appear with each of their orders: "DDPM", …, "xEAB1", "xEAB2", …
inline std::vector<std::string> method_names() {
  std::vector<std::string> names;
  for (const MethodEntry& entry : method_table()) {
    if (entry.most == 0) names.emplace_back(entry.name);
    for (int order = 1; order <= entry.most; ++order) names.push_back(join({entry.name, std::to_string(order)}));
  }
  return names;
}

}  // namespace azula
