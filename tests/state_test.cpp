/// \file
/// Views with gaps: blocks, rows, Refs, strided Maps. Each is to be what a copy of it is.

#include "azula/state.hpp"

#include <Eigen/Core>

#include <random>
#include <type_traits>

#include "azula/azula.hpp"
#include "azula/sample/shares.hpp"
#include "catch.hpp"

namespace {

using Eigen::ArrayXd;
using Eigen::ArrayXXd;
using Eigen::Dynamic;
using Eigen::OuterStride;
using Rows = Eigen::Array<double, Dynamic, Dynamic, Eigen::RowMajor>;
using Strided = Eigen::Map<ArrayXXd, 0, Eigen::Stride<Dynamic, Dynamic>>;

const azula::VPSchedule schedule;

/// Calls check(parent, view of it): every kind of view that has gaps, or whose type does not say that it has none.
template <class Check>
void for_each_view(Check&& check) {
  ArrayXXd columns = ArrayXXd::Random(6, 4);
  Rows rows = Rows::Random(4, 6);
  check(columns, columns.topRows(3));
  check(columns, columns.block(2, 1, 3, 2));
  check(columns, columns.leftCols(2));
  check(columns, columns.row(4));
  check(columns, columns.col(1));
  check(columns, columns.col(1).segment(1, 3));
  check(columns, columns.matrix().diagonal().array());
  check(columns, columns.transpose());
  check(columns, columns.transpose().topRows(2));
  check(columns, Eigen::Ref<ArrayXXd, 0, OuterStride<>>(columns.topRows(3)));
  check(columns, Strided(columns.data(), 3, 2, {12, 2}));
  check(rows, rows.leftCols(3));
  check(rows, rows.block(1, 2, 2, 3));
  check(rows, rows.col(2));
  check(rows, rows.row(2));
}

/// E[X | x_t] of every kind of denoiser, on a view and on a copy of it.
template <class D, class View>
void require_same_mean(const D& denoiser, const View& view) {
  const azula::plain_t<View> copy = view;
  azula::plain_t<View> mean, expected;  // empty: a denoiser called by hand gives them the shape
  denoiser(view, 0.4, mean);
  denoiser(copy, 0.4, expected);
  REQUIRE(expected.rows() == copy.rows());
  REQUIRE(expected.cols() == copy.cols());
  REQUIRE((mean.array() - expected.array()).abs().maxCoeff() < 1e-13);  // sums may be in another order
  REQUIRE((mean.array() != copy.array()).any());
}

}  // namespace

TEST_CASE("the samples of a view are those of a copy, and are written where it lies", "[state]") {
  for_each_view([](auto& parent, auto&& view) {
    const azula::plain_t<decltype(view)> copy = view;
    REQUIRE(azula::samples(view).rows() == azula::samples(copy).rows());
    REQUIRE((azula::samples(view) == azula::samples(copy)).all());
    const auto before = parent;
    azula::samples(view) = azula::samples(copy) + 1;
    REQUIRE((view == copy + 1).all());
    REQUIRE((parent != before).count() == view.size());
  });
}

TEST_CASE("an initial state is written into a view, and nowhere else", "[state]") {
  const azula::Sampler sampler(azula::GaussianDenoiser(2.0, 0.25, schedule), azula::Euler{}, {.steps = 4});
  const auto check = [&](auto source) {
    for_each_view([&](auto& parent, auto&& view) {
      parent.setConstant(100);
      azula::plain_t<decltype(view)> expected = view;
      auto random = source(), again = source();
      sampler.init(expected, random, 2.0, 0.25);
      sampler.init(view, again, 2.0, 0.25);
      REQUIRE((view == expected).all());
      REQUIRE((parent != 100).count() == view.size());
    });
  };
  check([] { return azula::NormalSource(1); });
  check([] { return std::mt19937_64(1); });
  // A mean and a variance for each value of the view.
  ArrayXXd x = ArrayXXd::Zero(4, 3);
  const ArrayXXd means = ArrayXXd::Random(2, 3);
  ArrayXXd expected(2, 3);
  sampler.init(expected, azula::NormalSource(1), means, means.abs());
  sampler.init(x.topRows(2), azula::NormalSource(1), means, means.abs());
  REQUIRE((x.topRows(2) == expected).all());
  REQUIRE((x.bottomRows(2) == 0).all());
}

TEST_CASE("a denoiser called by hand on a view gives what it gives on a copy", "[state]") {
  const auto network = [](const auto& input, double c, auto& output) { output = input * 0.5 + c; };
  const azula::KarrasDenoiser karras(network, schedule);
  const azula::GaussianDenoiser gaussian(0.3, 0.5, schedule);
  for_each_view([&](auto&, auto&& view) {
    const azula::Index size = azula::sample_shape(view).size;
    const ArrayXd mean = ArrayXd::Random(size), variance = ArrayXd::Random(size).abs() + 0.1;
    const Eigen::MatrixXd factor = Eigen::MatrixXd::Random(size, size), data = Eigen::MatrixXd::Random(size, 5);
    const auto check = [&](const auto& denoiser) { require_same_mean(denoiser, view); };
    check(gaussian);
    check(azula::GaussianDenoiser(mean, variance, schedule));
    check(azula::GaussianDenoiser(mean, Eigen::MatrixXd(factor * factor.transpose()), schedule));
    check(azula::MixtureDenoiser(ArrayXd::Ones(5), data, ArrayXd::Constant(5, 0.1), schedule));
    check(azula::EmpiricalDenoiser(data, 0.3, schedule));
    check(karras);
    check(azula::SimpleDenoiser(network, schedule));
    check(azula::NetworkDenoiser(network, schedule, azula::VelocityPrediction{azula::InputForm::exploding}));
    check(azula::FunctionDenoiser(network, schedule));
    check(azula::ClampedDenoiser(karras, -0.2, 0.2));
    check(azula::ThresholdedDenoiser(karras, {.quantile = 0.5, .range = 0.1}));
    check(azula::MaskedDenoiser(karras, 0.25, mean));
    check(azula::ConsistencyDenoiser(karras, {}, azula::OwnTime{}));
    check(azula::GuidedDenoiser(karras, gaussian, 2.0, {.rescale = 0.5}));
    if constexpr (azula::has_dynamic_batch<std::remove_cvref_t<decltype(view)>>) {
      check(azula::BatchedGuidedDenoiser(karras, 2.0, {.rescale = 0.5}));
    }
    const azula::SymmetricVJP vjp(karras);
    const azula::SelectionOperator first({0});
    const ArrayXd y = ArrayXd::Ones(1);
    check(vjp);
    check(azula::MMPSDenoiser(vjp, first, y));
    check(azula::PiGDMDenoiser(vjp, first, y));
  });
}

TEST_CASE("the density of a posterior at a view is that at a copy", "[state]") {
  for_each_view([](auto&, auto&& view) {
    const azula::plain_t<decltype(view)> copy = view;
    const azula::GaussianPosterior posterior{azula::plain_t<decltype(view)>(copy + 0.5), 0.3};
    REQUIRE((posterior.log_prob(view) == posterior.log_prob(copy)).all());
  });
}

TEST_CASE("a run from a view is one from a copy, and leaves the view", "[state]") {
  const azula::Sampler sampler(azula::GaussianDenoiser(2.0, 0.25, schedule), azula::zAB<3>{}, {.steps = 4});
  const ArrayXXd parent = ArrayXXd::Random(6, 4);
  const ArrayXXd copy = parent.topRows(3);
  REQUIRE((sampler(parent.topRows(3)) == sampler(copy)).all());
  REQUIRE((azula::copy_share(parent.topRows(3), {1, 2}) == copy.middleCols(1, 2)).all());
}
