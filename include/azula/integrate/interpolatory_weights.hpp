#pragma once
/// \file
/// The weights of an interpolatory quadrature from its nodes: a small linear system, solved by Eigen's dense LU.

#include <Eigen/Core>
#include <Eigen/LU>

#include <array>
#include <cmath>
#include <cstddef>

#include "azula/plan/stage.hpp"

namespace azula {

/// The weights of the nodes other than the current one.
using NodeWeights = std::array<double, max_older>;

/// The nodes of an interpolation other than the current one, relative to the current one, which is at 0.
///
/// Older nodes come first, the newest of them at the front. A corrector's new node comes after them.
struct OtherNodes {
  NodeWeights at{};  ///< v_j = u_j - u_0, beginning with v_1
  int count = 0;

  void add(double difference) { at[static_cast<std::size_t>(count++)] = difference; }

  /// Newton's polynomial N_k(v) = v (v - v_1) … (v - v_k), which is 0 at the current node and at the first k of these
  /// nodes.
  double newton(std::size_t k, double v) const {
    double value = v;
    for (std::size_t j = 0; j < k; ++j) value *= v - at[j];
    return value;
  }
};

/// Solves Σ_j w_j N_k(v_j) = moments[k], k from 0 to n - 1, for the weights w, by Eigen's dense LU with partial
/// pivoting.
///
/// The system has one size for every order, with ones on the diagonal where it is not used. So the LU is compiled once,
/// and since this is a template, only in programs that have a multistep method. The factors are substituted here
/// because Eigen's solve() would add half as much again to the time that the LU takes to compile.
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

/// The largest power of two that is at most the distance of the farthest node.
///
/// In this unit products of distances neither overflow nor underflow.
inline double binary_unit(const OtherNodes& nodes) {
  double farthest = 0;
  for (const double v : nodes.at) farthest = std::fmax(farthest, std::fabs(v));
  return farthest > 0 ? std::exp2(std::ilogb(farthest)) : 1;
}

/// The weights w_1 … w_n of the quadrature rule that is exact for polynomials of degree n:
///
///     ∫_0^h κ(v) q(v) dv = w_0 q(0) + Σ_j w_j q(v_j)      for every polynomial q of degree <= n
///
/// They are Adams–Bashforth's if all nodes are older ones, Adams–Moulton's if the new node is among them. (w_0 is the
/// rest of ∫κ, which methods know in closed form.)
///
/// The rule is exact for all polynomials if it is exact for a basis of them, which is a linear system. The choice of
/// the basis decides how many digits are lost. Powers of v lose six digits at order 4 in log σ/α and all of them at
/// order 8; shifted and scaled powers still lose seven there. Newton's polynomials on the nodes lose one at most: the
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
