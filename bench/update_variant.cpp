/// \file
/// The benchmarks of update_bench.cpp, for one set of compiler flags.
///
/// This file is compiled once per set of flags, with the namespaces azula and Eigen renamed on the command line. With
/// the same names, the linker would keep only one of the four compilations of each inline function.

#include <benchmark/benchmark.h>
#include <azula/azula.hpp>
#include <azula/state/float_predictions.hpp>

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "variant.hpp"

namespace azula {
namespace {

// The weights sum to one and everything is one, for ever: no overflow, no denormal numbers.
template <int Older, bool Remember>
Stage weights(int older = Older) {
  Stage stage{.time = 1, .next = 0, .a = 0.5, .b = 0.5 - 0.0625 * older};
  if (Remember) stage.u = 0.25, stage.v = 0.75;
  stage.older = older;
  for (std::size_t j = 0; j < static_cast<std::size_t>(older); ++j) stage.h[j] = 0.0625;
  return stage;
}

/// A method whose every step is one update of the wanted form, as soon as there are as many older means.
template <int Older, bool Remember>
struct Only {
  static constexpr int history = Older + (Older == 0 && Remember ? 2 : 1);
  std::string name() const { return "Only"; }
  void check() const {}
  void append(std::vector<Stage>& stages, const TimeGrid&, std::size_t i) const {
    stages.push_back(weights<Older, Remember>(std::min(Older, static_cast<int>(i))));
  }
};

/// Leaves the mean as it is, after having written every slot of the history once.
struct FreeDenoiser {
  RectifiedSchedule rectified;
  const auto& schedule() const { return rectified; }
  template <class X>
  void operator()(const X&, double t, X& mean) const {
    if (t > 0.9) mean.setOnes();
  }
};

template <int Size>
using State_t = Eigen::Array<float, Size, 1>;

/// What somebody would write by hand for this update.
template <int Older, bool Remember>
struct Loop {
  float a, b, u, v;
  std::array<float, 3> h;

  void operator()(float* __restrict x, float* __restrict m, const float* __restrict p,
                  const float* __restrict q, const float* __restrict r, long n) const {
    for (long i = 0; i < n; ++i) {
      const float at = x[i], mean = m[i];
      float next = a * at + b * mean;
      if constexpr (Older > 0) next += h[0] * p[i];
      if constexpr (Older > 1) next += h[1] * q[i];
      if constexpr (Older > 2) next += h[2] * r[i];
      x[i] = next;
      if constexpr (Remember) m[i] = u * at + v * mean;
    }
  }
};

/// A run, and where its memory is.
template <int Older, bool Remember, int Size>
struct Memory {
  using X = State_t<Size>;
  static constexpr std::ptrdiff_t steps =
      Size == 3 ? 128 : 512;  // of a run that is started again when it ends
  Sampler<FreeDenoiser, Only<Older, Remember>> sampler{FreeDenoiser{}, {}, {.steps = steps, .silent = true}};
  Run<X, Only<Older, Remember>::history> run;
  float* x;
  std::array<float*, 4> m{};

  explicit Memory(long n) : run(sampler.start(X(X::Ones(n)))), x(const_cast<float*>(run.state().data())) {
    for (std::size_t j = 0; j < static_cast<std::size_t>(Only<Older, Remember>::history); ++j) {
      run.mean().setOnes();
      m[j] = run.mean().data();
      run.advance();
    }
  }

  std::array<const float*, 3> older() const { return {m[1], m[2], m[3]}; }
};

struct Latest {
  const void* type = nullptr;
  long n = 0;
  std::shared_ptr<void> memory;
} latest;

/// The memory that loop, kernel and advance of one update share: the distance of two arrays modulo a page
/// decides whether a load waits for a store, so each on memory of its own would compare those distances.
template <int Older, bool Remember, int Size>
Memory<Older, Remember, Size>& memory_of(long n) {
  static const char type = 0;
  if (latest.type != &type || latest.n != n) {
    latest = {};  // frees before it allocates
    latest = {&type, n, std::make_shared<Memory<Older, Remember, Size>>(n)};
  }
  return *static_cast<Memory<Older, Remember, Size>*>(latest.memory.get());
}

template <int Older, bool Remember, int Size>
void loop(benchmark::State& state, long n) {
  auto& memory = memory_of<Older, Remember, Size>(n);
  const auto [p, q, r] = memory.older();
  const Stage stage = weights<Older, Remember>();
  Loop<Older, Remember> loop{float(stage.a),
                             float(stage.b),
                             float(stage.u),
                             float(stage.v),
                             {float(stage.h[0]), float(stage.h[1]), float(stage.h[2])}};
  benchmark::DoNotOptimize(&loop);
  for (auto _ : state) {
    loop(memory.x, memory.m[0], p, q, r, Size == Eigen::Dynamic ? n : Size);
    benchmark::ClobberMemory();
  }
}

template <int Older, bool Remember, int Size>
void kernel(benchmark::State& state, long n) {
  auto& memory = memory_of<Older, Remember, Size>(n);
  typename Update<float, Older, Remember>::Pointers p{};
  for (std::size_t j = 0; j < p.size(); ++j) p[j] = memory.m[j + 1];
  Stage stage = weights<Older, Remember>();
  benchmark::DoNotOptimize(&stage);
  bool finite = true;
  for (auto _ : state) {
    finite = Update<float, Older, Remember>::template run<Size>(stage, memory.x, memory.m[0], p, n) && finite;
    benchmark::ClobberMemory();
  }
  if (!finite) state.SkipWithError("not finite");
}

template <int Older, bool Remember, int Size>
void advance(benchmark::State& state, long n) {
  auto& memory = memory_of<Older, Remember, Size>(n);
  const auto fresh = memory.run;
  benchmark::DoNotOptimize(&memory);
  for (auto _ : state) {
    if (memory.run.done()) memory.run = fresh;
    memory.run.advance();
    benchmark::ClobberMemory();
  }
}

/// Updates of a state of another type, beside those of floats.
template <class X, int Older, bool Remember>
void advance_of(benchmark::State& state, const X& x) {
  const Sampler sampler(FreeDenoiser{}, Only<Older, Remember>{}, {.steps = 512, .silent = true});
  auto run = sampler.start(x);
  for (int j = 0; j < Only<Older, Remember>::history; ++j) {
    run.mean().setOnes();
    run.advance();
  }
  const auto fresh = run;
  for (auto _ : state) {
    if (run.done()) run = fresh;
    run.advance();
    benchmark::ClobberMemory();
  }
}

template <class T, int Older, bool Remember>
void advance_in(benchmark::State& state, long n) {
  advance_of<Eigen::ArrayX<T>, Older, Remember>(state, Eigen::ArrayX<T>::Ones(n));
}

template <class T, int Older, bool Remember>
void advance_with_floats(benchmark::State& state, long n) {
  const FloatPredictions<Eigen::ArrayX<T>> x{Eigen::ArrayX<T>::Ones(n)};
  advance_of<FloatPredictions<Eigen::ArrayX<T>>, Older, Remember>(state, x);
}

/// A method whose every step is one update and noise, as DDPM's.
struct Noisy {
  static constexpr int history = 1;
  std::string name() const { return "Noisy"; }
  void check() const {}
  void append(std::vector<Stage>& stages, const TimeGrid& grid, std::size_t i) const {
    stages.push_back({.time = grid[i].t, .next = grid[i + 1].t, .a = 0.5, .b = 0.5, .c = 0.1});
  }
};

/// A whole step with its noise: one pass over memory.
void noisy_step(benchmark::State& state, long n) {
  const Sampler sampler(FreeDenoiser{}, Noisy{}, {.steps = 64, .silent = true});
  auto run = sampler.start(State_t<Eigen::Dynamic>(State_t<Eigen::Dynamic>::Ones(n)));
  run.mean().setOnes();
  const auto fresh = run;
  NormalSource random(1);
  for (auto _ : state) {
    if (run.done()) run = fresh;
    run.advance(random);
    benchmark::ClobberMemory();
  }
}

/// Its noise alone, written over and over into memory that stays in the first cache.
void noise_alone(benchmark::State& state, long n) {
  NormalSource random(1);
  Eigen::ArrayXf values(1024);
  for (auto _ : state) {
    const auto draw = random.next({{1, n}, 1, 0});
    for (long from = 0; from < n; from += values.size()) {
      draw.fill(values.head(std::min<long>(values.size(), n - from)), from);
      benchmark::ClobberMemory();
    }
  }
}

/// The roof: as much memory as the plainest update, x <- m, read and written.
void copy(benchmark::State& state, long n) {
  Eigen::ArrayXf from = Eigen::ArrayXf::Ones(n), to = from;
  for (auto _ : state) {
    const float* __restrict in = from.data();
    float* __restrict out = to.data();
    for (long i = 0; i < n; ++i) out[i] = in[i];
    benchmark::ClobberMemory();
  }
}

template <class M, int Size>
void whole_run(benchmark::State& state, long n) {
  const Sampler sampler(FreeDenoiser{}, M{}, {.steps = 64, .silent = true});
  const State_t<Size> x = State_t<Size>::Ones(n);
  for (auto _ : state) benchmark::DoNotOptimize(sampler(x));
}

void build(benchmark::State& state, long n) {
  for (auto _ : state)
    benchmark::DoNotOptimize(Sampler(FreeDenoiser{}, zAB<4>{}, {.steps = n, .silent = true}));
}

template <int Older, bool Remember, int Size>
void add_update(std::vector<bench::Case>& all, long n) {
  const std::string detail = std::to_string(Older) + " older" + (Remember ? ", remembers" : "");
  const double bytes = sizeof(float) * static_cast<double>(n) * (3 + Older + (Remember ? 1 : 0));
  const long iterations = std::clamp(40'000'000L / (n + 40), 4L, 400'000L);
  all.push_back({"update", detail, "loop", n, bytes, iterations, loop<Older, Remember, Size>});
  all.push_back({"update", detail, "kernel", n, bytes, iterations, kernel<Older, Remember, Size>});
  all.push_back({"update", detail, "advance", n, bytes, iterations, advance<Older, Remember, Size>});
}

template <int Older, bool Remember>
void add_types(std::vector<bench::Case>& all, long n) {
  const std::string detail = std::to_string(Older) + " older" + (Remember ? ", remembers" : "");
  const long iterations = 20'000'000L / n;
  all.push_back({"type", detail, "float", n, 0, iterations, advance_in<float, Older, Remember>});
  all.push_back({"type", detail, "half", n, 0, iterations, advance_in<Eigen::half, Older, Remember>});
  all.push_back({"type", detail, "half, float predictions", n, 0, iterations,
                 advance_with_floats<Eigen::half, Older, Remember>});
  all.push_back({"type", detail, "bfloat16", n, 0, iterations, advance_in<Eigen::bfloat16, Older, Remember>});
}

template <int Older, bool Remember>
void add_updates(std::vector<bench::Case>& all) {
  add_update<Older, Remember, 3>(all, 3);
  for (const long n : {32L, 3072L, 16384L, 786432L, 3145728L})
    add_update<Older, Remember, Eigen::Dynamic>(all, n);
}

}  // namespace

std::vector<bench::Case> cases() {
  std::vector<bench::Case> all;
  add_updates<0, false>(all);
  add_updates<0, true>(all);
  add_updates<1, false>(all);
  add_updates<1, true>(all);
  add_updates<2, false>(all);
  add_updates<2, true>(all);
  add_updates<3, false>(all);
  add_updates<3, true>(all);
  add_types<0, false>(all, 3145728);
  add_types<1, true>(all, 3145728);
  add_types<2, false>(all, 3145728);
  add_types<3, true>(all, 3145728);
  for (const long n : {3072L, 16384L, 786432L, 3145728L}) {
    all.push_back(
        {"copy", "", "loop", n, 2.0 * sizeof(float) * static_cast<double>(n), 40'000'000 / n, copy});
  }
  for (const long n : {3072L, 3145728L}) {
    const long iterations = std::max(2L, 4'000'000 / n);
    all.push_back({"noise", "", "update", n, 0, iterations, advance<0, false, Eigen::Dynamic>});
    all.push_back({"noise", "", "noise", n, 0, iterations, noise_alone});
    all.push_back({"noise", "", "step", n, 0, iterations, noisy_step});
  }
  all.push_back({"run", "Euler, 64 steps", "sampler", 3, 0, 1000, whole_run<Euler, 3>});
  all.push_back({"run", "zAB<3>, 64 steps", "sampler", 3, 0, 1000, whole_run<zAB<3>, 3>});
  for (const long n : {3072L, 786432L}) {
    const long iterations = std::max(1L, 1'000'000 / n);
    all.push_back({"run", "Euler, 64 steps", "sampler", n, 0, iterations, whole_run<Euler, Eigen::Dynamic>});
    all.push_back(
        {"run", "zAB<3>, 64 steps", "sampler", n, 0, iterations, whole_run<zAB<3>, Eigen::Dynamic>});
  }
  all.push_back({"build", "zAB<4>, 1000 steps", "sampler", 1000, 0, 4, build});
  return all;
}

}  // namespace azula
