#include "choice_page.hpp"

#include "page.hpp"
#include "sheet.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace examples {
namespace {

const std::string usual = "Bounded xEAB<2>";  // what the README starts with

std::string shown(const char* format, double value) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), format, value);
  return text.data();
}

std::string ratio(double value) {
  return shown(value < 100 ? "%.2f" : value < 1000 ? "%.0f" : "%.0e", value);
}

std::string label(const Entry& entry) {
  return "`" + entry.method + "`, " + entry.grid;
}

std::string cell(const Entry& entry, std::size_t j) {
  return ' ' + number(entry.at[j].all) + ' ' + label(entry) + " |";
}

/// How many entries a grid has; they follow each other.
std::size_t methods_of(const Situation& s) {
  const auto same_grid = [&](const Entry& entry) { return entry.grid == s.entries[0].grid; };
  return static_cast<std::size_t>(std::count_if(s.entries.begin(), s.entries.end(), same_grid));
}

std::string decisions(const std::vector<Situation>& situations) {
  std::string text = "| model | 4 | 8 | 16 | 32 | one for all four |\n|---|---|---|---|---|---|\n";
  for (const Situation& s : situations) {
    text += "| " + s.name + " |";
    for (std::size_t j = 0; j < budgets.size(); ++j) text += ' ' + label(recommended(s, j, j + 1)) + " |";
    const Entry& one = recommended(s, 0, budgets.size());
    text += ' ' + label(one) + " (" + ratio(worst_ratio(s, one, 0, budgets.size())) + ") |\n";
  }
  return text;
}

/// A method's distances in units of Euler's on the same times: the geometric mean and the largest, over every second
/// situation from `first` on. Euler is the first method.
std::string beside_euler(const std::vector<Situation>& situations, std::size_t first, std::size_t method) {
  double logs = 0, largest = 0;
  int count = 0;
  for (std::size_t k = first; k < situations.size(); k += 2) {
    const std::vector<Entry>& entries = situations[k].entries;
    for (std::size_t euler = 0; euler < entries.size(); euler += methods_of(situations[k])) {
      for (std::size_t j = 0; j < budgets.size(); ++j) {
        const double units = entries[euler + method].at[j].all / entries[euler].at[j].all;
        logs += std::log(units);
        largest = std::max(largest, units);
        ++count;
      }
    }
  }
  return ' ' + ratio(std::exp(logs / count)) + " | " + ratio(largest) + " |";
}

std::string all_beside_euler(const std::vector<Situation>& situations) {
  std::string text = R"(
## On any times

The distance in units of Euler's on the same times: its geometric mean and the largest value, over all grids above,
all kinds of models and all numbers of evaluations. A method whose largest value is near 1 is safe on times that
nobody has tried.

| method | mean | largest | mean, with guidance | largest, with guidance |
|---|---|---|---|---|
)";
  for (std::size_t i = 0; i < methods_of(situations[0]); ++i) {
    text += "| `" + situations[0].entries[i].method + "` |" + beside_euler(situations, 0, i) +
            beside_euler(situations, 1, i) + '\n';
  }
  return text;
}

/// The best at each number of evaluations, beside Euler, the default and what is recommended.
std::string summary(const Situation& s) {
  std::string text = "\n### " + s.name + "\n\n" +
                     "| | best | second | third | Euler | default | default/best | recommended |\n" +
                     "|---|---|---|---|---|---|---|---|\n";
  for (std::size_t j = 0; j < budgets.size(); ++j) {
    const auto all = ranking(s, j);
    const Entry &euler = *ranking(s, j, "Euler")[0], &standard = *ranking(s, j, usual)[0];
    text += "| " + std::to_string(budgets[j]) + " |" + cell(*all[0], j) + cell(*all[1], j) + cell(*all[2], j) +
            cell(euler, j) + cell(standard, j) + ' ' + ratio(standard.at[j].all / all[0]->at[j].all) + " |" +
            cell(recommended(s, j, j + 1), j) + '\n';
  }
  return text;
}

/// The distances of all methods on all grids.
std::string table(const Situation& s) {
  const std::size_t methods = methods_of(s);
  std::string text = "\nThe distances on";
  for (std::size_t i = 0; i < s.entries.size(); i += methods) text += (i > 0 ? " / " : " ") + s.entries[i].grid;
  text += " times:\n\n| method | 4 | 8 | 16 | 32 |\n|---|---|---|---|---|\n";
  for (std::size_t first = 0; first < methods; ++first) {
    text += "| `" + s.entries[first].method + "` |";
    for (std::size_t j = 0; j < budgets.size(); ++j) {
      for (std::size_t i = first; i < s.entries.size(); i += methods) {
        text += (i > first ? " / " : " ") + number(s.entries[i].at[j].all);
      }
      text += " |";
    }
    text += '\n';
  }
  return text;
}

std::string introduction(const std::vector<Situation>& situations, Eigen::Index images) {
  double settled = 0;
  int clear = 0;
  for (const Situation& s : situations) {
    settled = std::max(settled, s.settled);
    for (std::size_t j = 0; j < budgets.size(); ++j) clear += is_clear(s, j) ? 1 : 0;
  }
  return R"(# Which solver, measured

`examples/choice.cpp` writes this whole page: changes by hand are lost.

Which method comes nearest to the exact result with 4, 8, 16 or 32 evaluations of the network? An evaluation with
guidance counts as one.

)" + decisions(situations) +
         R"(
**The rule.** The images are measured in two halves. In each half, and for each number of evaluations, a distance is
divided by the smallest one of all methods on all grids. A cell names the method and the grid whose larger ratio is
the smallest. The last column applies the same rule to all four numbers of evaluations together; the largest ratio
stands in brackets. Distances below half a gray level of 256, 0.004, count as 0.004, because nobody sees them. Among
equals the rule takes the first of the full tables below.

In )" + std::to_string(clear) +
         " of " + std::to_string(situations.size() * budgets.size()) +
         R"( cells both halves have the same best. In the others several methods are about equally good.

**Read the grid, too.** With few evaluations the times matter as much as the method. If your times are fixed, look for
your grid in the full tables, or take a method that is safe [on any times](#on-any-times).

![Clothes by Euler, by the recommended methods and by the worst one, after 4 to 32 evaluations](pictures/choice.png)

The picture shows the latent schedule with guidance. Its rows are Euler on its best times, what the table recommends,
and the method that is farthest off at 8 evaluations.

## What was measured

The number is the root mean square distance per pixel to a fine run from the same noise; pixels range from -1 to 1. It
is taken over )" +
         std::to_string(images) +
         R"( images of the ten classes in turn. The fine run makes 64 steps of `VelocityRK4`, 256 evaluations.
With half as many steps it ends at most )" +
         shown("%.5f", settled) + R"( away, far below the 0.004 that count.

All runs use one network, that of `examples/fashion.cpp`; `KarrasDenoiser` adapts it to any schedule.

| model | schedule | grid | times |
|---|---|---|---|
| pixel | `VPSchedule`, σ/α from 1000 to 0.001 | even | `linear_times` |
| | | log-SNR | `log_snr_times` |
| | | Karras | `karras_times` |
| | | trimmed | `log_snr_times` from σ/α = 50 to 0.07, then one step to the end, as `examples/fashion.cpp` has them |
| latent | `DiscreteSchedule` of Stable Diffusion, σ/α from 14.6 to 0.03, then 0 | leading | `leading_times`, `offset` 1 |
| | | trailing | `trailing_times` |
| | | Karras | `karras_times` to the smallest σ, then 0 |
| | | AYS | `align_your_steps_times` |
| flow | `RectifiedSchedule`, σ/α from 1000 to 0 | even | `linear_times` |
| | | shift 3 | even, then shifted by 3, as Flux shifts by e^μ |
| | | SD3 | shifted by 3 as diffusers does for SD3: the last σ before 0 is 0.009 |
| | | log-SNR | `log_snr_times` from σ = 0.98 to 0.07, then one step to 0, for comparison |

Methods have their defaults. `xEAB<2> final` is `xEAB<2>{.lower_order_final = true}`, `Bounded UniPC<N>` is
`Corrected{Bounded{UniP<N>{UniPCVariant::B2}}}`, and `Bounded xEAB<2>` is `Bounded{xEAB<2>{}}`, the default with which
the README starts. Elsewhere `xEAB<2>` is called DPM-Solver++(2M), `zEAB<2>` DPM-Solver, `tAB<3>` DEIS and
`FixedAB<N>` iPNDM. `Heun`, `DPMSolver2S` and `VelocityMidpoint` evaluate twice per step and so make half as many
steps.

## Limits

- There is one small network of clothes of 28 × 28 pixels. The latent rows have the noise levels and the grids of a
  latent model, not its data, and the network was not trained as a flow.
- The exact flow from noise to data does not depend on the schedule. The three kinds of models thus differ only in the
  range of their noise levels and in their grids. A grid that is good for one is worth trying for another.
- A small distance to the fine run means that the solver errs little, not that the pictures are good. Their quality
  has its [own page](quality.md). Samplers that draw noise on the way cannot be judged by this distance, and are left
  out.
- The only guidance scale is 4. Larger scales make the flow stiffer.
)";
}

}  // namespace

std::string choice_page(const std::vector<Situation>& situations, Eigen::Index images) {
  std::string text = introduction(situations, images) + all_beside_euler(situations);
  text += "\n## The best in each situation\n\nEuler and the default, `" + usual +
          "`, stand with the times that suit them best.\n";
  for (const Situation& situation : situations) text += summary(situation) + table(situation);
  return text;
}

Image choice_picture(const Situation& situation) {
  SheetLayout layout{.head = "evaluations of the network: " + situation.name,
                     .columns = {},
                     .foot = "below a block: distance per pixel to the fine run",
                     .rows = 3,
                     .count = situation.shown.cols(),
                     .tiles = {.scale = 4, .margin = 4, .background = 60, .side = 28},
                     .letters = 11,
                     .notes = 2};
  for (const std::ptrdiff_t n : budgets) layout.columns.push_back(std::to_string(n));
  layout.columns.push_back("fine run");
  Sheet sheet(layout);
  sheet.name(0, "Euler");
  sheet.name(1, "recommended");
  sheet.name(2, "worst at 8");
  const auto show = [&](std::size_t row, std::size_t j, const Entry& entry) {
    sheet.block(row, j, entry.shown[j], number(entry.at[j].all), entry.method + '\n' + entry.grid);
  };
  for (std::size_t j = 0; j < budgets.size(); ++j) {
    show(0, j, *ranking(situation, j, "Euler")[0]);
    show(1, j, recommended(situation, j, j + 1));
    show(2, j, *ranking(situation, 1).back());
  }
  for (std::size_t row = 0; row < layout.rows; ++row) sheet.block(row, budgets.size(), situation.shown, "");
  return sheet.image();
}

}  // namespace examples
