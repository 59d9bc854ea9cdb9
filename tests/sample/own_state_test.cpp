/// \file
/// States of types that StateTraits is specialised for: in memory of the host, and where the host cannot read.

#include <Eigen/Core>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "azula/denoise/function_denoiser.hpp"
#include "azula/denoise/gaussian_denoiser.hpp"
#include "azula/denoise/karras_denoiser.hpp"
#include "azula/denoise/network_denoiser.hpp"
#include "azula/denoise/simple_denoiser.hpp"
#include "azula/guide.hpp"
#include "azula/method.hpp"
#include "azula/random.hpp"
#include "azula/sample.hpp"
#include "catch.hpp"
#include "support/catalogue.hpp"
#include "support/complaint.hpp"
#include "support/erased_method.hpp"

namespace {

/// Values on the host, and how they are cut.
struct Rows {
  std::ptrdiff_t count = 0, length = 0;
  std::vector<double> values;
};

/// Values that nobody but StateTraits reads, as on a device, and how often they have been copied.
class Hidden {
 public:
  Hidden() = default;
  Hidden(std::ptrdiff_t count, std::ptrdiff_t length)
      : values(Eigen::ArrayXXd::Constant(length, count, std::nan(""))) {}
  Hidden(const Hidden& other) : values(other.values) { ++copies; }
  Hidden(Hidden&&) = default;
  Hidden& operator=(const Hidden& other) {
    values = other.values;
    ++copies;
    return *this;
  }
  Hidden& operator=(Hidden&&) = default;

  Eigen::ArrayXXd values;
  static inline int copies = 0;
};

}  // namespace

template <>
struct azula::StateTraits<Rows> {
  using Scalar = double;
  using Plain = Rows;
  static SampleShape shape(const Rows& x) { return {x.count, x.length}; }
  static void resize_like(Rows& out, const Rows& x) {
    out.count = x.count, out.length = x.length;
    out.values.resize(x.values.size());
  }
  static auto* data(auto& x) { return x.values.data(); }
};

template <>
struct azula::StateTraits<Hidden> {
  using Scalar = double;
  using Plain = Hidden;
  struct Memory {
    explicit Memory(const Hidden&) {}
    bool finite = true;
  };

  static inline bool late = false;        // whether means are looked at after the run only
  static inline int drawn_elsewhere = 0;  // how often noise was not made on the host

  static SampleShape shape(const Hidden& x) { return {x.values.cols(), x.values.rows()}; }
  static void resize_like(Hidden& out, const Hidden& x) {
    out.values.setConstant(x.values.rows(), x.values.cols(), std::nan(""));
  }
  static void write(Hidden& x, const double* from) {
    x.values = Eigen::Map<const Eigen::ArrayXXd>(from, x.values.rows(), x.values.cols());
  }

  static bool update(const Stage& s, Hidden& x, Hidden& m, std::span<const Hidden* const> before, Memory& memory) {
    const Eigen::ArrayXXd at = x.values;
    x.values *= s.a;
    for (std::size_t j = 0; j < before.size(); ++j) x.values += s.h[j] * before[j]->values;
    if (!s.evaluates) return true;
    x.values += s.b * m.values;
    memory.finite = memory.finite && m.values.isFinite().all();
    m.values = s.u * at + s.v * m.values;
    return late || memory.finite;
  }
  static bool finite(Memory& memory) { return memory.finite; }

  /// Word by word from the addresses, as a device makes it; for draws of other kinds there is none.
  static void add_noise(Hidden& x, double c, const NormalDraw& draw) {
    ++drawn_elsewhere;
    REQUIRE(draw.shape().size == x.values.rows());
    for (Index i = 0; i < x.values.cols(); ++i) {
      const auto [seed, number] = draw.seeds()[i];
      for (Index e = 0; e < x.values.rows(); ++e) {
        NormalBlock<8> block;
        block.place(0, seed, {number, draw.number(), draw.kind()}, static_cast<std::uint64_t>(e / 4));
        block.compute();
        x.values(e, i) += c * block.value(0, static_cast<std::size_t>(e % 4));
      }
    }
  }
};

namespace {

constexpr std::ptrdiff_t count = 3, length = 7;

/// x ↦ a mean that is not linear, value by value, for each of the types.
struct Model {
  azula::VPSchedule vp;
  const auto& schedule() const { return vp; }

  double mean(double x, double t) const { return 0.5 * std::tanh(x) + 0.2 * x * t + 0.1; }
  void operator()(const Eigen::ArrayXXd& x, double t, Eigen::ArrayXXd& m) const {
    m = x.unaryExpr([&](double v) { return mean(v, t); });
  }
  void operator()(const Rows& x, double t, Rows& m) const {
    std::transform(x.values.begin(), x.values.end(), m.values.begin(), [&](double v) { return mean(v, t); });
  }
  void operator()(const Hidden& x, double t, Hidden& m) const { (*this)(x.values, t, m.values); }
};

/// A method of the catalogue for a sampler: one type for all.
struct Listed {
  static constexpr int history = azula::max_older + 1;
  ErasedMethod method;

  const std::string& name() const { return method.name; }
  void check() const { method.check(); }
  void append(std::vector<azula::Stage>& stages, const azula::TimeGrid& grid, std::size_t i) const {
    method.append(stages, grid, i);
  }
};

Rows rows() { return {count, length, std::vector<double>(count * length)}; }

Eigen::ArrayXXd values(const Rows& x) { return Eigen::Map<const Eigen::ArrayXXd>(x.values.data(), x.length, x.count); }

/// The state after the noise of `random` and all steps.
template <class Sampler, class X, class Source>
X drawn(const Sampler& sampler, X x, Source random) {
  sampler.init(x, random, 0.3, 0.5);
  return sampler(std::move(x), random);
}

}  // namespace

TEST_CASE("a state of one's own gives what Eigen's gives, with every method", "[own_state]") {
  std::vector<NamedMethod> methods = all_multistep_methods();
  for (NamedMethod& method : all_other_methods()) methods.push_back(std::move(method));
  REQUIRE(methods.size() > 150);
  for (const NamedMethod& named : methods) {
    CAPTURE(named.method.name);
    const azula::Sampler sampler(Model{}, Listed{named.method},
                                 {.start = 0.9, .stop = 0.01, .steps = 24, .silent = true});
    const Eigen::ArrayXXd expected = drawn(sampler, Eigen::ArrayXXd(length, count), azula::NormalSource(5));
    const double size = std::max(1.0, expected.abs().maxCoeff());  // some methods diverge on so few steps
    REQUIRE(size < 1e8);
    REQUIRE((values(drawn(sampler, rows(), azula::NormalSource(5))) == expected).all());  // to the last bit
    // Other sums in another order.
    const Hidden hidden = drawn(sampler, Hidden(count, length), azula::NormalSource(5));
    const double error = (hidden.values - expected).abs().maxCoeff();
    REQUIRE(error < 1e-9 * size);
  }
}

TEST_CASE("noise of every kind reaches a state of one's own", "[own_state]") {
  const azula::Sampler sampler(Model{}, azula::DDIM{.eta = 0.7},
                               {.start = 0.9, .stop = 0.1, .steps = 9, .silent = true});
  const auto check = [&](const auto& source) {
    const Eigen::ArrayXXd expected = drawn(sampler, Eigen::ArrayXXd(length, count), source);
    CHECK((values(drawn(sampler, rows(), source)) == expected).all());
    CHECK((drawn(sampler, Hidden(count, length), source).values - expected).abs().maxCoeff() < 1e-13);
  };
  check(azula::NormalSource(3));
  check(azula::BrownianSource(3, azula::time_clock()));
  check(azula::ReplaySource<double>(Eigen::ArrayXXd::Random(count * length, 10)));
  check(std::mt19937_64(3));

  azula::StateTraits<Hidden>::drawn_elsewhere = 0;
  drawn(sampler, Hidden(count, length), azula::NormalSource(3));
  CHECK(azula::StateTraits<Hidden>::drawn_elsewhere == 9);
}

TEST_CASE("a run copies a state of one's own once, or not at all", "[own_state]") {
  const azula::Sampler sampler(Model{}, azula::DDPM{}, {.start = 0.9, .stop = 0.1, .steps = 5, .silent = true});
  azula::NormalSource random(1);
  Hidden x(count, length);
  sampler.init(x, random);
  Hidden::copies = 0;
  sampler(x, random);
  CHECK(Hidden::copies == 1);
  sampler(std::move(x), random);
  CHECK(Hidden::copies == 1);
}

TEST_CASE("a mean of one's own type that is not finite is an error, at once or after the run", "[own_state]") {
  const auto poisoned = [](const auto& x, double t, auto& mean) {
    Model{}(x, t, mean);
    if (t > 0.45 && t < 0.55) mean.values = decltype(mean.values)(mean.values * std::nan(""));
  };
  const azula::FunctionDenoiser denoiser(poisoned, azula::VPSchedule{});
  const azula::Sampler sampler(denoiser, azula::DDIM{}, {.start = 0.9, .stop = 0.1, .steps = 8, .silent = true});
  const auto what = [&](const auto& s) {
    return complaint([&] { drawn(s, Hidden(count, length), azula::NormalSource(1)); });
  };
  CHECK(what(sampler).find("got NaN or infinity in step 4 of DDIM, at time 0.5") != std::string::npos);
  azula::StateTraits<Hidden>::late = true;
  CHECK(what(sampler).find("in one of the steps of DDIM, seen after the last") != std::string::npos);
  azula::StateTraits<Hidden>::late = false;
  const azula::Sampler careless(denoiser, azula::DDIM{},
                                {.start = 0.9, .stop = 0.1, .steps = 8, .silent = true, .check_finite = false});
  CHECK(what(careless).empty());
}

TEST_CASE("a mean of one's own type must have the shape of the state", "[own_state]") {
  const azula::Sampler sampler(Model{}, azula::DDIM{}, {.start = 0.9, .stop = 0.1, .steps = 8, .silent = true});
  auto run = sampler.start(Hidden(count, length));
  run.mean() = Hidden(count, 2);
  CHECK(complaint([&] { run.advance(); }) == "azula::Run: the mean must have the shape of the state, 7 x 3, got 2 x 3");
  CHECK_FALSE(run.failed());
}

TEST_CASE("observers, forks and means see a state of one's own", "[own_state]") {
  const azula::Sampler sampler(Model{}, azula::zAB<3>{}, {.start = 0.9, .stop = 0.1, .steps = 8, .silent = true});
  Hidden x(count, length);
  sampler.init(x, azula::NormalSource(1));
  int seen = 0;
  const auto result = sampler.run(x, [&](const azula::StepInfo& step, const Hidden& x_s, const Hidden& mean) {
    CHECK(mean.values.isFinite().all());
    CHECK(x_s.values.isFinite().all());
    ++seen;
    return step.index < 4;
  });
  CHECK(seen == 5);
  CHECK(result.steps == 5);

  auto run = sampler.start(x);
  const auto step = [&](auto& of) {
    sampler.denoiser()(of.state(), of.time(), of.mean());
    of.advance();
  };
  for (int i = 0; i < 3; ++i) step(run);
  auto fork = run;
  while (!run.done()) step(run);
  while (!fork.done()) step(fork);
  CHECK((run.state().values == fork.state().values).all());
  CHECK((run.state().values == sampler(x).values).all());
}

TEST_CASE("guidance works on states of one's own, and on those that the host cannot read without rescaling",
          "[own_state]") {
  const auto other = [](const auto& x, double t, auto& mean) { Model{}(x, t / 2, mean); };
  const azula::FunctionDenoiser negative(other, azula::VPSchedule{});
  const auto sampler = [&](double rescale) {
    const azula::GuidedDenoiser guided(Model{}, negative, 2.5, {.rescale = rescale});
    return azula::Sampler(guided, azula::zAB<2>{}, {.start = 0.9, .stop = 0.1, .steps = 8, .silent = true});
  };
  const Eigen::ArrayXXd expected = drawn(sampler(0), Eigen::ArrayXXd(length, count), azula::NormalSource(5));
  CHECK((values(drawn(sampler(0), rows(), azula::NormalSource(5))) == expected).all());
  CHECK((drawn(sampler(0), Hidden(count, length), azula::NormalSource(5)).values - expected).abs().maxCoeff() < 1e-12);
  CHECK((values(drawn(sampler(0.5), rows(), azula::NormalSource(5))) != expected).any());
  CHECK(complaint([&] { drawn(sampler(0.5), Hidden(count, length), azula::NormalSource(5)); }) ==
        "azula::Guidance: rescale must be 0 for states that the host cannot read, got 0.5");
}

TEST_CASE("denoisers around networks scale states that the host cannot read", "[own_state]") {
  const auto network = [](const Eigen::ArrayXXd& in, double c, Eigen::ArrayXXd& out) { out = in.tanh() + 0.1 * c; };
  const auto hidden = [&](const Hidden& in, double c, Hidden& out) { network(in.values, c, out.values); };
  const auto check = [&](const auto& of_arrays, const auto& of_hidden) {
    const auto sampler = [](const auto& denoiser) {
      return azula::Sampler(denoiser, azula::zAB<2>{}, {.start = 0.9, .stop = 0.1, .steps = 8, .silent = true});
    };
    const Eigen::ArrayXXd expected =
        drawn(sampler(of_arrays), Eigen::ArrayXXd(length, count), azula::NormalSource(5));
    const Hidden found = drawn(sampler(of_hidden), Hidden(count, length), azula::NormalSource(5));
    CHECK((found.values - expected).abs().maxCoeff() < 1e-13);
  };
  const azula::VPSchedule vp;
  check(azula::KarrasDenoiser(network, vp), azula::KarrasDenoiser(hidden, vp));
  check(azula::SimpleDenoiser(network, vp), azula::SimpleDenoiser(hidden, vp));
  check(azula::NetworkDenoiser(network, vp, azula::FlowPrediction{}),
        azula::NetworkDenoiser(hidden, vp, azula::FlowPrediction{}));
  check(azula::NetworkDenoiser(network, vp, azula::EDMPrediction{}),
        azula::NetworkDenoiser(hidden, vp, azula::EDMPrediction{}));
}

TEST_CASE("what calculates on the host does so with a state of one's own on it", "[own_state]") {
  const azula::GaussianDenoiser gaussian(0.4, 0.3, azula::CosineSchedule{});
  const Eigen::ArrayXXd x = Eigen::ArrayXXd::Random(length, count);
  Rows own = rows();
  std::copy_n(x.data(), x.size(), own.values.begin());
  const auto same = [](const Rows& a, const Eigen::ArrayXXd& b) { return (values(a) == b).all(); };

  const azula::AdaptiveSampler adaptive(gaussian, {.start = 0.9, .stop = 0.1});
  CHECK(same(adaptive(own).state, adaptive(x).state));
  const azula::ClampedDenoiser clamped(gaussian, -0.1, 0.5);
  const azula::MaskedDenoiser masked(clamped, Eigen::ArrayXd(Eigen::ArrayXd::LinSpaced(length, 0, 1)), 2.0);
  const azula::Sampler sampler(masked, azula::Restart{azula::Heun{}}, {.steps = 8, .silent = true});
  azula::NormalSource random(1), again(1);
  CHECK(same(sampler(own, random), sampler(x, again)));
}
