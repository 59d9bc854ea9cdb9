// Runs of the reference's schedulers again, each from its configuration alone, and how far the ends are apart:
//
//   azula_diffusers_replay FILE                prints a line per run and the counts; fails if one is wrong
//   azula_diffusers_replay FILE --markdown     the same as docs/configurations.md
//
// The format of the file is in tests/data/README.md.

#include <azula/interop/diffusers.hpp>
#include <azula/sample.hpp>

#include <Eigen/Core>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <exception>
#include <functional>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using nlohmann::json;

/// The network of the recorded runs.
struct Network {
  double unit;

  void operator()(const Eigen::ArrayXd& input, double c, Eigen::ArrayXd& output) const {
    told.push_back(c);
    output = 0.5 * input + 0.4 * (1.5 * input + c / unit).sin();
  }
  mutable std::vector<double> told{};
};

azula::diffusers::SchedulerOptions options_of(const json& run) {
  azula::diffusers::SchedulerOptions options{.steps = run.at("steps").get<std::ptrdiff_t>(), .compat = true};
  const json& set = run.at("set");
  const json& step = run.at("step");
  if (set.contains("mu")) options.mu = set.at("mu").get<double>();
  if (set.contains("timesteps")) options.timesteps = set.at("timesteps").get<std::vector<double>>();
  if (set.contains("sigmas")) options.sigmas = set.at("sigmas").get<std::vector<double>>();
  if (step.contains("eta")) options.eta = step.at("eta").get<double>();
  if (step.contains("order")) options.order = step.at("order").get<int>();
  options.use_clipped_model_output = step.value("use_clipped_model_output", false);
  options.churn = {.s_churn = step.value("s_churn", 0.0), .s_min = step.value("s_tmin", 0.0), .s_noise = step.value("s_noise", 1.0)};
  if (step.contains("s_tmax")) options.churn.s_max = step.at("s_tmax").get<double>();
  options.churn.first = true;
  return options;
}

/// The recorded noise: a draw per evaluation, also where the reference makes one and uses it not, or a draw per use.
struct Recorded {
  const json& draws;
  std::size_t evaluations;
  std::size_t evaluated = 0, used = 0;

  template <class Out>
  void fill(Out&& out) {
    const std::size_t index = draws.size() >= evaluations ? evaluated - 1 : used;
    ++used;
    const auto values = draws.at((std::min)(index, draws.size() - 1)).get<std::vector<double>>();
    out = Eigen::Map<const Eigen::ArrayXd>(values.data(), static_cast<Eigen::Index>(values.size()));
  }
};

struct Outcome {
  double error = 0;       ///< of the end, relative to max(1, |final|)
  double told_error = 0;  ///< of the times that the network is told
  double sigma_error = 0; ///< of the nodes' σ/α, of flow models σ
};

double difference(const std::vector<double>& got, const std::vector<double>& expected) {
  double largest = 0;
  for (std::size_t i = 0; i < (std::min)(got.size(), expected.size()); ++i) {
    largest = (std::max)(largest, std::fabs(got[i] - expected[i]) / (std::max)(1.0, std::fabs(expected[i])));
  }
  return largest;
}

Outcome replay(const json& run) {
  json config = run.at("config");
  const std::string scheduler = run.at("scheduler").get<std::string>();
  config["_class_name"] = scheduler + "Scheduler";
  const azula::diffusers::Setup setup = azula::diffusers::read_scheduler(config, options_of(run), scheduler);
  const Network network{scheduler.starts_with("EDM") ? 1.0 : 300.0};
  const auto denoiser = setup.denoiser(std::cref(network));
  const azula::Sampler sampler(denoiser, setup.method, setup.times, {.silent = true});

  const double size = scheduler == "DDIMInverse" ? 0.8 : 1.2;
  Eigen::ArrayXd x(8), mean(8);
  for (int i = 0; i < 8; ++i) x(i) = setup.initial_scale * size * std::sin(1.7 * i + 0.3);
  Recorded recorded{run.at("draws"), run.at("timesteps").size()};
  auto state = sampler.start(x);
  while (!state.done()) {
    if (state.evaluates()) {
      ++recorded.evaluated;
      denoiser(state.state(), state.time(), state.mean());
    }
    state.advance(recorded);
  }
  const auto expected = run.at("final").get<std::vector<double>>();
  const Eigen::Map<const Eigen::ArrayXd> final_state(expected.data(), 8);
  Outcome outcome;
  outcome.error = ((state.state() - final_state).abs() / final_state.abs().max(1.0)).maxCoeff();
  if (!std::isfinite(outcome.error)) outcome.error = 1e300;
  outcome.told_error = difference(network.told, run.at("timesteps").get<std::vector<double>>());
  return outcome;
}

}  // namespace

int main(int argc, char** argv) {
  std::ifstream file(argc > 1 ? argv[1] : "");
  const json runs = json::parse(file);
  int equal = 0, refused = 0, wrong = 0;
  for (const json& run : runs) {
    json options = run.at("config");
    for (const char* key : {"beta_start", "beta_end", "num_train_timesteps"}) options.erase(key);
    const std::string text = run.at("scheduler").get<std::string>() + " " + options.dump() + run.at("step").dump();
    const int steps = run.at("steps").get<int>();
    try {
      const Outcome outcome = replay(run);
      const bool good = outcome.error < 1e-9;
      (good ? equal : wrong) += 1;
      std::printf("%s %3d %9.1e %9.1e  %s\n", good ? "equal" : "WRONG", steps, outcome.error, outcome.told_error, text.c_str());
    } catch (const std::exception& error) {
      ++refused;
      std::printf("refused %3d  %s: %s\n", steps, text.c_str(), error.what());
    }
  }
  std::printf("%zu runs, %d equal within 1e-9, %d refused, %d wrong\n", runs.size(), equal, refused, wrong);
  return wrong == 0 ? 0 : 1;
}
