#pragma once
/// \file

#include <algorithm>
#include <array>
#include <string_view>

namespace azula::diffusers {

/// Whether some scheduler of diffusers has a configuration key of this name.
///
/// In the file of a scheduler that does not have it, such a key is ignored and listed in Setup::ignored, as in
/// diffusers. Any other unknown key is an error.
inline bool is_known_key(std::string_view key) {
  static constexpr std::array<std::string_view, 69> keys{"algorithm_type",
                                                         "base_image_seq_len",
                                                         "base_shift",
                                                         "beta_end",
                                                         "beta_schedule",
                                                         "beta_start",
                                                         "clip_denoised",
                                                         "clip_sample",
                                                         "clip_sample_range",
                                                         "corrector_order",
                                                         "disable_corrector",
                                                         "dynamic_thresholding_ratio",
                                                         "euler_at_final",
                                                         "final_sigmas_type",
                                                         "flow_shift",
                                                         "interpolation_type",
                                                         "invert_sigmas",
                                                         "lambda_min_clipped",
                                                         "lower_order_final",
                                                         "max_image_seq_len",
                                                         "max_shift",
                                                         "noise_sampler_seed",
                                                         "num_train_timesteps",
                                                         "original_inference_steps",
                                                         "predict_x0",
                                                         "prediction_type",
                                                         "predictor_order",
                                                         "rescale_betas_zero_snr",
                                                         "rho",
                                                         "s_noise",
                                                         "sample_max_value",
                                                         "scale_factors",
                                                         "set_alpha_to_one",
                                                         "shift",
                                                         "shift_terminal",
                                                         "sigma_data",
                                                         "sigma_data_type",
                                                         "sigma_max",
                                                         "sigma_min",
                                                         "sigma_schedule",
                                                         "skip_prk_steps",
                                                         "snr_shift_scale",
                                                         "solver_order",
                                                         "solver_p",
                                                         "solver_type",
                                                         "steps_offset",
                                                         "stochastic_sampling",
                                                         "tau_func",
                                                         "thresholding",
                                                         "time_shift_type",
                                                         "timestep_scaling",
                                                         "timestep_spacing",
                                                         "timestep_type",
                                                         "trained_betas",
                                                         "upscale_mode",
                                                         "use_beta_sigmas",
                                                         "use_dynamic_shifting",
                                                         "use_exponential_sigmas",
                                                         "use_flow_sigmas",
                                                         "use_karras_sigmas",
                                                         "use_lu_lambdas",
                                                         "variance_type",
                                                         "eta",
                                                         "use_clipped_model_output",
                                                         "num_inference_steps",
                                                         "order",
                                                         "scheduler_type",
                                                         "gamma",
                                                         "mu"};
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

}  // namespace azula::diffusers
