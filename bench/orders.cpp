/// \file
/// Measures the order of every method, and writes docs/orders.md.
///
///     azula_orders > docs/orders.md

#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

#include "orders/order_table.hpp"

namespace {

std::string number(double value) {
  if (std::isnan(value)) return "–";
  if (std::isinf(value)) return "exact";
  char text[32];
  std::snprintf(text, sizeof text, "%.2f", value);
  return text;
}

void heading(const char* title, const char* text) {
  std::printf("\n## %s\n%s\n\n", title, text);
}

void table(const std::vector<OrderRow>& rows) {
  std::puts("| method | starting values | claimed | Gaussian | mixture |\n|---|---|---|---|---|");
  for (const OrderRow& row : rows) {
    std::printf("| %s | %s | %g | %s | %s |\n", row.subject.method.name.c_str(), row.start.c_str(),
                row.claimed, number(flow_order(row.subject, gaussian_flow())).c_str(),
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

Written by `bench/orders.cpp`; `tests/orders/orders_test.cpp` holds every row to a whole number within 0.15.

The order is the power of the step with which the error at the end of a run falls: log2 of the ratio of the
errors when the number of steps is doubled, on the finest grids whose error is clear of rounding. The
schedule is rectified (α_min = σ_min = 0.01), the times are even from 0.8 to 0.2: neither log σ/α nor σ/α is
even along them. Both flows are known exactly, without another solver:

- **Gaussian**: eleven values of variances 0.02 to 0.64; the flow scales the distance from the mean.
- **mixture**: 0.4 N(-1, 0.16) + 0.6 N(0.8, 0.25) in one dimension, where the flow keeps the mass below a
  point.

"exact" starting values: the first states, as many as the method looks back, are put on the exact flow. "its
own": the method begins with order 1 and ramps up, as it does for a user. "claimed" is the order that the
method's authors give, with the corrector where there is one.
)";

// What each table shows. Lines end where they do in the page, the first one is empty.
constexpr const char* one_step = R"(
As claimed, but for DPMSolverSinglestep<3>, which ends with an Euler step on grids of 3 k and 3 k + 1 steps and
is of order 2 there; with 3 k + 2 it is of order 3. "order kept" is `lower_order_final = false`. DPMSolver3S is
of third order for r_2 = 2/3 only. HeunPP2 has weights that are those of no quadrature. VelocityMidpoint is of
third order on Gaussian data, where y is the root of a parabola in σ/(α + σ) and the leading error of the rule
vanishes.)";

constexpr const char* multistep = R"(
Of the claimed order from exact starting values. **From their own start none is above order 2**: the Euler
step at the beginning leaves an error of order h² that nothing after it takes away. This holds for every
implementation of DPM-Solver, DEIS and LMS that starts with Euler. Orders above 6 have no row, as double
leaves no room between the first grids and rounding; their weights are tested on polynomials instead.)";

constexpr const char* started = "\nRunge–Kutta steps of order N - 1 at the beginning restore the order N.";

constexpr const char* compat = R"(
`compat` has the weights that most implementations have. **Their third-order multistep DPM-Solver and
DPM-Solver++ are of order 2**: the second difference has half of its weight. The midpoint form of 2M keeps
its order.

**With `lower_order_final` every method is of order 2**, as its last step is Euler's; for few steps it is
still the better choice on grids that end in a long step.)";

constexpr const char* corrected = R"(
One order more than the method inside, from exact starting values. **From its own start it is of order 3
at most**: the first step is corrected by the trapezoidal rule, whose error is of order h³.)";

constexpr const char* uni_pc = R"(
The predictor of order p with its corrector has order p + 1, if the starting values have it. With its own
start it is of order 3 at most. **With the defaults, `lower_order_final` among them, it is of order 2 for
every p**: the last step is an Euler step, and nothing corrects it. "order kept" is
`lower_order_final = false`.)";

constexpr const char* stochastic_text = R"(
For Gaussian data all stages are linear, and the law of the result is followed exactly, without sampling:
six variances, 0.02 to 2. "mean, given the start" is E[x_s | x_t] against that of the reverse SDE with the
method's η (exact: to rounding, on any grid; – : the SDE is not of that family), "variance" that of the
result, which should be the data's. "strong": the root mean square difference between n and 2 n steps on
one Brownian path in log σ/α. On other data an order may be smaller than on these, not greater.

**Strong orders are 1 throughout**, 0 where there is no order at all, whatever is claimed: the increments of a
path do not tell more. SASolver<3> comes near it slowly; its mean for τ = 0.5 has the order 3 of its starting
values. **No order of the variance is above 2**: SEEDS3 and the multistep methods of order 3 interpolate means along a
path that is rough, which the derivations for the deterministic part leave out. The ancestral methods of two
evaluations are of order 2 in the law of the result, but of order 1 in how it depends on the start. A multistep
method in Ancestral is of order 1: what it remembers lies on the other side of the noise.)";

constexpr const char* none = R"(
PC with a fixed δ has a bias of order δ that more steps do not remove, and so has churn with γ at its
limit √2 - 1. Renoise and TCD replace all or a fixed share of the noise in every step, however short, so that
with the mean E[X | x_t] they converge to something else than the data; they are for networks that lead to the
data in one step. Churn with a fixed s_churn, and Restart with as many steps per way down as there are in the
grid, keep the order of a one-step method inside, measured as above on the variance: 1 for Churned{Euler}, 2
for Heun and DPM2, 3 for Churned{DPMSolver3S}. Multistep methods in Churned are of order 1.)";

}  // namespace

int main() {
  std::fputs(introduction, stdout);
  heading("One-step methods", one_step);
  table(one_step_rows());
  heading("Multistep methods", multistep);
  table(multistep_rows());
  heading("Started", started);
  table(started_rows());
  heading("Widespread forms, lower order at the end", compat);
  table(compat_rows());
  heading("Corrected", corrected);
  table(corrected_rows());
  heading("UniPC", uni_pc);
  table(uni_pc_rows());
  heading("Stochastic methods", stochastic_text);
  table(stochastic_rows());
  heading("No order", none);
}
