// Compares the multistep methods at 4 to 16 evaluations, on digits and clothes, with a table per time grid.
//
//   few_steps                          prints the tables, in a quarter of an hour on one core
//   few_steps --samples 500            the same with fewer samples, less exact
//   few_steps --markdown FILE          also writes the tables to a file; docs/few_steps.md is one

#include "common/clothes.hpp"
#include "common/digits_data.hpp"
#include "common/digits_network.hpp"
#include "common/frechet.hpp"
#include "common/options.hpp"
#include "common/page.hpp"
#include "common/progress.hpp"

#include <azula/azula.hpp>
#include <azula/tune.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <functional>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace examples;

constexpr std::array<std::ptrdiff_t, 6> evaluations{4, 5, 6, 8, 10, 16};

/// A method behind one type, so that one sampler is compiled.
struct Subject {
  static constexpr int history = azula::max_order + 1;

  std::string name() const { return label; }
  void check() const {}
  void append(std::vector<azula::Stage>& stages, const azula::TimeGrid& grid, std::size_t i) const {
    stages_of_step(stages, grid, i);
  }

  std::string label;
  std::function<void(std::vector<azula::Stage>&, const azula::TimeGrid&, std::size_t)> stages_of_step;
};

template <class M>
Subject subject(const M& method, std::string name = {}) {
  const auto append = [method](std::vector<azula::Stage>& stages, const azula::TimeGrid& grid, std::size_t i) {
    method.append(stages, grid, i);
  };
  return {name.empty() ? method.name() : std::move(name), append};
}

template <class M>
void add(std::vector<Subject>& all, const M& method) {
  all.push_back(subject(method));
  all.push_back(subject(azula::Bounded{method}));
}

std::vector<Subject> subjects() {
  using namespace azula;
  std::vector<Subject> all{subject(Euler{}), subject(FixedAB<2>{}), subject(FixedAB<3>{}), subject(FixedAB<4>{}),
                           subject(FixedAB<3, VelocityForm>{}, "FixedAB<3>, velocity")};
  add(all, zAB<2>{});
  add(all, zAB<3>{});
  add(all, zAB<4>{});
  add(all, zEAB<2>{});
  add(all, zEAB<3>{});
  add(all, vAB<2>{});
  add(all, vAB<3>{});
  add(all, vAB<4>{});
  add(all, xEAB<2>{});
  add(all, xEAB<3>{});
  add(all, REAB<2>{});
  add(all, REAB<3>{});
  all.push_back(subject(UniPC<3>{}));
  all.push_back(subject(Corrected{Bounded{UniP<3>{UniPCVariant::B2}}}, "Bounded UniPC<3>"));
  return all;
}

/// Pixel Fréchet distances of drawn digits to the real ones.
class Pictures {
 public:
  explicit Pictures(Eigen::Index samples)
      : real_(moments(DigitsData(AZULA_EXAMPLES_DATA "/digits_data.safetensors").images)),
        denoiser_(std::cref(network_), schedule_), noise_(DigitsNetwork::pixels, samples) {
    azula::NormalSource random(1);
    azula::Sampler(denoiser_, azula::Euler{}).init(noise_, random);
  }

  double operator()(const Subject& method, const std::vector<double>& times) const {
    const azula::Sampler sampler(std::cref(denoiser_), method, times, {.silent = true});
    return frechet_distance(moments(sampler(noise_)), real_);
  }

  std::vector<double> times(const std::string& grid, std::ptrdiff_t steps) const {
    if (grid == "linear") return azula::linear_times({.steps = steps});
    if (grid == "log-SNR") return azula::log_snr_times(schedule_, {.steps = steps});
    if (grid == "Karras") return azula::karras_times(schedule_, {.steps = steps});
    const Eigen::ArrayXXf pilot = noise_.leftCols(std::min<Eigen::Index>(128, noise_.cols()));
    return azula::tune_times(denoiser_, azula::xEAB<2>{}, pilot, {.steps = steps, .iterations = 4, .starts = 2});
  }

 private:
  azula::VPSchedule schedule_;
  DigitsNetwork network_{AZULA_EXAMPLES_DATA "/digits.safetensors"};
  Moments real_;
  azula::KarrasDenoiser<std::reference_wrapper<const DigitsNetwork>, azula::VPSchedule> denoiser_;
  Eigen::ArrayXXf noise_;
};

/// Distances to the exact flow of the digits themselves, whose denoiser is known in closed form.
class ExactFlow {
 public:
  explicit ExactFlow(Eigen::Index samples)
      : denoiser_(DigitsData(AZULA_EXAMPLES_DATA "/digits_data.safetensors").images.cast<double>().eval(), 0.1, schedule_),
        noise_(DigitsNetwork::pixels, samples) {
    Eigen::Map<Eigen::ArrayXd> values(noise_.data(), noise_.size());
    azula::NormalSource(2).fill(values);
    Progress progress("few_steps: the exact flow of " + std::to_string(samples) + " states", 200, "steps");
    exact_ = azula::Sampler(std::cref(denoiser_), azula::RK4{}, azula::log_snr_times(schedule_, {.steps = 200}),
                            {.silent = true})(noise_, [&](const azula::StepInfo&, const auto&) { progress.next(); });
  }

  double operator()(const Subject& method, const std::vector<double>& times) const {
    const azula::Sampler sampler(std::cref(denoiser_), method, times, {.silent = true});
    return std::sqrt((sampler(noise_) - exact_).square().mean());
  }

 private:
  azula::VPSchedule schedule_;
  azula::EmpiricalDenoiser<double, azula::VPSchedule> denoiser_;
  Eigen::ArrayXXd noise_, exact_;
};

/// The three distances of a method at one number of evaluations.
using Distances = std::array<double, 3>;
/// Of a method on one grid, at all numbers of evaluations.
using Row = std::array<Distances, evaluations.size()>;

/// The rows of all methods on one grid.
std::vector<Row> measure(const std::string& grid, const std::vector<Subject>& methods, const Pictures& pictures,
                         const ExactFlow& flow, const Clothes<azula::VPSchedule>& clothes) {
  Progress progress("few_steps: " + grid + " times", static_cast<std::ptrdiff_t>((methods.size() + 1) * evaluations.size()),
                    "results");
  std::vector<std::vector<double>> times;
  for (const std::ptrdiff_t n : evaluations) {
    times.push_back(pictures.times(grid, n));
    progress.next();
  }
  std::vector<Row> rows(methods.size());
  for (std::size_t i = 0; i < methods.size(); ++i) {
    for (std::size_t j = 0; j < times.size(); ++j) {
      rows[i][j] = {pictures(methods[i], times[j]), flow(methods[i], times[j]), clothes(methods[i], times[j])};
      progress.next();
    }
  }
  return rows;
}

std::string table(const std::string& grid, const std::vector<Subject>& methods, const std::vector<Row>& rows) {
  std::string text = "\n## " + grid + " times\n\n| method |";
  for (const std::ptrdiff_t n : evaluations) text += ' ' + std::to_string(n) + " |";
  text += "\n|---|---|---|---|---|---|---|\n";
  for (std::size_t i = 0; i < methods.size(); ++i) {
    text += "| " + methods[i].name() + " |";
    for (const Distances& d : rows[i]) text += ' ' + number(d[0]) + " / " + number(d[1]) + " / " + number(d[2]) + " |";
    text += '\n';
  }
  return text;
}

/// The largest ratio of a method's distances to those of `other`, over all grids and up to `most` evaluations.
Distances worst_ratio(const std::vector<std::vector<Row>>& grids, std::size_t method, std::size_t other, std::ptrdiff_t most) {
  Distances worst{};
  for (const std::vector<Row>& rows : grids) {
    for (std::size_t j = 0; j < evaluations.size(); ++j) {
      if (evaluations[j] > most) continue;
      for (std::size_t k = 0; k < worst.size(); ++k) {
        worst[k] = std::max(worst[k], rows[method][j][k] / rows[other][j][k]);
      }
    }
  }
  return worst;
}

/// How bad each method gets, on any of the grids: docs/which_solver.md says so of the recommended ones.
std::string summary(const std::vector<Subject>& methods, const std::vector<std::vector<Row>>& grids) {
  const auto at = [&](const std::string& name) {
    return static_cast<std::size_t>(
        std::find_if(methods.begin(), methods.end(), [&](const Subject& m) { return m.name() == name; }) - methods.begin());
  };
  const auto three = [](const Distances& d) { return number(d[0]) + " / " + number(d[1]) + " / " + number(d[2]); };
  std::string text =
      "\n## The worst\n\nThe largest ratios to the distances of others at the same times, over all tables above: to Euler's at 4 to 16\n"
      "evaluations, to those of FixedAB<2> and FixedAB<3> at 4 to 10.\n\n"
      "| method | Euler | FixedAB<2> | FixedAB<3> |\n|---|---|---|---|\n";
  for (std::size_t i = 0; i < methods.size(); ++i) {
    text += "| " + methods[i].name() + " | " + three(worst_ratio(grids, i, at("Euler"), 16)) + " | " +
            three(worst_ratio(grids, i, at("FixedAB<2>"), 10)) + " | " + three(worst_ratio(grids, i, at("FixedAB<3>"), 10)) + " |\n";
  }
  return text;
}

int run(int argc, const char* const* argv) {
  Eigen::Index samples = 2000, states = 64, images = 10;
  std::string markdown;
  Options options("few_steps", "compares multistep methods at 4 to 16 evaluations");
  options.number("--samples", "digits to draw", Eigen::Index{100}, samples);
  options.number("--states", "of the exact flow", Eigen::Index{1}, states);
  options.number("--images", "of clothes", Eigen::Index{1}, images);
  options.text("--markdown", "a file for the tables", markdown);
  if (!options.parse(argc, argv)) return 0;
  const Pictures pictures(samples);
  const ExactFlow flow(states);
  const azula::VPSchedule schedule;
  Clothes clothes(schedule, 2.0, images);  // with guidance 2
  clothes.refine("few_steps", azula::RK4{}, azula::log_snr_times(schedule, {.steps = 64}));
  const std::vector<Subject> methods = subjects();
  std::string text =
      "# A few steps\n\nWritten by `examples/few_steps.cpp`. In each cell three distances for so many evaluations, the smaller the\n"
      "better: Fréchet's in pixel space of " + std::to_string(samples) +
      " digits drawn with the trained network to the 1,797 real ones; the\nroot mean square one per pixel to the exact flow "
      "of the digits' own denoiser, over " + std::to_string(states) + " states; and that to a\nfine run of the network of "
      "clothes with guidance 2, over " + std::to_string(images) + " images. `VPSchedule`, times from 1 to 0. Two halves of\n"
      "the data are 0.30 apart. Tuned times are those of `tune_times` for `xEAB<2>` and the network of digits.\n";
  std::vector<std::vector<Row>> grids;
  for (const char* grid : {"linear", "log-SNR", "Karras", "tuned"}) {
    grids.push_back(measure(grid, methods, pictures, flow, clothes));
    text += table(grid, methods, grids.back());
  }
  text += summary(methods, grids);
  std::cout << text;
  if (!markdown.empty()) write_text(markdown, text);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  return examples::guarded("few_steps", [&] { return run(argc, argv); });
}
