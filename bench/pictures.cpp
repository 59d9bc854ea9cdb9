// Writes the pictures of docs/pictures.md, in about a second.
//
//   azula_pictures [folder, docs/pictures]
//
// They show the noise schedules, the times of the grids, the error of some methods against the number of evaluations,
// and what a stage does.

#include "common/chart.hpp"
#include "stage_picture.hpp"

#include <azula/azula.hpp>
#include <azula/method/any_method.hpp>

#include <cmath>
#include <cstddef>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace {

using examples::Axis;
using examples::Chart;
using examples::Series;
using examples::Svg;

using Schedule = std::function<azula::Scales(double)>;

struct NamedSchedule {
  const char* name;
  Schedule schedule;
  const char* dashes;
};

std::vector<NamedSchedule> schedules() {
  return {{"VPSchedule", azula::VPSchedule{}, ""},
          {"VESchedule", azula::VESchedule{}, "8 4"},
          {"CosineSchedule", azula::CosineSchedule{}, ""},
          {"RectifiedSchedule", azula::RectifiedSchedule{}, ""},
          {"ShiftedRectifiedSchedule", azula::ShiftedRectifiedSchedule{}, "8 4"},
          {"DecaySchedule", azula::DecaySchedule{}, "2 3"}};
}

/// A line for each schedule of what `value` makes of its scales.
std::vector<Series> curves(const std::function<double(azula::Scales)>& value, bool named) {
  std::vector<Series> all;
  for (const auto& [name, schedule, dashes] : schedules()) {
    Series series{named ? name : "", {}, all.size(), dashes, 30};
    for (int i = 0; i <= 120; ++i) {
      const double t = 0.002 + 0.996 * i / 120;
      series.points.emplace_back(t, value(schedule(t)));
    }
    all.push_back(std::move(series));
  }
  return all;
}

void draw_schedules(const std::filesystem::path& folder) {
  Svg svg(925, 380, "Signal, noise and log-SNR of the schedules against time");
  const Axis time{"time t", 0, 1, false, {0, 0.5, 1}};
  const auto panel = [&](double left, const char* title, Axis y, const std::function<double(azula::Scales)>& value, bool named) {
    svg.text({left + 87, 30}, "middle", title, 16);
    Chart(time, std::move(y), {left, 50}, {175, 260}).draw(svg, curves(value, named));
  };
  panel(45, "signal α", {"", 0, 1.05, false, {0, 0.25, 0.5, 0.75, 1}}, [](azula::Scales s) { return s.alpha; }, false);
  panel(290, "noise σ", {"", 1e-3, 1e3, true, {0.001, 0.01, 0.1, 1, 10, 100, 1000}}, [](azula::Scales s) { return s.sigma; },
        false);
  panel(525, "log α/σ, the half log-SNR", {"", -8, 8, false, {-8, -4, 0, 4, 8}},
        [](azula::Scales s) { return std::log(s.alpha / s.sigma); }, true);
  svg.write(folder / "schedules.svg");
}

struct NamedGrid {
  const char* name;
  std::vector<double> times;
};

constexpr std::ptrdiff_t grid_steps = 16;
constexpr double clean_end = 0.01;

std::vector<NamedGrid> grids(const azula::VPSchedule& vp) {
  const azula::TimeOptions options{1, clean_end, grid_steps};
  return {{"linear_times", azula::linear_times(options)},
          {"quadratic_times", azula::quadratic_times({1, clean_end, grid_steps})},
          {"beta_times", azula::beta_times({1, clean_end, grid_steps})},
          {"cosine_times", azula::cosine_times(vp, options)},
          {"linear_quadratic_times", azula::linear_quadratic_times(vp, {1, clean_end, grid_steps})},
          {"logit_normal_times", azula::logit_normal_times(vp, {1, clean_end, grid_steps})},
          {"karras_times", azula::karras_times(vp, {1, clean_end, grid_steps})},
          {"log_snr_times", azula::log_snr_times(vp, options)},
          {"polyexponential_times, ρ = 1.5", azula::polyexponential_times(vp, {1, clean_end, grid_steps, 1.5})}};
}

/// A ruler of `nodes` from `first` on the left to `last` on the right.
void draw_ruler(Svg& svg, Svg::Point left, const std::vector<double>& nodes) {
  constexpr double length = 280;
  const auto place = [&](double node) {
    return left.first + length * (node - nodes.front()) / (nodes.back() - nodes.front());
  };
  svg.rule(left, {left.first + length, left.second}, true);
  for (const double node : nodes) svg.line({{place(node), left.second - 7}, {place(node), left.second + 7}}, 0);
}

void draw_grids(const std::filesystem::path& folder) {
  const azula::VPSchedule vp;
  Svg svg(850, 440, "Where grids of 16 steps have their times, in t and in log α/σ");
  const auto log_snr = [&](double t) {
    const auto [alpha, sigma] = vp(t);
    return std::log(alpha / sigma);
  };
  svg.text({375, 30}, "middle", "time t, from " + Svg::number(1) + " (noise) to " + Svg::number(clean_end), 15);
  svg.text({690, 30}, "middle", "log α/σ, from " + Svg::number(std::round(100 * log_snr(1)) / 100) + " to " +
                                    Svg::number(std::round(100 * log_snr(clean_end)) / 100), 15);
  double y = 66;
  for (const auto& [name, times] : grids(vp)) {
    std::vector<double> ratios;
    for (const double t : times) ratios.push_back(log_snr(t));
    svg.text({222, y + 4}, "end", name);
    draw_ruler(svg, {235, y}, times);
    draw_ruler(svg, {550, y}, ratios);
    y += 40;
  }
  svg.text({425, y + 10}, "middle", "16 steps on VPSchedule: each stroke is a time at which the network is asked, but for the last", 13);
  svg.write(folder / "grids.svg");
}

/// A mixture of Gaussians, from whose flow the errors are measured.
class Flow {
 public:
  Flow() : denoiser_(Eigen::Array3d(0.5, 0.3, 0.2), means(), Eigen::Array3d(0.02, 0.05, 0.01), vp_) {
    azula::NormalSource random(7);
    azula::Sampler(std::cref(denoiser_), azula::Euler{}, {.steps = 1}).init(noise_, random);
    exact_ = end(azula::AnyMethod("RK4"), 4000).first;
  }

  /// Where `method` ends after so many steps even in log α/σ, and how often it has asked the denoiser.
  std::pair<Eigen::ArrayXXd, std::ptrdiff_t> end(const azula::AnyMethod& method, std::ptrdiff_t steps) const {
    const azula::Sampler sampler(std::cref(denoiser_), method, azula::log_snr_times(vp_, {1, clean_end, steps}));
    const auto result = sampler.run(noise_);
    return {result.state, result.evaluations};
  }

  /// For numbers of evaluations from 6 to 96, which every method can have.
  Series errors(const char* name, std::ptrdiff_t evaluations_per_step, std::size_t colour, const char* dashes) const {
    Series series{name, {}, colour, dashes};
    for (const std::ptrdiff_t wanted : {6, 12, 24, 48, 96}) {
      const auto [x, evaluations] = end(azula::AnyMethod(name), wanted / evaluations_per_step);
      series.points.emplace_back(static_cast<double>(evaluations), std::sqrt((x - exact_).square().mean()));
    }
    return series;
  }

 private:
  static Eigen::MatrixXd means() {
    Eigen::MatrixXd at(2, 3);
    at << -1, 0.2, 1, 0.5, -0.8, 0.7;
    return at;
  }

  azula::VPSchedule vp_;
  azula::MixtureDenoiser<azula::VPSchedule> denoiser_;
  Eigen::ArrayXXd noise_{2, 512};
  Eigen::ArrayXXd exact_;
};

void draw_errors(const std::filesystem::path& folder) {
  const Flow flow;
  const std::vector<Series> all{flow.errors("Euler", 1, 6, "6 4"),  flow.errors("Heun", 2, 3, ""),
                                flow.errors("DPMSolver2S", 2, 5, "6 4"), flow.errors("DPMSolver3S", 3, 4, ""),
                                flow.errors("xEAB2", 1, 0, ""),     flow.errors("xEAB3", 1, 2, ""),
                                flow.errors("UniPC3", 1, 1, "")};
  const std::string title = "Error against evaluations, on a mixture of three Gaussians";
  Svg svg(760, 480, title);
  svg.text({330, 28}, "middle", title, 16);
  const Axis evaluations{"evaluations of the denoiser", 6, 96, true, {6, 12, 24, 48, 96}};
  Chart(evaluations, examples::decades("root mean square error", all), {90, 50}, {500, 370}).draw(svg, all);
  svg.write(folder / "errors.svg");
}

/// Whether a stage after stage `i` reads the prediction that this one remembers.
bool is_read(const std::vector<azula::Stage>& stages, std::size_t i) {
  int newer = -stages[i].drop;  // predictions that are remembered after it
  for (std::size_t k = i + 1; k < stages.size() && newer >= 0; ++k) {
    if (stages[k].older > newer) return true;
    if (stages[k].evaluates) newer += 1 - stages[k].drop;
  }
  return false;
}

/// The stages of the fifth of eight steps, and whether a later one reads what they remember.
std::vector<std::pair<azula::Stage, bool>> fifth_step(const azula::AnyMethod& method) {
  const azula::VPSchedule vp;
  const azula::Sampler sampler(azula::GaussianDenoiser(0.0, 1.0, vp), method, azula::log_snr_times(vp, {1, clean_end, 8}));
  const auto& all = sampler.stages();
  std::vector<std::pair<azula::Stage, bool>> stages;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i].step == 4) stages.emplace_back(all[i], is_read(all, i));
  }
  return stages;
}

std::string way(const azula::Stage& stage) {
  const auto rounded = [](double t) { return Svg::number(std::round(100 * t) / 100); };
  return stage.time == stage.next ? "t = " + rounded(stage.time) : "t = " + rounded(stage.time) + " to " + rounded(stage.next);
}

void draw_stages(const std::filesystem::path& folder) {
  const double width = StagePicture::size.first, height = StagePicture::size.second;
  Svg svg(2 * width, 3 * height + 40, "What a stage reads and writes: in letters, and for Euler, DDPM, xEAB<3> and Heun");
  std::size_t count = 0;
  const auto draw = [&](const std::string& title, const std::string& remark, const auto& stage, bool letters) {
    const Svg::Point corner{width * static_cast<double>(count % 2), height * static_cast<double>(count / 2)};
    StagePicture(svg, corner, letters).draw(title, remark, stage.first, stage.second);
    ++count;
  };
  draw("A stage", "one evaluation, one pass", std::pair(azula::Stage{.c = 1, .u = 1, .older = 2}, true), true);
  for (const char* name : {"Euler", "DDPM", "xEAB3", "Heun"}) {
    const auto stages = fifth_step(azula::AnyMethod(name));
    for (std::size_t i = 0; i < stages.size(); ++i) {
      const std::string part = stages.size() > 1 ? ", stage " + std::to_string(i + 1) + " of " + std::to_string(stages.size()) : "";
      draw(name + part, way(stages[i].first), stages[i], false);
    }
  }
  svg.text({width, 3 * height + 18}, "middle", "Weights of the fifth of eight steps even in log α/σ, on VPSchedule. Faint: not used.");
  svg.write(folder / "stages.svg");
}

}  // namespace

int main(int argc, char** argv) try {
  const std::filesystem::path folder = argc > 1 ? argv[1] : "docs/pictures";
  draw_schedules(folder);
  draw_grids(folder);
  draw_errors(folder);
  draw_stages(folder);
} catch (const std::exception& error) {
  std::fprintf(stderr, "azula_pictures: %s\n", error.what());
  return 1;
}
