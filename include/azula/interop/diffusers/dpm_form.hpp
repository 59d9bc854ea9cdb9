#pragma once
/// \file

#include <cstddef>
#include <string>

#include "azula/interop/diffusers/with_third_order.hpp"
#include "azula/method/any_method.hpp"

namespace azula::diffusers {

/// Chooses the variant of the DPM-Solver multistep method that a configuration asks for.
struct DPMForm {
  bool midpoint;  ///< whether the second order uses the midpoint shortcut; otherwise its weights are exact
  bool lower_order_final;
  bool compat;  ///< whether the third order has diffusers' weights

  /// Makes the method.
  /// \param algorithm  value of the key `algorithm_type`
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
  /// The SDE on the noise prediction. diffusers has no third order for it and uses the second.
  AnyMethod noise_form(std::ptrdiff_t order) const {
    if (order == 1) return DPMSolverNoiseSDE<1>{};
    return DPMSolverNoiseSDE<2>{.lower_order_final = lower_order_final, .compat = midpoint};
  }
};

}  // namespace azula::diffusers
