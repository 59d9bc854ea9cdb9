#include "azula/broadcast.hpp"

#include <Eigen/Core>
#include <unsupported/Eigen/CXX11/Tensor>

#include <limits>
#include <string>

#include "azula/denoise/gaussian_denoiser.hpp"
#include "azula/guide/masked_denoiser.hpp"
#include "azula/method/euler.hpp"
#include "azula/noise/vp_schedule.hpp"
#include "azula/random.hpp"
#include "azula/sample/sampler.hpp"
#include "catch.hpp"
#include "support/complaint.hpp"

namespace {

using Eigen::ArrayXd;
using Eigen::ArrayXXd;
using Eigen::Dynamic;
using Eigen::RowMajor;
using Rows = Eigen::Array<double, Dynamic, Dynamic, RowMajor>;
template <int Rank, int Order = Eigen::ColMajor>
using Tensor = Eigen::Tensor<double, Rank, Order>;

/// What is spread over a state, as a state of that type.
template <class X, class V>
X spread(const V& values, const X& like) {
  const azula::Broadcast given("Test", "the mean", values);
  const azula::Spread over = given.over(like);
  X result = like;
  for (azula::Index i = 0; i < static_cast<azula::Index>(result.size()); ++i) result.data()[i] = over[i];
  const azula::SampleShape shape = azula::sample_shape(like);
  for (azula::Index j = 0; j < shape.samples; ++j) {
    for (azula::Index i = 0; i < shape.size; ++i) {
      REQUIRE(over.at(i, j, shape.size) == over[i + j * shape.size]);
    }
  }
  return result;
}

template <class X, class V>
std::string refusal(const V& values, const X& like) {
  return complaint<std::invalid_argument>([&] { spread(values, like); });
}

template <int Order, int Other>
Tensor<3, Order> copy(const Tensor<3, Other>& from) {
  Tensor<3, Order> to(from.dimension(0), from.dimension(1), from.dimension(2));
  for (int i = 0; i < from.dimension(0); ++i)
    for (int j = 0; j < from.dimension(1); ++j)
      for (int k = 0; k < from.dimension(2); ++k) to(i, j, k) = from(i, j, k);
  return to;
}

template <class A, class B>
bool same(const A& a, const B& b) {
  return Eigen::Map<const ArrayXd>(a.data(), static_cast<azula::Index>(a.size()))
      .isApprox(Eigen::Map<const ArrayXd>(b.data(), static_cast<azula::Index>(b.size())), 0);
}

}  // namespace

TEST_CASE("element (i, j) is that of the state, whatever the storage of either", "[broadcast]") {
  const ArrayXXd columns = ArrayXXd::Random(2, 3), state = ArrayXXd::Zero(2, 3);
  const Rows rows = columns, row_state = state;
  const ArrayXXd across = columns.transpose();
  Tensor<2> tensor(2, 3);
  Tensor<2, RowMajor> row_tensor(2, 3);
  for (int i = 0; i < 2; ++i)
    for (int j = 0; j < 3; ++j) tensor(i, j) = row_tensor(i, j) = columns(i, j);
  const auto check = [&](const auto& values) {
    REQUIRE((spread(values, state) == columns).all());
    REQUIRE((spread(values, row_state) == columns).all());
    REQUIRE(same(spread(values, tensor), tensor));
    REQUIRE(same(spread(values, row_tensor), row_tensor));
  };
  check(columns);
  check(rows);
  check(across.transpose());
  check(Eigen::MatrixXd(columns.matrix()));
  check(tensor);
  check(row_tensor);
}

TEST_CASE("so is element (i, j, k) of a tensor", "[broadcast]") {
  Tensor<3> columns(2, 3, 4);
  for (int i = 0; i < 24; ++i) columns.data()[i] = i;
  const Tensor<3, RowMajor> rows = copy<RowMajor>(columns);
  REQUIRE(rows(1, 2, 3) == columns(1, 2, 3));
  REQUIRE(same(spread(columns, columns), columns));
  REQUIRE(same(spread(rows, columns), columns));
  REQUIRE(same(spread(columns, rows), rows));
  REQUIRE(same(spread(rows, rows), rows));
}

TEST_CASE("values of one sample are a column, or have its shape", "[broadcast]") {
  const ArrayXd column{{1, 2}};
  const ArrayXXd expected = column.replicate(1, 3);
  REQUIRE((spread(column, ArrayXXd(2, 3)) == expected).all());
  REQUIRE((spread(ArrayXXd(column), ArrayXXd(2, 3)) == expected).all());
  REQUIRE((spread(column, Rows(3, 2)) == expected.transpose()).all());
  REQUIRE((spread(Eigen::RowVector2d(1, 2), Rows(3, 2)) == expected.transpose()).all());
  REQUIRE((spread(column, Eigen::Array2d(0, 0)) == column).all());
  REQUIRE((spread(column, Eigen::RowVector2d(0, 0)).transpose().array() == column).all());
  REQUIRE((spread(7, ArrayXXd(2, 3)) == 7).all());
  REQUIRE((spread(ArrayXd::Constant(1, 7), Rows(3, 2)) == 7).all());

  Tensor<3> state(2, 3, 4), one(2, 3, 1);
  Tensor<3, RowMajor> rows(4, 2, 3), one_row(1, 2, 3);
  Tensor<2> sample(2, 3);
  for (int i = 0; i < 2; ++i)
    for (int j = 0; j < 3; ++j) one(i, j, 0) = one_row(0, i, j) = sample(i, j) = 10 * i + j;
  const auto check = [&](const auto& x, const auto& of) {
    for (int i = 0; i < 2; ++i)
      for (int j = 0; j < 3; ++j)
        for (int k = 0; k < 4; ++k) REQUIRE(of(x, i, j, k) == 10 * i + j);
  };
  const auto last = [](const auto& x, int i, int j, int k) { return x(i, j, k); };
  const auto first = [](const auto& x, int i, int j, int k) { return x(k, i, j); };
  check(spread(one, state), last);
  check(spread(sample, state), last);
  check(spread(Eigen::MatrixXd(Eigen::Map<Eigen::MatrixXd>(sample.data(), 2, 3)), state), last);
  check(spread(one_row, rows), first);
  check(spread(sample, rows), first);
  const ArrayXd flat = Eigen::Map<ArrayXd>(sample.data(), 6);
  check(spread(flat, state), last);
}

TEST_CASE("what has another shape is refused, of the transposed state too", "[broadcast]") {
  const ArrayXXd state(3, 2);
  REQUIRE(refusal(ArrayXXd(2, 3), state) ==
          "azula::Test: the mean must be one number, have the shape of a sample (3) or of the state (3 x 2), got 2 x 3");
  REQUIRE(refusal(ArrayXd(6), state) ==
          "azula::Test: the mean must be one number, have the shape of a sample (3) or of the state (3 x 2), got 6 x 1");
  REQUIRE(refusal(ArrayXd(2), state) ==
          "azula::Test: the mean must be one number, have the shape of a sample (3) or of the state (3 x 2), got 2 x 1");
  REQUIRE(refusal(Eigen::RowVector3d(0, 0, 0), state) ==
          "azula::Test: the mean must be one number, have the shape of a sample (3) or of the state (3 x 2), got 1 x 3");
  // A number per sample is no number per value, of as many samples as values either.
  REQUIRE(refusal(Eigen::RowVector3d(0, 0, 0), ArrayXXd(3, 3)) ==
          "azula::Test: the mean must be one number, have the shape of a sample (3) or of the state (3 x 3), got 1 x 3");
  REQUIRE(refusal(ArrayXd(5), ArrayXXd(1, 5)) ==
          "azula::Test: the mean must be one number, have the shape of a sample (1) or of the state (1 x 5), got 5 x 1");
  REQUIRE(refusal(Tensor<3>(3, 2, 4), Tensor<3>(2, 3, 4)) ==
          "azula::Test: the mean must be one number, have the shape of a sample (6) or of the state (2 x 3 x 4), got 3 x 2 x 4");
  REQUIRE(refusal(Tensor<2>(3, 2), Tensor<3>(2, 3, 4)) ==
          "azula::Test: the mean must be one number, have the shape of a sample (6) or of the state (2 x 3 x 4), got 3 x 2");
  REQUIRE(refusal(ArrayXd(), state) == "azula::Test: the mean must not be empty, got 0 x 1");
}

TEST_CASE("a batch by rows has the mask, the mean and the variance of each of its elements", "[broadcast]") {
  const azula::VPSchedule schedule{.alpha_min = 1e-3, .sigma_min = 0};
  ArrayXXd mask = ArrayXXd::Zero(2, 3), mean(2, 3);
  mask.row(0).setOnes();  // all of sample 0 is known to be 7
  mean << 1, 2, 3, 4, 5, 6;
  const Rows x = Rows::Zero(2, 3);
  const azula::GaussianDenoiser zero(0.0, 0.0, schedule), dirac(mean, 0.0, schedule), spreads(0.0, mean, schedule);
  const auto end = [&](const auto& denoiser) {
    return azula::Sampler(denoiser, azula::Euler{}, {.steps = 8, .silent = true})(x);
  };
  REQUIRE((end(azula::MaskedDenoiser(zero, mask, 7.0)) == 7 * mask).all());
  REQUIRE((end(azula::MaskedDenoiser(zero, 1.0, mean)) == mean).all());
  REQUIRE((end(dirac) == mean).all());
  const Rows variance = spreads.posterior(x, 0.5).variance;
  const double a2 = schedule(0.5).alpha * schedule(0.5).alpha, s2 = schedule(0.5).sigma * schedule(0.5).sigma;
  REQUIRE((variance - mean * s2 / (a2 * mean + s2)).abs().maxCoeff() < 1e-15);
  const azula::GaussianPosterior by_columns{x, mean};
  const azula::GaussianPosterior by_rows{x, Rows(mean)};
  REQUIRE((by_columns.log_prob(Rows::Ones(2, 3)) == by_rows.log_prob(Rows::Ones(2, 3))).all());
  // A value is unknown where the mask of the same element is 0.
  const Rows unknown = (Rows(mask) == 0).select(std::numeric_limits<double>::quiet_NaN(), Rows(mean));
  const Rows partly = end(azula::MaskedDenoiser(zero, mask, unknown));
  REQUIRE((partly == mask * mean).all());
}

TEST_CASE("a batch by rows starts with the mean of each of its elements", "[broadcast]") {
  const azula::VPSchedule schedule;
  const azula::Sampler sampler(azula::GaussianDenoiser(0.0, 1.0, schedule), azula::Euler{}, {.start = 0.2, .steps = 2});
  const ArrayXXd mean = ArrayXXd::Random(2, 3);
  Rows plain(2, 3), moved(2, 3);
  sampler.init(plain, azula::NormalSource(1), 0.0, 0.0);
  sampler.init(moved, azula::NormalSource(1), mean, 0.0);
  REQUIRE((moved - plain - schedule(0.2).alpha * mean).abs().maxCoeff() < 1e-15);
}

TEST_CASE("a mean and a variance may lie in the memory of the state that they start", "[broadcast]") {
  const azula::Sampler sampler(azula::GaussianDenoiser(0.0, 1.0, azula::VPSchedule()), azula::Euler{},
                               {.start = 0.2, .steps = 2});
  const auto check = [&](auto state, const auto& part) {
    state.setRandom();
    const auto first = state;
    auto expected = state;
    sampler.init(expected, azula::NormalSource(1), part(first).eval(), part(first).square().eval());
    sampler.init(state, azula::NormalSource(1), part(state), part(state).square());
    CHECK((state == expected).all());
    state = first.abs();
    const auto positive = state;
    sampler.init(expected, azula::NormalSource(1), 0.5, part(positive).eval());
    sampler.init(state, azula::NormalSource(1), 0.5, part(state));
    CHECK((state == expected).all());
  };
  const auto all = [](const auto& x) { return x.block(0, 0, x.rows(), x.cols()); };
  check(ArrayXXd(2, 3), all);
  check(ArrayXXd(2, 3), [](const auto& x) { return x.col(1); });
  check(Rows(3, 2), all);
  check(Rows(3, 2), [](const auto& x) { return x.row(1); });
  check(Eigen::Array<float, 2, 3>(), all);
  check(Eigen::Array<Eigen::half, 2, 3>(), [](const auto& x) { return x.col(0); });
  Tensor<2> tensor(2, 3);
  for (int i = 0; i < 6; ++i) tensor.data()[i] = i;
  Tensor<2> expected = tensor;
  sampler.init(expected, azula::NormalSource(1), Tensor<2>(tensor), Tensor<2>(tensor));
  sampler.init(tensor, azula::NormalSource(1), tensor, tensor);
  CHECK(same(tensor, expected));
}
