#pragma once
/// \file

#include <string_view>
#include <vector>

#include "azula/interop/names/solver_name.hpp"

namespace azula {

/// The samplers of ComfyUI's KSampler, in its order, with their equivalents in azula.
inline const std::vector<names::SolverName>& comfy_samplers() {
  using names::is, names::is_not;
  const char* const guided = "a weight of guidance here: CFGPlusPlusWeight, with Euler or EulerAncestral";
  const char* const two_means = "needs the means with and without guidance in each stage";
  const char* const path = "the same SDE; its two draws are correlated differently there";
  static const std::vector<names::SolverName> table{
      is("euler", "Euler"),
      is_not("euler_cfg_pp", guided),
      is("euler_ancestral", "EulerAncestral", {}, "on a flow, theirs splits the noise differently"),
      is_not("euler_ancestral_cfg_pp", guided),
      is("heun", "Heun"),
      is("heunpp2", "HeunPP2"),
      is("exp_heun_2_x0", "ExponentialHeun"),
      is("exp_heun_2_x0_sde", "ExponentialHeun", {{"eta", 1}}),
      is("dpm_2", "DPM2"),
      is("dpm_2_ancestral", "DPM2Ancestral", {}, "on a flow, theirs splits the noise differently"),
      is("lms", "zAB4"),
      is_not("dpm_fast", "chooses its own times; DPMSolverSinglestep<3, ExponentialNoiseForm> takes the same steps"),
      is_not("dpm_adaptive", "chooses its steps by a tolerance: use AdaptiveSampler"),
      is("dpmpp_2s_ancestral", "DPMSolver2SAncestral", {}, "on a flow, theirs splits the noise differently"),
      is_not("dpmpp_2s_ancestral_cfg_pp", two_means),
      is("dpmpp_sde", "DPMSolverSDE", {}, path),
      is("dpmpp_sde_gpu", "DPMSolverSDE", {}, path),
      is("dpmpp_2m", "xEAB2", {{"compat", 1}}),
      is_not("dpmpp_2m_cfg_pp", two_means),
      is("dpmpp_2m_sde", "DPMSolverMultistepSDE2", {{"compat", 1}, {"lower_order_final", 0}}),
      is("dpmpp_2m_sde_gpu", "DPMSolverMultistepSDE2", {{"compat", 1}, {"lower_order_final", 0}}),
      is("dpmpp_2m_sde_heun", "DPMSolverMultistepSDE2", {{"lower_order_final", 0}}),
      is("dpmpp_2m_sde_heun_gpu", "DPMSolverMultistepSDE2", {{"lower_order_final", 0}}),
      is("dpmpp_3m_sde", "DPMSolverMultistepSDE3", {{"compat", 1}, {"lower_order_final", 0}}),
      is("dpmpp_3m_sde_gpu", "DPMSolverMultistepSDE3", {{"compat", 1}, {"lower_order_final", 0}}),
      is("ddpm", "DDPM"),
      is("lcm", "Renoise"),
      is("ipndm", "FixedAB4"),
      is("ipndm_v", "zAB4", {}, "with a misplaced parenthesis in their weights of orders 3 and 4 corrected"),
      is("deis", "tAB3", {}, "in the schedule's own time, theirs in that of one fixed schedule"),
      is("res_multistep", "xEAB2"),
      is_not("res_multistep_cfg_pp", two_means),
      is("res_multistep_ancestral", "AncestralxEAB2", {}, "with the previous mean at its own node"),
      is_not("res_multistep_ancestral_cfg_pp", two_means),
      is("gradient_estimation", "GradientEstimation"),
      is_not("gradient_estimation_cfg_pp", two_means),
      is("er_sde", "ERSDE3", {}, "with exact integrals, and a parabola of order 3 whose slope is its own"),
      is("seeds_2", "DPMSolverSDE"),
      is("seeds_3", "SEEDS3"),
      is("sa_solver", "SASolver3", {},
         "theirs adds noise from 20 to 80 % of the steps (rho_min, rho_max) and lowers the order one step earlier"),
      is_not("sa_solver_pece", "evaluates each corrected state again"),
      is("ddim", "Euler"),
      is("uni_pc", "UniPC3", {{"variant", 1}}, "theirs ends at σ = 0.001"),
      is("uni_pc_bh2", "UniPC3", {{"variant", 2}}, "theirs ends at σ = 0.001"),
  };
  return table;
}

/// Returns the method that ComfyUI's KSampler has under a name, such as "dpmpp_2m".
///
///     const auto times = azula::comfy_times("karras", schedule, 20);
///     azula::Sampler sampler(denoiser, azula::comfy_sampler("dpmpp_2m"), times);
///
/// Options of the method may be added: comfy_sampler("euler_ancestral", {{"eta", 0.5}}).
///
/// The samplers of ComfyUI that work on σ alone assume α = 1, also for flow models, where α = 1 - σ. To get ComfyUI's
/// exact numbers there, use a schedule that returns {1, σ_t}.
/// \throws std::invalid_argument if the name is unknown (the message lists the names), or if azula has no such method
/// (the message says why).
inline AnyMethod comfy_sampler(std::string_view name, const MethodOptions& options = {}) {
  return names::method_of(comfy_samplers(), "comfy_sampler", name, options);
}

}  // namespace azula
