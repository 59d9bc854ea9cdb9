// The set-ups that docs/real_models.md writes by hand visit the noise levels that the models' own files lead
// to.
#include <cmath>
#include <string>
#include <vector>

#include "azula/interop/diffusers.hpp"
#include "azula/noise.hpp"
#include "azula/time.hpp"
#include "catch.hpp"

namespace {

using azula::diffusers::SchedulerOptions;

/// How far the levels σ/(α + σ) by hand are from those of the configuration, as shares of these.
template <class S>
double distance(const S& schedule, const std::vector<double>& times, const std::string& config,
                const SchedulerOptions& options) {
  const auto setup = azula::diffusers::read_scheduler(nlohmann::json::parse(config), options);
  REQUIRE(setup.times.size() == times.size());
  double largest = 0;
  for (std::size_t i = 0; i < times.size(); ++i) {
    const auto [alpha, sigma] = schedule(times[i]);
    const azula::Scales read = setup.schedule()(setup.times[i]);
    const double expected = read.sigma / (read.alpha + read.sigma),
                 error = std::fabs(sigma / (alpha + sigma) - expected);
    largest = std::fmax(largest, expected == 0 ? error : error / expected);
  }
  return largest;
}

/// Stable Diffusion's training under a scheduler of this name, with further keys.
std::string stable_diffusion(const std::string& name, const std::string& keys = "") {
  return R"({"beta_schedule": "scaled_linear", "beta_start": 0.00085, "beta_end": 0.012, "_class_name": ")" +
         name + "Scheduler\"" + keys + "}";
}

}  // namespace

TEST_CASE("Stable Diffusion by hand and by its file", "[diffusers]") {
  const std::vector<double> betas = azula::scaled_linear_betas({.first = 0.00085, .last = 0.012});
  const azula::DiscreteSchedule schedule(betas), log(betas, azula::Interpolation::log);
  CHECK(distance(schedule, azula::trailing_times(schedule, {.steps = 20}),
                 stable_diffusion("DPMSolverMultistep", R"(, "timestep_spacing": "trailing")"),
                 {.steps = 20}) < 1e-14);
  CHECK(
      distance(schedule,
               azula::leading_times(schedule, {.steps = 20, .offset = 1, .end = azula::GridEnd::first_step}),
               stable_diffusion("DDIM", R"(, "steps_offset": 1, "set_alpha_to_one": false)"),
               {.steps = 20}) < 1e-14);
  const auto levels = azula::karras_times(log, {.stop = log.time_of(0), .steps = 19});
  CHECK(distance(log, azula::with_clean_end(log, levels),
                 stable_diffusion("DPMSolverMultistep", R"(, "use_karras_sigmas": true)"),
                 {.steps = 20}) < 1e-14);
  CHECK(distance(schedule, azula::training_times(schedule, {999, 749, 499, 249}),
                 stable_diffusion("EulerDiscrete", R"(, "timestep_spacing": "trailing")"),
                 {.steps = 4}) < 1e-14);
  CHECK(distance(schedule, azula::training_times(schedule, {999, 759, 499, 259}), stable_diffusion("LCM"),
                 {.steps = 4}) < 1e-14);
}

TEST_CASE("EDM and diffusion policies by hand and by their files", "[diffusers]") {
  const azula::EDMSchedule edm;
  CHECK(distance(edm, azula::with_clean_end(edm, azula::linear_times({.steps = 17})),
                 R"({"_class_name": "EDMEulerScheduler"})", {.steps = 18}) < 1e-13);
  const azula::DiscreteSchedule cosine(azula::squared_cosine_betas(100));
  CHECK(distance(cosine, azula::trailing_times(cosine, {.steps = 10}),
                 R"({"_class_name": "DDIMScheduler", "num_train_timesteps": 100,
                     "beta_schedule": "squaredcos_cap_v2", "timestep_spacing": "trailing"})",
                 {.steps = 10}) < 1e-14);
}

TEST_CASE("Stable Diffusion 3, Flux and Wan by hand and by their files", "[diffusers]") {
  const azula::ShiftedRectifiedSchedule sd3{.shift = 3};
  const auto inner = azula::linear_times({.stop = sd3(0.001).sigma, .steps = 19});
  CHECK(distance(sd3, azula::with_clean_end(sd3, inner),
                 R"({"_class_name": "FlowMatchEulerDiscreteScheduler", "shift": 3})", {.steps = 20}) < 1e-14);

  const azula::ShiftedRectifiedSchedule flux{.shift = azula::ResolutionShift{}(4096)};
  std::vector<double> sigmas;
  for (int i = 0; i < 28; ++i) sigmas.push_back(1 - i / 28.0);  // from 1 to 1/28, as the pipeline has them
  CHECK(distance(
            flux, azula::linear_times({.steps = 28}),
            R"({"_class_name": "FlowMatchEulerDiscreteScheduler", "shift": 3, "use_dynamic_shifting": true})",
            {.sigmas = sigmas, .tokens = 4096}) < 1e-14);

  const azula::ShiftedRectifiedSchedule wan{.shift = 5};
  std::vector<double> times = azula::linear_times({.stop = 0.001, .steps = 20});
  times.front() = wan.time_of_sigma(1 - 1e-6);
  times.back() = 0;
  CHECK(distance(wan, times,
                 R"({"_class_name": "UniPCMultistepScheduler", "use_flow_sigmas": true, "flow_shift": 5,
                     "prediction_type": "flow_prediction"})",
                 {.steps = 20}) < 1e-13);
}
