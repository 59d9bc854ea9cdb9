// Measures updates on a GPU against copies of as many bytes, and normal values per second against cuRAND's Philox.
//
//   sh bench/cuda.sh
//
// The goal is an update in at most 1.1 times the time of the copy. The program has been compiled and linked, but it has
// not run yet, because no GPU was available.
#include "azula/interop/cuda_state.cuh"

#include <curand.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdio>
#include <span>
#include <vector>

namespace {

using azula::CudaState;
using azula::SampleShape;
using azula::Stage;

constexpr SampleShape shape{1024, 64 * 1024};  // far more than any cache holds
constexpr auto count = static_cast<std::size_t>(shape.samples * shape.size);

/// The shortest of some runs, in milliseconds.
template <class Run>
float fastest(const Run& run) {
  cudaEvent_t begin, end;
  cudaEventCreate(&begin);
  cudaEventCreate(&end);
  float least = 1e30F;
  for (int i = 0; i < 20; ++i) {
    cudaEventRecord(begin);
    run();
    cudaEventRecord(end);
    azula::cuda_check(cudaEventSynchronize(end), "cudaEventSynchronize");
    float time = 0;
    cudaEventElapsedTime(&time, begin, end);
    if (i >= 3) least = (std::min)(least, time);
  }
  cudaEventDestroy(begin);
  cudaEventDestroy(end);
  return least;
}

/// A copy reads and writes: half as many bytes as all that the update reads and writes.
template <class T>
void update(const char* type, int older, bool remember, bool noisy) {
  const auto arrays = static_cast<std::size_t>(older) + 3 + (remember ? 1 : 0);
  CudaState<T> x(shape), mean = x.alike();
  std::vector<CudaState<T>> before(static_cast<std::size_t>(older));
  std::vector<const T*> pointers;
  for (CudaState<T>& state : before) {
    state = x.alike();
    pointers.push_back(state.data());
  }
  Stage stage{
      .a = 0.5, .b = 0.5, .c = noisy ? 0.1 : 0.0, .u = remember ? 0.5 : 0.0, .v = remember ? 0.5 : 1.0, .older = older};
  azula::CudaWatch watch(nullptr);
  for (T* data : {x.data(), mean.data()}) azula::cuda_fill_noise(data, shape, {}, nullptr);
  for (const CudaState<T>& state : before) azula::cuda_fill_noise(state.data(), shape, {}, nullptr);
  const float time = fastest([&] {
    azula::cuda_update(stage, x.data(), mean.data(), std::span<const T* const>(pointers), shape, {}, nullptr,
                       watch.mark(0));
  });
  const std::size_t bytes = arrays * count * sizeof(T);
  const azula::CudaMemory<char> from(bytes / 2), to(bytes / 2);
  const float copy = fastest([&] { azula::cuda_copy<char>(to.data(), from.data(), bytes / 2, nullptr); });
  std::printf("%-8s %5d %8s %6s %9.3f ms %9.3f ms %6.2f %8.0f GB/s\n", type, older, remember ? "yes" : "no",
              noisy ? "yes" : "no", static_cast<double>(time), static_cast<double>(copy),
              static_cast<double>(time / copy), static_cast<double>(bytes) / static_cast<double>(time) * 1e-6);
}

template <class T>
void updates(const char* type) {
  for (const bool noisy : {false, true}) {
    for (const int older : {0, 1, 2, 8}) {
      update<T>(type, older, false, noisy);
      update<T>(type, older, true, noisy);
    }
  }
}

void print_rate(const char* what, float time) {
  std::printf("%-28s %8.2f billion per second\n", what, static_cast<double>(count) / static_cast<double>(time) * 1e-6);
}

void normals() {
  CudaState<float> x(shape);
  CudaState<double> y(shape);
  print_rate("cuda_fill_noise, float", fastest([&] { azula::cuda_fill_noise(x.data(), shape, {}, nullptr); }));
  print_rate("cuda_fill_noise, double", fastest([&] { azula::cuda_fill_noise(y.data(), shape, {}, nullptr); }));
  curandGenerator_t generator;
  if (curandCreateGenerator(&generator, CURAND_RNG_PSEUDO_PHILOX4_32_10) != CURAND_STATUS_SUCCESS) return;
  print_rate("cuRAND's Philox, float", fastest([&] { curandGenerateNormal(generator, x.data(), count, 0, 1); }));
  print_rate("cuRAND's Philox, double", fastest([&] { curandGenerateNormalDouble(generator, y.data(), count, 0, 1); }));
  curandDestroyGenerator(generator);
}

}  // namespace

int main() {
  cudaDeviceProp device;
  azula::cuda_check(cudaGetDeviceProperties(&device, 0), "cudaGetDeviceProperties");
  std::printf("%s, %zu values\n%-8s %5s %8s %6s %12s %12s %6s\n", device.name, count, "scalar", "older", "remember",
              "noise", "update", "copy", "ratio");
  updates<float>("float");
  updates<double>("double");
  updates<__half>("half");
  updates<__nv_bfloat16>("bfloat16");
  normals();
}
