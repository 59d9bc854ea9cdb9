#pragma once
/// \file

#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

#include "azula/method/ddpm.hpp"
#include "azula/method/dpm_solver_singlestep.hpp"
#include "azula/method/pndm.hpp"
#include "azula/method/uni_pc.hpp"

namespace azula {

/// An option that is an enum, without its type: where it is, and how it is set by number.
struct ChoicePlace {
  void* choice;  ///< the option
  int most;      ///< the number of the last enumerator
  void (*set)(void* choice, int number);  ///< sets it to an enumerator
};

/// The place of an option that is an enum.
/// \param last  the last enumerator
template <class E>
  requires std::is_enum_v<E>
ChoicePlace choice_place(E& choice, E last) {
  return {&choice, static_cast<int>(last), [](void* at, int number) { *static_cast<E*>(at) = static_cast<E>(number); }};
}

/// An option of one method: its name and where its value is.
struct OptionPlace {
  std::string_view name;
  std::variant<double*, int*, bool*, ChoicePlace> value;
};

/// Adds an option, unless one of that name is there already: the option of the outer method then counts.
inline void add_option(std::vector<OptionPlace>& found, std::string_view name, decltype(OptionPlace::value) value) {
  for (const OptionPlace& before : found) {
    if (before.name == name) return;
  }
  found.push_back({name, value});
}

/// Collects the options of a method: its own, those of its churn or its `options`, and those of the method inside it.
///
/// Each option that any method has is one line here.
template <class M>
void find_options(M& m, std::vector<OptionPlace>& found) {
  if constexpr (requires { m.eta; }) add_option(found, "eta", &m.eta);
  if constexpr (requires { m.temperature; }) add_option(found, "temperature", &m.temperature);
  if constexpr (requires { m.gamma; }) add_option(found, "gamma", &m.gamma);
  if constexpr (requires { m.noise_at_end; }) add_option(found, "noise_at_end", &m.noise_at_end);
  if constexpr (requires { m.tau; }) add_option(found, "tau", &m.tau);
  if constexpr (requires { m.r; }) add_option(found, "r", &m.r);
  if constexpr (requires { m.r_1; }) add_option(found, "r_1", &m.r_1);
  if constexpr (requires { m.r_2; }) add_option(found, "r_2", &m.r_2);
  if constexpr (requires { m.corrections; }) add_option(found, "corrections", &m.corrections);
  if constexpr (requires { m.delta; }) add_option(found, "delta", &m.delta);
  if constexpr (requires { m.lower_order_final; }) add_option(found, "lower_order_final", &m.lower_order_final);
  if constexpr (requires { m.extrapolate_final; }) add_option(found, "extrapolate_final", &m.extrapolate_final);
  if constexpr (requires { m.compat; }) add_option(found, "compat", &m.compat);
  if constexpr (requires { m.variant; }) add_option(found, "variant", choice_place(m.variant, UniPCVariant::B2));
  if constexpr (requires { m.variance; }) add_option(found, "variance", choice_place(m.variance, DDPMVariance::fixed_large));
  if constexpr (requires { m.start; }) add_option(found, "start", choice_place(m.start, PNDMStart::runge_kutta));
  if constexpr (requires { m.weights = SinglestepWeights::lines; }) {
    add_option(found, "weights", choice_place(m.weights, SinglestepWeights::exact));
  }
  if constexpr (requires { m.rho_min; }) add_option(found, "rho_min", &m.rho_min);
  if constexpr (requires { m.rho_max; }) add_option(found, "rho_max", &m.rho_max);
  if constexpr (requires { m.most; }) add_option(found, "most", &m.most);
  if constexpr (requires { m.least; }) add_option(found, "least", &m.least);
  if constexpr (requires { m.repeats; }) add_option(found, "repeats", &m.repeats);
  if constexpr (requires { m.steps; }) add_option(found, "steps", &m.steps);
  if constexpr (requires { m.s_churn; }) add_option(found, "s_churn", &m.s_churn);
  if constexpr (requires { m.s_min; }) add_option(found, "s_min", &m.s_min);
  if constexpr (requires { m.s_max; }) add_option(found, "s_max", &m.s_max);
  if constexpr (requires { m.s_noise; }) add_option(found, "s_noise", &m.s_noise);
  if constexpr (requires { m.first; }) add_option(found, "first", &m.first);
  if constexpr (requires { m.churn; }) find_options(m.churn, found);
  if constexpr (requires { m.options; }) find_options(m.options, found);
  if constexpr (requires { m.method; }) find_options(m.method, found);
}

}  // namespace azula
