#pragma once
/// \file
/// Methods as the reference has them where it is at odds with the library's own: orders, weights, churn.

#include <cmath>
#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "azula/denoise/preconditioning.hpp"
#include "azula/method/any_method.hpp"

namespace azula::diffusers {

/// A method whose last step is another one's, as with `euler_at_final`.
struct WithLastStep {
  static constexpr int history = AnyMethod::history;

  AnyMethod method, last;

  std::string name() const { return method.name(); }
  void check() const {
    method.check();
    last.check();
  }
  void append(std::vector<Stage>& stages, const TimeGrid& grid, std::size_t i) const {
    (i + 2 == grid.size() ? last : method).append(stages, grid, i);
  }
};

/// A multistep method of order 3 with weights of its own there only, and the inner method's in its second step.
template <class M, class Third>
struct WithThirdOrder {
  static constexpr int order = 3;
  static constexpr int history = 3;

  M second;
  Third third;
  bool lower_order_final = false;

  std::string name() const { return second.name(); }
  void check() const {}
  auto form(const TimeGrid& grid) const { return second.form(grid); }

  template <class F>
  NodeWeights weights(const F& form, const OtherNodes& others, const Node& t, const Node& s) const {
    return others.count < 2 ? weights_of(second, form, others, t, s) : third(form, others, t, s);
  }
  void append(std::vector<Stage>& stages, const TimeGrid& grid, std::size_t i) const {
    append_multistep(*this, stages, grid, i);
  }
};

/// The third order of sde-dpmsolver++: a sign of its second difference is the wrong way round, which costs an order.
struct FaultyThirdOrder {
  NodeWeights operator()(const ExponentialDataForm& form, const OtherNodes& others, const Node& t, const Node& s) const {
    const double h = difference(form, t, s), r_0 = -others.at[0] / h, r_1 = (others.at[0] - others.at[1]) / h;
    const double e = -std::expm1(-2 * h);  // 1 - e^-2h
    const double first = s.alpha * (1 - e / (2 * h)), second = s.alpha * ((e - 2 * h) / (4 * h * h) - 0.5);
    const double share = (first * r_0 + second) / (r_0 + r_1);  // of the difference of both slopes
    return {-first / r_0 - share * (1 / r_0 + 1 / r_1), share / r_1};
  }
};

/// The widespread third order, see widespread_weights().
struct WidespreadThirdOrder {
  template <class F>
  NodeWeights operator()(const F& form, const OtherNodes& others, const Node& t, const Node& s) const {
    return widespread_weights(form, others, t, s);
  }
};

/// Euler with the reference's churn: the network sees the state before noise is added, and the step goes on from after it.
///
///     x̂ = x_t + s_noise √(ρ̂² - ρ_t²) ε,    x_s = x̂ + (ρ_s/ρ̂ - 1) (x̂ - skip x̂ - out F)
///
/// with F what the network said of x_t, and skip and out those of ρ̂, or of ρ_t for v-prediction. States have α = 1.
struct LateChurnEuler {
  static constexpr int history = 1;

  Churn churn;
  std::function<Preconditioning(const Scales&)> prediction;
  bool at_raised = true;  ///< skip and out are those of ρ̂

  std::string name() const { return "Euler"; }
  void check() const { churn.check("Churn"); }

  void append(std::vector<Stage>& stages, const TimeGrid& grid, std::size_t i) const {
    const Node& t = grid[i];
    const Node& s = grid[i + 1];
    const bool inside = t.sigma >= churn.s_min && t.sigma <= churn.s_max;
    const double gamma = inside ? std::fmin(churn.s_churn / static_cast<double>(grid.size() - 1), std::sqrt(2.0) - 1) : 0;
    if (!(gamma > 0)) return stages.push_back(ode_step(t, s));
    grid.require_falling("Churn");
    const double raised = (1 + gamma) * t.sigma, far = s.sigma / raised - 1;
    const Preconditioning seen = prediction({1, t.sigma}), used = prediction({1, at_raised ? raised : t.sigma});
    // The mean that the step goes by is skip x̂ + out F, and F = (m - skip_t x_t)/out_t.
    const double of_mean = used.out / seen.out, of_state = used.skip - of_mean * seen.skip;
    const double deviation = churn.s_noise * std::sqrt((raised - t.sigma) * (raised + t.sigma));
    stages.push_back({.time = t.t,
                      .next = s.t,
                      .a = 1 + far - far * of_state,
                      .b = -far * of_mean,
                      .c = (1 + far - far * used.skip) * deviation});
  }
};

/// DPM-Solver multistep in one of its forms.
struct DPMForm {
  bool midpoint;           ///< the second order's shortcut, else exact
  bool lower_order_final;
  bool compat;             ///< the reference's third orders

  /// \param algorithm  as the key algorithm_type has it
  AnyMethod method(const std::string& algorithm, std::ptrdiff_t order) const {
    if (algorithm == "dpmsolver++") return deterministic<xEAB<1>, xEAB<2>, xEAB<3>>(order);
    if (algorithm == "dpmsolver") return deterministic<zEAB<1>, zEAB<2>, zEAB<3>>(order);
    if (algorithm == "sde-dpmsolver++") return with_noise(order);
    return noise_form(order);
  }

 private:
  template <class First, class Second, class Third>
  AnyMethod deterministic(std::ptrdiff_t order) const {
    if (order == 1) return First{};
    const Second second{.lower_order_final = lower_order_final, .compat = midpoint};
    if (order == 2) return second;
    if (!compat) return Third{.lower_order_final = lower_order_final};
    return WithThirdOrder<Second, WidespreadThirdOrder>{second, {}, lower_order_final};
  }
  AnyMethod with_noise(std::ptrdiff_t order) const {
    if (order == 1) return DPMSolverMultistepSDE<1>{};
    const DPMSolverMultistepSDE<2> second{.lower_order_final = lower_order_final, .compat = midpoint};
    if (order == 2) return second;
    if (!compat) return DPMSolverMultistepSDE<3>{.lower_order_final = lower_order_final};
    return WithThirdOrder<DPMSolverMultistepSDE<2>, FaultyThirdOrder>{second, {}, lower_order_final};
  }
  AnyMethod noise_form(std::ptrdiff_t) const { return Euler{}; }
};

}  // namespace azula::diffusers
