// azula in a web page: two networks, every method and grid, one step at a time. Compiled to WebAssembly by
// cmake/playground.sh; worker.js calls it.

#include "common/digits_network.hpp"
#include "common/fashion_network.hpp"

#include <azula/azula.hpp>
#include <azula/guide.hpp>
#include <azula/method/any_method.hpp>

#include <emscripten/emscripten.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using Eigen::ArrayXXf;

/// Every network and guidance as one type, so that one sampler is compiled.
using Denoiser =
    azula::FunctionDenoiser<std::function<void(const ArrayXXf&, double, ArrayXXf&)>, azula::VPSchedule>;
using Sampler = azula::Sampler<Denoiser, azula::AnyMethod>;
using Run = decltype(std::declval<const Sampler&>().start(std::declval<ArrayXXf>()));

/// What the page has chosen.
struct Choice {
  std::string network, method, grid;
  std::ptrdiff_t steps;
  double guidance;
  int label;  // of clothes; -1 for all ten in turn
  Eigen::Index count;
  std::uint64_t seed;
};

using Grid = std::vector<double> (*)(const azula::VPSchedule& schedule, const azula::TimeOptions& options);

struct GridEntry {
  const char* name;
  Grid make;
};

/// Those functions of azula/time.hpp that suit any schedule.
const std::vector<GridEntry>& grids() {
  using Schedule = azula::VPSchedule;
  using Options = azula::TimeOptions;
  static const std::vector<GridEntry> table{
      {"log_snr_times", [](const Schedule& s, const Options& o) { return azula::log_snr_times(s, o); }},
      {"karras_times",
       [](const Schedule& s, const Options& o) {
         return azula::karras_times(s, {o.start, o.stop, o.steps});
       }},
      {"cosine_times", [](const Schedule& s, const Options& o) { return azula::cosine_times(s, o); }},
      {"logit_normal_times",
       [](const Schedule& s, const Options& o) {
         return azula::logit_normal_times(s, {o.start, o.stop, o.steps});
       }},
      {"linear_quadratic_times",
       [](const Schedule& s, const Options& o) {
         return azula::linear_quadratic_times(s, {o.start, o.stop, o.steps});
       }},
      {"linear_times", [](const Schedule&, const Options& o) { return azula::linear_times(o); }},
      {"quadratic_times",
       [](const Schedule&, const Options& o) {
         return azula::quadratic_times({o.start, o.stop, o.steps});
       }},
      {"beta_times",
       [](const Schedule&, const Options& o) {
         return azula::beta_times({o.start, o.stop, o.steps});
       }},
  };
  return table;
}

/// From nearly nothing but noise to nearly none; clothes, which are judged without any, in one more step to t
/// = 0.
std::vector<double> times_of(const Choice& choice, const azula::VPSchedule& schedule) {
  const bool clothes = choice.network == "fashion";
  const azula::TimeOptions options =
      clothes ? azula::TimeOptions{0.75, 0.02, choice.steps - 1} : azula::TimeOptions{1, 0.01, choice.steps};
  for (const GridEntry& grid : grids()) {
    if (grid.name != choice.grid) continue;
    std::vector<double> times = grid.make(schedule, options);
    if (clothes) times.push_back(0);
    return times;
  }
  throw std::invalid_argument("playground: there is no grid \"" + choice.grid + '"');
}

// Where there is hardly anything but noise, or hardly any noise, guidance costs much and changes little.
constexpr azula::GuidanceOptions guided{.low = 0.1, .high = 20};

/// Each step cut into `parts`, even in log α/σ, and where guidance sets in and ends, so that no step goes
/// over a jump.
std::vector<double> refined(const std::vector<double>& times, int parts, const azula::VPSchedule& schedule) {
  const auto lambda = [&](double t) { return azula::finite_log_snr(schedule, t, "playground"); };
  std::vector<double> result{times.front()};
  for (std::size_t i = 1; i < times.size(); ++i) {
    const double first = lambda(times[i - 1]), last = lambda(times[i]);
    for (int k = 1; k < parts; ++k)
      result.push_back(schedule.time_of_log_snr(first + (last - first) * k / parts));
    result.push_back(times[i]);
  }
  for (const double level : {guided.low, guided.high}) {
    const double t =
        schedule.time_of_log_snr(1e-9 - std::log(level));  // just behind the jump, as a step begins there
    const auto place = std::find_if(result.begin(), result.end(), [&](double other) { return other <= t; });
    if (place != result.begin() && place != result.end() && *place < t) result.insert(place, t);
  }
  return result;
}

azula::AnyMethod method_of(const Choice& choice) {
  azula::AnyMethod method(choice.method);
  const bool long_last_step = choice.network == "fashion";
  if (!long_last_step || !method.has("lower_order_final")) return method;
  return azula::AnyMethod(choice.method, {{"lower_order_final", 1}});
}

class Playground {
 public:
  void load(const std::string& network, const char* path) {
    if (network == "fashion") {
      fashion_ = std::make_unique<examples::FashionNetwork>(path);
    } else {
      digits_ = std::make_unique<examples::DigitsNetwork>(path);
    }
  }

  /// A run as it is chosen; or, if `parts` is not 0, the exact flow from the same noise: each step in so many
  /// steps of a method of order 3.
  void begin(const Choice& choice, int parts) {
    const azula::VPSchedule schedule;
    std::vector<double> times = times_of(choice, schedule);
    stops_.assign(times.begin() + 1, times.end());
    if (parts > 0) times = refined(times, parts, schedule);
    const azula::AnyMethod method = parts > 0 ? azula::AnyMethod(azula::DPMSolver3S{}) : method_of(choice);
    sampler_.emplace(denoiser_of(choice, schedule), method, times, azula::RunOptions{.silent = true});
    source_.emplace(choice.seed);
    const bool clothes = choice.network == "fashion";
    ArrayXXf x(clothes ? examples::FashionNetwork::pixels : examples::DigitsNetwork::pixels, choice.count);
    sampler_->init(x, *source_);
    mean_ = x;
    run_.emplace(sampler_->start(std::move(x)));
  }

  /// To the next of the times that were chosen. Whether there is one after it.
  bool step() {
    const double stop = stops_.front();
    stops_.erase(stops_.begin());
    do {
      for (const std::ptrdiff_t at = run_->step(); run_->step() == at;) advance();
    } while (!run_->done() && sampler_->plan()->grid[static_cast<std::size_t>(run_->step())].t > stop);
    return !run_->done();
  }

  const ArrayXXf& state() const { return run_->state(); }
  const ArrayXXf& mean() const { return mean_; }  ///< the last one that was seen
  std::ptrdiff_t evaluations() const { return run_->evaluations(); }
  bool draws_noise() const {
    for (const azula::Stage& stage : sampler_->stages()) {
      if (stage.c != 0) return true;
    }
    return false;
  }

  std::string text;  ///< an error, or a list

 private:
  void advance() {
    if (run_->evaluates()) {
      sampler_->denoiser()(run_->state(), run_->time(), run_->mean());
      mean_ = run_->mean();
    }
    run_->advance(*source_);
  }

  Denoiser denoiser_of(const Choice& choice, const azula::VPSchedule& schedule) const {
    if (choice.network == "digits") return {azula::KarrasDenoiser(std::ref(*digits_), schedule), schedule};
    Eigen::ArrayXi labels = Eigen::ArrayXi::Constant(choice.count, choice.label);
    for (Eigen::Index i = 0; choice.label < 0 && i < choice.count; ++i) {
      labels(i) = static_cast<int>(i) % examples::FashionNetwork::classes;
    }
    const azula::KarrasDenoiser positive(fashion_->conditioned(labels), schedule);
    const azula::KarrasDenoiser negative(*fashion_, schedule);
    return {azula::GuidedDenoiser(positive, negative, choice.guidance, guided), schedule};
  }

  std::unique_ptr<examples::FashionNetwork> fashion_;
  std::unique_ptr<examples::DigitsNetwork> digits_;
  std::optional<Sampler> sampler_;
  std::optional<azula::NormalSource> source_;
  std::optional<Run> run_;
  ArrayXXf mean_;
  std::vector<double> stops_;  // times where a step ends, from the next on
};

Playground& playground() {
  static Playground one;
  return one;
}

/// What the action returns, or -1 after an exception, whose sentence text() then has.
int guarded(const auto& action) {
  try {
    return action();
  } catch (const std::exception& error) {
    playground().text = error.what();
    return -1;
  }
}

}  // namespace

extern "C" {

EMSCRIPTEN_KEEPALIVE int load(const char* network, const char* path) {
  return guarded([&] { return playground().load(network, path), 0; });
}

EMSCRIPTEN_KEEPALIVE int begin(const char* network, const char* method, const char* grid, int steps,
                               double guidance, int label, int count, double seed, int parts) {
  return guarded([&] {
    const Choice choice{network,  method, grid,  steps,
                        guidance, label,  count, static_cast<std::uint64_t>(seed)};
    return playground().begin(choice, parts), 0;
  });
}

/// 1 if there is more to come, 0 at the end.
EMSCRIPTEN_KEEPALIVE int step() {
  return guarded([] { return playground().step() ? 1 : 0; });
}

EMSCRIPTEN_KEEPALIVE const float* state() {
  return playground().state().data();
}
EMSCRIPTEN_KEEPALIVE const float* mean() {
  return playground().mean().data();
}
EMSCRIPTEN_KEEPALIVE int values() {
  return static_cast<int>(playground().state().size());
}
EMSCRIPTEN_KEEPALIVE int evaluations() {
  return static_cast<int>(playground().evaluations());
}
EMSCRIPTEN_KEEPALIVE int draws_noise() {
  return playground().draws_noise() ? 1 : 0;
}
EMSCRIPTEN_KEEPALIVE const char* text() {
  return playground().text.c_str();
}

/// All methods as text(), one a line: name, name without the order, order or 0, whether it has
/// lower_order_final.
EMSCRIPTEN_KEEPALIVE void list_methods() {
  std::string list;
  const auto add = [&](const std::string& name, std::string_view family, int order) {
    const bool lowers = azula::AnyMethod(name).has("lower_order_final");
    list += azula::join({name, " ", family, " ", std::to_string(order), lowers ? " 1\n" : " 0\n"});
  };
  for (const azula::MethodEntry& entry : azula::method_table()) {
    if (entry.most == 0) add(std::string(entry.name), entry.name, 0);
    for (int order = 1; order <= entry.most; ++order) {
      add(azula::join({entry.name, std::to_string(order)}), entry.name, order);
    }
  }
  playground().text = list;
}

/// All grids as text(), one a line.
EMSCRIPTEN_KEEPALIVE void list_grids() {
  playground().text.clear();
  for (const GridEntry& grid : grids()) playground().text += std::string(grid.name) + '\n';
}
}
