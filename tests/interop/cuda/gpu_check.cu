// Whether a GPU gives the bits that the same code gives on the CPU, which the tests beside hold against the library's:
//   sh bench/cuda.sh
// It has been compiled and linked, but not run yet: no GPU was at hand.
#include "azula/interop/cuda_state.cuh"

#include <array>
#include <bit>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <limits>
#include <random>
#include <span>
#include <vector>

namespace {

using azula::CudaState;
using azula::CudaSums;
using azula::SampleShape;
using azula::Stage;

int failures = 0;

void expect(bool holds, const char* what) {
  if (!holds) std::printf("FAILED: %s\n", what), ++failures;
}

template <class T>
std::vector<T> fetched(const CudaState<T>& x) {
  std::vector<T> values(x.size());
  x.view().write(values.data());
  azula::cuda_check(cudaStreamSynchronize(x.stream()), "cudaStreamSynchronize");
  return values;
}

/// FNV-1a over the three draws of normal_digest() in tests/random/digest.hpp.
template <class T, class Bits>
std::uint64_t digest() {
  azula::CudaSource source(0x123456789ABCDEFU, 77);
  std::uint64_t hash = 0xCBF29CE484222325U;
  for (const SampleShape& shape : {SampleShape{100'000, 3}, {300, 1000}, {1, 400'000}}) {
    CudaState<T> x(shape);
    azula::cuda_fill_noise(x.data(), shape, source.next(shape), x.stream());
    for (const T value : fetched(x)) hash = (hash ^ std::bit_cast<Bits>(value)) * 0x100000001B3U;
  }
  return hash;
}

template <class T, int Older, bool Remember, bool Noisy, CudaSums Sums>
void compare(const SampleShape& shape, std::size_t shift) {
  const auto size = static_cast<std::size_t>(shape.samples * shape.size) + shift;
  std::mt19937 engine(1);
  std::normal_distribution<float> normal;
  std::vector<std::vector<T>> host(Older + 2, std::vector<T>(size));
  std::vector<CudaState<T>> device;
  std::array<const T*, Older> host_older{}, device_older{};
  for (std::size_t k = 0; k < host.size(); ++k) {
    for (T& value : host[k]) value = azula::CudaScalar<T>::narrow(normal(engine));
    device.emplace_back(SampleShape{1, static_cast<std::ptrdiff_t>(size)});
    device[k].view().read(host[k].data());
    if (k >= 2) host_older[k - 2] = host[k].data() + shift, device_older[k - 2] = device[k].data() + shift;
  }
  Stage stage{.a = 0.7,
              .b = 1.0 / 3,
              .c = Noisy ? 0.3 : 0.0,
              .u = Remember ? -1.1 : 0.0,
              .v = Remember ? 1.7 : 1.0,
              .older = Older};
  for (int j = 0; j < Older; ++j) stage.h[static_cast<std::size_t>(j)] = 0.9 / (j + 2);
  const azula::CudaNoise noise = azula::CudaSource(3, 8).next(shape);
  T* x = host[0].data() + shift;
  T* mean = host[1].data() + shift;
  const azula::CudaJob<T> job(stage, x, mean, std::span<const T* const>(host_older), shape, noise);
  azula::CudaUpdate<T, Older, Remember, Noisy, Sums>::run(job, 0, 1);
  azula::cuda_update<Sums>(stage, device[0].data() + shift, device[1].data() + shift,
                           std::span<const T* const>(device_older), shape, noise, nullptr);
  for (std::size_t k = 0; k < 2; ++k) {
    expect(std::memcmp(fetched(device[k]).data(), host[k].data(), size * sizeof(T)) == 0, __PRETTY_FUNCTION__);
  }
}

template <class T, CudaSums Sums, int Older = azula::max_older>
void compare_all() {
  for (const SampleShape& shape : {SampleShape{1, 1}, {3, 5}, {2, 8}, {4, 1023}, {1, 40960}, {70'000, 3}}) {
    for (const std::size_t shift : {0, 1}) {
      compare<T, Older, false, false, Sums>(shape, shift);
      compare<T, Older, true, false, Sums>(shape, shift);
      compare<T, Older, false, true, Sums>(shape, shift);
      compare<T, Older, true, true, Sums>(shape, shift);
    }
  }
  if constexpr (Older > 0) compare_all<T, Sums, Older - 1>();
}

void watch_means() {
  CudaState<float> x({1, 1 << 20}), mean = x.alike();
  std::vector<float> values(x.size());
  x.view().read(values.data());
  mean.view().read(values.data());
  azula::CudaWatch watch(nullptr);
  const auto advance = [&](std::size_t k) {
    azula::cuda_update(Stage{.b = 1}, x.data(), mean.data(), {}, x.shape(), {}, nullptr, watch.mark(k));
  };
  advance(0);
  expect(!watch.first_bad(), "no mean is bad");
  values[777'777] = std::numeric_limits<float>::quiet_NaN();
  mean.view().read(values.data());
  advance(1);
  advance(2);
  expect(watch.first_bad() == std::size_t{1}, "the first bad mean is that of stage 1");
}

}  // namespace

int main() {
  expect(digest<float, std::uint32_t>() == 0x63801C93689F44AF, "floats of noise");
  expect(digest<double, std::uint64_t>() == 0xBC8FB8B36AE2FD64, "doubles of noise");
  compare_all<float, CudaSums::fused>();
  compare_all<float, CudaSums::separate>();
  compare_all<double, CudaSums::fused>();
  compare_all<double, CudaSums::separate>();
  compare_all<__half, CudaSums::fused>();
  compare_all<__nv_bfloat16, CudaSums::fused>();
  watch_means();
  std::printf(failures == 0 ? "the bits of the CPU, everywhere\n" : "%d failures\n", failures);
  return failures == 0 ? 0 : 1;
}
