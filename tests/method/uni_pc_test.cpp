#include "azula/method/uni_pc.hpp"

#include <Eigen/LU>

#include <cmath>
#include <vector>

#include "azula/method/z_eab.hpp"
#include "catch.hpp"
#include "support/complaint.hpp"
#include "support/trajectory.hpp"

using azula::UniPC;
using azula::UniPCVariant;

namespace {

/// Algorithms 5 to 8 of the paper in the data form, with the half weights of its short cuts.
class Reference {
 public:
  Reference(int order, bool b2, bool lower_order_final) : order_(order), b2_(b2), lower_(lower_order_final) {}

  /// Step i, from the predicted state at t to that at s.
  void operator()(std::size_t i, const Point& t, const Point& s, double& x) {
    const double m = network(x, t.t);
    if (i > 0) x = corrected(t, m);
    means_.insert(means_.begin(), m);
    nodes_.insert(nodes_.begin(), t);
    const int left = static_cast<int>(points().size() - 1 - i);
    used_ = std::min({order_, static_cast<int>(i) + 1, lower_ ? left : order_});
    start_ = x;
    x = step(s, used_ - 1, {}, {});
  }

 private:
  double corrected(const Point& t, double m) const { return step(t, used_ - 1, {1.0}, {m - means_[0]}); }

  /// From start_ at nodes_[0] to s, with `older` older nodes and, for the corrector, r = 1 and D = m - m_0.
  double step(const Point& s, int older, std::vector<double> r_new, std::vector<double> d_new) const {
    const Point& t = nodes_[0];
    const double h = s.lambda - t.lambda, hh = -h;
    std::vector<double> r, d;
    for (int k = 1; k <= older; ++k) {
      const auto at = static_cast<std::size_t>(k);
      r.push_back((nodes_[at].lambda - t.lambda) / h);
      d.push_back((means_[at] - means_[0]) / r.back());
    }
    r.insert(r.end(), r_new.begin(), r_new.end());
    d.insert(d.end(), d_new.begin(), d_new.end());
    const auto n = static_cast<Eigen::Index>(r.size());
    const double phi = std::expm1(hh), B = b2_ ? std::expm1(hh) : hh;
    double moment = phi / hh - 1, factorial = 1;
    Eigen::MatrixXd R(n, n);
    Eigen::VectorXd b(n);
    for (Eigen::Index i = 0; i < n; ++i) {
      for (Eigen::Index k = 0; k < n; ++k)
        R(i, k) = std::pow(r[static_cast<std::size_t>(k)], static_cast<double>(i));
      b(i) = moment * factorial / B;
      factorial *= static_cast<double>(i + 2);
      moment = moment / hh - 1 / factorial;
    }
    if (n == 0) return s.sigma / t.sigma * start_ - s.alpha * phi * means_[0];
    const Eigen::VectorXd weights =
        n == 1 ? Eigen::VectorXd::Constant(1, 0.5) : Eigen::VectorXd(R.fullPivLu().solve(b));
    double x = s.sigma / t.sigma * start_ - s.alpha * phi * means_[0];
    for (Eigen::Index k = 0; k < n; ++k) x -= s.alpha * B * weights(k) * d[static_cast<std::size_t>(k)];
    return x;
  }

  int order_;
  bool b2_, lower_;
  std::vector<double> means_;  // newest first
  std::vector<Point> nodes_;
  double start_ = 0;
  int used_ = 1;
};

template <int N>
void check_order() {
  for (const bool b2 : {true, false}) {
    for (const bool lower : {true, false}) {
      INFO("order " << N << (b2 ? ", B2" : ", B1") << (lower ? ", lower order at the end" : ""));
      const UniPC<N> method{b2 ? UniPCVariant::B2 : UniPCVariant::B1, lower};
      CHECK(difference(method, Reference(N, b2, lower)) < 1e-10);
    }
  }
}

}  // namespace

TEST_CASE("UniPC is the paper's, B1 and B2, orders 1 to 4", "[unipc]") {
  check_order<1>();
  check_order<2>();
  check_order<3>();
  check_order<4>();
}

TEST_CASE("B1, B2 and the exact weights differ in the short cuts alone", "[unipc]") {
  const auto last = [](UniPCVariant variant, auto order) {
    return trajectory(UniPC<decltype(order)::value>{variant, false}).back();
  };
  const std::integral_constant<int, 2> two;
  CHECK(std::fabs(last(UniPCVariant::B1, two) - last(UniPCVariant::B2, two)) > 1e-6);
  CHECK(std::fabs(last(UniPCVariant::exact, two) - last(UniPCVariant::B2, two)) > 1e-6);
  // From the third step on, where neither has a short cut left, a predictor of order 3 is the same for all.
  std::vector<double> times;
  for (const Point& p : points()) times.push_back(p.t);
  const azula::TimeGrid grid(straight, times);
  const auto b1 = stages_of(erased(UniPC<3>{UniPCVariant::B1, false}), grid);
  const auto exact = stages_of(erased(UniPC<3>{UniPCVariant::exact, false}), grid);
  for (std::size_t i = 3; i < exact.size(); ++i) {
    CHECK(std::fabs(b1[i].a - exact[i].a) < 1e-14);
    CHECK(std::fabs(b1[i].b - exact[i].b) < 1e-12);
    for (std::size_t j = 0; j < 3; ++j) CHECK(std::fabs(b1[i].h[j] - exact[i].h[j]) < 1e-12);
  }
}

TEST_CASE("with exact weights UniPC is the corrected xEAB", "[unipc]") {
  const auto a = trajectory(UniPC<3>{UniPCVariant::exact, false}),
             b = trajectory(azula::Corrected{azula::xEAB<3>{}});
  for (std::size_t i = 0; i < a.size(); ++i) CHECK(std::fabs(a[i] - b[i]) < 1e-12);
}

TEST_CASE("a compat form has no corrector", "[unipc]") {
  CHECK(complaint<std::invalid_argument>([] { azula::Corrected{azula::xEAB<2>{.compat = true}}.check(); }) ==
        "azula::Corrected: a compat form has no corrector, compat, got 1");
}

TEST_CASE("UniPC in the noise form with its system solved is zEAB corrected", "[uni_pc]") {
  using azula::ExponentialNoiseForm, azula::UniPCVariant;
  const auto same = [](const auto& a, const auto& b) {
    const std::vector<double> x = trajectory(a), y = trajectory(b);
    double largest = 0;
    for (std::size_t i = 0; i < x.size(); ++i) largest = std::fmax(largest, std::fabs(x[i] - y[i]));
    return largest < 1e-13;
  };
  CHECK(same(azula::UniPC<3, ExponentialNoiseForm>{UniPCVariant::exact, false}, azula::Corrected{azula::zEAB<3>{}}));
  CHECK(same(azula::UniPC<2, ExponentialNoiseForm>{UniPCVariant::exact, false}, azula::Corrected{azula::zEAB<2>{}}));
  CHECK_FALSE(same(azula::UniPC<2, ExponentialNoiseForm>{}, azula::UniPC<2>{}));
}

TEST_CASE("UniPC leaves the steps uncorrected that it is told", "[uni_pc]") {
  std::vector<std::ptrdiff_t> all;
  for (std::ptrdiff_t i = 0; i < 8; ++i) all.push_back(i);
  const auto stages = [](const auto& method) {
    return stages_of(erased(method), azula::TimeGrid(straight, {0.9, 0.7, 0.5, 0.3, 0.1}));
  };
  const auto none = stages(azula::UniPC<2>{.uncorrected = all}), plain = stages(azula::UniP<2>{azula::UniPCVariant::B2});
  const auto one = stages(azula::UniPC<2>{.uncorrected = {1}}), every = stages(azula::UniPC<2>{});
  for (std::size_t i = 0; i < plain.size(); ++i) {
    CHECK(none[i].b == plain[i].b);
    CHECK((one[i].b == plain[i].b) == (i == 0 || i == 2));  // step 2 starts from what step 1 led to
    CHECK((one[i].b == every[i].b) == (i != 2));
  }
}
