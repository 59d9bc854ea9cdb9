/// \file
/// Writes docs/orders.md: the measured order of every method. `azula_orders > docs/orders.md`

#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

#include "few_steps/order_table.hpp"

namespace {

std::string number(double value) {
  if (std::isnan(value)) return "–";
  if (std::isinf(value)) return "exact";
  char text[32];
  std::snprintf(text, sizeof text, "%.2f", value);
  return text;
}

void heading(const char* title, const char* text) { std::printf("\n## %s\n\n%s\n\n", title, text); }

void table(const std::vector<OrderRow>& rows) {
  std::puts("| method | starting values | claimed | Gaussian | mixture |\n|---|---|---|---|---|");
  for (const OrderRow& row : rows) {
    std::printf("| %s | %s | %g | %s | %s |\n", row.subject.method.name.c_str(), row.start.c_str(), row.claimed,
                number(flow_order(row.subject, gaussian_flow())).c_str(),
                number(flow_order(row.subject, mixture_flow())).c_str());
  }
}

void table(const std::vector<StochasticRow>& rows) {
  std::puts("| method | claimed | mean, given the start | variance | strong |\n|---|---|---|---|---|");
  for (const StochasticRow& row : rows) {
    const WeakOrders weak = weak_orders(row.subject, row.eta);
    std::printf("| %s | %g | %s | %s | %s |\n", row.name.c_str(), row.claimed, number(weak.mean).c_str(),
                number(weak.variance).c_str(), number(strong_order(row.subject)).c_str());
  }
}

constexpr const char* introduction = R"(# Orders

Written by `bench/orders.cpp`; `tests/orders_test.cpp` holds every row to a whole number within 0.15.

The order is the power of the step with which the error at the end of a run falls: log2 of the ratio of the
errors when the number of steps is doubled, on the finest grids whose error is clear of rounding. The schedule is
rectified (α_min = σ_min = 0.01), the times are even from 0.8 to 0.2: neither log σ/α nor σ/α is even along them.
Both flows are known exactly, without another solver:

- **Gaussian**: eleven values of variances 0.02 to 0.64; the flow scales the distance from the mean.
- **mixture**: 0.4 N(-1, 0.16) + 0.6 N(0.8, 0.25) in one dimension, where the flow keeps the mass below a point.

"exact" starting values: the first states, as many as the method looks back, are put on the exact flow. "its own":
the method begins with order 1 and ramps up, as it does for a user. "claimed" is the order that the method's
authors give, with the corrector where there is one.
)";

}  // namespace

int main() {
  std::fputs(introduction, stdout);
  heading("One-step methods", "As claimed. DPMSolver3S is of third order for r_2 = 2/3 only.");
  table(one_step_rows());
  heading("Multistep methods",
          "Of the claimed order from exact starting values. **From their own start none is above order 2**: the Euler\n"
          "step at the beginning leaves an error of order h² that nothing after it takes away. This holds for every\n"
          "implementation of DPM-Solver, DEIS and LMS that starts with Euler. Orders above 6 have no row, as double\n"
          "leaves no room between the first grids and rounding; their weights are tested on polynomials instead.");
  table(multistep_rows());
  heading("Started", "Runge–Kutta steps of order N - 1 at the beginning restore the order N.");
  table(started_rows());
  heading("Widespread forms, lower order at the end",
          "`compat` has the weights that most implementations have. **Their third-order multistep DPM-Solver and\n"
          "DPM-Solver++ are of order 2**: the second difference has half of its weight. The midpoint form of 2M keeps\n"
          "its order.\n\n"
          "**With `lower_order_final` every method is of order 2**, as its last step is Euler's; for few steps it is\n"
          "still the better choice on grids that end in a long step.");
  table(compat_rows());
  heading("Corrected", "One order more than the method inside, from exact starting values. **From its own start it is of order 3\n"
                       "at most**: the first step is corrected by the trapezoidal rule, whose error is of order h³.");
  table(corrected_rows());
  heading("UniPC", "The predictor of order p with its corrector has order p + 1, if the starting values have it. With its own\n"
                   "start it is of order 3 at most. **With the defaults, `lower_order_final` among them, it is of order 2 for\n"
                   "every p**: the last step is an Euler step, and nothing corrects it. \"order kept\" is\n"
                   "`lower_order_final = false`.");
  table(uni_pc_rows());
  heading("Stochastic methods",
          "For Gaussian data all stages are linear, and the law of the result is followed exactly, without sampling:\n"
          "six variances, 0.02 to 2. \"mean, given the start\" is E[x_s | x_t] against that of the reverse SDE with the\n"
          "method's η (exact: to rounding, on any grid; – : the SDE is not of that family), \"variance\" that of the\n"
          "result, which should be the data's. \"strong\": the root mean square difference between n and 2 n steps on\n"
          "one Brownian path in log σ/α. On other data an order may be smaller than on these, not greater.\n\n"
          "**Strong orders are 1 throughout**, whatever is claimed: the increments of a path do not tell more. **No\n"
          "weak order is above 2**: the multistep methods N = 3 interpolate means along a path that is rough, which\n"
          "the derivations for the deterministic part leave out. SA-Solver's authors say so (strong order 1 for\n"
          "τ > 0), 3M SDE and ER-SDE-3 are called third order. The ancestral methods of two evaluations are of order 2 in the\n"
          "law of the result, but of order 1 in how it depends on the start.");
  table(stochastic_rows());
  heading("No order", "PC with a fixed δ has a bias of order δ that more steps do not remove, and so has churn with γ at its limit\n"
                      "√2 - 1. Churn with a fixed s_churn, and Restart with as many steps per way down as there are in the\n"
                      "grid, keep the order of the method inside, measured as above on the variance: 2 for Heun and DPM2.");
}
