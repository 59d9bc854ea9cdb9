#pragma once
/// \file
/// From the nodes of an interpolation to the weights of its integral: a small linear system, solved by Eigen's dense LU.

#include <Eigen/Core>
#include <Eigen/LU>

#include <array>
#include <cmath>
#include <cstddef>

#include "azula/plan/stage.hpp"

namespace azula {

/// Weights of nodes other than the current one.
using NodeWeights = std::array<double, max_older>;

/// Nodes of an interpolation other than the current one, relative to it (it is 0): older ones newest first,
/// and behind them, if a corrector has it, the new one.
struct OtherNodes {
  NodeWeights at{};  ///< v_j = u_j - u_0, v_1 first
  int count = 0;

  void add(double difference) { at[static_cast<std::size_t>(count++)] = difference; }

  /// Newton's polynomial N_k(v) = v (v - v_1) … (v - v_k), which is 0 at the first k of these nodes and at the current one.
  double newton(std::size_t k, double v) const {
    double value = v;
    for (std::size_t j = 0; j < k; ++j) value *= v - at[j];
    return value;
  }
};

/// The weights of Σ_j w_j N_k(v_j) = moments[k] for k from 0 to n - 1, by Eigen's dense LU with partial pivoting.
///
/// One size for every order, with ones on the diagonal of what is not used, and a template: so the LU is compiled once,
/// and only for programs that have a multistep method. Its factors are substituted here because Eigen's solve() would
/// add half as much again to what they take to compile.
template <int Size = max_older>
NodeWeights solve_weights(const OtherNodes& nodes, const NodeWeights& moments) {
  Eigen::Matrix<double, Size, Size> system;
  Eigen::Map<const Eigen::Matrix<double, Size, 1>> right(moments.data());
  for (int j = 0; j < Size; ++j) {
    for (int k = 0; k < Size; ++k) {
      const bool used = k <= j && j < nodes.count;
      system(k, j) = used ? nodes.newton(static_cast<std::size_t>(k), nodes.at[static_cast<std::size_t>(j)]) : k == j;
    }
  }
  const Eigen::PartialPivLU<Eigen::Matrix<double, Size, Size>> lu(system);
  const auto& factors = lu.matrixLU();
  NodeWeights weights{};
  Eigen::Map<Eigen::Matrix<double, Size, 1>> w(weights.data());
  for (int i = 0; i < Size; ++i) w(lu.permutationP().indices()(i)) = right(i);
  for (int i = 0; i < Size; ++i) {
    for (int j = 0; j < i; ++j) w(i) -= factors(i, j) * w(j);
  }
  for (int i = Size - 1; i >= 0; --i) {
    for (int j = i + 1; j < Size; ++j) w(i) -= factors(i, j) * w(j);
    w(i) /= factors(i, i);
  }
  return weights;
}

/// The power of two below the farthest node: in this unit products of distances neither overflow nor vanish.
inline double binary_unit(const OtherNodes& nodes) {
  double farthest = 0;
  for (const double v : nodes.at) farthest = std::fmax(farthest, std::fabs(v));
  return farthest > 0 ? std::exp2(std::ilogb(farthest)) : 1;
}

/// The weights w_1 … w_n of
///
///     ∫_0^h κ(v) q(v) dv = w_0 q(0) + Σ_j w_j q(v_j)      for every polynomial q of degree <= n
///
/// Adams–Bashforth's if all nodes lie behind, Adams–Moulton's with the new one. (w_0 is what is left of ∫κ; methods
/// know that one in closed form.) The rule is exact for all polynomials if it is for a basis of them, which is a linear
/// system. The basis decides how many digits are left: powers of v lose six at order 4 in log σ/α and all of them at
/// order 8, and shifted and scaled still seven there. Newton's polynomials on the nodes themselves lose one at most: the
/// entries are products of distances, and the system is triangular.
/// \param integral  integral(f) = ∫_0^h κ(v) f(v) dv
template <class Integral>
NodeWeights interpolatory_weights(const OtherNodes& nodes, Integral&& integral) {
  const double unit = binary_unit(nodes);
  OtherNodes scaled = nodes;
  for (double& v : scaled.at) v /= unit;
  NodeWeights moments{};
  for (std::size_t k = 0; k < static_cast<std::size_t>(nodes.count); ++k) {
    moments[k] = integral([&](double v) { return scaled.newton(k, v / unit); });
  }
  return solve_weights(scaled, moments);
}

}  // namespace azula
