// Sets up a sampler from a scheduler_config.json, which says everything about a model except its network.
// Here the configuration is text in the program. From a file: read_scheduler("model/scheduler", {.steps = 20}).
#include <azula/azula.hpp>
#include <azula/interop/diffusers.hpp>

#include <cmath>
#include <cstdio>

int main() {
  const auto file = nlohmann::json::parse(R"({
    "_class_name": "DPMSolverMultistepScheduler", "num_train_timesteps": 1000, "prediction_type": "epsilon",
    "beta_schedule": "scaled_linear", "beta_start": 0.00085, "beta_end": 0.012,
    "timestep_spacing": "trailing", "use_karras_sigmas": true})");
  const auto setup = azula::diffusers::read_scheduler(file, {.steps = 20});

  // The best network for data from N(0, 1/4). A real one is called in the same way.
  const azula::DiscreteSchedule trained(azula::scaled_linear_betas({.first = 0.00085, .last = 0.012}));
  const auto network = [&](const auto& input, double step, auto& noise) {
    const auto [alpha, sigma] = trained(trained.time_of(step));
    noise = float(sigma / (alpha * alpha / 4 + sigma * sigma)) * input;
  };

  const azula::Sampler sampler(setup.denoiser(network), setup.method, setup.times);
  Eigen::ArrayXXf x(64, 500);
  azula::NormalSource random(1);
  sampler.init(x, random);
  x = sampler(x, random);

  const double deviation = std::sqrt(double(x.square().mean()));
  std::printf("%s, %td evaluations: deviation %.2f\n", setup.method.name().c_str(), sampler.evaluations(), deviation);
  return std::abs(deviation - 0.5) > 0.02;
}
