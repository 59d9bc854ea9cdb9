#pragma once
/// \file

#include <Eigen/Core>

#include <utility>

#include "azula/concepts.hpp"
#include "azula/guide/inverse_workspace.hpp"
#include "azula/guide/measurement.hpp"
#include "azula/guide/with_vjp.hpp"

namespace azula {

/// Options of MMPSDenoiser.
struct MMPSOptions {
  double noise = 1e-2;  ///< σ_y > 0, the standard deviation of the noise in y
  int iterations = 3;   ///< iterations of the solver, in [1, 1000]; each costs one vector–Jacobian product
};

/// A denoiser for samples that agree with a noisy linear measurement y = A X + σ_y ε, by moment matching posterior
/// sampling (MMPS).
///
/// It computes the mean of X given x_t and y. The approximation is that X given x_t is Gaussian, with its true
/// covariance:
///
///     E[X | x_t, y] ≈ m + V Aᵀ u,    (σ_y² I + A V Aᵀ) u = y - A m,    V = σ²/α Jᵀ,    J = ∂m/∂x_t
///
/// It is exact for Gaussian data once the system is solved. It works with any method and any number of steps. The inner
/// denoiser needs a vjp(), see HasVJP; an evaluation costs 1 + iterations products. It is not defined at α = 0.
///
///     azula::MMPSDenoiser posterior(denoiser, azula::SelectionOperator({0, 1, 2}), y, {.noise = 0.05});
///
/// Rozet et al., Learning Diffusion Priors from Observations by Expectation Maximization, 2024
/// (https://arxiv.org/abs/2405.13712), section 4.2.
template <class D, class A>
class MMPSDenoiser {
  static_assert(wraps_denoiser<D>());

 public:
  template <State X>
  using Workspace = InverseWorkspace<D, X>;

  /// Takes a denoiser, held by value or std::ref, a LinearOperator A and the measurement.
  /// \param y  M values for all samples, or M × B, one column per sample
  /// \throws std::invalid_argument if sizes do not fit or an option is out of range.
  template <class Y>
  MMPSDenoiser(D denoiser, A a, const Eigen::DenseBase<Y>& y, const MMPSOptions& options = {})
      : denoiser_(std::move(denoiser)), measurement_(std::move(a), y, "MMPSDenoiser"), options_(options) {
    require(options.noise > 0, "MMPSDenoiser",
            "noise must be finite and positive", options.noise);
    require_in(1, 1000, "MMPSDenoiser", "iterations", options.iterations);
  }

  decltype(auto) schedule() const { return target().schedule(); }

  /// Writes E[X | x_t, y] into `mean`. \throws std::invalid_argument if α = 0 at t.
  template <State X>
  void operator()(const X& x_t, double t, plain_t<X>& mean, Workspace<X>& work) const {
    static_assert(HasVJP<D, X>,
                  "azula::MMPSDenoiser: the denoiser has no vjp(); see WithVJP and SymmetricVJP");
    using T = scalar_t<X>;
    const auto scales = schedule()(t);
    require(scales.alpha > 0, "MMPSDenoiser", "alpha must be positive: start below the time with alpha",
            scales.alpha);
    const T gain = T(scales.sigma * scales.sigma / scales.alpha), noise = T(options_.noise * options_.noise);
    work.inner(target(), x_t, t, mean);
    auto m = samples(mean);
    work.residual.resize(measurement_.rows(), m.cols());
    work.solver.resize(measurement_.rows(), m.cols(), options_.iterations);
    measurement_.residual(m, work.residual);
    const auto spread = [&](const auto& u) {  // returns Jᵀ Aᵀ u
      auto back = samples(work.back);
      measurement_.linear().adjoint(u, back);
      target().vjp(x_t, t, work.back, work.product);
      return samples(std::as_const(work.product));
    };
    const auto& u = work.solver.solve(work.residual, [&](const auto& v, auto& out) {
      measurement_.linear().apply(spread(v), out);
      out = noise * v + gain * out;
    });
    m += gain * spread(u);
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
  MMPSOptions options_;
};

template <class D, class A, class Y>
MMPSDenoiser(D, A, const Eigen::DenseBase<Y>&, MMPSOptions) -> MMPSDenoiser<D, A>;
template <class D, class A, class Y>
MMPSDenoiser(D, A, const Eigen::DenseBase<Y>&) -> MMPSDenoiser<D, A>;

}  // namespace azula
