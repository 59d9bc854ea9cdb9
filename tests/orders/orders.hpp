#pragma once
/// \file
/// Measured orders: how the error at the end of a run falls when the number of steps is doubled.

#include <Eigen/Core>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

#include "azula/random/brownian_source.hpp"
#include "azula/random/clock.hpp"
#include "azula/time/linear_times.hpp"
#include "orders/flows.hpp"
#include "support/erased_method.hpp"

/// A method whose first results may be replaced by exact ones.
struct Subject {
  ErasedMethod method;
  int exact = 0;         ///< how many first steps lead to the exact state
  ErasedMethod inner = {};  ///< what makes these and the next step if the method corrects the start of a step
  int multiple = 1;      ///< grids have so many times the steps, for methods whose steps come in cycles
};

inline Subject as_it_is(const auto& method) {
  return {erased(method)};
}
inline Subject exactly_started(const auto& method) {
  return {erased(method), std::remove_cvref_t<decltype(method)>::history - 1};
}
inline Subject every_third(const auto& method) {
  Subject subject = as_it_is(method);
  subject.multiple = 3;
  return subject;
}
/// A corrected method; its corrector takes the state for a predicted one, which an exact state is not.
inline Subject exactly_started(const auto& method, const auto& predictor) {
  return {erased(method), std::remove_cvref_t<decltype(method)>::history - 1, erased(predictor)};
}

/// From noise to data, or back.
struct Way {
  double start, stop;
};
inline constexpr Way downwards{order_start, order_stop}, upwards{order_stop, order_start};

inline azula::TimeGrid order_grid(int steps, const Way& way = downwards) {
  return {order_schedule, azula::linear_times({way.start, way.stop, steps})};
}

inline std::vector<azula::Stage> stages_of(const Subject& subject, const azula::TimeGrid& grid) {
  if (!subject.inner.append) return stages_of(subject.method, grid);
  std::vector<azula::Stage> stages;
  for (std::size_t i = 0; i + 1 < grid.size(); ++i) {
    const bool first = i <= static_cast<std::size_t>(subject.exact);
    (first ? subject.inner : subject.method).append(stages, grid, i);
    stages.back().step = static_cast<std::ptrdiff_t>(i);
  }
  return stages;
}

/// Root mean square error over eleven starting points.
inline double flow_error(const Subject& subject, const Flow& flow, int steps, const Way& way = downwards) {
  const azula::TimeGrid grid = order_grid(steps, way);
  const Eigen::ArrayXd start = Eigen::ArrayXd::LinSpaced(11, -1.9, 2.1), none;
  Interpreter run(start);
  const std::vector<azula::Stage> stages = stages_of(subject, grid);
  for (std::size_t k = 0; k < stages.size(); ++k) {
    run.advance(stages[k], flow.mean(run.state(), stages[k].time), none);
    const auto step = stages[k].step;
    const bool last = k + 1 == stages.size() || stages[k + 1].step != step;
    if (last && step < subject.exact) {
      run.set_state(flow.exact(start, way.start, grid[static_cast<std::size_t>(step) + 1].t));
    }
  }
  return std::sqrt((run.state() - flow.exact(start, way.start, way.stop)).square().mean());
}

/// log2 of the ratio of the errors when the steps are doubled, on grids of 8, 16, 32, … steps until it
/// settles or the error comes near rounding; infinity if it is there from the start.
template <class Error>
double measured_order(Error&& error, int most = 4096, double floor = 1e-13) {
  double before = error(8), order = before < floor ? INFINITY : NAN;
  for (int steps = 16; steps <= most; steps *= 2) {
    const double now = error(steps), ratio = std::log2(before / now);
    if (now < floor || (steps >= 512 && std::fabs(ratio - order) < 0.003)) break;
    order = ratio;
    before = now;
  }
  return order;
}

inline double flow_order(const Subject& subject, const Flow& flow, const Way& way = downwards) {
  return measured_order([&](int steps) { return flow_error(subject, flow, subject.multiple * steps, way); });
}

/// What a run on Gaussian data makes of the law at its start, without sampling: all is linear, so the state
/// is followed as its weights of the initial deviation from the mean and of each draw.
struct LinearResponse {
  double gain;   ///< weight of the initial deviation: E[x_end | x_start] is the mean plus this times it
  double noise;  ///< variance that the draws have brought in
};

inline LinearResponse linear_response(const GaussianData& data, const std::vector<azula::Stage>& stages,
                                      const azula::TimeGrid& grid) {
  const auto draws =
      std::count_if(stages.begin(), stages.end(), [](const azula::Stage& s) { return s.c != 0; });
  Interpreter run(Eigen::ArrayXd::Zero(draws + 1));
  Eigen::ArrayXd noise = run.state();
  noise(0) = 1;
  run.set_state(noise);
  for (Eigen::Index draw = 0; const azula::Stage& stage : stages) {
    const azula::Node n = grid.at(stage.time);
    noise.setZero();
    if (stage.c != 0) noise(++draw) = 1;
    run.advance(stage, data.gain(n.alpha, n.sigma) * run.state(), noise);
  }
  return {run.state()(0), run.state().tail(draws).square().sum()};
}

/// That of the reverse SDE with stochasticity η: with λ = log α/σ and T = α² v + σ² for the data's variance
/// v,
///
///     gain = (σ_s/σ_t)^(1+η) (α_t/α_s)^η ((T_s/σ_s²)/(T_t/σ_t²))^((1+η)/2),   noise = T_s - gain² T_t
inline LinearResponse exact_response(const GaussianData& data, double eta) {
  const auto t = order_schedule(order_start), s = order_schedule(order_stop);
  const double before = data.total(t.alpha, t.sigma), after = data.total(s.alpha, s.sigma);
  const double gain = std::pow(t.alpha / s.alpha, eta) * std::pow(after / before, (1 + eta) / 2);
  return {gain, after - gain * gain * before};
}

/// Weak errors over six variances of the data: of the mean, given the start, and of the variance.
struct WeakErrors {
  double mean = 0, variance = 0;
};

/// \param eta  stochasticity of the SDE whose mean it should be, or NaN if its mean is not looked at
inline WeakErrors weak_errors(const Subject& subject, double eta, int steps) {
  const azula::TimeGrid grid = order_grid(steps);
  const std::vector<azula::Stage> stages = stages_of(subject, grid);
  WeakErrors errors;
  for (const double variance : {0.02, 0.05, 0.1, 0.3, 0.7, 2.0}) {
    const GaussianData data{variance};
    const LinearResponse got = linear_response(data, stages, grid), exact = exact_response(data, eta);
    const double before = data.total(grid[0].alpha, grid[0].sigma);
    const double after = data.total(grid[grid.size() - 1].alpha, grid[grid.size() - 1].sigma);
    errors.mean = std::hypot(errors.mean, got.gain - exact.gain);
    errors.variance = std::hypot(errors.variance, got.gain * got.gain * before + got.noise - after);
  }
  return errors;
}

struct WeakOrders {
  double mean, variance;
};

inline WeakOrders weak_orders(const Subject& subject, double eta) {
  return {measured_order([&](int steps) { return weak_errors(subject, eta, steps).mean; }, 1024),
          measured_order([&](int steps) { return weak_errors(subject, eta, steps).variance; }, 1024)};
}

/// Where the draws of a run end, in log σ/α, the start first. A draw spans what has passed since the last
/// one.
inline std::vector<double> draw_ends(const std::vector<azula::Stage>& stages) {
  const auto clock = azula::log_rho_clock(order_schedule);
  std::vector<double> ends{clock(order_start)};
  for (const azula::Stage& stage : stages) {
    if (stage.c != 0) ends.push_back(clock(stage.next));
  }
  return ends;
}

/// The end of a run on Gaussian data as weights of the initial deviation and of the increments of a Brownian
/// path in log σ/α between the given points, each divided by its standard deviation.
inline Eigen::ArrayXd path_weights(const GaussianData& data, const std::vector<azula::Stage>& stages,
                                   const azula::TimeGrid& grid, const std::vector<double>& points) {
  const std::vector<double> ends = draw_ends(stages);
  Eigen::ArrayXd noise = Eigen::ArrayXd::Zero(static_cast<Eigen::Index>(points.size()));
  noise(0) = std::sqrt(data.total(grid[0].alpha, grid[0].sigma));
  Interpreter run(noise);
  std::size_t draw = 0, point = 0;
  for (const azula::Stage& stage : stages) {
    noise.setZero();
    if (stage.c != 0) {
      const double length = ends[draw] - ends[draw + 1];
      for (; points[point] > ends[draw + 1]; ++point) {
        noise(static_cast<Eigen::Index>(point) + 1) = std::sqrt((points[point] - points[point + 1]) / length);
      }
      ++draw;
    }
    const azula::Node n = grid.at(stage.time);
    run.advance(stage, data.gain(n.alpha, n.sigma) * run.state(), noise);
  }
  return run.state();
}

/// Root mean square difference of the results with n and 2 n steps on one Brownian path, without sampling.
inline double strong_difference(const Subject& subject, int steps) {
  const azula::TimeGrid coarse = order_grid(steps), fine = order_grid(2 * steps);
  const std::vector<azula::Stage> few = stages_of(subject, coarse), many = stages_of(subject, fine);
  std::vector<double> points = draw_ends(few);
  for (const double end : draw_ends(many)) points.push_back(end);
  std::sort(points.rbegin(), points.rend());
  points.erase(std::unique(points.begin(), points.end()), points.end());
  double sum = 0;
  for (const double variance : {0.05, 0.5}) {
    const GaussianData data{variance};
    sum += (path_weights(data, few, coarse, points) - path_weights(data, many, fine, points)).square().sum();
  }
  return std::sqrt(sum);
}

inline double strong_order(const Subject& subject) {
  return measured_order([&](int steps) { return strong_difference(subject, steps); }, 2048);
}

/// The same on the mixture, by 1000 values and a source of noise.
inline double sampled_strong_order(const Subject& subject) {
  const Flow flow = mixture_flow();
  const auto at_end = [&](int steps) {
    azula::BrownianSource path(7, azula::log_rho_clock(order_schedule),
                               {.start = order_start, .stop = order_stop});
    const azula::TimeGrid grid = order_grid(steps);
    Interpreter run(Eigen::ArrayXd::LinSpaced(1000, -1.9, 2.1));
    Eigen::ArrayXd noise = run.state();
    for (const azula::Stage& stage : stages_of(subject, grid)) {
      if (stage.c != 0) {
        path.next({{1, noise.size()}, stage.from.value_or(stage.time), stage.next}).fill(noise, 0);
      }
      run.advance(stage, flow.mean(run.state(), stage.time), noise);
    }
    return run.state();
  };
  const auto difference = [&](int steps) {
    return std::sqrt((at_end(steps) - at_end(2 * steps)).square().mean());
  };
  return std::log2(difference(64) / difference(256)) / 2;
}
