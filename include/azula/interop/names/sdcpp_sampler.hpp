#pragma once
/// \file

#include <string_view>
#include <vector>

#include "azula/interop/names/solver_name.hpp"

namespace azula {

/// The samplers of stable-diffusion.cpp, in the order of its enumeration, with their equivalents in azula.
inline const std::vector<names::SolverName>& sdcpp_samplers() {
  using names::is, names::is_not;
  const char* const guided = "a weight of guidance here: CFGPlusPlusWeight, with Euler or EulerAncestral";
  static const std::vector<names::SolverName> table{
      is("euler", "Euler"),
      is("euler_a", "EulerAncestral", {}, "on a flow, theirs splits the noise differently"),
      is("heun", "Heun"),
      is("dpm2", "DPM2"),
      is("dpm++2s_a", "DPMSolver2SAncestral", {}, "on a flow, theirs splits the noise differently"),
      is("dpm++2m", "xEAB2", {{"compat", 1}}),
      is_not("dpm++2mv2", "its change to dpm++2m makes it first order: use dpm++2m"),
      is("ipndm", "FixedAB4", {}, "theirs extrapolates in the step to the clean end, too"),
      is("ipndm_v", "zAB4", {}, "theirs has the weights of even steps at orders 3 and 4"),
      is("lcm", "Renoise"),
      is("ddim_trailing", "EulerAncestral", {{"eta", 0}}, "as euler_a without noise, unless an eta is given"),
      is("tcd", "TCD"),
      is("res_multistep", "xEAB2"),
      is("res_2s", "RES2S"),
      is("er_sde", "ERSDE3", {}, "with exact integrals, and a parabola of order 3 whose slope is its own"),
      is_not("euler_cfg_pp", guided),
      is_not("euler_a_cfg_pp", guided),
      is("euler_ge", "GradientEstimation"),
      is("dpm++2m_sde", "DPMSolverMultistepSDE2", {{"compat", 1}, {"lower_order_final", 0}}),
      is("dpm++2m_sde_bt", "DPMSolverMultistepSDE2", {{"compat", 1}, {"lower_order_final", 0}},
         "with a BrownianSource"),
      is("lms", "zAB4", {{"extrapolate_final", 1}}, "theirs uses values other than the last ones, and is of first order"),
  };
  return table;
}

/// Returns the method that stable-diffusion.cpp has under a name, such as "dpm++2m". See comfy_sampler().
/// \throws std::invalid_argument if the name is unknown (the message lists the names), or if azula has no such method
/// (the message says why).
inline AnyMethod sdcpp_sampler(std::string_view name, const MethodOptions& options = {}) {
  return names::method_of(sdcpp_samplers(), "sdcpp_sampler", name, options);
}

}  // namespace azula
