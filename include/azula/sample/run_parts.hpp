#pragma once
/// \file

namespace azula {

/// Access to the private members of a Run, for functions of the library that save runs or compute densities.
struct RunParts {
  static auto& plan(auto& run) { return *run.plan_; }
  static auto& state(auto& run) { return run.state_; }
  static auto& ring(auto& run) { return run.ring_; }
  static auto& stage(auto& run) { return run.stage_; }  // its index
  static auto& evaluations(auto& run) { return run.evaluations_; }
};

}  // namespace azula
