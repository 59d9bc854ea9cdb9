// Turns networks of the three usual kinds into denoisers, by one line each.
// For data from N(0, s²) the optimal networks have a closed form, which takes their place here.
#include <azula/azula.hpp>

#include <cmath>
#include <cstdio>

constexpr double s = 0.5;
int faults = 0;

template <class D>
void draw(const char* kind, const D& denoiser) {
  const auto times = azula::log_snr_times(denoiser.schedule(), {.start = 0.999, .stop = 0.001, .steps = 100});
  const azula::Sampler sampler(denoiser, azula::xEAB<2>{}, times);
  Eigen::ArrayXXf x(64, 500);
  azula::NormalSource random(1);
  sampler.init(x, random);
  const double deviation = std::sqrt(double(sampler(x).square().mean()));
  faults += std::abs(deviation - s) > 0.005;
  std::printf("%s: deviation %.2f\n", kind, deviation);
}

int main() {
  const azula::DiscreteSchedule steps(azula::scaled_linear_betas({.first = 0.00085, .last = 0.012}));
  const auto unet = [&](const auto& latents, double step, auto& noise) {  // predicts the noise, told the training step
    const auto [alpha, sigma] = steps(steps.time_of(step));
    noise = float(sigma / (alpha * alpha * s * s + sigma * sigma)) * latents;
  };
  draw("noise prediction", azula::NetworkDenoiser(unet, steps, azula::NoisePrediction{}, azula::TrainingStep{}));

  const azula::ShiftedRectifiedSchedule straight{.shift = 3};
  const auto flow = [](const auto& latents, double time, auto& velocity) {  // predicts ε - X, told 1000 σ
    const double sigma = time / 1000, alpha = 1 - sigma;
    velocity = float((sigma - alpha * s * s) / (alpha * alpha * s * s + sigma * sigma)) * latents;
  };
  draw("flow", azula::NetworkDenoiser(flow, straight, azula::FlowPrediction{}, azula::FlowTime{.scale = 1000}));

  const auto edm = [](const auto& input, double c_noise, auto& output) {  // EDM's F, told log(σ)/4
    const double v = std::exp(8 * c_noise);  // σ²
    output = float((s * s / (s * s + v) - 1 / (1 + v)) * (1 + v) / std::sqrt(v)) * input;
  };
  draw("EDM", azula::NetworkDenoiser(edm, azula::EDMSchedule{}, azula::EDMPrediction{.sigma_data = 1}, azula::LogRatioTime{}));
  return faults;
}
