/// \file
/// Writes docs/names.md: the samplers and grids of other systems, and their equivalents in azula.
///
///     azula_names > docs/names.md

#include <cstdio>
#include <string>
#include <vector>

#include "azula/interop/solver_names.hpp"
#include "azula/noise/discrete_schedule.hpp"

namespace {

using azula::DiscreteSchedule;

/// "`xEAB2` {compat = 1}"; a dash where there is none.
std::string here(const azula::names::SolverName& line) {
  if (line.method.empty()) return "–";
  std::string options;
  for (const auto& [name, value] : line.options) {
    options += (options.empty() ? " {" : ", ") + name + " = " + azula::show(value);
  }
  return "`" + line.method + "`" + options + (options.empty() ? "" : "}");
}

void samplers(const char* title, const char* text, const std::vector<azula::names::SolverName>& table) {
  std::ptrdiff_t found = 0;
  for (const auto& line : table) found += line.method.empty() ? 0 : 1;
  std::printf("\n## %s\n\n%td of %td names.%s\n\n| name | here | remark |\n|---|---|---|\n", title, found,
              static_cast<std::ptrdiff_t>(table.size()), text);
  for (const auto& line : table) {
    std::printf("| %.*s | %s | %s |\n", static_cast<int>(line.name.size()), line.name.data(), here(line).c_str(),
                line.remark.c_str());
  }
}

void grids(const char* title, const std::vector<azula::names::GridName<DiscreteSchedule>>& table) {
  std::printf("\n## %s\n\n| name | here | what it is, or why not |\n|---|---|---|\n", title);
  for (const auto& line : table) {
    std::printf("| %.*s | %s | %s |\n", static_cast<int>(line.name.size()), line.name.data(),
                line.times ? "yes" : "–", line.remark.c_str());
  }
}

constexpr const char* introduction = R"(# Names of other systems

Written by `bench/names.cpp` from the tables of `azula/interop/solver_names.hpp`.

```cpp
#include <azula/interop/solver_names.hpp>

const auto times = azula::comfy_times("karras", schedule, 20);
const azula::Sampler sampler(denoiser, azula::comfy_sampler("dpmpp_2m"), times);
```

- `comfy_sampler`, `sdcpp_sampler` and `diffusers_sampler` return an `AnyMethod`. Add options by their names in this
  library, as in `comfy_sampler("euler_ancestral", {{"eta", 0.5}})`.
- `comfy_times` and `sdcpp_times` return the times of a `DiscreteSchedule`, whose sigmas are σ/α, or of a
  `ShiftedRectifiedSchedule`, whose sigmas are σ itself.
- ComfyUI leaves out one time for some samplers. Name the sampler to get the same:
  `comfy_times("karras", schedule, 20, {.sampler = "uni_pc"})`.
- A name without a counterpart here throws an exception with the reason, an unknown name one with the list of all names.

A remark says where numbers differ. Where there is none, the formula is the same; `tests/names` has many of ComfyUI's
written down. ComfyUI and stable-diffusion.cpp take α for 1 in most of their formulas, on flows too. To get exactly
their numbers there, use a schedule {1, σ_t}.
)";

}  // namespace

int main() {
  std::fputs(introduction, stdout);
  samplers("ComfyUI's samplers", "", azula::comfy_samplers());
  grids("ComfyUI's schedulers", azula::comfy_schedulers<DiscreteSchedule>());
  samplers("stable-diffusion.cpp's samplers", "", azula::sdcpp_samplers());
  grids("stable-diffusion.cpp's schedulers", azula::sdcpp_schedulers<DiscreteSchedule>());
  samplers("diffusers' schedulers", " Each with the defaults of its class.", azula::diffusers_samplers());
}
