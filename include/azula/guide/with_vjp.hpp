#pragma once
/// \file

#include <utility>

#include "azula/concepts.hpp"
#include "azula/denoise/evaluate.hpp"

namespace azula {

/// A denoiser that can compute the vector–Jacobian product of its mean, which the posterior samplers need.
///
/// denoiser.vjp(x_t, t, v, out) writes out = Jᵀ v with J = ∂E[X | x_t]/∂x_t, sample by sample.
template <class D, class X>
concept HasVJP = requires(const denoiser_t<D>& denoiser, const X& x_t, double t, const plain_t<X>& v,
                          plain_t<X>& out) {
  denoiser.vjp(x_t, t, v, out);
};

/// Adds a vector–Jacobian product to a denoiser, for example one by automatic differentiation of an engine.
///
/// The product is function(x_t, t, v, out), which writes out = Jᵀ v, J = ∂E[X | x_t]/∂x_t.
///
///     const auto product = [&](const auto& x_t, double t, const auto& v, auto& out) { … };
///     const azula::WithVJP prior(denoiser, product);
template <class D, class F>
class WithVJP {
  static_assert(wraps_denoiser<D>());

 public:
  /// Memory that a run keeps for this denoiser: that of the inner denoiser.
  template <State X>
  using Workspace = Evaluation<denoiser_t<D>, X>;

  /// Takes a denoiser, held by value or std::ref, and the product that it lacks.
  WithVJP(D denoiser, F function) : denoiser_(std::move(denoiser)), function_(std::move(function)) {}

  decltype(auto) schedule() const { return target().schedule(); }

  template <State X>
  void operator()(const X& x_t, double t, plain_t<X>& mean, Workspace<X>& work) const {
    work(target(), x_t, t, mean);
  }

  template <State X>
  void operator()(const X& x_t, double t, plain_t<X>& mean) const {
    Workspace<X> work(x_t);
    (*this)(x_t, t, mean, work);
  }

  /// Writes out = Jᵀ v. \throws std::invalid_argument if the product has another shape than x_t.
  template <State X>
  void vjp(const X& x_t, double t, const plain_t<X>& v, plain_t<X>& out) const {
    resize_like(out, x_t);
    function_(x_t, t, v, out);
    require_shape(out, x_t, "WithVJP", "the product must have the shape of the state");
  }

 private:
  const denoiser_t<D>& target() const { return denoiser_; }

  D denoiser_;
  F function_;
};

}  // namespace azula
