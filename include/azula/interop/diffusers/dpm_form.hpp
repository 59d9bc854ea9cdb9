#pragma once
/// \file

#include <cstddef>
#include <string>

#include "azula/interop/diffusers/with_third_order.hpp"
#include "azula/method/any_method.hpp"

namespace azula::diffusers {

/// DPM-Solver multistep in one of its forms.
struct DPMForm {
  bool midpoint;  ///< the second order's shortcut, else exact
  bool lower_order_final;
  bool compat;  ///< the reference's third orders

  /// \param algorithm  as the key algorithm_type has it
  AnyMethod method(const std::string& algorithm, std::ptrdiff_t order) const {
    if (algorithm == "dpmsolver++") return deterministic<xEAB<1>, xEAB<2>, xEAB<3>>(order);
    if (algorithm == "dpmsolver") return deterministic<zEAB<1>, zEAB<2>, zEAB<3>>(order);
    if (algorithm == "sde-dpmsolver++") return with_noise(order);
    return noise_form(order);
  }

 private:
  template <class First, class Second, class Third>
  AnyMethod deterministic(std::ptrdiff_t order) const {
    if (order == 1) return First{};
    const Second second{.lower_order_final = lower_order_final, .compat = midpoint};
    if (order == 2) return second;
    if (!compat) return Third{.lower_order_final = lower_order_final};
    return WithThirdOrder<Second, WidespreadThirdOrder>{second, {}, lower_order_final};
  }
  AnyMethod with_noise(std::ptrdiff_t order) const {
    if (order == 1) return DPMSolverMultistepSDE<1>{};
    const DPMSolverMultistepSDE<2> second{.lower_order_final = lower_order_final, .compat = midpoint};
    if (order == 2) return second;
    if (!compat) return DPMSolverMultistepSDE<3>{.lower_order_final = lower_order_final};
    return WithThirdOrder<DPMSolverMultistepSDE<2>, FaultyThirdOrder>{second, {}, lower_order_final};
  }
  /// The reference has no third order here and takes the second.
  AnyMethod noise_form(std::ptrdiff_t order) const {
    if (order == 1) return DPMSolverNoiseSDE<1>{};
    return DPMSolverNoiseSDE<2>{.lower_order_final = lower_order_final, .compat = midpoint};
  }
};

}  // namespace azula::diffusers
