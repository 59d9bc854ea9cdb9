#pragma once
/// \file
/// Reads scheduler configurations of Hugging Face diffusers (`scheduler_config.json`).
///
/// Needs nlohmann-json; not part of azula.hpp.

#include <nlohmann/json.hpp>

#include <concepts>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "azula/interop/diffusers/consistency.hpp"
#include "azula/interop/diffusers/ddim.hpp"
#include "azula/interop/diffusers/ddpm.hpp"
#include "azula/interop/diffusers/distilled.hpp"
#include "azula/interop/diffusers/dpm_solver.hpp"
#include "azula/interop/diffusers/edm.hpp"
#include "azula/interop/diffusers/euler.hpp"
#include "azula/interop/diffusers/flow_match.hpp"
#include "azula/interop/diffusers/ipndm.hpp"
#include "azula/interop/diffusers/k_diffusion.hpp"
#include "azula/interop/diffusers/known_keys.hpp"
#include "azula/interop/diffusers/pndm.hpp"
#include "azula/interop/diffusers/sa_solver.hpp"
#include "azula/interop/diffusers/uni_pc.hpp"

namespace azula::diffusers {

/// A scheduler class of diffusers that azula supports, and the function that reads its configuration.
struct SchedulerEntry {
  std::string_view name;                                           ///< name of the class without "Scheduler": DDIM
  Setup (*read)(const SchedulerConfig&, const SchedulerOptions&);  ///< turns a configuration into a Setup
};

/// All scheduler classes that azula supports. To add one, add a line.
inline const std::vector<SchedulerEntry>& schedulers() {
  static const std::vector<SchedulerEntry> all{
      {"DDIM", &ddim},
      {"DDIMInverse", &ddim_inverse},
      {"DDPM", &ddpm},
      {"PNDM", &pndm},
      {"IPNDM", &ipndm},
      {"LCM", &lcm},
      {"TCD", &tcd},
      {"EulerDiscrete", &euler},
      {"EulerAncestralDiscrete", &euler_ancestral},
      {"HeunDiscrete", &heun},
      {"LMSDiscrete", &lms},
      {"KDPM2Discrete", &kdpm2},
      {"KDPM2AncestralDiscrete", &kdpm2_ancestral},
      {"DPMSolverMultistep", &dpm_solver_multistep},
      {"DPMSolverSinglestep", &dpm_solver_singlestep},
      {"DEISMultistep", &deis},
      {"UniPCMultistep", &uni_pc},
      {"SASolver", &sa_solver},
      {"EDMEuler", &edm_euler},
      {"EDMDPMSolverMultistep", &edm_dpm_solver_multistep},
      {"CMStochasticIterative", &consistency},
      {"FlowMatchEulerDiscrete", &flow_match_euler},
      {"FlowMatchHeunDiscrete", &flow_match_heun},
      {"FlowMatchLCM", &flow_match_lcm},
  };
  return all;
}

/// Reads a parsed `scheduler_config.json` and returns the sampler setup that it describes: schedule, prediction, times
/// and method.
///
/// It is a template so that a file name does not convert to `object` implicitly.
/// \param object  the content of the file
/// \param options  what a pipeline adds, such as the number of steps
/// \param name  name of the file, for messages
/// \throws std::invalid_argument if the scheduler class is not supported, a value is invalid or out of range, or a key
/// exists in no scheduler of diffusers. The message names the file, the key, the rule and the value.
template <std::same_as<nlohmann::json> Json>
Setup read_scheduler(const Json& object, const SchedulerOptions& options = {},
                     const std::string& name = "scheduler_config.json") {
  const SchedulerConfig config(object, name);
  const std::string scheduler = config.scheduler();
  std::string list;
  for (const SchedulerEntry& entry : schedulers()) {
    list += join({list.empty() ? "" : ", ", entry.name});
    if (entry.name != scheduler) continue;
    require_falling(config, options.timesteps, "timesteps");
    require_falling(config, options.sigmas, "sigmas");
    Setup setup = entry.read(config, options);
    setup.ignored = config.unread();
    for (const std::string& key : setup.ignored) {
      if (!is_known_key(key)) config.refuse_key(unknown_key(key), key);
    }
    setup.method.check();
    const TimeGrid grid(setup.model.schedule, setup.times);  // throws if the configuration makes no sense
    return setup;
  }
  config.refuse(join({"_class_name must be one of ", list, " with the ending Scheduler"}), scheduler);
}

/// Replaces Python's -Infinity, which is not valid JSON, by null, in place.
/// \throws std::invalid_argument if the text is nested more than 100 deep, because copying such an object could
/// overflow the stack. A configuration contains nothing deeper than a list.
inline void mend_config(std::string& text, const std::string& name) {
  bool quoted = false;
  int depth = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && quoted) {
      ++i;
    } else if (text[i] == '"') {
      quoted = !quoted;
    } else if (!quoted && text.compare(i, 9, "-Infinity") == 0) {
      text.replace(i, 9, "null     ");
    } else if (!quoted) {
      depth += (text[i] == '[' || text[i] == '{') - (text[i] == ']' || text[i] == '}');
      if (depth > 100)
        reject(join({"read_scheduler: ", name}), "the file must be nested at most 100 deep", "more");
    }
  }
}

/// Parses the text of a `scheduler_config.json`, in which diffusers may have written -Infinity.
/// \throws std::invalid_argument if the text is not valid JSON; the message says where.
inline nlohmann::json parse_config(std::string text, const std::string& name = "scheduler_config.json") {
  mend_config(text, name);
  try {
    return nlohmann::json::parse(text);
  } catch (const nlohmann::json::exception& error) {
    reject(join({"read_scheduler: ", name}), "the file must be JSON", error.what());
  }
}

/// Reads a `scheduler_config.json`, given the file or the folder that contains it, and returns the sampler setup.
///
///     const auto setup = azula::diffusers::read_scheduler("model/scheduler", {.steps = 25});
///     const azula::Sampler sampler(setup.denoiser(unet), setup.method, setup.times);
///     const auto x_0 = sampler(x_1, random);   // x_1: noise times setup.initial_scale
///
/// `unet` is any callable network(input, time, output). See Setup for the parts, and docs/configurations.md for the
/// classes and keys that are supported.
/// \throws std::invalid_argument as the overload above does, and if the file cannot be read.
inline Setup read_scheduler(std::filesystem::path path, const SchedulerOptions& options = {}) {
  if (std::filesystem::is_directory(path)) path /= "scheduler_config.json";
  std::ifstream file(path, std::ios::binary);
  if (!file) reject("read_scheduler", "the file must be readable", path.string());
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  return read_scheduler(parse_config(text, path.string()), options, path.string());
}

}  // namespace azula::diffusers
