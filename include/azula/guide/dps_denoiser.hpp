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

/// Diffusion posterior sampling: after each step of the method, x_s moves down the gradient of the misfit,
///
///     x_s <- x_s - ζ ∇_(x_t) |y - A m(x_t)|  =  x_s + ζ Jᵀ Aᵀ r/|r|,    r = y - A m
///
/// sample by sample. As a denoiser: in x_s = a x_t + b m + c ε this is m + ζ/b Jᵀ Aᵀ r/|r|, which needs the
/// b of the sampler's steps; for methods of one evaluation per step that remember nothing. The paper uses
/// DDPM with 1000 steps and ζ from 0.1 to 1; for few steps or small noise MMPSDenoiser is the better one.
///
///     azula::Sampler plain(denoiser, azula::DDPM{}, {.steps = 500});
///     azula::DPSDenoiser posterior(denoiser, azula::SelectionOperator({0, 1, 2}), y, plain.stages(), 1.0);
///     azula::Sampler sampler(posterior, azula::DDPM{}, {.steps = 500});
///
/// The denoiser needs a vjp(), see HasVJP. Chung et al., Diffusion Posterior Sampling for General Noisy
/// Inverse Problems, 2023 (https://arxiv.org/abs/2209.14687), algorithm 1.
template <class D, class A>
class DPSDenoiser {
 public:
  template <State X>
  using Workspace = InverseWorkspace<D, X>;

  /// \param y  the measurement: M values for all samples, or M × B
  /// \param stages  of a sampler with the method and times to be used
  /// \throws std::invalid_argument if sizes do not fit, the method is of another kind, or ζ < 0.
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
