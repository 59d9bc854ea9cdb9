#pragma once

#include <azula/azula.hpp>

/// Defined in both units, as the functions of the library are.
inline Eigen::Array3d draw() {
  const azula::GaussianDenoiser denoiser(2.0, 0.25, azula::VPSchedule{});
  const azula::Sampler sampler(denoiser, azula::zAB<3>{}, {.steps = 8});
  return sampler(Eigen::Array3d(-1, 0, 1));
}

Eigen::Array3d draw_in_other_unit();
