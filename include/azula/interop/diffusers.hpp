#pragma once
/// \file
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

/// A class of schedulers, by its name without the ending, and what reads its configuration.
struct SchedulerEntry {
  std::string_view name;                                           ///< DDIM, say
  Setup (*read)(const SchedulerConfig&, const SchedulerOptions&);  ///< what the configuration says
};

/// All that can be read; a new one is a line.
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

/// From the object of a `scheduler_config.json`.
/// \param name  of the file, for messages
/// \throws std::invalid_argument that names the file, the key, the rule and the value; for a key that no
/// scheduler has, too.
/// A template, so that the name of a file is none.
template <std::same_as<nlohmann::json> Json>
Setup read_scheduler(const Json& object, const SchedulerOptions& options = {},
                     const std::string& name = "scheduler_config.json") {
  const SchedulerConfig config(object, name);
  const std::string scheduler = config.scheduler();
  std::string list;
  for (const SchedulerEntry& entry : schedulers()) {
    list += join({list.empty() ? "" : ", ", entry.name});
    if (entry.name != scheduler) continue;
    Setup setup = entry.read(config, options);
    setup.ignored = config.unread();
    for (const std::string& key : setup.ignored) {
      if (!is_known_key(key)) config.refuse_key(key, "is a key that no scheduler has, value");
    }
    setup.method.check();
    const TimeGrid grid(setup.model.schedule, setup.times);  // a configuration without sense says so here
    return setup;
  }
  config.refuse(join({"_class_name must be one of ", list, " with the ending Scheduler"}), scheduler);
}

/// Python's -Infinity becomes null, in place. What is nested so deeply that to copy it could overflow the
/// stack is refused; a configuration has no more than a list.
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

/// The text of a `scheduler_config.json`, in which the reference may write -Infinity.
/// \throws std::invalid_argument if it is no JSON, with the place.
inline nlohmann::json parse_config(std::string text, const std::string& name = "scheduler_config.json") {
  mend_config(text, name);
  try {
    return nlohmann::json::parse(text);
  } catch (const nlohmann::json::exception& error) {
    reject(join({"read_scheduler: ", name}), "the file must be JSON", error.what());
  }
}

/// From a file, or from the folder in which one of that name lies:
///
///     const auto setup = azula::diffusers::read_scheduler("model/scheduler", {.steps = 25});
///     const azula::Sampler sampler(setup.denoiser(unet), setup.method, setup.times);
///     const auto x_0 = sampler(x_1, random);   // x_1: noise times setup.initial_scale
///
/// \throws std::invalid_argument as above, and if the file cannot be read.
inline Setup read_scheduler(std::filesystem::path path, const SchedulerOptions& options = {}) {
  if (std::filesystem::is_directory(path)) path /= "scheduler_config.json";
  std::ifstream file(path, std::ios::binary);
  if (!file) reject("read_scheduler", "the file must be readable", path.string());
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  return read_scheduler(parse_config(text, path.string()), options, path.string());
}

}  // namespace azula::diffusers
