#pragma once
/// \file

#include <Eigen/Core>

#include <cmath>
#include <cstddef>
#include <numbers>
#include <string>
#include <vector>

#include "azula/error.hpp"
#include "azula/plan/stage.hpp"
#include "azula/sample/run.hpp"
#include "azula/sample/run_parts.hpp"
#include "azula/state.hpp"

namespace azula {

/// Computes the log-density of the state to which a stochastic stage leads, one number per sample.
///
///     log p(x_s | x_t, m, p) = -|x_s - a x_t - b m - Σ_j h_j p_j|²/(2 c²) - n/2 log(2π c²),    n values per sample
///
/// n is the number of values per sample, and the coefficients a, b, c and h_j are those of the Stage. The function is
/// meant for trajectories that were stored, for example in a policy gradient, where m is what the current policy
/// predicts at x_t:
///
///     Eigen::ArrayXd now = azula::step_log_density(stage, x_t, mean, x_s);   // stage: one of sampler.stages()
///     Eigen::ArrayXd ratio = (now - then).exp();   // then: the same for the policy that drew the trajectory
///
/// The gradient with respect to m is b/c² (x_s - a x_t - b m - Σ_j h_j p_j). If all stages of a run have noise, the sum
/// of the log-densities of its stages and of its initial state is the log-density of the whole path.
///
/// Black et al., Training Diffusion Models with Reinforcement Learning, 2023 (https://arxiv.org/abs/2305.13301); Liu et
/// al., Flow-GRPO, 2025 (https://arxiv.org/abs/2505.05470).
/// \param mean    E[X | x_t]; ignored if the stage does not evaluate
/// \param before  the remembered predictions p_j, newest first; one-step methods need none
/// \throws std::invalid_argument if the stage has no noise, shapes differ, or there are fewer predictions than it uses.
template <State X, State Mean, State Next>
Eigen::ArrayXd step_log_density(const Stage& stage, const X& x_t, const Mean& mean, const Next& x_s,
                                const std::vector<const plain_t<X>*>& before = {}) {
  constexpr const char* where = "step_log_density";
  if (stage.c == 0) {
    reject(where, "a stage must have noise, without which there is no density",
           join({"one of step ", std::to_string(stage.step), ", from time ", show(stage.time), " to ",
                 show(stage.next)}));
  }
  if (before.size() < static_cast<std::size_t>(stage.older)) {
    reject(where, join({"the stage uses ", std::to_string(stage.older), " predictions before"}),
           std::to_string(before.size()));
  }
  require_shape(x_s, x_t, where, "the next state must have the shape of the state");
  Eigen::ArrayXXd rest = samples(x_s).template cast<double>() - stage.a * samples(x_t).template cast<double>();
  if (stage.evaluates) {
    require_shape(mean, x_t, where, "the mean must have the shape of the state");
    rest -= stage.b * samples(mean).template cast<double>();
  }
  for (std::size_t j = 0; j < static_cast<std::size_t>(stage.older); ++j) {
    require_shape(*before[j], x_t, where, "predictions must have the shape of the state");
    rest -= stage.h[j] * samples(*before[j]).template cast<double>();
  }
  const double log_scale = std::log(stage.c) + std::log(2 * std::numbers::pi) / 2;
  return -(rest / stage.c).square().colwise().sum().transpose() / 2 - static_cast<double>(rest.rows()) * log_scale;
}

/// Computes the log-density of the current stage of a run, whose mean has been written but which has not been advanced.
/// Usually the run is a copy made before advance():
///
///     while (!run.done()) {
///       policy(run.state(), run.time(), run.mean());
///       const auto before = run;
///       run.advance(random);
///       if (before.stage().c != 0) log_p += azula::step_log_density(before, run.state());
///     }
///
/// It does not work for a run that advances a Map, whose copies share its memory; pass the stage and a copy of x_t
/// instead.
/// \throws std::logic_error after the end of the run; otherwise what the overload above throws.
template <class R, State Next>
  requires(!State<R> && requires(const R& run) { RunParts::ring(run); })
Eigen::ArrayXd step_log_density(const R& run, const Next& x_s) {
  static_assert(!is_view<decltype(run.state())>,
                "azula::step_log_density: this run advances a Map, whose memory its copies share; pass the stage, "
                "a copy of the state, the mean and the next state");
  const Stage& stage = run.stage();
  const auto& ring = RunParts::ring(run);
  std::vector<const typename R::Mean*> before;
  for (std::size_t j = 0; j < static_cast<std::size_t>(stage.older); ++j) before.push_back(&ring.before(j));
  return step_log_density(stage, run.state(), ring.mean(), x_s, before);
}

}  // namespace azula
