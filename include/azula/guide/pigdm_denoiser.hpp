#pragma once
/// \file

#include <Eigen/Core>

#include <utility>

#include "azula/concepts.hpp"
#include "azula/guide/inverse_workspace.hpp"
#include "azula/guide/measurement.hpp"
#include "azula/guide/with_vjp.hpp"

namespace azula {

/// Options of PiGDMDenoiser.
struct PiGDMOptions {
  double noise = 1e-2;  ///< σ_y > 0, the standard deviation of the noise in y
  int iterations = 10;  ///< iterations of the solver, in [1, 1000]; they cost products with A and Aᵀ only
};

/// A denoiser for samples that agree with a noisy linear measurement y = A X + σ_y ε, by pseudoinverse-guided diffusion
/// (ΠGDM).
///
/// An evaluation costs only one vector–Jacobian product. It is MMPSDenoiser with a simpler system, in which all values
/// of X given x_t have one variance, r² = σ²/(α² + σ²), as they have for data of unit variance:
///
///     E[X | x_t, y] ≈ m + σ²/α Jᵀ Aᵀ u,    (σ_y² I + r² A Aᵀ) u = y - A m,    J = ∂m/∂x_t
///
/// It is exact for Gaussian data of unit variance and works with any method. The inner denoiser needs a vjp(), see
/// HasVJP. It is not defined at α = 0.
///
///     azula::PiGDMDenoiser posterior(denoiser, azula::SelectionOperator({0, 1, 2}), y, {.noise = 0.05});
///
/// Song et al., Pseudoinverse-Guided Diffusion Models for Inverse Problems, 2023
/// (https://openreview.net/forum?id=9_gsMA8MRKQ).
template <class D, class A>
class PiGDMDenoiser {
  static_assert(wraps_denoiser<D>());

 public:
  template <State X>
  using Workspace = InverseWorkspace<D, X>;

  /// Takes a denoiser, held by value or std::ref, a LinearOperator A and the measurement.
  /// \param y  M values for all samples, or M × B, one column per sample
  /// \throws std::invalid_argument if sizes do not fit or an option is out of range.
  template <class Y>
  PiGDMDenoiser(D denoiser, A a, const Eigen::DenseBase<Y>& y, const PiGDMOptions& options = {})
      : denoiser_(std::move(denoiser)), measurement_(std::move(a), y, "PiGDMDenoiser"), options_(options) {
    require(options.noise > 0, "PiGDMDenoiser",
            "noise must be finite and positive", options.noise);
    require_in(1, 1000, "PiGDMDenoiser", "iterations", options.iterations);
  }

  decltype(auto) schedule() const { return target().schedule(); }

  /// Writes the approximation of E[X | x_t, y] into `mean`. \throws std::invalid_argument if α = 0 at t.
  template <State X>
  void operator()(const X& x_t, double t, plain_t<X>& mean, Workspace<X>& work) const {
    static_assert(HasVJP<D, X>,
                  "azula::PiGDMDenoiser: the denoiser has no vjp(); see WithVJP and SymmetricVJP");
    using T = scalar_t<X>;
    const auto scales = schedule()(t);
    require(scales.alpha > 0, "PiGDMDenoiser", "alpha must be positive: start below the time with alpha",
            scales.alpha);
    const double variance = scales.sigma * scales.sigma;
    const T spread = T(variance / (scales.alpha * scales.alpha + variance)),
            noise = T(options_.noise * options_.noise);
    work.inner(target(), x_t, t, mean);
    auto m = samples(mean);
    work.residual.resize(measurement_.rows(), m.cols());
    work.solver.resize(measurement_.rows(), m.cols(), options_.iterations);
    measurement_.residual(m, work.residual);
    auto back = samples(work.back);
    const auto& u = work.solver.solve(work.residual, [&](const auto& v, auto& out) {
      measurement_.linear().adjoint(v, back);
      measurement_.linear().apply(back, out);
      out = noise * v + spread * out;
    });
    measurement_.linear().adjoint(u, back);
    target().vjp(x_t, t, work.back, work.product);
    m += T(variance / scales.alpha) * samples(std::as_const(work.product));
  }

  template <State X>
  void operator()(const X& x_t, double t, plain_t<X>& mean) const {
    Workspace<X> work(x_t);
    (*this)(x_t, t, mean, work);
  }

 private:
  const denoiser_t<D>& target() const { return denoiser_; }

  D denoiser_;
  Measurement<A> measurement_;
  PiGDMOptions options_;
};

template <class D, class A, class Y>
PiGDMDenoiser(D, A, const Eigen::DenseBase<Y>&, PiGDMOptions) -> PiGDMDenoiser<D, A>;
template <class D, class A, class Y>
PiGDMDenoiser(D, A, const Eigen::DenseBase<Y>&) -> PiGDMDenoiser<D, A>;

}  // namespace azula
