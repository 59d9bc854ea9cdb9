#pragma once
/// \file

#include <Eigen/Core>

#include <vector>

#include "azula/sample/sampler.hpp"
#include "azula/tune/best_grid.hpp"
#include "azula/tune/pilot.hpp"

namespace azula {

/// The times on which a deterministic method comes nearest to the exact flow, for this denoiser: the end
/// states of runs from a few pilot states are compared with those of a fine reference run, and the nodes
/// moved in log α/σ (Levenberg–Marquardt, from several known grids) until their mean square distance falls
/// no more; never worse on the pilot states than the best known grid.
///
///     auto times = azula::tune_times(denoiser, azula::xEAB<3>{}, pilot, {.steps = 8});
///     azula::Sampler sampler(denoiser, azula::xEAB<3>{}, times);
///
/// Work: 5 reference_steps + starts · iterations · steps · (steps + 2) evaluations, once per model; the
/// times are numbers to keep. Too few pilot states are learned by heart: compare on others.
/// Compare Tong et al., Learning to Discretize Denoising Diffusion ODEs, 2024
/// (https://arxiv.org/abs/2405.15506), which differentiates through the run instead.
/// \param x  pilot states at options.start
/// \throws std::invalid_argument that names the option out of range
template <class D, class M, State X>
std::vector<double> tune_times(const D& denoiser, const M& method, const X& x, const TuneOptions& options = {}) {
  const Pilot<D, X> pilot(denoiser, x, options, "tune_times");
  const Eigen::VectorXd truth = pilot.end();
  const auto residual = [&](const Eigen::VectorXd& w) -> Eigen::VectorXd {
    const Sampler sampler(std::cref(pilot.denoiser()), method, pilot.times(w), {.silent = true, .check_finite = false});
    return pilot.flat(sampler(pilot.start())) - truth;
  };
  return pilot.times(best_grid(pilot.candidates(), options.starts, options.iterations, residual));
}

}  // namespace azula
