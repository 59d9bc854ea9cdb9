#pragma once
/// \file
/// Recorded runs of another library's schedulers, made again from their configurations alone; the format is in
/// data/README.md.

#include <Eigen/Core>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <fstream>
#include <functional>
#include <limits>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "azula/interop/diffusers.hpp"
#include "azula/sample/sampler.hpp"

/// How far a run made again is from the recorded one, as shares of the larger of 1 and the recorded number.
struct SchedulerErrors {
  double end = 0;     ///< of the last state
  double told = 0;    ///< of the times that the network is told
  double sigmas = 0;  ///< of the nodes' σ/α, of flow models σ
};

/// What a recorded run was asked for besides its configuration.
inline azula::diffusers::SchedulerOptions scheduler_options(const nlohmann::json& run) {
  azula::diffusers::SchedulerOptions options{.steps = run.at("steps").get<std::ptrdiff_t>(), .compat = true};
  const nlohmann::json& set = run.at("set");
  const nlohmann::json& step = run.at("step");
  if (set.contains("mu")) options.mu = set.at("mu").get<double>();
  if (set.contains("timesteps")) options.timesteps = set.at("timesteps").get<std::vector<double>>();
  if (set.contains("sigmas")) options.sigmas = set.at("sigmas").get<std::vector<double>>();
  if (step.contains("eta")) options.eta = step.at("eta").get<double>();
  options.order = step.value("order", options.order);
  options.use_clipped_model_output = step.value("use_clipped_model_output", false);
  options.churn.s_churn = step.value("s_churn", 0.0);
  options.churn.s_min = step.value("s_tmin", 0.0);
  options.churn.s_max = step.value("s_tmax", std::numeric_limits<double>::infinity());
  options.churn.s_noise = step.value("s_noise", 1.0);
  return options;
}

/// The setup that a recorded run's configuration leads to.
inline azula::diffusers::Setup scheduler_setup(const nlohmann::json& run, bool compat = true) {
  nlohmann::json config = run.at("config");
  const auto scheduler = run.at("scheduler").get<std::string>();
  config["_class_name"] = scheduler + "Scheduler";
  azula::diffusers::SchedulerOptions options = scheduler_options(run);
  options.compat = compat;
  return azula::diffusers::read_scheduler(config, options, scheduler);
}

/// The network of the recorded runs, which notes what it is told.
struct RecordedNetwork {
  double unit;
  std::vector<double>& told;

  void operator()(const Eigen::ArrayXd& input, double c, Eigen::ArrayXd& output) const {
    told.push_back(c);
    output = 0.5 * input + 0.4 * (1.5 * input + c / unit).sin();
  }
};

/// The recorded noise: a draw per evaluation, also where it was not used, or one per use.
class RecordedNoise {
 public:
  RecordedNoise(const nlohmann::json& draws, std::size_t evaluations)
      : draws_(draws), each_(draws.size() >= evaluations) {}

  void evaluated() { ++evaluated_; }

  template <class Out>
  void fill(Out&& out) {
    const auto values = draws_.at(each_ ? evaluated_ - 1 : used_).get<std::vector<double>>();
    ++used_;
    out = Eigen::Map<const Eigen::ArrayXd>(values.data(), static_cast<Eigen::Index>(values.size()));
  }

 private:
  const nlohmann::json& draws_;
  bool each_;
  std::size_t evaluated_ = 0, used_ = 0;
};

/// The largest difference as far as both lists go; infinite where one is not a number.
inline double list_error(const std::vector<double>& got, const std::vector<double>& expected) {
  double largest = 0;
  for (std::size_t i = 0; i < (std::min)(got.size(), expected.size()); ++i) {
    const double error = std::fabs(got[i] - expected[i]) / (std::max)(1.0, std::fabs(expected[i]));
    largest = error <= largest ? largest : std::isfinite(error) ? error : std::numeric_limits<double>::infinity();
  }
  return largest;
}

/// Nodes without those that repeat the one before.
inline std::vector<double> without_repeats(std::vector<double> values) {
  const auto same = [](double a, double b) { return std::fabs(a - b) <= 1e-9 * std::fabs(a); };
  values.erase(std::unique(values.begin(), values.end(), same), values.end());
  return values;
}

/// σ/α at the nodes of a setup, of flow models σ.
inline std::vector<double> sigmas_of(const azula::diffusers::Setup& setup) {
  const bool flow = std::holds_alternative<azula::RectifiedSchedule>(setup.model.schedule.kind);
  std::vector<double> sigmas;
  for (const double t : setup.times) {
    const azula::Scales scales = setup.model.schedule(t);
    sigmas.push_back(flow ? scales.sigma : scales.sigma / scales.alpha);
  }
  return without_repeats(sigmas);
}

/// \throws std::invalid_argument if the configuration is refused.
inline SchedulerErrors repeat_run(const nlohmann::json& run) {
  const azula::diffusers::Setup setup = scheduler_setup(run);
  std::vector<double> told;
  const RecordedNetwork network{setup.scheduler.starts_with("EDM") ? 1.0 : 300.0, told};
  const auto denoiser = setup.denoiser(network);
  const azula::Sampler sampler(denoiser, setup.method, setup.times, {.silent = true});
  Eigen::ArrayXd x(8);
  const double size = setup.scheduler == "DDIMInverse" ? 0.8 : 1.2;
  for (int i = 0; i < x.size(); ++i) x(i) = setup.initial_scale * size * std::sin(1.7 * i + 0.3);
  const auto timesteps = run.at("timesteps").get<std::vector<double>>();
  RecordedNoise noise(run.at("draws"), timesteps.size());
  auto again = sampler.start(x);
  while (!again.done()) {
    if (again.evaluates()) {
      noise.evaluated();
      denoiser(again.state(), again.time(), again.mean());
    }
    again.advance(noise);
  }
  const auto expected = run.at("final").get<std::vector<double>>();
  const std::vector<double> end(again.state().begin(), again.state().end());
  SchedulerErrors errors{list_error(end, expected), list_error(told, timesteps), 0};
  // A flow that runs backwards counts its levels from the other end.
  if (!run.at("sigmas").is_null() && !run.at("config").value("invert_sigmas", false)) {
    errors.sigmas = list_error(sigmas_of(setup), without_repeats(run.at("sigmas").get<std::vector<double>>()));
  }
  return errors;
}

/// \throws std::runtime_error if there is no such file.
inline nlohmann::json read_runs(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error(path + " cannot be read");
  return nlohmann::json::parse(file);
}
