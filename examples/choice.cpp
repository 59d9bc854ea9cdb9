// Which solver for 4, 8, 16 and 32 evaluations? Measures 21 methods on the network of clothes, with the schedules of a
// pixel model, of a latent model and of a flow, with and without guidance. Writes a page and its picture:
//
//   choice                     docs/choice.md and docs/pictures/choice.png, in 25 minutes on one core
//   choice --images 12         the same with fewer images, rougher

#include "common/choice_page.hpp"
#include "common/clothes.hpp"
#include "common/decision.hpp"
#include "common/fashion_times.hpp"
#include "common/options.hpp"
#include "common/page.hpp"

#include <azula/azula.hpp>
#include <azula/method/any_method.hpp>

#include <algorithm>
#include <array>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace examples;

constexpr double guidance = 4;

struct Candidate {
  std::string name;
  azula::AnyMethod method;
};

std::vector<Candidate> candidates() {
  using namespace azula;
  std::vector<Candidate> all;
  for (const AnyMethod& method :
       std::vector<AnyMethod>{Euler{}, Bounded{xEAB<2>{}}, xEAB<2>{}, Bounded{xEAB<3>{}}, Bounded{zAB<3>{}}, zEAB<2>{},
                              Bounded{vAB<2>{}}, vAB<2>{}, FixedAB<2>{}, FixedAB<3>{}, FixedAB<4>{}, tAB<3>{},
                              Bounded{REAB<2>{}}, UniPC<2>{}, UniPC<3>{}, Heun{}, DPMSolver2S{}, VelocityMidpoint{}}) {
    all.push_back({method.name(), method});
  }
  all.push_back({"xEAB<2> final", xEAB<2>{.lower_order_final = true}});
  all.push_back({"Bounded UniPC<2>", Corrected{Bounded{UniP<2>{UniPCVariant::B2}}}});
  all.push_back({"Bounded UniPC<3>", Corrected{Bounded{UniP<3>{UniPCVariant::B2}}}});
  return all;
}

struct Grid {
  std::string name;
  std::function<std::vector<double>(std::ptrdiff_t steps)> times;
};

/// A kind of model: its schedule, the grids that are in use for it, and times of the fine run.
template <class S>
struct Kind {
  std::string name;
  S schedule;
  std::vector<Grid> grids;
  std::function<std::vector<double>(std::ptrdiff_t steps)> fine;
};

auto pixel() {
  using namespace azula;
  const VPSchedule s;
  return Kind<VPSchedule>{"pixel",
                          s,
                          {{"even", [](auto n) { return linear_times({.steps = n}); }},
                           {"log-SNR", [s](auto n) { return log_snr_times(s, {.steps = n}); }},
                           {"Karras", [s](auto n) { return karras_times(s, {.steps = n}); }},
                           {"trimmed", [s](auto n) { return fashion_times(s, n); }}},
                          [s](auto n) { return log_snr_times(s, {.steps = n}); }};
}

auto latent() {
  using namespace azula;
  const DiscreteSchedule s(scaled_linear_betas({.first = 0.00085, .last = 0.012}));
  const double first = s.time_of(0);
  return Kind<DiscreteSchedule>{
      "latent",
      s,
      {{"leading", [s](auto n) { return leading_times(s, {.steps = n, .offset = 1}); }},
       {"trailing", [s](auto n) { return trailing_times(s, {.steps = n}); }},
       {"Karras", [=](auto n) { return with_clean_end(s, karras_times(s, {.stop = first, .steps = n - 1})); }},
       {"AYS", [s](auto n) { return align_your_steps_times(s, {.steps = n}); }}},
      [=](auto n) { return with_clean_end(s, log_snr_times(s, {.stop = first, .steps = n})); }};
}

/// Noise levels of a flow, even from 1 to `last`, shifted by 3; then 0.
std::vector<double> shifted_by_3(std::ptrdiff_t levels, double last) {
  std::vector<double> times = azula::linear_times({.stop = last, .steps = levels - 1});
  for (double& t : times) t = azula::ShiftedRectifiedSchedule{}(t).sigma;
  times.push_back(0);
  return times;
}

auto flow() {
  using namespace azula;
  const RectifiedSchedule s{.sigma_min = 0};
  const auto log_snr = [s](double start, double stop, std::ptrdiff_t n) {
    return with_clean_end(s, log_snr_times(s, {.start = start, .stop = stop, .steps = n}));
  };
  return Kind<RectifiedSchedule>{"flow",
                                 s,
                                 {{"even", [](auto n) { return linear_times({.steps = n}); }},
                                  {"shift 3", [](auto n) { return shifted_by_3(n, 1.0 / static_cast<double>(n)); }},
                                  {"SD3", [](auto n) { return shifted_by_3(n, 0.003); }},
                                  {"log-SNR", [=](auto n) { return log_snr(0.98, 0.07, n - 1); }}},
                                 [=](auto n) { return log_snr(1, 1e-3, n); }};
}

/// As many steps as the budget allows: some methods take two evaluations per step.
std::vector<double> times_within(const auto& clothes, const Candidate& candidate, const Grid& grid,
                                 std::ptrdiff_t budget) {
  std::ptrdiff_t steps = budget;
  while (clothes.evaluations(candidate.method, grid.times(steps)) > budget) --steps;
  return grid.times(steps);
}

Situation measure(const auto& kind, double scale, Eigen::Index images) {
  const std::array<Eigen::Index, 3> shown{0, 5, 8};  // a T-shirt, a sandal, a bag
  Clothes clothes(kind.schedule, scale, images);
  clothes.refine("choice", azula::VelocityRK4{}, kind.fine(32));
  const Eigen::ArrayXXf half_as_fine = clothes.fine();
  clothes.refine("choice", azula::VelocityRK4{}, kind.fine(64));
  Situation situation{.name = kind.name + (scale == 1 ? "" : ", guidance " + std::to_string(static_cast<int>(scale))),
                      .settled = distances(half_as_fine, clothes.fine()).all,
                      .shown = clothes.fine()(Eigen::all, shown),
                      .entries = {}};
  const std::vector<Candidate> all = candidates();
  Progress progress("choice: " + situation.name, std::ssize(kind.grids) * std::ssize(budgets) * std::ssize(all),
                    "results");
  for (const Grid& grid : kind.grids) {
    std::vector<Entry> entries;
    for (const Candidate& candidate : all) entries.push_back(Entry{.method = candidate.name, .grid = grid.name});
    for (std::size_t j = 0; j < budgets.size(); ++j) {
      for (std::size_t i = 0; i < all.size(); ++i) {
        const Eigen::ArrayXXf drawn = clothes.draw(all[i].method, times_within(clothes, all[i], grid, budgets[j]));
        entries[i].at[j] = distances(drawn, clothes.fine());
        entries[i].shown[j] = drawn(Eigen::all, shown);
        progress.next();
      }
    }
    situation.entries.insert(situation.entries.end(), entries.begin(), entries.end());
  }
  return situation;
}

int run(int argc, const char* const* argv) {
  Eigen::Index images = 20;
  std::string docs = "docs";
  Options options("choice", "measures which solver comes nearest to a fine run with 4, 8, 16 and 32 evaluations");
  options.number("--images", "of clothes, in turn of the ten classes", Eigen::Index{10}, images);
  options.text("--docs", "the folder of the page", docs);
  if (!options.parse(argc, argv)) return 0;
  std::vector<Situation> situations;
  const auto both = [&](const auto& kind) {
    for (const double scale : {1.0, guidance}) situations.push_back(measure(kind, scale, images));
  };
  both(pixel());
  both(latent());
  both(flow());
  write_text(docs + "/choice.md", choice_page(situations, images));
  write_png(docs + "/pictures/choice.png", choice_picture(situations[3]));
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  return examples::guarded("choice", [&] { return run(argc, argv); });
}
