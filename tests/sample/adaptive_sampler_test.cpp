#include "azula/sample/adaptive_sampler.hpp"

#include <cmath>
#include <functional>
#include <limits>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

#include "azula/denoise/function_denoiser.hpp"
#include "azula/denoise/mixture_denoiser.hpp"
#include "azula/method/corrected.hpp"
#include "azula/sample/sampler.hpp"
#include "azula/time.hpp"
#include "catch.hpp"
#include "orders/flows.hpp"
#include "support/complaint.hpp"

namespace {

constexpr double start = 0.95, stop = 0.02;

using Batch = Eigen::ArrayXXd;  // a sample of one value per column

/// The mixture of flows.hpp, whose flow is known exactly.
auto mixture() {
  const auto column = [](const long double(&values)[2]) {
    return Eigen::ArrayXd(Eigen::Array2d(static_cast<double>(values[0]), static_cast<double>(values[1])));
  };
  return azula::MixtureDenoiser(column(MixtureData::weight), column(MixtureData::mean).matrix().transpose(),
                                column(MixtureData::variance), order_schedule);
}

Batch batch() {
  return Eigen::ArrayXd::LinSpaced(40, -2.2, 2.1).transpose();
}

Batch exact(const Batch& x, double t) {
  return mixture_flow().exact(Eigen::ArrayXd(x.row(0).transpose()), start, t).transpose();
}

double error(const Batch& got, double t = stop) {
  return std::sqrt((got - exact(batch(), t)).square().mean());
}

azula::AdaptiveOptions options(double tolerance) {
  return {.start = start, .stop = stop, .relative_tolerance = tolerance, .absolute_tolerance = tolerance};
}

auto sampler(double tolerance) {
  return azula::AdaptiveSampler(mixture(), options(tolerance));
}

/// The fewest evaluations with which the same pair of formulas reaches an error on a fixed grid; at most
/// `most`.
template <class Times>
int fewest(double wanted, int most, Times&& times) {
  for (int steps = 2; steps < most; ++steps) {
    const azula::Sampler fixed(mixture(), azula::Corrected{azula::xEAB<3>{}}, times(steps));
    if (error(fixed(batch())) <= wanted) return steps;
  }
  return most;
}

int fewest_on_any_grid(double wanted, int most) {
  const auto log_snr = [](int n) { return azula::log_snr_times(order_schedule, {start, stop, n}); };
  const auto cosine = [](int n) { return azula::cosine_times(order_schedule, {start, stop, n}); };
  const auto linear = [](int n) { return azula::linear_times({start, stop, n}); };
  const auto karras = [](double rho) {
    return [=](int n) {
      return azula::karras_times(order_schedule, {.start = start, .stop = stop, .steps = n, .rho = rho});
    };
  };
  const auto poly = [](int n) {
    return azula::polyexponential_times(order_schedule,
                                        {.start = start, .stop = stop, .steps = n, .rho = 1.3});
  };
  int best = fewest(wanted, most, log_snr);
  best = fewest(wanted, best, cosine);
  best = fewest(wanted, best, linear);
  best = fewest(wanted, best, karras(7));
  best = fewest(wanted, best, karras(3));
  return fewest(wanted, best, poly);
}

}  // namespace

TEST_CASE("the error of an adaptive run follows the tolerance over six decades", "[adaptive]") {
  std::vector<double> logs;
  for (double tolerance = 1e-2; tolerance > 0.5e-8; tolerance /= 10) {
    const double e = error(sampler(tolerance)(batch()).state);
    INFO("tolerance " << tolerance);
    CHECK(e < tolerance);
    CHECK(e > tolerance / 30);
    logs.push_back(std::log10(e));
  }
  // Errors per step are controlled; their number grows like the tolerance to the power -1/4, its sum falls
  // like 3/4.
  for (std::size_t i = 0; i + 4 < logs.size(); ++i)
    CHECK(std::fabs((logs[i] - logs[i + 4]) / 4 - 0.825) < 0.125);
}

TEST_CASE("an adaptive run asks at most half as often again as the best fixed grid", "[adaptive][long]") {
  for (const double tolerance : {1e-2, 1e-3, 1e-4, 1e-5}) {
    const auto result = sampler(tolerance)(batch());
    const auto evaluations = static_cast<double>(result.evaluations);
    INFO("tolerance " << tolerance << ", evaluations " << evaluations);
    CHECK(evaluations <= 1.5 * fewest_on_any_grid(error(result.state), static_cast<int>(evaluations) + 1));
  }
}

TEST_CASE("an adaptive run goes from data to noise, too, and comes back", "[adaptive]") {
  azula::AdaptiveOptions up = options(1e-6);
  std::swap(up.start, up.stop);
  const Batch data = exact(batch(), stop);
  const Batch noise = azula::AdaptiveSampler(mixture(), up)(data).state;
  CHECK((noise - batch()).abs().maxCoeff() < 1e-4);
  CHECK((sampler(1e-6)(noise).state - data).abs().maxCoeff() < 1e-4);
}

TEST_CASE("evaluations are the first one and one per step tried", "[adaptive]") {
  std::ptrdiff_t calls = 0;
  const auto inner = mixture();
  const azula::FunctionDenoiser counted(
      [&](const Batch& x, double t, Batch& mean) { ++calls, inner(x, t, mean); }, order_schedule);
  azula::AdaptiveOptions long_first = options(1e-5);
  long_first.first_step = 3;
  const auto result = azula::AdaptiveSampler(counted, long_first)(batch());
  CHECK(result.evaluations == calls);
  CHECK(result.evaluations == 1 + result.steps + result.rejected);
  CHECK(result.rejected > 0);
  CHECK(error(result.state) < 1e-5);
}

TEST_CASE("other orders are as accurate, higher ones with fewer evaluations", "[adaptive]") {
  const auto run = [](auto order) {
    return azula::AdaptiveSampler<decltype(mixture()), decltype(order)::value>(mixture(),
                                                                               options(1e-6))(batch());
  };
  const auto two = run(std::integral_constant<int, 2>{}), five = run(std::integral_constant<int, 5>{});
  CHECK(error(two.state) < 1e-6);
  CHECK(error(five.state) < 1e-6);
  CHECK(five.evaluations < two.evaluations / 2);
}

TEST_CASE("tolerances below the rounding of the state are refused before the run", "[adaptive]") {
  int calls = 0;
  const auto shrunk = [&](const auto& x, double, auto& mean) {
    ++calls;
    mean = (0.5f * x.template cast<float>()).template cast<typename std::remove_cvref_t<decltype(mean)>::Scalar>();
  };
  const azula::FunctionDenoiser denoiser(std::ref(shrunk), order_schedule);
  const auto said = [&](auto scalar, double tolerance) {
    const Eigen::ArrayXX<decltype(scalar)> x = batch().cast<decltype(scalar)>();
    return complaint([&] { azula::AdaptiveSampler(denoiser, options(tolerance))(x); });
  };
  const std::string rule = "azula::AdaptiveSampler: relative_tolerance + absolute_tolerance/(size of the values, at least 1) "
                           "must be at least 1.5 times the epsilon of the state's scalar, ";
  CHECK(said(Eigen::bfloat16(), 1e-3).starts_with(rule + "0.01171875; raise the tolerances, or use a state of float, got 0.0"));
  CHECK(said(Eigen::half(), 1e-4).starts_with(rule + "0.00146484375; raise the tolerances, or use a state of float, got 0.0"));
  CHECK(said(0.0f, 1e-8).starts_with(rule + "1.788139343e-07; raise the tolerances, or use a state of double, got "));
  CHECK(calls == 0);
  CHECK(said(Eigen::bfloat16(), 3e-2).empty());
  CHECK(said(Eigen::half(), 4e-3).empty());
  CHECK(said(0.0f, 1e-6).empty());
  // A sample of one value is rounded by more than the tolerance allows, which no mean over values hides.
  CHECK(said(Eigen::half(), 1e-3).ends_with("; in a state of 16 bits such tolerances may be below the rounding: raise them, or "
                                            "use a state of float"));
}

TEST_CASE("a mean that is not finite ends the run and names the time", "[adaptive]") {
  for (const double bad : {std::nan(""), std::numeric_limits<double>::infinity()}) {
    const auto inner = mixture();
    const azula::FunctionDenoiser broken(
        [=](const Batch& x, double t, Batch& mean) {
          inner(x, t, mean);
          if (t < 0.5) mean(0, 3) = bad;
        },
        order_schedule);
    const std::string said =
        complaint<std::runtime_error>([&] { azula::AdaptiveSampler(broken, options(1e-4))(batch()); });
    CHECK(said.find("azula::AdaptiveSampler: the mean must be finite, got NaN or infinity in sample 3, at time 0.4") == 0);
  }
  Batch x = batch();
  x(0, 7) = std::nan("");
  CHECK(complaint<std::runtime_error>([&] { sampler(1e-3)(x); })
            .find("azula::AdaptiveSampler: the mean must be finite, got NaN or infinity in sample 7, where the state was not "
                  "finite before, at time ") == 0);
}

TEST_CASE("a network that is broken from the start ends the run at once", "[adaptive]") {
  int calls = 0;
  const azula::FunctionDenoiser broken(
      [&](const Batch&, double, Batch& mean) { ++calls, mean.setConstant(NAN); }, order_schedule);
  CHECK(complaint<std::runtime_error>([&] {
          azula::AdaptiveSampler(broken, options(1e-4))(batch());
        }).find("got NaN") != std::string::npos);
  CHECK(calls <= 2);
}

TEST_CASE("more evaluations than allowed are an error that names the time", "[adaptive]") {
  azula::AdaptiveOptions few = options(1e-6);
  few.max_evaluations = 20;
  const std::string said =
      complaint<std::runtime_error>([&] { azula::AdaptiveSampler(mixture(), few)(batch()); });
  CHECK(said.find("azula::AdaptiveSampler: more than max_evaluations, 20, at time 0.") == 0);
}

TEST_CASE("an observer sees a chain of steps and may end the run", "[adaptive]") {
  double last = start;
  std::ptrdiff_t seen = 0;
  const auto whole = sampler(1e-4)(batch(), [&](const auto& step) {
    CHECK(step.from().t == last);
    CHECK(step.to().t < last);
    last = step.to().t;
    ++seen;
  });
  CHECK(last == stop);
  CHECK(seen == whole.steps);

  Batch at_end;
  const auto part = sampler(1e-4)(batch(), [&](const auto& step) {
    last = step.to().t;
    at_end = step.result();
    return last > 0.5;
  });
  CHECK(part.steps < whole.steps);
  CHECK((last < 0.5 && last > stop));
  CHECK((part.state == at_end).all());
  CHECK(error(part.state, last) < 1e-4);
}

TEST_CASE("dense output is as accurate as the steps, and continuous", "[adaptive]") {
  for (const double tolerance : {1e-3, 1e-5, 1e-7}) {
    double largest = 0;
    sampler(tolerance)(batch(), [&](const auto& step) {
      CHECK((step.at(step.from().t, order_schedule) - step.state()).abs().maxCoeff() == 0);
      CHECK((step.at(step.to().t, order_schedule) - step.result()).abs().maxCoeff() < 1e-12);
      for (const double share : {0.25, 0.5, 0.75}) {
        const double t = step.from().t + share * (step.to().t - step.from().t);
        largest = std::fmax(largest, error(step.at(t, order_schedule), t));
      }
    });
    CHECK(largest < tolerance);
  }
}

TEST_CASE("float states reach what float can hold", "[adaptive]") {
  const Eigen::ArrayXXf x = batch().cast<float>();
  const auto result = sampler(1e-5)(x);
  static_assert(std::is_same_v<decltype(result.state), Eigen::ArrayXXf>);
  CHECK(error(result.state.cast<double>()) < 2e-5);
}

TEST_CASE("errors are those of the worst sample, or of the batch", "[adaptive]") {
  // One sample in the valley between the components bends, the other ones hardly do.
  Batch x = Batch::Constant(1, 200, -2.5);
  x(0, 7) = 0.05;
  azula::AdaptiveOptions each = options(1e-5), whole = options(1e-5);
  whole.norm = azula::ErrorNorm::batch;
  const azula::AdaptiveSampler per_sample(mixture(), each), per_batch(mixture(), whole);
  CHECK(per_batch(x).evaluations < per_sample(x).evaluations);
  const double alone = per_sample(Batch(x.col(7))).state(0, 0);
  CHECK(std::fabs(per_sample(x).state(0, 7) - alone) < 2e-5);
}

TEST_CASE("options of an adaptive run are checked", "[adaptive]") {
  const auto said = [](azula::AdaptiveOptions o) {
    return complaint<std::invalid_argument>([&] { azula::AdaptiveSampler(mixture(), o); });
  };
  CHECK(said({.start = 0.5, .stop = 0.5}) == "azula::AdaptiveSampler: start must be finite and differ from stop, got 0.5");
  CHECK(said({.relative_tolerance = -1}) ==
        "azula::AdaptiveSampler: relative_tolerance must be at least 0, got -1");
  CHECK(said({.absolute_tolerance = 0}) ==
        "azula::AdaptiveSampler: absolute_tolerance must be positive, got 0");
  CHECK(said({.first_step = 0}) == "azula::AdaptiveSampler: first_step must be positive, got 0");
  CHECK(said({.max_evaluations = 0}) == "azula::AdaptiveSampler: max_evaluations must be positive, got 0");
  CHECK(said({.relative_tolerance = NAN}).find("got nan") != std::string::npos);
  const auto both = [](double first, double last) {
    const azula::MixtureDenoiser ends(Eigen::ArrayXd::Ones(1), Eigen::MatrixXd::Zero(1, 1),
                                      Eigen::ArrayXd::Ones(1),
                                      azula::RectifiedSchedule{.alpha_min = 0, .sigma_min = 0});
    return complaint<std::invalid_argument>(
        [&] { azula::AdaptiveSampler(ends, {.start = first, .stop = last}); });
  };
  CHECK(both(1, 0.1) ==
        "azula::AdaptiveSampler: alpha and sigma must be positive at start and stop; move start inwards, got start = 1, "
        "where alpha = 0 and sigma = 1");
  CHECK(both(0.9, 0) ==
        "azula::AdaptiveSampler: alpha and sigma must be positive at start and stop; move stop inwards, got stop = 0, "
        "where alpha = 1 and sigma = 0");
}

TEST_CASE("the result of an adaptive run has the order of a fixed run's", "[adaptive]") {
  const auto [state, steps, evaluations, rejected] = sampler(1e-3)(batch());
  CHECK(state.cols() == 40);
  CHECK(evaluations == steps + rejected + 1);
}
