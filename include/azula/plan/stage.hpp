#pragma once
/// \file

#include <array>
#include <cstddef>
#include <optional>

namespace azula {

/// The highest order of a multistep method.
inline constexpr int max_order = 8;

/// The largest number of older predictions that a stage can use: as many as a corrector of the highest order needs.
inline constexpr int max_older = max_order;

/// A node of the time grid: a time t, and the scales α_t and σ_t of the schedule there.
struct Node {
  double t;      ///< time
  double alpha;  ///< scale of the signal
  double sigma;  ///< scale of the noise
};

/// The coefficients of one update of the state: one evaluation of the denoiser and the linear step that follows it.
///
/// With the denoised mean m = E[X | x_t], a stage computes
///
///     p  =  u x + v m                                the prediction that is remembered
///     x  <- a x + b m + Σ_j h_j p_j + c ε            p_j: the j-th last remembered prediction,
///                                                    ε ~ N(0, I)
///
/// A stage that does not evaluate the denoiser has no m and remembers nothing. Such stages add noise at the beginning
/// of a step.
///
/// The coefficients depend on the schedule, the time grid and the method, never on the data. Every method is a list of
/// stages, one or more per step. A program that updates the state elsewhere, for example in a GPU kernel, needs nothing
/// else:
///
///     for (const azula::Stage& s : sampler.stages()) {
///       if (s.evaluates) my_network(x, s.time, mean);
///       my_kernel(x, mean, s.a, s.b);   // x <- a x + b m, for a deterministic method without memory
///     }
struct Stage {
  std::ptrdiff_t step = 0;  ///< index of the step to which the stage belongs, from 0
  double time = 0;          ///< t: the time at which the mean is evaluated
  double next = 0;          ///< the time of the state after the update
  double a = 0;             ///< weight of x
  double b = 0;             ///< weight of the mean
  double c = 0;             ///< standard deviation of the noise that is added
  std::optional<double> from{};  ///< time from which the noise leads to `next`, for a Brownian path; empty means `time`
  double u = 0;             ///< weight of x in the prediction that is remembered
  double v = 1;             ///< weight of the mean in that prediction; (u, v) = (0, 1) remembers the mean itself
  int older = 0;            ///< how many of the weights in `h` are used
  std::array<double, max_older> h{};  ///< weights of the older predictions, newest first
  int drop = 0;  ///< how many predictions are forgotten after the update, beginning with the current one
  bool evaluates = true;  ///< whether the denoiser is evaluated; if not, b, u, v and drop are ignored
};

}  // namespace azula
