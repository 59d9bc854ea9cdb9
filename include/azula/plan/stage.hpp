#pragma once
/// \file

#include <array>
#include <cstddef>
#include <optional>

namespace azula {

/// The highest order of a multistep method.
inline constexpr int max_order = 8;

/// How many predictions before the current one a stage can use: those of a corrector of the highest order.
inline constexpr int max_older = max_order;

/// A node of the time grid: a time and the scales of the schedule there.
struct Node {
  double t;      ///< time
  double alpha;  ///< scale of the signal
  double sigma;  ///< scale of the noise
};

/// One evaluation of the denoiser and the linear update that follows it. With m = E[X | x_t]:
///
///     p  =  u x + v m                                the prediction that is remembered
///     x  <- a x + b m + Σ_j h_j p_j + c ε            p_j: the j-th last remembered prediction,
///                                                    ε ~ N(0, I)
///
/// A stage that does not evaluate has no m, and remembers nothing: noise added at the beginning of a step is one.
///
/// The numbers depend on the schedule, the time grid and the method, never on the data. Every method
/// is a list of these, one or more per step; whoever updates the state elsewhere (on a GPU, say) needs
/// nothing else.
struct Stage {
  std::ptrdiff_t step = 0;  ///< the step this stage belongs to, from 0
  double time = 0;          ///< t: where the mean is asked for
  double next = 0;          ///< the time of the state after the update
  double a = 0;             ///< weight of x
  double b = 0;             ///< weight of the mean
  double c = 0;             ///< standard deviation of the noise that is added
  std::optional<double> from{};  ///< where that noise begins, which ends at `next`; without: at `time`
  double u = 0;             ///< weight of x in the prediction that is remembered
  double v = 1;             ///< weight of the mean in it; (u, v) = (0, 1) remembers the mean itself
  int older = 0;            ///< how many of `h` count
  std::array<double, max_older> h{};  ///< weights of the predictions before, newest first
  int drop = 0;  ///< how many predictions are forgotten after the update, the current one first
  bool evaluates = true;  ///< whether the denoiser is asked; without, b, u, v and drop do not count
};

}  // namespace azula
