// Kernels on the CPU, over a stub of CUDA's runtime: see stub/cuda_runtime.h.
#include "azula/interop/cuda_state.cuh"

#include "azula/random/normal_source.hpp"
#include "azula/sample/update.hpp"

#include "catch.hpp"
#include "interop/cuda/cpu_sums.hpp"
#include "random/digest.hpp"
#include "support/complaint.hpp"

#include <Eigen/Core>

#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <random>
#include <span>
#include <vector>

using azula::CudaSums;
using azula::SampleShape;
using azula::Stage;

namespace {

/// All that a stage reads and writes, on the CPU: `shift` values after a multiple of 16 bytes.
template <class T>
struct Arrays {
  Arrays(std::ptrdiff_t size, std::ptrdiff_t shift)
      : values(10, std::vector<T>(static_cast<std::size_t>(size + shift))), start(shift) {
    std::mt19937 engine(static_cast<unsigned>(size));
    std::normal_distribution<double> normal;
    for (auto& array : values) {
      for (T& value : array) value = T(normal(engine));
    }
  }
  T* x() { return values[0].data() + start; }
  T* mean() { return values[1].data() + start; }
  std::array<const T*, azula::max_older> older() const {
    std::array<const T*, azula::max_older> pointers{};
    for (std::size_t j = 0; j < pointers.size(); ++j) pointers[j] = values[j + 2].data() + start;
    return pointers;
  }
  bool operator==(const Arrays&) const = default;

  std::vector<std::vector<T>> values;
  std::ptrdiff_t start;
};

Stage stage_of(int older, bool remember, double c = 0) {
  Stage stage{.a = 0.7, .b = 1.0 / 3, .c = c, .older = older};
  if (remember) stage.u = -1.1, stage.v = 1.7;
  for (int j = 0; j < older; ++j) stage.h[static_cast<std::size_t>(j)] = 0.9 / (j + 2) * (j % 2 == 0 ? 1 : -1);
  return stage;
}

/// The same arrays after the library's own update.
template <class T, int Older, bool Remember>
Arrays<T> updated(Arrays<T> arrays, const Stage& stage, const SampleShape& shape) {
  typename azula::Update<T, Older, Remember>::Pointers p{};
  for (std::size_t j = 0; j < p.size(); ++j) p[j] = arrays.older()[j];
  const std::ptrdiff_t n = shape.samples * shape.size;
  REQUIRE(azula::Update<T, Older, Remember>::template run<Eigen::Dynamic>(stage, arrays.x(), arrays.mean(), p, n));
  if (stage.c != 0) {
    Eigen::ArrayX<T> noise(n);
    azula::NormalSource(3, 8).next({shape}).fill(noise, 0);
    azula::add_noise(arrays.x(), noise.data(), T(stage.c), n);
  }
  return arrays;
}

template <CudaSums Sums, class T>
Arrays<T> by_kernel(Arrays<T> arrays, const Stage& stage, const SampleShape& shape) {
  azula::CudaSource source(3, 8);
  const auto older = arrays.older();
  azula::cuda_update<Sums>(stage, arrays.x(), arrays.mean(), std::span<const T* const>(older), shape,
                           source.next(shape), nullptr);
  return arrays;
}

template <CudaSums Sums, class T, int Older, bool Remember>
void compare(const SampleShape& shape, std::ptrdiff_t shift, double c) {
  const Stage stage = stage_of(Older, Remember, c);
  const Arrays<T> before(shape.samples * shape.size, shift);
  CAPTURE(shape.samples, shape.size, shift, c, Older, Remember);
  REQUIRE(by_kernel<Sums>(before, stage, shape) == updated<T, Older, Remember>(before, stage, shape));
}

template <CudaSums Sums, class T, int Older = azula::max_older>
void compare_all() {
  for (const double c : {0.0, 0.3}) {
    for (const SampleShape& shape : {SampleShape{1, 1}, {1, 4}, {3, 5}, {2, 8}, {4, 1023}, {1, 4096}}) {
      for (const std::ptrdiff_t shift : {0, 1}) {
        compare<Sums, T, Older, false>(shape, shift, c);
        compare<Sums, T, Older, true>(shape, shift, c);
      }
    }
  }
  if constexpr (Older > 0) compare_all<Sums, T, Older - 1>();
}

}  // namespace

TEMPLATE_TEST_CASE("a kernel's update has the bits of the CPU's, with its way of rounding sums", "[cuda]", float,
                   double) {
  if (cpu_sums<TestType>() == CudaSums::fused) {
    compare_all<CudaSums::fused, TestType>();
  } else {
    compare_all<CudaSums::separate, TestType>();
  }
}

TEMPLATE_TEST_CASE("a kernel's sums are rounded as they say on every CPU", "[cuda]", float, double) {
  using T = TestType;
  const Stage stage = stage_of(2, true);
  Arrays<T> before(100, 0);
  Arrays<T> fused = by_kernel<CudaSums::fused>(before, stage, {1, 100}),
            separate = by_kernel<CudaSums::separate>(before, stage, {1, 100});
  const auto p = before.older();
  int different = 0;
  for (std::size_t i = 0; i < 100; ++i) {
    const T x = before.x()[i], m = before.mean()[i];
    const volatile T ax = T(stage.a) * x, bm = T(stage.b) * m, ux = T(stage.u) * x, vm = T(stage.v) * m;
    const volatile T hp = T(stage.h[0]) * p[0][i], hq = T(stage.h[1]) * p[1][i];
    const volatile T sum = ax + bm;
    const volatile T more = sum + hp;
    const T one = std::fma(T(stage.b), m, T(ax));
    REQUIRE(separate.x()[i] == more + hq);
    REQUIRE(separate.mean()[i] == ux + vm);
    REQUIRE(fused.x()[i] == std::fma(T(stage.h[1]), p[1][i], std::fma(T(stage.h[0]), p[0][i], one)));
    REQUIRE(fused.mean()[i] == std::fma(T(stage.v), m, T(ux)));
    if (fused.x()[i] != separate.x()[i]) ++different;
  }
  CHECK(different > 0);
}

namespace {

template <class T, class Model>
void check_16_bits() {
  using Scalar = azula::CudaScalar<T>;
  const std::size_t n = 107;
  Arrays<float> values(static_cast<std::ptrdiff_t>(n), 0);
  std::vector<std::vector<T>> rounded(4, std::vector<T>(n));
  for (std::size_t k = 0; k < 4; ++k) {
    for (std::size_t i = 0; i < n; ++i) rounded[k][i] = Scalar::narrow(values.values[k][i]);
  }
  const std::vector<std::vector<T>> before = rounded;
  const Stage stage = stage_of(2, true);
  const std::array<const T*, 2> older{rounded[2].data(), rounded[3].data()};
  azula::cuda_update(stage, rounded[0].data(), rounded[1].data(), std::span<const T* const>(older), {1, n}, {},
                     nullptr);
  const auto at = [&](std::size_t k, std::size_t i) { return Scalar::widen(before[k][i]); };
  for (std::size_t i = 0; i < n; ++i) {
    float next = std::fma(float(stage.b), at(1, i), azula::opaque(float(stage.a) * at(0, i)));
    for (std::size_t j = 0; j < 2; ++j) next = std::fma(float(stage.h[j]), at(j + 2, i), next);
    const float prediction = std::fma(float(stage.v), at(1, i), azula::opaque(float(stage.u) * at(0, i)));
    REQUIRE(Scalar::widen(rounded[0][i]) == static_cast<float>(Model(next)));
    REQUIRE(Scalar::widen(rounded[1][i]) == static_cast<float>(Model(prediction)));
  }
}

}  // namespace

TEST_CASE("states of 16 bits are computed in float and rounded once", "[cuda]") {
  check_16_bits<__half, Eigen::half>();
  check_16_bits<__nv_bfloat16, Eigen::bfloat16>();
}

TEMPLATE_TEST_CASE("a kernel marks a mean that is not finite, wherever it is, and no other", "[cuda]", float, double) {
  using T = TestType;
  using Limits = std::numeric_limits<T>;
  for (std::ptrdiff_t n = 1; n <= 21; ++n) {
    for (std::ptrdiff_t place = 0; place < n; ++place) {
      for (const T value : {Limits::quiet_NaN(), Limits::infinity(), -Limits::infinity(), Limits::max(), T(0)}) {
        CAPTURE(n, place, value);
        azula::CudaState<T> x({1, n}), mean = x.alike();
        std::fill_n(x.data(), n, T(0));
        std::fill_n(mean.data(), n, Limits::max());  // whose sum is infinite
        mean.data()[place] = value;
        azula::CudaWatch watch(nullptr);
        azula::cuda_update(Stage{.b = 0.5}, x.data(), mean.data(), {}, x.shape(), {}, nullptr, watch.mark(6));
        const auto bad = watch.first_bad();
        REQUIRE(bad.has_value() == !std::isfinite(value));
        if (bad) REQUIRE(*bad == 6);
      }
    }
  }
}

TEST_CASE("a watch keeps the first bad stage until it is reset", "[cuda]") {
  azula::CudaState<float> x({2, 9}), mean = x.alike();
  std::fill_n(x.data(), 18, 0.0F);
  std::fill_n(mean.data(), 18, 0.0F);
  azula::CudaWatch watch(nullptr);
  const auto advance = [&](std::size_t stage) {
    azula::cuda_update(Stage{.a = 1, .b = 1}, x.data(), mean.data(), {}, x.shape(), {}, nullptr, watch.mark(stage));
  };
  advance(0);
  CHECK_FALSE(watch.first_bad().has_value());
  mean.data()[13] = std::numeric_limits<float>::quiet_NaN();
  advance(1);
  advance(2);
  CHECK(watch.first_bad() == std::size_t{1});
  watch.reset();
  CHECK_FALSE(watch.first_bad().has_value());
  advance(3);
  CHECK(watch.first_bad() == std::size_t{3});
}

TEST_CASE("a stage that does not evaluate looks at no mean", "[cuda]") {
  azula::CudaState<double> x({2, 9}), mean = x.alike();
  std::fill_n(x.data(), 18, 2.0);
  std::fill_n(mean.data(), 18, std::numeric_limits<double>::quiet_NaN());
  azula::CudaWatch watch(nullptr);
  azula::cuda_update(Stage{.a = 0.5, .b = 3, .u = 4, .evaluates = false}, x.data(), mean.data(), {}, x.shape(), {},
                     nullptr, watch.mark(0));
  for (int i = 0; i < 18; ++i) {
    CHECK(x.data()[i] == 1);
    CHECK(std::isnan(mean.data()[i]));
  }
  CHECK_FALSE(watch.first_bad().has_value());
}

TEST_CASE("an update refuses a stage without its older predictions", "[cuda]") {
  azula::CudaState<float> x({1, 4}), mean = x.alike();
  const std::array<const float*, 1> older{mean.data()};
  CHECK(complaint([&] {
          azula::cuda_update(stage_of(2, false), x.data(), mean.data(), std::span<const float* const>(older), x.shape(),
                             {}, nullptr);
        }) == "azula::cuda_update: a stage needs all its older predictions, got 1");
}

TEST_CASE("an update of nothing starts nothing", "[cuda]") {
  const int launches = stub_launches;
  azula::CudaState<float> x({0, 4}), mean = x.alike();
  azula::cuda_update(stage_of(0, false), x.data(), mean.data(), {}, x.shape(), {}, nullptr);
  CHECK(stub_launches == launches);
}
