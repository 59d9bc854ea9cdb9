#include <cmath>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "azula/plan/ring_size.hpp"
#include "azula/time.hpp"
#include "catch.hpp"
#include "support/catalogue.hpp"

namespace {

constexpr double data_mean = 0.3, data_variance = 0.5;

/// A grid, or why there is none.
struct Grid {
  std::string name;
  std::vector<double> times;
  std::string refusal;
};

template <class Make>
Grid grid(const char* name, Make&& make) {
  try {
    return {name, make(), {}};
  } catch (const std::invalid_argument& error) {
    return {name, {}, error.what()};
  }
}

/// A user's times, no step like its neighbours.
std::vector<double> irregular_times(double start, double stop, std::ptrdiff_t steps) {
  std::vector<double> times = azula::linear_times({start, stop, steps});
  for (std::size_t i = 1; i + 1 < times.size(); ++i) {
    times[i] += 0.4 * (times[i] - times[i + 1]) * std::sin(5 * static_cast<double>(i));
  }
  return times;
}

/// Times that nearly coincide: behind every other one, another that is one unit in the last place or 1e-9 further.
std::vector<double> coincident_times(double start, double stop, std::ptrdiff_t steps) {
  std::vector<double> times;
  const std::vector<double> apart = azula::linear_times({start, stop, steps});
  for (std::size_t i = 0; i < apart.size(); ++i) {
    times.push_back(apart[i]);
    if (i + 1 == apart.size() || i % 2 == 0) continue;
    times.push_back(i % 4 == 1 ? std::nextafter(apart[i], stop) : apart[i] + 1e-9 * (stop - start));
  }
  return times;
}

std::vector<Grid> grids(const NamedSchedule& s, std::ptrdiff_t steps) {
  std::vector<Grid> all{grid("linear",
                             [&] {
                               return azula::linear_times({s.start, s.stop, steps});
                             }),
                        grid("Karras", [&] {
                          return azula::karras_times(s.schedule,
                                                     {.start = s.start, .stop = s.stop, .steps = steps});
                        })};
  if (steps > 100) return all;  // a thousand roots to find per grid
  all.push_back(grid("log-SNR", [&] { return azula::log_snr_times(s.schedule, {s.start, s.stop, steps}); }));
  all.push_back(grid("cosine", [&] { return azula::cosine_times(s.schedule, {s.start, s.stop, steps}); }));
  all.push_back(grid("coincident", [&] { return coincident_times(s.start, s.stop, steps); }));
  all.push_back(grid("irregular", [&] { return irregular_times(s.start, s.stop, steps); }));
  return all;
}

/// Whether what each stage reads is still there in a run, which has a ring of `history` slots and writes the
/// current mean into one before it reads the others.
bool history_suffices(const std::vector<azula::Stage>& stages, std::size_t history) {
  std::vector<std::size_t> remembered, ring(history, stages.size());
  std::size_t slot = 0;
  for (std::size_t k = 0; k < stages.size(); ++k) {
    ring[slot] = stages[k].evaluates ? k : stages.size();
    const auto older = static_cast<std::size_t>(stages[k].older);
    for (std::size_t j = 0; j < older; ++j) {
      if (j >= remembered.size() || j + 1 >= history) return false;
      if (ring[(slot + history - 1 - j) % history] != remembered[remembered.size() - 1 - j]) return false;
    }
    if (!stages[k].evaluates) continue;
    remembered.push_back(k);
    for (int j = 0; j < stages[k].drop; ++j) remembered.pop_back();
    slot = (slot + 1 + history - static_cast<std::size_t>(stages[k].drop)) % history;
  }
  return true;
}

bool finite(const azula::Stage& stage) {
  if (!stage.evaluates && (stage.b != 0 || stage.drop != 0)) return false;
  bool all = std::isfinite(stage.time) && std::isfinite(stage.next) && std::isfinite(stage.a) &&
             std::isfinite(stage.b);
  all = all && std::isfinite(stage.u) && std::isfinite(stage.v) && std::isfinite(stage.c) && stage.c >= 0;
  for (const double h : stage.h) all = all && std::isfinite(h);
  return all && stage.older >= 0 && stage.older <= azula::max_older && stage.drop >= 0;
}

/// What is wrong with a run of Gaussian data; empty if nothing is.
class Trial {
 public:
  Trial(const NamedMethod& method, const NamedSchedule& schedule, const azula::TimeGrid& grid)
      : method_(method), schedule_(schedule.schedule), grid_(grid) {}

  std::string fault() {
    const std::vector<azula::Stage> stages = stages_of(method_.method, grid_);
    if (stages.empty() || stages.back().next != grid_[grid_.size() - 1].t)
      return "the last stage does not end at the last time";
    if (!history_suffices(stages, static_cast<std::size_t>(method_.method.history)))
      return "a stage reads what is no longer held";
    const std::size_t ring = azula::ring_size(stages, method_.method.name, method_.method.history);
    if (!history_suffices(stages, ring)) return "a stage reads what a run no longer holds";
    if (ring > 1 && history_suffices(stages, ring - 1)) return "a run holds more than is read";
    for (const azula::Stage& stage : stages) {
      if (!finite(stage)) return "a coefficient is not finite, at time " + azula::show(stage.time);
      if (stage.evaluates && !(schedule_(stage.time).sigma > 0))
        return "the denoiser is asked without noise, at time " + azula::show(stage.time);
    }
    return run(stages);
  }

  const Eigen::ArrayXd& end() const { return end_; }

 private:
  Eigen::ArrayXd at(double deviations, const azula::Node& n) const {
    const double scale = std::sqrt(n.alpha * n.alpha * data_variance + n.sigma * n.sigma);
    return n.alpha * data_mean + scale * Eigen::ArrayXd::LinSpaced(3, -deviations, deviations);
  }

  std::string run(const std::vector<azula::Stage>& stages) {
    Interpreter run(at(1.5, grid_[0]));
    std::mt19937 engine(1);
    std::normal_distribution<double> normal;
    for (const azula::Stage& stage : stages) {
      const auto [a, s] = schedule_(stage.time);
      const double total = a * a * data_variance + s * s;
      const Eigen::ArrayXd noise = Eigen::ArrayXd::NullaryExpr(3, [&] { return normal(engine); });
      run.advance(stage, a * data_variance / total * run.state() + s * s / total * data_mean, noise);
      if (!run.state().allFinite()) return "a state is not finite, after time " + azula::show(stage.time);
    }
    end_ = run.state();
    return {};
  }

  Eigen::ArrayXd end_;
  const NamedMethod& method_;
  AnySchedule schedule_;
  const azula::TimeGrid& grid_;
};

/// All methods on one schedule and grid. A construction error must be one that there is a reason for, and say
/// it.
void check_grid(const std::vector<NamedMethod>& methods, const NamedSchedule& schedule, const Grid& grid) {
  INFO(schedule.name << ", " << grid.name << " grid, " << grid.times.size() << " times");
  if (!grid.refusal.empty()) {
    const bool reason = grid.refusal.find("must be positive at time") != std::string::npos;
    INFO(grid.refusal);
    CHECK((reason && (grid.name == "Karras" || grid.name == "log-SNR")));
    return;
  }
  std::string refusal;
  std::vector<azula::TimeGrid> nodes;
  try {
    nodes.emplace_back(schedule.schedule, grid.times);
  } catch (const std::invalid_argument& error) {
    refusal = error.what();
  }
  if (nodes.empty()) {
    INFO(refusal);
    const bool exploding = refusal.find("azula::Sampler: sigma must be finite") == 0;  // with α = 0
    const bool same = refusal.find("azula::Sampler: the signal-to-noise ratio alpha/sigma must rise") == 0;
    CHECK((exploding || (same && grid.name == "coincident")));
    return;
  }
  for (const NamedMethod& method : methods) {
    INFO(method.method.name);
    Trial trial(method, schedule, nodes[0]);
    std::string fault;
    try {
      fault = trial.fault();
    } catch (const std::invalid_argument& error) {
      INFO(error.what());
      const std::string message = error.what();
      CHECK((message.find("azula::Ito: alpha must be positive") == 0 ||
             message.find("azula::DPMSolverNoiseSDE: alpha must be positive") == 0 ||
             message.find("azula::Restart: rho_max") == 0));
      continue;
    }
    CHECK(fault == "");
  }
}

void check_steps(const std::vector<NamedMethod>& methods, std::ptrdiff_t steps, std::size_t most_grids = 10) {
  for (const NamedSchedule& schedule : all_schedules()) {
    std::vector<Grid> all = grids(schedule, steps);
    if (all.size() > most_grids) all.erase(all.begin() + static_cast<std::ptrdiff_t>(most_grids), all.end());
    for (const Grid& grid : all) check_grid(methods, schedule, grid);
  }
}

}  // namespace

TEST_CASE("every multistep method is finite on every schedule and grid, or says why not", "[properties]") {
  for (const int steps : {1, 2, 3, 5}) check_steps(all_multistep_methods(), steps);
}

TEST_CASE("every other method is finite on every schedule and grid, or says why not", "[properties]") {
  for (const int steps : {1, 2, 3, 5}) check_steps(all_other_methods(), steps);
}

TEST_CASE("a time that nearly coincides with another changes little", "[properties]") {
  std::vector<NamedMethod> methods = all_multistep_methods();
  for (const NamedMethod& other : all_other_methods()) {
    if (!other.stochastic) methods.push_back(other);
  }
  const NamedSchedule sigma{"sigma is the time", {[](double t) { return azula::Scales{1, t}; }}};
  const std::vector<double> apart{200, 100, 50, 10, 1, 0.1, 0.01};
  const azula::TimeGrid plain(sigma.schedule, apart);
  for (std::size_t i = 0; i + 1 < apart.size(); ++i) {
    for (const double beside : {std::nextafter(apart[i], 0.0), apart[i] * (1 - 1e-12), apart[i] * (1 - 1e-8)}) {
      std::vector<double> times = apart;
      times.insert(times.begin() + static_cast<std::ptrdiff_t>(i) + 1, beside);
      const azula::TimeGrid grid(sigma.schedule, times);
      for (const NamedMethod& method : methods) {
        INFO(method.method.name << ", " << azula::show(beside) << " beside " << azula::show(apart[i]));
        Trial with(method, sigma, grid), without(method, sigma, plain);
        CHECK(with.fault() == "");
        CHECK(without.fault() == "");
        // Order 8 is wild on such steps by itself; predictions that differ by rounding alone would give 1e5 and more.
        CHECK(with.end().abs().maxCoeff() < 100 * (1 + without.end().abs().maxCoeff()));
      }
    }
  }
}

TEST_CASE("every multistep method is finite on a thousand steps", "[properties][long]") {
  check_steps(all_multistep_methods(), 1000, 1);
}

TEST_CASE("every other method is finite on a thousand steps", "[properties][long]") {
  check_steps(all_other_methods(), 1000);
}
