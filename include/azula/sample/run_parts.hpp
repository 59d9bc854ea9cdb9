#pragma once
/// \file

namespace azula {

/// What is inside a Run, for what the library does with runs beside advancing them: saving, densities.
struct RunParts {
  static auto& plan(auto& run) { return *run.plan_; }
  static auto& state(auto& run) { return run.state_; }
  static auto& ring(auto& run) { return run.ring_; }
  static auto& stage(auto& run) { return run.stage_; }  // its number
  static auto& evaluations(auto& run) { return run.evaluations_; }
};

}  // namespace azula
