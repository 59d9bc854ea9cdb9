#pragma once
/// \file

#include <Eigen/Core>
#include <Eigen/LU>

#include <array>
#include <cmath>
#include <cstddef>

#include "azula/sample/stage.hpp"

namespace azula {

/// Weights of nodes other than the current one.
using NodeWeights = std::array<double, max_older>;

/// Nodes of an interpolation other than the current one, relative to it (it is 0): older ones newest first,
/// and behind them, if a corrector has it, the new one.
struct OtherNodes {
  NodeWeights at{};  ///< u_j - u_0
  int count = 0;

  void add(double difference) { at[static_cast<std::size_t>(count++)] = difference; }
};

/// A⁻¹ b from the factors P A Q = L U. In plain loops: Eigen's own solve takes every program that mentions it
/// longer to compile than the factorisation does.
template <class LU>
NodeWeights solve(const LU& lu, const NodeWeights& b) {
  constexpr int size = max_older;
  const auto& factors = lu.matrixLU();
  double y[size];
  NodeWeights x{};
  for (int i = 0; i < size; ++i) y[lu.permutationP().indices()(i)] = b[static_cast<std::size_t>(i)];
  for (int i = 1; i < size; ++i) {
    for (int j = 0; j < i; ++j) y[i] -= factors(i, j) * y[j];
  }
  for (int i = size - 1; i >= 0; --i) {
    for (int j = i + 1; j < size; ++j) y[i] -= factors(i, j) * y[j];
    y[i] /= factors(i, i);
    x[static_cast<std::size_t>(lu.permutationQ().indices()(i))] = y[i];
  }
  return x;
}

/// The weights w_1 … w_n of
///
///     ∫_0^h κ(v) q(v) dv = w_0 q(0) + Σ_j w_j q(v_j)      for every polynomial q of degree <= n
///
/// (w_0 is what is left of ∫κ; methods know that one in closed form.) The conditions of degree k >= 1
/// do not contain w_0, so the system is n × n. Nodes are taken relative to the current one and
/// divided by h: an unshifted system in log σ/α has lost six digits at order 4 and all of them at order 8,
/// this one none that the nodes themselves still have. (By the longest length in sight would be worse: next
/// to a node a billion steps away the powers of all others vanish.)
///
/// The LU is Eigen's, always 8 × 8 and padded with the identity: one size keeps the compile time of a
/// user's program low, whatever orders it mentions.
/// \param integral  integral(f) = ∫_0^h κ(v) f(v) dv
template <class Integral>
NodeWeights interpolatory_weights(const OtherNodes& nodes, double h, Integral&& integral) {
  using System = Eigen::Matrix<double, max_older, max_older>;
  NodeWeights weights{};
  if (nodes.count == 0) return weights;

  System powers = System::Identity();
  for (int k = 0; k < nodes.count; ++k) {
    weights[static_cast<std::size_t>(k)] = integral([&](double v) { return std::pow(v / h, k + 1); });
    for (int j = 0; j < nodes.count; ++j) {
      powers(k, j) = std::pow(nodes.at[static_cast<std::size_t>(j)] / h, k + 1);
    }
  }
  return solve(Eigen::FullPivLU<System>(powers), weights);
}

}  // namespace azula
