// A text that is no configuration of a scheduler is refused by an exception of one type. From one that is, a
// sampler can be made, or it is refused in the same way; what it draws is finite.
#include <Eigen/Core>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <stdexcept>
#include <string>

#include "azula/interop/diffusers.hpp"
#include "azula/random/normal_source.hpp"
#include "azula/sample/sampler.hpp"

namespace {

using azula::diffusers::SchedulerOptions;

/// A network that predicts nothing at all.
struct Silent {
  void operator()(const Eigen::ArrayXd& input, double, Eigen::ArrayXd& output) const { output = 0 * input; }
};

void read(const nlohmann::json& config, const SchedulerOptions& options) {
  const azula::diffusers::Setup setup = azula::diffusers::read_scheduler(config, options);
  const azula::Sampler sampler(setup.denoiser(Silent{}), setup.method, setup.times, {.silent = true});
  const Eigen::ArrayXd x = Eigen::ArrayXd::Constant(2, setup.initial_scale);
  if (!sampler(x, azula::NormalSource(1)).isFinite().all()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  for (const SchedulerOptions& options : {SchedulerOptions{.steps = 7}, SchedulerOptions{.steps = 1},
                                          SchedulerOptions{.steps = 4, .compat = true, .mu = 0.5}}) {
    try {
      read(azula::diffusers::parse_config(text), options);
    } catch (const std::invalid_argument&) {
    }
  }
  return 0;
}
