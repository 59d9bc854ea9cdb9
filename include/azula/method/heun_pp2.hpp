#pragma once
/// \file

#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include "azula/integrate/multistep.hpp"
#include "azula/integrate/step_builder.hpp"
#include "azula/method/z_ab.hpp"

namespace azula {

/// A first-order solver with three evaluations per step, known as heunpp2; use it only to compare with other programs.
///
///     azula::Sampler sampler(denoiser, azula::HeunPP2{}, {.steps = 20});
///
/// A step moves along a weighted mean of three slopes: z, z' seen after an Euler step to s, and z'' seen after another
/// Euler step to the next node r. The later slopes count most where there is much noise:
///
///     x_s = α_s (x_t/α_t + (ρ_s - ρ_t) (w_1 z + w_2 z' + w_3 z'')),    w_2 = ρ_s/(3 ρ_0),  w_3 = ρ_r/(3 ρ_0)
///
/// with w_1 + w_2 + w_3 = 1, ρ = σ/α, and ρ_0 the largest ρ on the grid. These weights belong to no quadrature rule,
/// which is why the order is 1. In the last step but one there is no node r, and w_2 = ρ_s/(2 ρ_0). The last step is
/// Euler's.
///
/// HeunPP2<VelocityForm> is the same on the velocity in σ/(α + σ); other programs use it for flow models.
/// Known as heunpp2 from ComfyUI and https://github.com/Carzit/sd-webui-samplers-scheduler.
template <Form F = NoiseForm>
struct HeunPP2 {
  static constexpr int history = 3;

  std::string name() const { return "HeunPP2"; }
  void check() const {}

  void append(std::vector<Stage>& stages, const TimeGrid& grid, std::size_t i) const {
    const Node& t = grid[i];
    const Node& s = grid[i + 1];
    if (i + 2 == grid.size() || !has_log_snr_length(t, s)) return stages.push_back(ode_step(t, s));
    const F form{};
    const bool looks_further = i + 3 < grid.size();
    const double largest = std::fmax(form.variable(grid[0]), form.variable(grid[grid.size() - 1]));
    const double share = form.integrate([](double) { return 1.0; }, t, s) / ((looks_further ? 3 : 2) * largest);
    StepBuilder step(stages);
    const Combination x = step.start(), m = step.evaluate(t);
    const Combination slope = slope_at(t, x, m), ahead = euler(t, s, x, m);
    step.go(ahead, s);
    const Combination m_1 = step.evaluate(s);
    Combination end = ahead + share * form.variable(s) * (slope_at(s, ahead, m_1) - slope);
    if (looks_further) {
      const Node& r = grid[i + 2];
      const Combination further = euler(s, r, ahead, m_1);
      step.go(further, r);
      end = end + share * form.variable(r) * (slope_at(r, further, step.evaluate(r)) - slope);
    }
    step.go(end, s);
  }

 private:
  static Combination slope_at(const Node& n, const Combination& x, const Combination& mean) {
    const Stage prediction = F{}.prediction(n);
    return prediction.u * x + prediction.v * mean;
  }
  static Combination euler(const Node& t, const Node& s, const Combination& x, const Combination& mean) {
    const Stage step = ode_step(t, s);
    return step.a * x + step.b * mean;
  }
};

}  // namespace azula
