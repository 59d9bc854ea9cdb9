/// \file
/// States of Eigen::half and Eigen::bfloat16.

#include <Eigen/Core>
#include <unsupported/Eigen/CXX11/Tensor>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <functional>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "azula/azula.hpp"
#include "azula/guide.hpp"
#include "azula/method/any_method.hpp"
#include "azula/sample/parallel.hpp"
#include "azula/state/float_predictions.hpp"
#include "catch.hpp"
#include "support/any.hpp"
#include "support/complaint.hpp"
#include "support/golden.hpp"

namespace {

using Eigen::bfloat16;
using Eigen::half;
using Values = Eigen::ArrayXd;

template <class T>
constexpr int digits = std::is_same_v<T, half> ? 11 : 8;  // of a value, the leading one included

/// The distance between neighbours of T at a value.
template <class T>
double unit(double value) {
  const int smallest = std::is_same_v<T, half> ? -24 : -133;
  return std::ldexp(1.0, value == 0 ? smallest : std::max(smallest, std::ilogb(value) + 1 - digits<T>));
}

template <class T>
Eigen::ArrayXX<T> narrow(const Eigen::ArrayXXf& x) {
  return x.template cast<T>();
}

template <class A>
bool same_bits(const A& a, const A& b) {
  return a.size() == b.size() &&
         std::memcmp(a.data(), b.data(), static_cast<std::size_t>(a.size()) * sizeof(*a.data())) == 0;
}

template <class T, class X>
Eigen::ArrayX<T> flat(const X& x) {
  return Eigen::Map<const Eigen::ArrayX<T>>(x.data(), static_cast<Eigen::Index>(x.size()));
}



AnyDenoiser<Values> exact(const GoldenCase& golden) {
  using In_double = AnyDenoiser<Values>;
  const GoldenDenoiser& d = golden.denoiser;
  if (d.name == "gaussian") {
    return In_double(azula::GaussianDenoiser(Values(d["mean"]), Values(d["var"]), golden.schedule));
  }
  if (d.name == "mixture") {
    return In_double(azula::MixtureDenoiser(d["weights"], d["means"].transpose(), d["variances"], golden.schedule));
  }
  return In_double(azula::KarrasDenoiser(
      [d](const Values& x, double c) {
        const Values hidden = (d["w1"] * x.matrix() + d["wt"] * c + d["b1"]).array().tanh();
        return Values((d["w2"] * hidden.matrix() + d["b2"]).array());
      },
      golden.schedule));
}

azula::AnyMethod method(const GoldenCase& golden) {
  std::string name = golden.method;
  azula::MethodOptions options;
  for (const auto& [key, value] : golden.options) {
    if (key == "order") name += std::to_string(static_cast<int>(value));
    else options[key] = value;
  }
  return azula::AnyMethod(name, options);
}

struct Worst {
  double units = 0;          ///< error of a state, in units of the type at max(1, |state|)
  double amplification = 1;  ///< how much larger than a new state the terms are whose sum it is
  double rounding = 0;       ///< of a stage without noise, in units of the new state, less what float arithmetic may lose
};

/// Advances by hand, with means in double that are rounded to float.
template <class T>
Worst run(const GoldenCase& golden) {
  const auto denoiser = exact(golden);
  const azula::Sampler sampler(std::ref(denoiser), method(golden),
                               {.start = golden.start, .stop = golden.stop, .steps = golden.steps, .silent = true});
  azula::ReplaySource noise(golden.noise);
  const Eigen::ArrayX<T> start = Values(golden.trajectory.col(0)).cast<float>().cast<T>();
  auto run = sampler.start(azula::FloatPredictions{start});
  const auto state = [&] { return Values(run.state().values.template cast<double>()); };
  std::vector<Values> remembered;
  Worst worst;
  Eigen::Index reached = 0;
  for (const azula::Stage& stage : sampler.stages()) {
    Values mean(start.size());
    const Values x = state();
    denoiser(x, run.time(), mean);
    run.mean() = mean.cast<float>();
    mean = run.mean().template cast<double>();
    const std::ptrdiff_t step = run.step();
    run.advance(noise);
    Values sum = stage.a * x + stage.b * mean, terms = (stage.a * x).abs() + (stage.b * mean).abs();
    for (std::size_t j = 0; j < static_cast<std::size_t>(stage.older); ++j) {
      sum += stage.h[j] * remembered[remembered.size() - 1 - j];
      terms += (stage.h[j] * remembered[remembered.size() - 1 - j]).abs();
    }
    remembered.push_back(stage.u * x + stage.v * mean);
    const Values next = state();
    worst.amplification = std::max(worst.amplification, (terms / next.abs().max(1.0)).maxCoeff());
    for (Eigen::Index i = 0; stage.c == 0 && i < next.size(); ++i) {
      const double lost = std::ldexp(4 * terms(i), -24);
      worst.rounding = std::max(worst.rounding, (std::fabs(next(i) - sum(i)) - lost) / unit<T>(next(i)));
    }
    if (run.step() == step) continue;
    const Values expected = golden.trajectory.col(++reached);
    for (Eigen::Index i = 0; i < next.size(); ++i) {
      const double size = std::ldexp(std::max(1.0, std::fabs(expected(i))), 1 - digits<T>);
      worst.units = std::max(worst.units, std::fabs(next(i) - expected(i)) / size);
    }
  }
  REQUIRE(reached + 1 == golden.trajectory.cols());
  return worst;
}

/// Data from N(0.4, 0.3), by the closed form, for states of every type: in float.
const azula::CosineSchedule schedule;
const azula::GaussianDenoiser gaussian(0.4, 0.3, schedule);

}  // namespace

TEMPLATE_TEST_CASE("16 bits are widened and rounded like Eigen does it, for every value", "[half]", half, bfloat16) {
  using T = TestType;
  using Packet = Eigen::internal::packet_traits<float>::type;
  constexpr std::size_t width = Eigen::internal::packet_traits<float>::size;
  int wrong = 0;
  const auto word = [](const T& value) { return std::bit_cast<std::array<std::uint8_t, 2>>(value); };
  for (std::uint32_t from = 0; from < 65536; from += width) {
    std::array<T, width> in{}, out{};
    std::array<float, width> wide{};
    for (std::size_t i = 0; i < width; ++i) {
      const auto bits = static_cast<std::uint16_t>(from + i);
      std::memcpy(static_cast<void*>(&in[i]), &bits, 2);
    }
    const Packet packet = azula::Storage<T>::template load<Packet>(in.data());
    azula::Storage<T>::store(out.data(), packet);
    Eigen::internal::pstoreu(wide.data(), packet);
    for (std::size_t i = 0; i < width; ++i) {
      const float expected = static_cast<float>(in[i]);
      const bool nan = azula::is_nan(expected);
      const bool same = std::bit_cast<std::uint32_t>(wide[i]) == std::bit_cast<std::uint32_t>(expected);
      wrong += nan ? !azula::is_nan(wide[i]) : !same;
      wrong += nan ? !azula::is_nan(out[i]) : word(out[i]) != word(in[i]);
    }
  }
  for (std::uint64_t from = 0; from < std::uint64_t{1} << 32; from += 1009 * width) {
    std::array<float, width> in{};
    std::array<T, width> out{};
    for (std::size_t i = 0; i < width; ++i) in[i] = std::bit_cast<float>(static_cast<std::uint32_t>(from + 37 * i));
    azula::Storage<T>::store(out.data(), Eigen::internal::ploadu<Packet>(in.data()));
    for (std::size_t i = 0; i < width; ++i) {
      wrong += azula::is_nan(in[i]) ? !azula::is_nan(out[i]) : word(out[i]) != word(T(in[i]));
    }
  }
  CHECK(wrong == 0);
}

TEMPLATE_TEST_CASE("a golden run of 16 bits with float predictions is off by the rounding of its states", "[half]", half,
                   bfloat16) {
  const auto cases = golden_cases();
  REQUIRE(cases.size() == 295);
  int within_4_units = 0;
  for (const GoldenCase& golden : cases) {
    CAPTURE(golden.label);
    const Worst worst = run<TestType>(golden);
    CAPTURE(worst.amplification);
    CHECK(worst.rounding <= 0.5);  // each stage is the sum that it says, rounded once
    CHECK(worst.units <= 4 * worst.amplification);
    within_4_units += worst.units <= 4;
  }
  CAPTURE(within_4_units);
  CHECK(within_4_units >= 240);  // all but extrapolations over coarse grids, whose terms are many times their sum
}

TEMPLATE_TEST_CASE("a run of 16 bits gives the same bits in every type of state", "[half]", half, bfloat16) {
  using T = TestType;
  constexpr Eigen::Index count = 24;
  const azula::Sampler sampler(gaussian, azula::DDIM{.eta = 0.5}, {.steps = 10, .silent = true});
  Eigen::ArrayX<T> start(count);
  azula::NormalSource source(1);
  azula::fill_state(start, source, 1);
  const Eigen::ArrayXXd draws = Eigen::ArrayXXd::Random(count, 10);
  const auto drawn = [&](const auto& x) {
    azula::ReplaySource<double> random(draws);
    return sampler(x, random);
  };
  const Eigen::ArrayX<T> expected = drawn(start);
  REQUIRE_FALSE(same_bits(expected, start));
  const auto check = [&](auto x) {
    std::copy_n(start.data(), count, x.data());
    CHECK(same_bits(flat<T>(drawn(x)), expected));
  };
  check(Eigen::ArrayXX<T>(6, 4));
  check(Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic>(4, 6));
  check(Eigen::Array<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>(6, 4));
  check(Eigen::Array<T, 24, 1>());
  check(Eigen::Tensor<T, 3>(2, 3, 4));
  check(Eigen::Tensor<T, 4, Eigen::RowMajor>(4, 3, 2, 1));
  check(Eigen::TensorFixedSize<T, Eigen::Sizes<6, 4>>());

  Eigen::ArrayX<T> memory = start;
  CHECK(drawn(Eigen::Map<Eigen::ArrayXX<T>>(memory.data(), 6, 4)).data() == memory.data());
  CHECK(same_bits(memory, expected));
  memory = start;
  const Eigen::TensorMap<Eigen::Tensor<T, 3>> tensor(memory.data(), 2, 3, 4);
  drawn(tensor);
  CHECK(same_bits(memory, expected));

  const Eigen::ArrayX<T> wide = drawn(azula::FloatPredictions{start}).values;
  memory = start;
  drawn(azula::FloatPredictions{Eigen::Map<Eigen::ArrayX<T>>(memory.data(), count)});
  CHECK(same_bits(memory, wide));
  Eigen::Tensor<T, 3> cube(2, 3, 4);
  std::copy_n(start.data(), count, cube.data());
  CHECK(same_bits(flat<T>(drawn(azula::FloatPredictions{cube}).values), wide));
}

TEMPLATE_TEST_CASE("a stage of 16 bits with noise is that of floats, rounded once", "[half]", half, bfloat16) {
  using T = TestType;
  for (const Eigen::Index size : {1, 7, 64, 1029}) {
    const azula::Sampler sampler(gaussian, azula::EulerAncestral{}, {.steps = 3, .silent = true});
    azula::NormalSource random(7), same(7);
    Eigen::ArrayXX<T> x(size, 2);
    sampler.init(x, random);
    same.skip(1);
    auto narrow_run = sampler.start(x);
    auto wide_run = sampler.start(Eigen::ArrayXXf(x.template cast<float>()));
    narrow_run.mean() = (x.template cast<float>() / 2).template cast<T>();
    wide_run.mean() = narrow_run.mean().template cast<float>();
    narrow_run.advance(random);
    wide_run.advance(same);
    CHECK(same_bits(Eigen::ArrayXX<T>(wide_run.state().template cast<T>()), narrow_run.state()));
  }
}

TEMPLATE_TEST_CASE("noise of every kind of source is a rounded float", "[half]", half, bfloat16) {
  using T = TestType;
  const azula::Sampler sampler(gaussian, azula::DDPM{}, {.start = 0.9, .stop = 0.1, .steps = 4, .silent = true});
  const auto check = [&](auto source) {
    auto same = source;
    Eigen::ArrayXX<T> x(30, 2);
    Eigen::ArrayXXf wide(30, 2);
    azula::fill_state(x, source, 0.9);
    azula::fill_state(wide, same, 0.9);
    CHECK(same_bits(x, narrow<T>(wide)));
    const Eigen::ArrayXXf result = sampler(x, source).template cast<float>(), expected = sampler(wide, same);
    CHECK((result - expected).abs().maxCoeff() < 4 * std::ldexp(1.0F, 1 - digits<T>));
  };
  check(azula::NormalSource(3));
  check(azula::BrownianSource(3, azula::time_clock()));
  check(std::mt19937_64(3));
  check(azula::ReplaySource<float>(Eigen::ArrayXXf::Random(60, 10)));
}

TEST_CASE("a method whose coefficients are beyond the range of half says so", "[half]") {
  const azula::VESchedule wide{.sigma_min = 1e-3, .sigma_max = 1e12};
  const azula::Sampler sampler(azula::GaussianDenoiser(0.0, 1.0, wide), azula::zAB<2>{}, std::vector{1.0, 0.95, 0.5});
  const std::string what = complaint<std::invalid_argument>([&] { sampler.start(Eigen::ArrayX<half>(3)); });
  CAPTURE(what);
  CHECK(what.starts_with("azula::Sampler: the coefficients of zAB<2> must fit the scalar of the state, at most 65504, "));
  CHECK(complaint([&] { sampler.start(Eigen::ArrayX<bfloat16>(3)); }).empty());
  CHECK(complaint([&] { sampler.start(Eigen::ArrayXf(3)); }).empty());
  Eigen::ArrayX<half> x(3);
  CHECK(complaint([&] { sampler.init(x, azula::NormalSource(1)); }).find("the initial state must fit its scalar") !=
        std::string::npos);
}

TEMPLATE_TEST_CASE("a mean of 16 bits that is not finite is seen, in every place", "[half]", half, bfloat16) {
  using T = TestType;
  const azula::Sampler sampler(gaussian, azula::DDIM{}, {.steps = 3, .silent = true});
  for (const float bad : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
    for (Eigen::Index place = 0; place < 37; ++place) {
      auto run = sampler.start(Eigen::ArrayX<T>(Eigen::ArrayX<T>::Zero(37)));
      run.mean().setZero();
      run.mean()(place) = T(bad);
      CHECK(complaint([&] { run.advance(); }).find("must be finite") != std::string::npos);
    }
  }
  auto run = sampler.start(Eigen::ArrayX<T>(Eigen::ArrayX<T>::Zero(37)));
  run.mean().setConstant((std::numeric_limits<T>::max)());
  CHECK(complaint([&] { run.advance(); }).empty());
}

TEMPLATE_TEST_CASE("a sample of 16 bits does not depend on its batch or on threads, to the last bit", "[half]", half,
                   bfloat16) {
  using Batch = Eigen::ArrayXX<TestType>;
  const azula::Sampler sampler(gaussian, azula::DPMSolverMultistepSDE<2>{},
                               {.start = 0.9, .stop = 0.1, .steps = 5, .silent = true});
  for (const Eigen::Index size : {3, 17, 1030}) {
    azula::NormalSource random(5), again(5);
    Batch all(size, 5);
    sampler.init(all, random);
    again.skip(1);
    const Batch parallel = azula::parallel(sampler, all, again, 2), whole = sampler(all, random);
    CHECK(same_bits(parallel, whole));
    for (Eigen::Index j = 0; j < 5; ++j) {
      azula::NormalSource own(5, j);
      Batch one(size, 1);
      sampler.init(one, own);
      CHECK(same_bits(one, Batch(all.col(j))));
      CHECK(same_bits(Batch(sampler(one, own)), Batch(whole.col(j))));
    }
  }
}

TEMPLATE_TEST_CASE("denoisers and guidance of 16 bits calculate in float", "[half]", half, bfloat16) {
  using T = TestType;
  const auto network = [](const auto& input, double, auto& output) {
    using S = azula::scalar_t<std::remove_cvref_t<decltype(output)>>;
    output = (input.template cast<float>() * 0.5F + 0.25F).template cast<S>();
  };
  const azula::KarrasDenoiser positive(network, schedule);
  const azula::GuidedDenoiser guided(positive, gaussian, 3.0, {.rescale = 0.5});
  const Eigen::ArrayXX<T> x = narrow<T>(Eigen::ArrayXXf::Random(40, 3));
  const Eigen::ArrayXXf wide = x.template cast<float>();
  const auto near = [&](const auto& denoiser, double units) {
    Eigen::ArrayXX<T> mean(40, 3);
    Eigen::ArrayXXf expected(40, 3);
    azula::evaluate(denoiser, x, 0.5, mean);
    azula::evaluate(denoiser, wide, 0.5, expected);
    const auto distance = (mean.template cast<float>() - expected).abs() / expected.abs().max(1.0F);
    return distance.maxCoeff() <= units * std::ldexp(1.0, 1 - digits<T>);
  };
  CHECK(near(gaussian, 0.5));
  CHECK(near(positive, 1.5));  // the scaled input, the output and the mean are rounded
  CHECK(near(guided, 8));      // differences of rounded means, three times
}
