/// \file
/// One run in every type of state.

#include <Eigen/Core>
#include <unsupported/Eigen/CXX11/Tensor>

#include <cmath>
#include <string>
#include <vector>

#include "azula/denoise/function_denoiser.hpp"
#include "azula/denoise/gaussian_denoiser.hpp"
#include "azula/denoise/karras_denoiser.hpp"
#include "azula/denoise/mixture_denoiser.hpp"
#include "azula/method/ddim.hpp"
#include "azula/method/z_ab.hpp"
#include "azula/noise/cosine_schedule.hpp"
#include "azula/random.hpp"
#include "azula/sample/sampler.hpp"
#include "catch.hpp"

namespace {

using azula::Index;
using Eigen::Dynamic;
using Eigen::RowMajor;

constexpr Index count = 24;
const azula::CosineSchedule schedule;

template <class T>
Eigen::ArrayX<T> start() {
  Eigen::ArrayX<T> x(count);
  azula::NormalSource(1).fill(x);
  return x;
}

Eigen::ArrayXXd draws() {
  Eigen::ArrayXXd x(count, 10);
  azula::NormalSource(2).fill(x.reshaped());
  return x;
}

/// The same for every shape: data that are Gaussian and alike in all values, noise in the order of memory.
template <class X>
auto draw(X&& x) {
  const azula::Sampler sampler(azula::GaussianDenoiser(0.4, 0.3, schedule), azula::DDIM{.eta = 0.5},
                               {.steps = 10});
  azula::ReplaySource random(draws());
  return sampler(std::forward<X>(x), random);
}

template <class X>
Eigen::ArrayX<azula::scalar_t<X>> values(const X& x) {
  return Eigen::Map<const Eigen::ArrayX<azula::scalar_t<X>>>(x.data(), static_cast<Index>(x.size()));
}

/// A state of type X with the values of start().
template <class X, class... Sizes>
X filled(Sizes... sizes) {
  X x(sizes...);
  values(x) = start<azula::scalar_t<X>>();
  Eigen::Map<Eigen::ArrayX<azula::scalar_t<X>>>(x.data(), count) = start<azula::scalar_t<X>>();
  return x;
}

template <class Result>
void require_same(const Result& result, const Eigen::ArrayX<azula::scalar_t<Result>>& expected) {
  REQUIRE(static_cast<Index>(result.size()) == count);
  REQUIRE((values(result) == expected).all());
}

}  // namespace

TEST_CASE("a run gives the same values in every type of state", "[states]") {
  const Eigen::ArrayXd expected = draw(start<double>());
  REQUIRE((expected != start<double>()).all());
  const auto check = [&](const auto& x) { require_same(draw(x), expected); };

  SECTION("arrays and matrices, dynamic and fixed, by columns and by rows") {
    check(filled<Eigen::ArrayXXd>(6, 4));
    check(filled<Eigen::VectorXd>(count));
    check(filled<Eigen::MatrixXd>(4, 6));
    check(filled<Eigen::Array<double, Dynamic, Dynamic, RowMajor>>(6, 4));
    check(filled<Eigen::RowVectorXd>(count));
    check(filled<Eigen::Array<double, 24, 1>>());
    check(filled<Eigen::Matrix<double, 6, 4, RowMajor>>());
    check(filled<Eigen::Array<double, 6, Dynamic>>(6, 4));
  }
  SECTION("tensors of ranks 1 to 4, by columns and by rows") {
    check(filled<Eigen::Tensor<double, 1>>(count));
    check(filled<Eigen::Tensor<double, 2>>(6, 4));
    check(filled<Eigen::Tensor<double, 3>>(2, 3, 4));
    check(filled<Eigen::Tensor<double, 4>>(1, 2, 3, 4));
    check(filled<Eigen::Tensor<double, 4, RowMajor>>(4, 3, 2, 1));
    check(filled<Eigen::TensorFixedSize<double, Eigen::Sizes<6, 4>>>());
  }
  SECTION("expressions, and views of memory that must not change") {
    const Eigen::ArrayXd memory = start<double>(), half = memory / 2;
    check(2 * half);
    check(Eigen::Map<const Eigen::ArrayXXd>(memory.data(), 6, 4));
    check(Eigen::TensorMap<const Eigen::Tensor<double, 3>>(memory.data(), 2, 3, 4));
    check(Eigen::TensorMap<Eigen::Tensor<const double, 3>>(memory.data(), 2, 3, 4));
    check(Eigen::Ref<const Eigen::ArrayXd>(memory));
    check(memory.segment(0, count));
    REQUIRE((memory == start<double>()).all());
  }
  SECTION("views of memory that is advanced in place") {
    Eigen::ArrayXd memory = start<double>();
    REQUIRE(draw(Eigen::Map<Eigen::ArrayXXd>(memory.data(), 6, 4)).data() == memory.data());
    REQUIRE((memory == expected).all());

    memory = start<double>();
    const Eigen::TensorMap<Eigen::Tensor<double, 3>> tensor(memory.data(), 2, 3, 4);
    REQUIRE(draw(tensor).data() == memory.data());
    REQUIRE((memory == expected).all());

    memory = start<double>();
    Eigen::Map<Eigen::Matrix<double, 6, 4>> fixed(memory.data());
    draw(fixed);
    REQUIRE((memory == expected).all());
  }
}

TEST_CASE("a run in float gives the same values in every type of state", "[states]") {
  Eigen::ArrayXf memory = start<float>();
  const Eigen::ArrayXf expected = draw(memory);
  const auto check = [&](const auto& x) { require_same(draw(x), expected); };
  check(filled<Eigen::MatrixXf>(6, 4));
  check(filled<Eigen::Array<float, 6, 4, RowMajor>>());
  check(filled<Eigen::Tensor<float, 3>>(2, 3, 4));
  draw(Eigen::Map<Eigen::ArrayXXf>(memory.data(), 6, 4));
  REQUIRE((memory == expected).all());
}

TEST_CASE("float gives what double gives, rounded", "[states]") {
  REQUIRE((draw(start<float>()).cast<double>() - draw(Eigen::ArrayXd(start<float>().cast<double>())))
              .abs()
              .maxCoeff() < 1e-5);
}

TEST_CASE("small states of fixed size give what dynamic ones do", "[states]") {
  const auto check = []<int Size>(std::integral_constant<int, Size>, auto scalar) {
    using T = decltype(scalar);
    using Fixed = Eigen::Array<T, Size, 1>;
    const Fixed x = start<T>().head(Size);
    const azula::Sampler sampler(azula::GaussianDenoiser(0.4, 0.3, schedule), azula::zAB<3>{}, {.steps = 10});
    const Fixed result = sampler(x);
    const Eigen::ArrayX<T> expected = sampler(Eigen::ArrayX<T>(x));
    // Scalar instructions may be fused where packets are not.
    REQUIRE((result - expected).abs().maxCoeff() <= 64 * std::numeric_limits<T>::epsilon());
  };
  check(std::integral_constant<int, 1>(), 0.0);
  check(std::integral_constant<int, 3>(), 0.0);
  check(std::integral_constant<int, 3>(), 0.0f);
  check(std::integral_constant<int, 7>(), 0.0f);
}

TEST_CASE("a state is moved in, not copied, and never changed behind the caller's back", "[states]") {
  Eigen::ArrayXd x = start<double>();
  const double* memory = x.data();
  const Eigen::ArrayXd result = draw(std::move(x));
  REQUIRE(result.data() == memory);
  const Eigen::ArrayXd kept = start<double>();
  draw(kept);
  REQUIRE((kept == start<double>()).all());
}

TEST_CASE("one sample is a column, a row where rows are contiguous, or the slowest index of a tensor",
          "[states]") {
  const auto shape = [](const auto& x) {
    return std::pair(azula::sample_shape(x).samples, azula::sample_shape(x).size);
  };
  const auto is = [](Index samples, Index size) {
    return std::pair<std::ptrdiff_t, std::ptrdiff_t>(samples, size);
  };
  REQUIRE(shape(Eigen::ArrayXXd(6, 4)) == is(4, 6));
  REQUIRE(shape(Eigen::Array<double, Dynamic, Dynamic, RowMajor>(6, 4)) == is(6, 4));
  REQUIRE(shape(Eigen::ArrayXd(6)) == is(1, 6));
  REQUIRE(shape(Eigen::RowVectorXd(6)) == is(1, 6));
  REQUIRE(shape(Eigen::ArrayXXd(6, 1)) == is(1, 6));
  REQUIRE(shape(Eigen::Tensor<double, 4>(2, 3, 4, 5)) == is(5, 24));
  REQUIRE(shape(Eigen::Tensor<double, 4, RowMajor>(2, 3, 4, 5)) == is(2, 60));
  REQUIRE(shape(Eigen::Tensor<double, 1>(7)) == is(1, 7));
  REQUIRE(shape(Eigen::ArrayXXd(0, 3)) == is(3, 0));
  REQUIRE(shape(Eigen::Tensor<double, 2>(0, 0)) == is(0, 0));
}

TEST_CASE("an empty state runs through", "[states]") {
  const azula::Sampler sampler(azula::GaussianDenoiser(0.4, 0.3, schedule), azula::DDIM{.eta = 0.5},
                               {.steps = 3});
  azula::NormalSource random(1);
  REQUIRE(sampler(Eigen::ArrayXXd(3, 0), random).size() == 0);
  REQUIRE(sampler(Eigen::ArrayXd(0), random).size() == 0);
}

TEMPLATE_TEST_CASE("a sample does not depend on its batch, to the last bit", "[states]", double, float) {
  using Batch = Eigen::ArrayXX<TestType>;
  for (const Index size : {1, 3, 5, 17, 1030}) {
    const Eigen::MatrixXd means = Eigen::MatrixXd::Random(size, 3);
    const azula::MixtureDenoiser denoiser(Eigen::ArrayXd{{1, 2, 3}}, means, Eigen::ArrayXd{{0.1, 0.2, 0.3}},
                                          schedule);
    const azula::GaussianDenoiser gaussian(Eigen::ArrayXd(means.col(0)), 0.3, schedule);
    const auto check = [&](const auto& sampler) {
      Batch batch(size, 7);
      azula::NormalSource random(5);
      sampler.init(batch, random);
      const Batch all = sampler(batch, random);
      for (Index j = 0; j < 7; ++j) {
        CAPTURE(size, j);
        azula::NormalSource own(5, j);
        Batch one(size, 1);
        sampler.init(one, own);
        REQUIRE((one.col(0) == batch.col(j)).all());
        REQUIRE((sampler(one, own).col(0) == all.col(j)).all());
      }
    };
    check(azula::Sampler(denoiser, azula::DDIM{.eta = 0.5}, {.steps = 4}));
    check(azula::Sampler(gaussian, azula::zAB<3>{}, {.steps = 4}));
  }
}

TEST_CASE("a network that returns tensors is a denoiser of tensors", "[states]") {
  using Tensor = Eigen::Tensor<float, 4>;
  const auto network = [](const Tensor& input, double) { return Tensor(input * 0.1f); };
  const azula::KarrasDenoiser denoiser(network, schedule);
  const auto same = [](const Eigen::ArrayXf& input, double) { return Eigen::ArrayXf(input * 0.1f); };
  const Tensor x = filled<Tensor>(1, 2, 3, 4);
  const Tensor result = azula::Sampler(denoiser, azula::zAB<3>{}, {.steps = 5})(x);
  const Eigen::ArrayXf expected =
      azula::Sampler(azula::KarrasDenoiser(same, schedule), azula::zAB<3>{}, {.steps = 5})(start<float>());
  REQUIRE((values(result) == expected).all());
}

TEST_CASE("a tensor is given a mean per value, in the order of its memory", "[states]") {
  const azula::Sampler sampler(azula::GaussianDenoiser(0.0, 1.0, schedule), azula::DDIM{},
                               {.start = 0.5, .steps = 2});
  const double alpha = schedule(0.5).alpha, sigma = schedule(0.5).sigma;
  Eigen::Tensor<double, 3> x(2, 3, 4), mean(2, 3, 1);
  for (Index i = 0; i < 6; ++i) mean.data()[i] = static_cast<double>(i);
  azula::ReplaySource random(draws());
  sampler.init(x, random, mean, 0.0);
  for (Index i = 0; i < count; ++i) {
    REQUIRE(std::fabs(x.data()[i] - (alpha * static_cast<double>(i % 6) + sigma * draws()(i, 0))) < 1e-15);
  }
}
