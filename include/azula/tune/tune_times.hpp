#pragma once
/// \file

#include <Eigen/Core>

#include <functional>
#include <vector>

#include "azula/error.hpp"
#include "azula/sample/sampler.hpp"
#include "azula/time/log_snr_times.hpp"
#include "azula/tune/best_grid.hpp"
#include "azula/tune/pilot.hpp"

namespace azula {

/// The times on which a deterministic method comes nearest to the exact flow of a denoiser; for about ten steps and
/// fewer.
///
///     auto times = azula::tune_times(denoiser, azula::xEAB<3>{}, pilot, {.steps = 8});
///     azula::Sampler sampler(denoiser, azula::xEAB<3>{}, times);
///
/// `pilot` are a few states of noise. Runs of the method from them are compared with a fine reference run, and the
/// times are moved in log α/σ (Levenberg–Marquardt, from several known grids) until the mean square distance of the end
/// states falls no more. On the pilot states the result is never worse than the best known grid. Too few pilot states
/// are overfitted: compare on others.
///
/// Work: 5 reference_steps + starts · iterations · steps · (steps + 2) evaluations, once per model; the times are
/// numbers to keep.
/// Compare Tong et al., Learning to Discretize Denoising Diffusion ODEs, 2024 (https://arxiv.org/abs/2405.15506), which
/// differentiates through the run instead.
/// \param x  pilot states at options.start
/// \throws std::invalid_argument that names the option that is out of range, or the method if it draws noise
template <class D, class M, State X>
std::vector<double> tune_times(const D& denoiser, const M& method, const X& x, const TuneOptions& options = {}) {
  const denoiser_t<D>& target = denoiser;
  check(options, target.schedule(), "tune_times");
  const auto sampler = [&](const std::vector<double>& times) {
    Sampler result(std::cref(target), method, times, {.silent = true, .check_finite = false});
    for (const Stage& stage : result.stages()) {
      if (stage.c != 0) reject("tune_times", "the method must be one that draws no noise", method.name());
    }
    return result;
  };
  // Refuses a method that draws noise before the pilot evaluates the network.
  sampler(log_snr_times(target.schedule(), {options.start, options.stop, options.steps}));
  const Pilot<D, X> pilot(denoiser, x, options, "tune_times");
  const Eigen::VectorXd truth = pilot.end();
  const auto residual = [&](const Eigen::VectorXd& w) -> Eigen::VectorXd {
    return pilot.flat(sampler(pilot.times(w))(pilot.start())) - truth;
  };
  return pilot.times(best_grid(pilot.candidates(), options.starts, options.iterations, residual));
}

}  // namespace azula
