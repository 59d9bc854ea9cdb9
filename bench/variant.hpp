#pragma once
/// \file
/// The interface between the program (update_bench.cpp) and the four compilations of update_variant.cpp.

#include <benchmark/benchmark.h>

#include <string>
#include <vector>

namespace bench {

/// One benchmark. Those that differ only in `who` (and in the flags) do the same work over as much memory.
struct Case {
  std::string what;     ///< "update", "type", "noise", "run", "build", "copy"
  std::string detail;   ///< which update, which method
  std::string who;      ///< "loop": written by hand, "kernel": the bare update, "advance": through a Run; of the
                        ///< noise "update": without it, "noise": it alone, "step": both; of a type which one
  long floats = 0;      ///< size of the state
  double bytes = 0;     ///< read and written per iteration
  long iterations = 1;  ///< per repetition: some ten milliseconds
  void (*run)(benchmark::State& state, long floats) = nullptr;
};

}  // namespace bench

// One per set of flags: namespace azula under the name it is compiled with, see CMakeLists.txt.
namespace azula_O2 {
std::vector<bench::Case> cases();
}
namespace azula_O3 {
std::vector<bench::Case> cases();
}
namespace azula_O2_v3 {
std::vector<bench::Case> cases();
}
namespace azula_O3_v3 {
std::vector<bench::Case> cases();
}
