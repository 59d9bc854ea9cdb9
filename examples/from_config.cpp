// Draws clothes with the noise levels and the method of a scheduler_config.json, as diffusers writes it.
//
// The network is an ONNX model.
//
//   from_config                                         everything as the file says
//   from_config --steps 20 --scheduler heun             another method, by its name in ComfyUI
//   from_config --scheduler dpmpp_2m --grid karras      and other noise levels
//   from_config --config a_folder --model model.onnx    a configuration and a model of your own

#include <azula/azula.hpp>
#include <azula/guide.hpp>
#include <azula/interop/diffusers.hpp>
#include <azula/interop/onnx_network.hpp>
#include <azula/interop/solver_names.hpp>

#include <cstdint>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "common/edm_steps.hpp"
#include "common/image.hpp"
#include "common/options.hpp"

namespace {

struct Job {
  std::string config = AZULA_EXAMPLES_DATA "/fashion_model";
  std::string model = AZULA_EXAMPLES_DATA "/fashion.onnx";
  std::string scheduler, grid, out = "from_config.png";
  std::ptrdiff_t steps = 12;
  Eigen::Index count = 100;
  std::uint64_t seed = 1;
  double guidance = 2;
};

bool read(Job& job, int argc, const char* const* argv) {
  examples::Options options("from_config",
                            "draws clothes, a column for each of ten classes, as a folder says");
  options.text("--config", "folder of scheduler_config.json", job.config);
  options.text("--model", "the network, an ONNX model", job.model);
  options.number("--steps", "of the method", std::ptrdiff_t{1}, job.steps);
  options.text("--scheduler",
               "another method: euler, heun, dpmpp_2m, ...; an unknown name prints the list",
               job.scheduler);
  options.text("--grid", "other noise levels: karras, exponential, beta, ...; likewise", job.grid);
  options.number("--guidance", "weight of the class; 1 is no guidance", 0.0, job.guidance);
  options.number("--count", "how many images", Eigen::Index{1}, job.count);
  options.number("--seed", "of all noise", std::uint64_t{0}, job.seed);
  options.text("--out", "the picture, a PNG", job.out);
  return options.parse(argc, argv);
}

/// What the file says, but for what the job has by name.
azula::diffusers::Setup setup_of(const Job& job) {
  auto setup = azula::diffusers::read_scheduler(job.config, {.steps = job.steps});
  const auto* levels = std::get_if<azula::EDMSchedule>(&setup.schedule().kind);
  if (!levels || !setup.scheduler.starts_with("EDM")) {
    throw std::invalid_argument("the scheduler must be one of EDM's, as the model is, got " +
                                setup.scheduler);
  }
  if (!job.scheduler.empty()) setup.method = azula::comfy_sampler(job.scheduler);
  if (!job.grid.empty()) {
    setup.times =
        azula::comfy_times(job.grid, examples::EDMSteps{*levels}, job.steps, {.sampler = job.scheduler});
  }
  return setup;
}

int draw(const Job& job) {
  const azula::diffusers::Setup setup = setup_of(job);
  const azula::OnnxNetwork model(job.model);
  // EDM's networks are told a quarter of log σ, this one all of it.
  const auto network = [&](const std::vector<std::int64_t>& labels) {
    return [model = model.with("label", {std::ssize(labels)}, labels)](
               const auto& input, double c, auto& output) { model(input, 4 * c, output); };
  };
  std::vector<std::int64_t> labels(static_cast<std::size_t>(job.count)), any_class{10};
  for (std::size_t i = 0; i < labels.size(); ++i) labels[i] = static_cast<std::int64_t>(i % 10);

  // Where there is hardly anything but noise, or hardly any noise, guidance costs much and changes little.
  const azula::GuidedDenoiser denoiser(setup.denoiser(network(labels)), setup.denoiser(network(any_class)),
                                       job.guidance, {.low = 0.1, .high = 20});
  const azula::Sampler sampler(denoiser, setup.method, setup.times);
  azula::NormalSource random(job.seed);
  Eigen::ArrayXXf x(28 * 28, job.count);  // one image per column
  sampler.init(x, random);
  const Eigen::ArrayXXf images = sampler(std::move(x), random);

  examples::write_png(job.out,
                      examples::montage(images, {.scale = 3, .margin = 4, .background = 0, .side = 28}));
  std::printf("%td images by %s in %td steps; see %s\n", images.cols(), setup.method.name().c_str(),
              sampler.steps(), job.out.c_str());
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  return examples::guarded("from_config", [&] {
    Job job;
    return read(job, argc, argv) ? draw(job) : 0;
  });
}
