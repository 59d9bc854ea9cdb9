#pragma once
/// \file

#include <Eigen/Core>

#include "azula/concepts.hpp"
#include "azula/denoise/evaluate.hpp"
#include "azula/guide/minimal_residual.hpp"

namespace azula {

/// What a run keeps for a denoiser that conditions another one, D, on a linear measurement: the memory of
/// that one, Aᵀ u, its product with Jᵀ, and the residual with what a solver makes of it.
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
