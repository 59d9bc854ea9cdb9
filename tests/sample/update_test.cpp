#include "azula/sample/update.hpp"

#include <Eigen/Core>

#include <cstddef>
#include <limits>

#include "catch.hpp"

namespace {

template <class T>
using Values = Eigen::ArrayX<T>;

constexpr azula::Stage stage{.a = 0.75, .b = 0.5, .u = -1.5, .v = 2, .older = 2, .h = {0.25, -0.125}};

/// One update of n values; what `run` returned.
template <class T, bool Remember, int Size = Eigen::Dynamic>
bool update(Values<T>& x, Values<T>& m, const Values<T>& p, const Values<T>& q) {
  return azula::Update<T, 2, Remember>::template run<Size>(stage, x.data(), m.data(), {p.data(), q.data()}, x.size());
}

}  // namespace

TEMPLATE_TEST_CASE("an update of any length is the sum that it says, in every place", "[update]", float, double) {
  using T = TestType;
  for (Eigen::Index n = 1; n <= 70; ++n) {
    CAPTURE(n);
    // Numbers of few digits: every order of the sum is exact.
    const Values<T> x = Values<T>::LinSpaced(n, 1, T(n)), m = x.reverse() - T(8), p = 3 - x, q = x + 16;
    const Values<T> next = T(0.75) * x + T(0.5) * m + T(0.25) * p - T(0.125) * q, prediction = T(-1.5) * x + T(2) * m;
    Values<T> state = x, mean = m;
    REQUIRE(update<T, false>(state, mean, p, q));
    REQUIRE((state == next).all());
    REQUIRE((mean == m).all());
    state = x;
    REQUIRE(update<T, true>(state, mean, p, q));
    REQUIRE((state == next).all());
    REQUIRE((mean == prediction).all());
  }
}

TEMPLATE_TEST_CASE("an update sees NaN and infinity in every place, and no others", "[update]", float, double) {
  using T = TestType;
  using Limits = std::numeric_limits<T>;
  const auto finite = [](Eigen::Index n, Eigen::Index place, T value) {
    const Values<T> zero = Values<T>::Zero(n);
    Values<T> x = zero, m = zero, y = zero, k = zero;
    m(place) = k(place) = value;
    const bool kept = update<T, false>(x, m, zero, zero);
    if (n == 3) REQUIRE(update<T, false, 3>(y, k, zero, zero) == kept);
    return kept;
  };
  for (Eigen::Index n = 1; n <= 70; ++n) {
    for (Eigen::Index place = 0; place < n; ++place) {
      CAPTURE(n, place);
      for (const T bad : {Limits::quiet_NaN(), Limits::infinity(), -Limits::infinity()}) {
        REQUIRE_FALSE(finite(n, place, bad));
      }
      REQUIRE(finite(n, place, Limits::max()));
    }
  }
}

TEMPLATE_TEST_CASE("an update of means whose sum overflows is told from one of infinite means", "[update]", float,
                   double) {
  using T = TestType;
  for (Eigen::Index n = 1; n <= 70; ++n) {
    const Values<T> zero = Values<T>::Zero(n);
    Values<T> x = zero, m = Values<T>::Constant(n, std::numeric_limits<T>::max());
    REQUIRE(update<T, false>(x, m, zero, zero));
    m(n - 1) = std::numeric_limits<T>::infinity();
    REQUIRE_FALSE(update<T, false>(x, m, zero, zero));
  }
}

TEST_CASE("noise is added in every place", "[update]") {
  for (Eigen::Index n = 1; n <= 37; ++n) {
    Eigen::ArrayXf x = Eigen::ArrayXf::LinSpaced(n, 1, float(n));
    const Eigen::ArrayXf noise = x.reverse(), expected = x + 0.5F * noise;
    azula::add_noise(x.data(), noise.data(), 0.5F, n);
    REQUIRE((x == expected).all());
  }
}
