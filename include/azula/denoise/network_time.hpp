#pragma once
/// \file
/// What a network is given as its time. Any type with a call (schedule, t) that returns a number will do, a
/// lambda among them: [](const auto&, double t) { return 1 - t; }.

#include <cmath>

namespace azula {

/// scale · t + offset: the schedule's own time. {.scale = 999} for the networks of the score SDE,
/// {.scale = -1, .offset = 1} for a flow whose time runs from noise to data.
struct OwnTime {
  double scale = 1;   ///< factor of the time
  double offset = 0;  ///< what is added to that

  double operator()(const auto&, double t) const { return scale * t + offset; }
};

/// The training step, 0 … T-1, of a DiscreteSchedule; fractional between steps unless rounded, which a
/// network that looks its embedding up in a table needs.
struct TrainingStep {
  bool rounded = false;  ///< to whole steps

  double operator()(const auto& schedule, double t) const {
    const double step = schedule.training_time(t);
    return rounded ? std::round(step) : step;
  }
};

/// scale · log σ/α: EDM networks take a quarter of it (`c_noise`).
struct LogRatioTime {
  double scale = 0.25;  ///< factor of the logarithm

  double operator()(const auto& schedule, double t) const {
    const auto scales = schedule(t);
    return scale * std::log(scales.sigma / scales.alpha);
  }
};

/// scale · σ/α.
struct RatioTime {
  double scale = 1;  ///< factor of the ratio

  double operator()(const auto& schedule, double t) const {
    const auto scales = schedule(t);
    return scale * (scales.sigma / scales.alpha);
  }
};

/// scale · σ/(α + σ): the time of a straight flow without shift, whatever the schedule is. Stable Diffusion 3
/// takes {.scale = 1000}, Flux 1; reversed is scale · α/(α + σ).
struct FlowTime {
  double scale = 1;       ///< factor of the share
  bool reversed = false;  ///< the share of the signal, not that of the noise

  double operator()(const auto& schedule, double t) const {
    const auto scales = schedule(t);
    return scale * (reversed ? scales.alpha : scales.sigma) / (scales.alpha + scales.sigma);
  }
};

}  // namespace azula
