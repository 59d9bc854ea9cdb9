#pragma once
/// \file

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "azula/error.hpp"

namespace azula::diffusers {

/// The configuration keys that some scheduler of diffusers has.
inline constexpr std::array<std::string_view, 69> known_keys{
    "algorithm_type", "base_image_seq_len", "base_shift", "beta_end", "beta_schedule", "beta_start", "clip_denoised",
    "clip_sample", "clip_sample_range", "corrector_order", "disable_corrector", "dynamic_thresholding_ratio",
    "euler_at_final", "final_sigmas_type", "flow_shift", "interpolation_type", "invert_sigmas", "lambda_min_clipped",
    "lower_order_final", "max_image_seq_len", "max_shift", "noise_sampler_seed", "num_train_timesteps",
    "original_inference_steps", "predict_x0", "prediction_type", "predictor_order", "rescale_betas_zero_snr", "rho",
    "s_noise", "sample_max_value", "scale_factors", "set_alpha_to_one", "shift", "shift_terminal", "sigma_data",
    "sigma_data_type", "sigma_max", "sigma_min", "sigma_schedule", "skip_prk_steps", "snr_shift_scale",
    "solver_order", "solver_p", "solver_type", "steps_offset", "stochastic_sampling", "tau_func", "thresholding",
    "time_shift_type", "timestep_scaling", "timestep_spacing", "timestep_type", "trained_betas", "upscale_mode",
    "use_beta_sigmas", "use_dynamic_shifting", "use_exponential_sigmas", "use_flow_sigmas", "use_karras_sigmas",
    "use_lu_lambdas", "variance_type", "eta", "use_clipped_model_output", "num_inference_steps", "order",
    "scheduler_type", "gamma", "mu"};

/// Whether some scheduler of diffusers has a configuration key of this name.
///
/// In the file of a scheduler that does not have it, such a key is ignored and listed in Setup::ignored, as in
/// diffusers. Any other unknown key is an error.
inline bool is_known_key(std::string_view key) {
  return std::find(known_keys.begin(), known_keys.end(), key) != known_keys.end();
}

/// How many letters must be inserted, removed or replaced to turn one word into another (Levenshtein distance).
inline std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] != b[j - 1]);
      diagonal = row[j];
      row[j] = (std::min)({replaced, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row.back();
}

/// The known key that was probably meant by a misspelt one: at most a quarter of its letters are wrong, or one. It is
/// empty if there is none.
inline std::string_view nearest_key(std::string_view key) {
  constexpr std::size_t longest = 64;  // no known key is nearly as long
  if (key.size() > longest) return {};
  std::string_view nearest;
  std::size_t least = (std::max)(std::size_t{1}, key.size() / 4) + 1;
  for (const std::string_view known : known_keys) {
    const std::size_t distance = edit_distance(key, known);
    if (distance < least) nearest = known, least = distance;
  }
  return nearest;
}

/// What an error message says of a key that no scheduler has.
inline std::string unknown_key(std::string_view key) {
  const std::string_view meant = nearest_key(key);
  return join({"no scheduler has a key ", key, meant.empty() ? "" : ", did you mean ", meant, meant.empty() ? "" : "?",
               " (if it is new and harmless, erase it from the object before read_scheduler)"});
}

}  // namespace azula::diffusers
