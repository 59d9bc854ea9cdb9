// Kernels on the CPU, over a stub of CUDA's runtime: see stub/cuda_runtime.h.
#include "azula/interop/cuda_state.cuh"

#include "azula/random/normal_source.hpp"

#include "catch.hpp"
#include "random/digest.hpp"
#include "support/complaint.hpp"

#include <Eigen/Core>

#include <cstddef>
#include <cstdint>
#include <numeric>
#include <vector>

using azula::CudaSource;
using azula::NormalSource;
using azula::SampleShape;

namespace {

template <class T>
Eigen::ArrayX<T> from_kernel(CudaSource& source, const SampleShape& shape) {
  azula::CudaState<T> x(shape);
  azula::cuda_fill_noise(x.data(), shape, source.next(shape), nullptr);
  Eigen::ArrayX<T> values(shape.samples * shape.size);
  x.view().write(values.data());
  return values;
}

template <class T>
Eigen::ArrayX<T> from_host(NormalSource& source, const SampleShape& shape) {
  Eigen::ArrayX<T> values(shape.samples * shape.size);
  source.next({shape}).fill(values, 0);
  return values;
}

template <class T>
bool same_bits(const Eigen::ArrayX<T>& a, const Eigen::ArrayX<T>& b) {
  return a.size() == b.size() && digest<T>(a) == digest<T>(b);
}

/// What normal_digest() digests.
template <class T>
std::uint64_t kernel_digest() {
  CudaSource source(0x123456789ABCDEFU, 77);
  Eigen::ArrayX<T> values(1'000'000);
  values << from_kernel<T>(source, {100'000, 3}), from_kernel<T>(source, {300, 1000}),
      from_kernel<T>(source, {1, 400'000});
  return digest<T>(values);
}

}  // namespace

TEST_CASE("the noise of a kernel is that of the CPU, to the bit: a million values", "[cuda]") {
  CHECK(kernel_digest<float>() == 0x63801C93689F44AF);
  CHECK(kernel_digest<double>() == 0xBC8FB8B36AE2FD64);
}

TEMPLATE_TEST_CASE("the noise of a kernel is that of the CPU for all seeds, samples, draws and sizes", "[cuda]", float,
                   double) {
  using T = TestType;
  const std::int64_t last = (std::int64_t{1} << 48) - 8;
  for (const std::uint64_t seed : {std::uint64_t{0}, std::uint64_t{42}, ~std::uint64_t{0}}) {
    for (const std::int64_t first : {std::int64_t{0}, std::int64_t{0xFFFFFFFE}, last}) {
      CudaSource kernel(seed, first);
      NormalSource host(seed, first);
      for (const std::uint64_t draw : {std::uint64_t{0}, std::uint64_t{0xFFFFFFFF}, (std::uint64_t{1} << 46) - 2}) {
        kernel.rewind(draw);
        host.rewind(draw);
        for (const std::ptrdiff_t size : {1, 2, 3, 4, 5, 7, 8, 9, 12, 31, 100, 1027}) {
          CAPTURE(seed, first, draw, size);
          const SampleShape shape{5, size};
          REQUIRE(same_bits<T>(from_kernel<T>(kernel, shape), from_host<T>(host, shape)));
          kernel.rewind(draw);
          host.rewind(draw);
        }
      }
    }
  }
}

TEST_CASE("the noise of a kernel has a seed per sample where the source does", "[cuda]") {
  const std::vector<std::uint64_t> seeds{7, 9, ~std::uint64_t{0}, 4, 4};
  CudaSource kernel(seeds);
  NormalSource host(seeds);
  for (const std::ptrdiff_t size : {1, 6, 64}) {
    CHECK(same_bits<float>(from_kernel<float>(kernel, {5, size}), from_host<float>(host, {5, size})));
  }
  CHECK(kernel.draw() == 3);
  CHECK(complaint([&] {
          kernel.next({4, 1});
        }) == "azula::CudaSource: one seed per sample is needed, got 5 seeds for 4 samples");
}

TEST_CASE("elements of a kernel's noise keep their address beyond 2^32, and groups their place", "[cuda]") {
  const std::ptrdiff_t size = (std::ptrdiff_t{1} << 34) - 1;
  NormalSource host(42, 5);
  const auto draw = host.next({{3, size}});
  const azula::CudaNoise noise = CudaSource(42, 5).next({3, size});
  const azula::CudaGroups<4> groups({3, size});
  const std::uint64_t per_sample = std::uint64_t{1} << 32;
  REQUIRE(groups.count() == 3 * per_sample);
  for (const std::uint64_t number :
       {std::uint64_t{0}, (std::uint64_t{1} << 30) + 3, per_sample - 1, per_sample, 3 * per_sample - 1}) {
    const azula::CudaGroup group = groups[number];
    const auto values = azula::cuda_normals<double>(noise, group);
    CHECK(group.sample == number / per_sample);
    CHECK(group.count == (group.element + 4 > static_cast<std::uint64_t>(size) ? 3 : 4));
    Eigen::ArrayXd expected(group.count);
    draw.fill(expected, static_cast<std::ptrdiff_t>(group.first));
    for (int j = 0; j < group.count; ++j) CHECK(values[static_cast<std::size_t>(j)] == expected[j]);
  }
}

TEST_CASE("a kernel draws the other kinds of noise", "[cuda]") {
  const SampleShape shape{3, 10};
  azula::CudaState<double> x(shape);
  azula::cuda_fill_noise(x.data(), shape, {.seed = 3, .draw = 11, .kind = azula::NoiseKind::path}, nullptr);
  Eigen::ArrayXd values(30), expected(30);
  x.view().write(values.data());
  azula::NormalDraw(shape, azula::SampleSeeds("test", 3, 0), 11, azula::NoiseKind::path).fill(expected, 0);
  CHECK(same_bits<double>(values, expected));
}

TEST_CASE("the noise of 16 bits is the rounded float", "[cuda]") {
  const SampleShape shape{3, 37};
  CudaSource source(5), same(5), third(5);
  azula::CudaState<__half> x(shape);
  azula::CudaState<__nv_bfloat16> y(shape);
  azula::cuda_fill_noise(x.data(), shape, source.next(shape), nullptr);
  azula::cuda_fill_noise(y.data(), shape, same.next(shape), nullptr);
  const Eigen::ArrayXf expected = from_kernel<float>(third, shape);
  for (Eigen::Index i = 0; i < expected.size(); ++i) {
    REQUIRE(__half2float(x.data()[i]) == static_cast<float>(Eigen::half(expected[i])));
    REQUIRE(__bfloat162float(y.data()[i]) == static_cast<float>(Eigen::bfloat16(expected[i])));
  }
}

TEST_CASE("a grid of any size makes the same noise", "[cuda]") {
  CudaSource source(1);
  const SampleShape shape{7, 1001};
  const Eigen::ArrayXf all = from_kernel<float>(source, shape);
  for (const unsigned blocks : {1U, 2U, 3U, 5U}) {
    source.rewind();
    stub_blocks = blocks;
    CHECK(same_bits<float>(from_kernel<float>(source, shape), all));
    stub_blocks = 0;
  }
}
