/// \file
/// Repeats recorded runs of diffusers from their configurations alone, and measures how far the results are apart.
///
///     azula_diffusers_replay tests/data/diffusers_runs.json                prints a line per run, and the counts
///     azula_diffusers_replay tests/data/diffusers_runs.json --markdown     writes docs/configurations.md
///
/// It fails if a result differs. tests/data/README.md describes the format of the file.

#include <algorithm>
#include <cstdio>
#include <exception>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "support/scheduler_run.hpp"

namespace {

using nlohmann::json;

/// The options of a run, without those that most have.
std::string options_of(const json& run) {
  json options = run.at("config");
  for (const char* key : {"beta_start", "beta_end", "num_train_timesteps"}) options.erase(key);
  if (options.value("beta_schedule", "") == "scaled_linear") options.erase("beta_schedule");
  for (const char* others : {"set", "step"}) options.update(run.at(others));
  std::string text;
  for (const auto& [key, value] : options.items()) {
    text += (text.empty() ? "" : ", ") + key + " " + (value.is_string() ? value.get<std::string>() : value.dump());
  }
  return text;
}

/// What became of a run.
struct Outcome {
  std::string scheduler, options;
  int steps;
  double error = 0;      ///< of the end
  std::string refusal{}; ///< the sentence, if it was refused

  bool equal() const { return refusal.empty() && error < 1e-9; }
};

Outcome outcome_of(const json& run) {
  Outcome outcome{run.at("scheduler").get<std::string>(), options_of(run), run.at("steps").get<int>()};
  try {
    outcome.error = repeat_run(run).end;
  } catch (const std::invalid_argument& refusal) {
    outcome.refusal = refusal.what();
  }
  return outcome;
}

void print(const std::vector<Outcome>& outcomes) {
  for (const Outcome& o : outcomes) {
    std::printf("%-24s N = %-3d %-60s ", o.scheduler.c_str(), o.steps, o.options.c_str());
    o.refusal.empty() ? std::printf("%.1e%s\n", o.error, o.equal() ? "" : " WRONG") : std::printf("refused: %s\n", o.refusal.c_str());
  }
}

constexpr const char* introduction = R"(# Configurations

Written by `bench/diffusers_replay.cpp`: what `azula::diffusers::read_scheduler` makes of 95 configurations of diffusers, with
`.compat`. Each was run by diffusers itself, in double, with a network of one line; its end is compared with ours from the
configuration alone, as a share of the larger of 1 and the value. "equal" is within 1e-9 for every number of steps that was
run; the error is the largest of them. Betas are scaled_linear unless said otherwise.

With `.compat` the numbers are diffusers' also where they are not those of the method. Without, which is the default, these differ:

| key | diffusers, and `.compat` | here |
|---|---|---|
| solver_order 3, dpmsolver and dpmsolver++ | the second difference counts half, so that the order is 2 | order 3 |
| solver_order 3, sde-dpmsolver++ | its sign is wrong | order 3 of the interpolation |
| SASolver with two nodes | a shortcut for the weight | the exact weight |
| s_churn | noise is added after the evaluation | before, as in the paper |
| timestep_spacing linspace, one step | starts at training step 0 | starts at the last one |
| interpolation_type log_linear | one level more than steps, told times of other levels | as many as steps |
| DDIM, PNDM | a step leads ⌊T/N⌋ training steps down | to the next node |
| PNDM's Runge–Kutta start | the middle of a step rounded | in the middle |
| IPNDM | the first output of the network does not count | it does |
| a last step of length 0 | an evaluation for nothing, or a correction | left out |

What cannot be had is refused, with the reason: DDPM's variance_type learned and learned_range (the deviation of a stage's noise
is one number), DDIMInverse from data without noise (set_alpha_to_one true), scale_factors, solver_p, tau_func, SASolver's
noise_prediction, PNDM with a prediction_type other than epsilon under `.compat`, its Runge–Kutta start below 4 steps, and UniPC
bh1 down to σ = 0 is finite here where diffusers ends in NaN.

| scheduler | options | N | outcome |
|---|---|---|---|
)";

void print_markdown(const std::vector<Outcome>& outcomes) {
  std::fputs(introduction, stdout);
  for (std::size_t i = 0; i < outcomes.size();) {
    std::string steps;
    double largest = 0;
    std::string refusal;
    bool equal = true;
    std::size_t j = i;
    for (; j < outcomes.size() && outcomes[j].scheduler == outcomes[i].scheduler && outcomes[j].options == outcomes[i].options; ++j) {
      steps += (steps.empty() ? "" : ", ") + std::to_string(outcomes[j].steps);
      largest = std::max(largest, outcomes[j].error);
      equal = equal && outcomes[j].equal();
      if (!outcomes[j].refusal.empty()) refusal = outcomes[j].refusal;
    }
    std::printf("| %s | %s | %s | ", outcomes[i].scheduler.c_str(), outcomes[i].options.c_str(), steps.c_str());
    if (!refusal.empty()) std::printf("refused: %s |\n", refusal.c_str());
    else std::printf("%s, %.0e |\n", equal ? "equal" : "**other**", largest);
    i = j;
  }
}

int run(int argc, char** argv) {
  if (argc < 2) throw std::invalid_argument("a file of recorded runs must be given");
  std::vector<Outcome> outcomes;
  for (const json& recorded : read_runs(argv[1])) outcomes.push_back(outcome_of(recorded));
  const auto count = [&](auto&& of) { return std::count_if(outcomes.begin(), outcomes.end(), of); };
  const auto equal = count([](const Outcome& o) { return o.equal(); });
  const auto refused = count([](const Outcome& o) { return !o.refusal.empty(); });
  const auto wrong = static_cast<std::ptrdiff_t>(outcomes.size()) - equal - refused;
  const bool markdown = argc > 2 && std::string(argv[2]) == "--markdown";
  markdown ? print_markdown(outcomes) : print(outcomes);
  std::printf("%s%zu runs, %td equal within 1e-9, %td refused, %td wrong\n", markdown ? "\n" : "", outcomes.size(), equal, refused, wrong);
  return wrong == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "azula_diffusers_replay: %s\n", error.what());
    return 1;
  }
}
