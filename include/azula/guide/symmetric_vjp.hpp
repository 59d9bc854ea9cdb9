#pragma once
/// \file

#include <cmath>
#include <utility>

#include "azula/concepts.hpp"
#include "azula/denoise/evaluate.hpp"
#include "azula/error.hpp"

namespace azula {

/// Gives a denoiser an approximate vector–Jacobian product, for networks that can only be evaluated.
///
/// The Jacobian J of the exact denoiser is symmetric, as it is α/σ² times the covariance of X given x_t. So the product
/// can be taken by a central difference:
///
///     Jᵀ v = J v ≈ (m(x_t + h v) - m(x_t - h v))/(2 h),    |h v| = step σ √D
///
/// D is the number of values of a sample, and each sample has its own h. The Jacobian of a trained network is only
/// nearly symmetric. A product costs two evaluations.
///
///     const azula::SymmetricVJP prior(denoiser);
///     const azula::MMPSDenoiser posterior(prior, azula::SelectionOperator({0, 1, 2, 3}), known);
template <class D>
class SymmetricVJP {
  static_assert(wraps_denoiser<D>());

 public:
  /// Memory that a run keeps for this denoiser: that of the inner denoiser.
  template <State X>
  using Workspace = Evaluation<denoiser_t<D>, X>;

  /// Wraps a denoiser, held by value or std::ref.
  /// \param step  length of the difference in units of σ; choose about the third root of the precision
  /// \throws std::invalid_argument unless step is in [1e-8, 1].
  explicit SymmetricVJP(D denoiser, double step = 1e-2) : denoiser_(std::move(denoiser)), step_(step) {
    require_in(1e-8, 1, "SymmetricVJP", "step", step);
  }

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

  template <State X>
  void vjp(const X& x_t, double t, const plain_t<X>& v, plain_t<X>& out) const {
    using T = scalar_t<X>;
    require_shape(v, x_t, "SymmetricVJP", "v must have the shape of the state");
    resize_like(out, x_t);
    plain_t<X> moved(x_t), behind(x_t);
    const auto x = samples(x_t);
    const auto direction = samples(v);
    auto at = samples(moved);
    auto product = samples(out);
    const double length = step_ * schedule()(t).sigma * std::sqrt(static_cast<double>(x.rows()));
    const auto h = [&](Eigen::Index j) {
      const double norm = std::sqrt(static_cast<double>(direction.col(j).square().sum()));
      return norm > 0 ? length / norm : 1.0;
    };
    const plain_t<X>& input = moved;
    for (Eigen::Index j = 0; j < x.cols(); ++j) at.col(j) = x.col(j) - T(h(j)) * direction.col(j);
    evaluate(target(), input, t, behind);
    for (Eigen::Index j = 0; j < x.cols(); ++j) at.col(j) = x.col(j) + T(h(j)) * direction.col(j);
    evaluate(target(), input, t, out);
    for (Eigen::Index j = 0; j < x.cols(); ++j) {
      product.col(j) = T(1 / (2 * h(j))) * (product.col(j) - samples(behind).col(j));
    }
  }

 private:
  const denoiser_t<D>& target() const { return denoiser_; }

  D denoiser_;
  double step_;
};

}  // namespace azula
