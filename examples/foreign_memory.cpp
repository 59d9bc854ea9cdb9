// Draws samples directly in the buffer of an inference engine, through an Eigen::Map over it.
//
// The engine has tensors of batch x channels x height x width in row-major order. Each sample is contiguous there, so
// it is a column of a column-major map, and nothing has to be reordered or copied.
#include <azula/azula.hpp>

#include <algorithm>
#include <cstdio>
#include <vector>

struct Engine {
  static constexpr Eigen::Index batch = 3, channels = 1, height = 4, width = 4;
  std::vector<float> latent = std::vector<float>(batch * channels * height * width);

  /// E[X | input] for grey images, 0.5, with a square in the middle that is brighter by b ~ N(0, 1).
  static void infer(const float* input, double alpha, double sigma, float* output) {
    for (Eigen::Index i = 0; i < batch; ++i, input += 16, output += 16) {
      const double excess = input[5] + input[6] + input[9] + input[10] - 2 * alpha;
      const double b = alpha * excess / (4 * alpha * alpha + sigma * sigma);
      std::fill_n(output, 16, 0.5F);
      for (const int pixel : {5, 6, 9, 10}) output[pixel] += static_cast<float>(b);
    }
  }
};

int main() {
  Engine engine;
  Eigen::Map<Eigen::ArrayXXf> x(engine.latent.data(), Engine::channels * Engine::height * Engine::width, Engine::batch);

  const azula::VPSchedule schedule;
  const azula::FunctionDenoiser denoiser(
      [&](const auto& x_t, double t, Eigen::ArrayXXf& mean) {
        Engine::infer(x_t.data(), schedule(t).alpha, schedule(t).sigma, mean.data());
      },
      schedule);
  const azula::Sampler sampler(denoiser, azula::DDIM{}, {.steps = 50});

  azula::NormalSource random(5);
  sampler.init(x, random);        // into the engine's memory
  const auto done = sampler(x);   // and on in it: `done` is a view of the same
  std::printf("in place: %s\n", done.data() == engine.latent.data() ? "yes" : "no");
  for (const float* line = engine.latent.data(); line < &engine.latent.back(); line += Engine::width) {
    std::printf("  %5.2f %5.2f %5.2f %5.2f\n", line[0], line[1], line[2], line[3]);
  }
}
