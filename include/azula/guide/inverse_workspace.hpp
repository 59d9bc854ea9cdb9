#pragma once
/// \file

#include <Eigen/Core>

#include "azula/concepts.hpp"
#include "azula/denoise/evaluate.hpp"
#include "azula/guide/minimal_residual.hpp"

namespace azula {

/// Memory that a run keeps for a denoiser that conditions another one, D, on a linear measurement.
///
/// It holds the memory of D, Aᵀ u, the product Jᵀ Aᵀ u, the residual of the measurement, and the memory of the solver.
template <class D, State X>
struct InverseWorkspace {
  explicit InverseWorkspace(const X& like) : inner(like) {
    resize_like(back, like);
    resize_like(product, like);
  }
  Evaluation<denoiser_t<D>, X> inner;
  plain_t<X> back, product;
  Eigen::ArrayXX<scalar_t<X>> residual;
  MinimalResidual<scalar_t<X>> solver;
};

}  // namespace azula
