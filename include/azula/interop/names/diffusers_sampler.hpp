#pragma once
/// \file

#include <string_view>
#include <vector>

#include "azula/interop/names/solver_name.hpp"

namespace azula {

/// The scheduler classes of diffusers, each with its defaults, with their equivalents in azula.
inline const std::vector<names::SolverName>& diffusers_samplers() {
  using names::is, names::is_not;
  const char* const tokens = "draws tokens, not numbers";
  const char* const inverse = "use rising times with the method of the other direction";
  static const std::vector<names::SolverName> table{
      is("DDIMScheduler", "DDIM", {}, "its eta is the square root of this one"),
      is("DDIMParallelScheduler", "DDIM", {}, "its eta is the square root of this one"),
      is("DDIMInverseScheduler", "DDIM", {}, inverse),
      is("CogVideoXDDIMScheduler", "DDIM"),
      is("DDPMScheduler", "DDPM", {}, "with variance_type fixed_small"),
      is("DDPMParallelScheduler", "DDPM", {}, "with variance_type fixed_small"),
      is("UnCLIPScheduler", "DDPM", {}, "with variance_type fixed_small_log"),
      is("DDPMWuerstchenScheduler", "DDPM"),
      is("EulerDiscreteScheduler", "Euler"),
      is("EDMEulerScheduler", "Euler"),
      is("FlowMatchEulerDiscreteScheduler", "Euler"),
      is("EulerAncestralDiscreteScheduler", "EulerAncestral"),
      is("LTXEulerAncestralRFScheduler", "FlowAncestral"),
      is("HeunDiscreteScheduler", "Heun"),
      is("FlowMatchHeunDiscreteScheduler", "VelocityHeun"),
      is("KarrasVeScheduler", "Heun", {{"s_churn", 80}, {"s_min", 0.05}, {"s_max", 50}, {"s_noise", 1.007}}),
      is("KDPM2DiscreteScheduler", "DPM2"),
      is("KDPM2AncestralDiscreteScheduler", "DPM2Ancestral"),
      is("LMSDiscreteScheduler", "zAB4", {{"extrapolate_final", 1}}),
      is("DPMSolverMultistepScheduler", "xEAB2", {{"compat", 1}, {"lower_order_final", 1}}, "its default, up to 14 steps"),
      is("DPMSolverMultistepInverseScheduler", "xEAB2", {{"compat", 1}}, inverse),
      is("EDMDPMSolverMultistepScheduler", "xEAB2", {{"compat", 1}, {"lower_order_final", 1}},
         "its default, up to 14 steps"),
      is("CosineDPMSolverMultistepScheduler", "DPMSolverMultistepSDE2", {{"compat", 1}}, "its default, up to 14 steps"),
      is("DPMSolverSinglestepScheduler", "DPMSolverSinglestep2"),
      is("DPMSolverSDEScheduler", "DPMSolverSDE", {}, "the same SDE; its two draws are correlated differently there"),
      is_not("CogVideoXDPMScheduler", "a form of 2M SDE that steps back from the last mean"),
      is("DEISMultistepScheduler", "zEAB2", {{"lower_order_final", 1}}, "its default, up to 14 steps"),
      is("UniPCMultistepScheduler", "UniPC2"),
      is("SASolverScheduler", "SASolver2", {}, "its corrector uses two means, this one three"),
      is("IPNDMScheduler", "FixedAB4", {}, "on the angle of its own schedule"),
      is("PNDMScheduler", "PNDM", {{"start", 1}}),
      is("LCMScheduler", "Renoise", {}, "the network's c_skip and c_out are the denoiser's"),
      is("FlowMatchLCMScheduler", "Renoise"),
      is("CMStochasticIterativeScheduler", "Renoise", {{"rho_min", 0.002}}),
      is("TCDScheduler", "TCD"),
      is("SCMScheduler", "Renoise", {}, "on the schedule cos t, sin t"),
      is_not("ScoreSdeVeScheduler", "the lengths of its Langevin steps depend on norms of the state"),
      is_not("RePaintScheduler", "changes the state between steps: use MaskedDenoiser or your own loop"),
      is_not("ConsistencyDecoderScheduler", "specific to one decoder"),
      is_not("FlowMapEulerDiscreteScheduler", "its network is given the time at the end of the step"),
      is_not("AmusedScheduler", tokens),
      is_not("VQDiffusionScheduler", tokens),
      is_not("BlockRefinementScheduler", tokens),
  };
  return table;
}

/// Returns the method of a scheduler class of diffusers with the defaults of the class.
///
///     const auto method = azula::diffusers_sampler("EulerDiscreteScheduler");
///
/// To read a whole `scheduler_config.json`, use read_scheduler().
/// \param options  options of the method, which override the defaults of the class
/// \throws std::invalid_argument if the name is unknown (the message lists the names), or if azula has no such method
/// (the message says why).
inline AnyMethod diffusers_sampler(std::string_view name, const MethodOptions& options = {}) {
  return names::method_of(diffusers_samplers(), "diffusers_sampler", name, options);
}

}  // namespace azula
