#pragma once
/// \file

#include <Eigen/Core>

#include <cmath>
#include <utility>
#include <vector>

#include "azula/concepts.hpp"
#include "azula/guide/inverse_workspace.hpp"
#include "azula/guide/measurement.hpp"
#include "azula/guide/step_coefficients.hpp"
#include "azula/guide/with_vjp.hpp"

namespace azula {

/// A denoiser for samples that agree with a linear measurement y = A X, by diffusion posterior sampling (DPS).
///
/// It is for DDPM with many steps. After each step of the method, the state moves down the gradient of the misfit,
/// sample by sample:
///
///     x_s <- x_s - ζ ∇_(x_t) |y - A m(x_t)|  =  x_s + ζ Jᵀ Aᵀ r/|r|,    r = y - A m,    J = ∂m/∂x_t
///
/// As a denoiser, this adds ζ/b Jᵀ Aᵀ r/|r| to the mean m of a step x_s = a x_t + b m + c ε. It needs the b of the
/// sampler's steps, so the method must make one evaluation per step and use no earlier predictions. The inner denoiser
/// needs a vjp(), see HasVJP; each evaluation costs one product. The paper uses DDPM with 1000 steps and ζ in [0.1, 1].
/// For few steps or little noise in y, MMPSDenoiser is better.
///
///     azula::Sampler plain(denoiser, azula::DDPM{}, {.steps = 500});
///     azula::DPSDenoiser posterior(denoiser, azula::SelectionOperator({0, 1, 2}), y, plain.stages(), 1.0);
///     azula::Sampler sampler(posterior, azula::DDPM{}, {.steps = 500});
///
/// Chung et al., Diffusion Posterior Sampling for General Noisy Inverse Problems, 2023
/// (https://arxiv.org/abs/2209.14687), algorithm 1.
template <class D, class A>
class DPSDenoiser {
  static_assert(wraps_denoiser<D>());

 public:
  template <State X>
  using Workspace = InverseWorkspace<D, X>;

  /// Takes a denoiser, held by value or std::ref, a LinearOperator A and the measurement.
  /// \param y       M values for all samples, or M × B, one column per sample
  /// \param stages  the stages of a sampler with the same method and times: plain.stages()
  /// \param zeta    ζ, the length of the move, at least 0
  /// \throws std::invalid_argument if sizes do not fit, the method is of another kind, or ζ is negative or not finite.
  template <class Y>
  DPSDenoiser(D denoiser, A a, const Eigen::DenseBase<Y>& y, std::vector<Stage> stages, double zeta = 1)
      : denoiser_(std::move(denoiser)),
        measurement_(std::move(a), y, "DPSDenoiser"),
        steps_(std::move(stages), "DPSDenoiser"),
        zeta_(zeta) {
    require(zeta >= 0, "DPSDenoiser", "zeta must be finite and at least 0", zeta);
  }

  decltype(auto) schedule() const { return target().schedule(); }

  template <State X>
  void operator()(const X& x_t, double t, plain_t<X>& mean, Workspace<X>& work) const {
    static_assert(HasVJP<D, X>,
                  "azula::DPSDenoiser: the denoiser has no vjp(); see WithVJP and SymmetricVJP");
    using T = scalar_t<X>;
    work.inner(target(), x_t, t, mean);
    auto m = samples(mean);
    work.residual.resize(measurement_.rows(), m.cols());
    measurement_.residual(m, work.residual);
    auto back = samples(work.back);
    measurement_.linear().adjoint(work.residual, back);
    target().vjp(x_t, t, work.back, work.product);
    const auto gradient = samples(std::as_const(work.product));
    const double factor = zeta_ / steps_(t).b;
    for (Eigen::Index j = 0; j < m.cols(); ++j) {
      const double misfit = std::sqrt(static_cast<double>(work.residual.col(j).square().sum()));
      if (misfit > 0) m.col(j) += T(factor / misfit) * gradient.col(j);
    }
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
  StepCoefficients steps_;
  double zeta_;
};

template <class D, class A, class Y>
DPSDenoiser(D, A, const Eigen::DenseBase<Y>&, std::vector<Stage>, double) -> DPSDenoiser<D, A>;
template <class D, class A, class Y>
DPSDenoiser(D, A, const Eigen::DenseBase<Y>&, std::vector<Stage>) -> DPSDenoiser<D, A>;

}  // namespace azula
