#pragma once
/// \file

#include <array>
#include <cmath>
#include <cstddef>
#include <limits>

#include "azula/is_finite.hpp"

namespace azula {

/// Integrates f from 0 to h by the 20-point Gauss–Legendre rule, on panels no longer than `panel`.
///
/// One panel is exact for polynomials of degree 39. For an analytic f the error falls like r^-40. Here the panel is
/// scaled to half length 1, and r is the sum of the half axes of the largest ellipse with the panel's ends as its foci
/// in which f is analytic. Choose `panel` so small that this vanishes in double precision.
/// Nodes and weights: Abramowitz and Stegun, Handbook of Mathematical Functions, table 25.4.
template <class F>
double gauss_legendre(F&& f, double h, double panel = std::numeric_limits<double>::infinity()) {
  constexpr std::array<double, 10> nodes = {
      0.076526521133497334, 0.227785851141645078, 0.373706088715419561, 0.510867001950827098,
      0.636053680726515025, 0.746331906460150793, 0.839116971822218823, 0.912234428251325906,
      0.963971927277913791, 0.993128599185094925};
  constexpr std::array<double, 10> weights = {
      0.152753387130725851, 0.149172986472603747, 0.142096109318382051, 0.131688638449176627,
      0.118194531961518417, 0.101930119817240435, 0.083276741576704749, 0.062672048334109064,
      0.040601429800386941, 0.017614007139152118};
  const double panels = std::fabs(h) / panel;
  // An infinite h takes one panel, and the result is not finite.
  const double count = is_finite(panels) ? std::ceil(std::fmax(1.0, panels)) : 1;
  const double half = h / count / 2;
  double sum = 0;
  for (double k = 0; k < count; ++k) {
    const double middle = (2 * k + 1) * half;
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      sum += weights[i] * (f(middle - half * nodes[i]) + f(middle + half * nodes[i]));
    }
  }
  return sum * half;
}

}  // namespace azula
