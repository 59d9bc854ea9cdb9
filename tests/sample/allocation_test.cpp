/// \file
/// A run allocates when it starts and not again. A program of its own, since it counts every allocation:
/// those of operator new by replacing it, those of Eigen, which calls malloc, by a failed assertion for each.

#include <cstddef>

namespace allocations {
bool counting = false;
std::size_t count = 0;
inline void add() {
  if (counting) ++count;
}
}  // namespace allocations

#define EIGEN_RUNTIME_NO_MALLOC
#define eigen_assert(condition)             \
  do {                                      \
    if (!(condition)) ::allocations::add(); \
  } while (false)

#include <Eigen/Core>
#include <unsupported/Eigen/CXX11/Tensor>

#include <cstdlib>
#include <functional>
#include <new>
#include <random>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "azula/denoise/gaussian_denoiser.hpp"
#include "azula/denoise/karras_denoiser.hpp"
#include "azula/denoise/mixture_denoiser.hpp"
#include "azula/guide/clamped_denoiser.hpp"
#include "azula/guide/guided_denoiser.hpp"
#include "azula/guide/masked_denoiser.hpp"
#include "azula/guide/prefix_weights.hpp"
#include "azula/guide/real_time_chunking.hpp"
#include "azula/noise/vp_schedule.hpp"
#include "azula/random.hpp"
#include "azula/sample/pool.hpp"
#include "azula/sample/sampler.hpp"
#include "catch.hpp"
#include "support/methods.hpp"

// Not inlined: where g++ sees malloc and delete, or new and free, it warns.
[[gnu::noinline]] void* operator new(std::size_t size) {
  allocations::add();
  void* memory = std::malloc(size == 0 ? 1 : size);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}
[[gnu::noinline]] void* operator new(std::size_t size, std::align_val_t alignment) {
  allocations::add();
  const auto to = static_cast<std::size_t>(alignment);
  void* memory = std::aligned_alloc(to, (size + to - 1) / to * to);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}
[[gnu::noinline]] void operator delete(void* memory) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::align_val_t) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
  std::free(memory);
}

namespace {

/// How often the call allocates.
template <class Call>
std::size_t allocated(Call&& call) {
  allocations::count = 0;
  Eigen::internal::set_is_malloc_allowed(false);
  allocations::counting = true;
  call();
  allocations::counting = false;
  Eigen::internal::set_is_malloc_allowed(true);
  return allocations::count;
}

const azula::VPSchedule schedule;
const azula::GaussianDenoiser denoiser(0.3, 0.5, schedule);

/// How often a run allocates from its start on.
template <class S, class X, class Source>
std::size_t allocated_by_run(const S& sampler, const X& x, Source& random) {
  auto run = sampler.start(x);
  return allocated([&] {
    while (!run.done()) {
      sampler.denoiser()(run.state(), run.time(), run.mean());
      run.advance(random);
    }
  });
}

/// Checks one method with one type of state and one random source.
template <class M, class X, class Source>
void require_none(const M& method, const X& x, Source& random) {
  const azula::Sampler sampler(denoiser, method, {.steps = 6, .silent = true});
  CAPTURE(method.name());
  CHECK(allocated_by_run(sampler, x, random) == 0);
  const std::size_t start = allocated([&] { sampler.start(x); });
  const std::size_t call = allocated([&] { sampler(x, random); });
  CHECK(call == start);
  const std::size_t watched = allocated(
      [&] { sampler(x, random, [](const azula::StepInfo& step, const auto&) { return step.index < 9; }); });
  CHECK(watched == start);
  if (X::SizeAtCompileTime == Eigen::Dynamic) {
    CHECK(start == 1 + M::history);  // the state, and a slot per prediction
  } else {
    CHECK(start == 0);
  }
}

/// Euler's method, as if it needed as many predictions.
template <int History>
struct Remembering : azula::Euler {
  static constexpr int history = History;
};

}  // namespace

TEST_CASE("allocations are counted, those of Eigen too", "[allocation]") {
  CHECK(allocated([] { const Eigen::ArrayXd x(100); }) == 1);
  CHECK(allocated([] { const std::string text(100, 'x'); }) == 1);
  CHECK(allocated([] { const Eigen::Tensor<double, 2> x(10, 10); }) == 1);
  CHECK(allocated([] { const Eigen::Array3d x(1, 2, 3); }) == 0);
}

TEST_CASE("no method allocates between start and end", "[allocation]") {
  const Eigen::ArrayXXf dynamic = Eigen::ArrayXXf::Random(17, 131);  // more than one block of noise
  const Eigen::Array3d fixed(0.1, -0.4, 1.2);
  each_method([&](const auto& method) {
    azula::NormalSource random(1);
    require_none(method, dynamic, random);
    require_none(method, fixed, random);
  });
}

TEST_CASE("neither do the methods for few evaluations", "[allocation]") {
  using namespace azula;
  const Eigen::ArrayXf x = Eigen::ArrayXf::Random(2000);  // more than one block of noise
  const auto require_no_more = [&](const auto&... methods) {
    const auto advanced = [&](const auto& method) {
      const Sampler sampler(denoiser, method, {.steps = 6, .silent = true});
      CAPTURE(method.name());
      NormalSource random(1);
      CHECK(allocated_by_run(sampler, x, random) == 0);
    };
    (advanced(methods), ...);
  };
  require_no_more(DPM2{}, DPMSolver2S{}, DPMSolver3S{}, ExponentialHeun{}, RK4{}, Heun{{.s_churn = 9}});
  require_no_more(tAB<3>{}, xEAB<8>{}, Started{xEAB<3>{}}, Started{zAB<4>{}}, Started{REAB<5>{}});
  require_no_more(Corrected{xEAB<3>{}}, Corrected{REAB<7>{}}, UniPC<3>{}, SASolver<3>{}, ERSDE<3>{});
  require_no_more(EulerAncestral{}, DPM2Ancestral{}, DPMSolver2SAncestral{}, DPMSolverSDE{});
  require_no_more(DPMSolverMultistepSDE<3>{}, DPM2{{.s_churn = 9}});
  require_no_more(Restart{Heun{}, {.rho_min = 1, .rho_max = 3}},
                  Restart{xEAB<3>{}, {.rho_min = 1, .rho_max = 3}});
}

TEST_CASE("a run takes memory for as many predictions as its stages use", "[allocation]") {
  const Eigen::ArrayXf x = Eigen::ArrayXf::Random(2000);
  const auto started = [&](const auto& method, std::ptrdiff_t steps) {
    const azula::Sampler sampler(denoiser, method, {.steps = steps, .silent = true});
    return allocated([&] { sampler.start(x); });
  };
  CHECK(started(azula::xEAB<8>{}, 20) == 1 + 8);  // the state, and a slot per prediction
  CHECK(started(azula::xEAB<8>{}, 3) == 1 + 3);
  CHECK(started(azula::xEAB<8>{}, 1) == 1 + 1);
  CHECK(started(Remembering<8>{}, 20) == 1 + 1);
}

TEST_CASE("neither do standard engines and whole draws", "[allocation]") {
  const Eigen::ArrayXXf dynamic = Eigen::ArrayXXf::Random(17, 5);
  const Eigen::Array3d fixed(0.1, -0.4, 1.2);
  std::mt19937_64 engine(1);
  require_none(azula::DDPM{}, dynamic, engine);
  require_none(azula::PC{.corrections = 2, .delta = 0.1}, fixed, engine);
  azula::ReplaySource replay(Eigen::ArrayXXd(Eigen::ArrayXXd::Random(17 * 5, 30)));
  require_none(azula::DDPM{}, dynamic, replay);
}

TEST_CASE("a network allocates its scaled input once, when it is called through a sampler", "[allocation]") {
  const auto network = [](const auto& input, double c, auto& output) {
    output = 0.1f * static_cast<float>(c) * input;
  };
  const azula::Sampler sampler(azula::KarrasDenoiser(network, schedule), azula::zAB<3>{}, {.steps = 6});
  const Eigen::ArrayXXf x = Eigen::ArrayXXf::Random(17, 5);
  const std::size_t start = allocated([&] { sampler.start(x); });
  CHECK(allocated([&] { sampler(x); }) == start + 1);
}

TEST_CASE("a mixture of Gaussians does not allocate", "[allocation]") {
  const Eigen::MatrixXd means = Eigen::MatrixXd::Random(17, 3);
  const azula::MixtureDenoiser mixture(Eigen::ArrayXd::Ones(3), means, Eigen::ArrayXd::Ones(3), schedule);
  const azula::Sampler sampler(mixture, azula::zAB<3>{}, {.steps = 6});
  const Eigen::ArrayXXf x = Eigen::ArrayXXf::Random(17, 5);
  const std::size_t start = allocated([&] { sampler.start(x); });
  CHECK(allocated([&] { sampler(x); }) == start);
}

TEST_CASE("memory that is advanced in place is not copied, and a state that is moved in neither",
          "[allocation]") {
  const azula::Sampler sampler(denoiser, azula::zAB<2>{}, {.steps = 6});
  Eigen::ArrayXXf x = Eigen::ArrayXXf::Random(17, 5);
  CHECK(allocated([&] { sampler(Eigen::Map<Eigen::ArrayXXf>(x.data(), 17, 5)); }) == 2);
  CHECK(allocated([&] { sampler(std::move(x)); }) == 2);
  Eigen::Tensor<float, 3> tensor(2, 3, 4);
  tensor.setConstant(0.5f);
  CHECK(allocated([&] { sampler(Eigen::TensorMap<Eigen::Tensor<float, 3>>(tensor.data(), 2, 3, 4)); }) == 2);
  CHECK(allocated([&] { sampler(tensor); }) == 3);
}

TEST_CASE("a tick of a pool does not allocate while the same requests are under way", "[allocation]") {
  const auto network = [](const auto& input, const auto& c, auto& output) {
    if constexpr (std::is_same_v<decltype(c), const double&>) {
      output = static_cast<float>(c) * input;
    } else {  // a time per sample
      output.resizeLike(input);
      for (Eigen::Index j = 0; j < input.cols(); ++j) output.col(j) = static_cast<float>(c(j)) * input.col(j);
    }
  };
  const azula::KarrasDenoiser karras(network, schedule);
  const azula::GuidedDenoiser guided(karras, karras, 3.0);
  azula::Pool<Eigen::ArrayXXf> pool(guided);
  const Eigen::ArrayXXf x = Eigen::ArrayXXf::Random(17, 5);
  const auto watch = [](const azula::StepInfo&, const Eigen::ArrayXXf&, const Eigen::ArrayXXf&) { return true; };
  const azula::SamplerOptions options{.start = 0.9, .stop = 0.1, .steps = 12};
  pool.submit(azula::Sampler(guided, azula::xEAB<3>{}, options), x);
  pool.submit(azula::Sampler(guided, azula::DDPM{}, options), x, {.random = azula::NormalSource(1), .step = watch});
  pool.submit(azula::Sampler(guided, azula::Heun{{.s_churn = 9}}, options), x, {.random = azula::NormalSource(2)});
  CHECK(allocated([&] { pool.tick(); }) > 0);
  for (int i = 0; i < 10; ++i) CHECK(allocated([&] { pool.tick(); }) == 0);
  CHECK(pool.size() == 3);
}

TEST_CASE("initial noise does not allocate, whatever the mean and the variance", "[allocation][control]") {
  const azula::Sampler sampler(denoiser, azula::vAB<2>{}, {.start = 0.3, .steps = 3});
  azula::NormalSource random(7);
  const auto none = [&](auto&& x, const auto& mean, const auto& variance) {
    CHECK(allocated([&] { sampler.init(x, random, mean, variance); }) == 0);
  };
  const auto every = [&](auto&& x, const auto& sample, const auto& state) {
    CHECK(allocated([&] { sampler.init(x, random); }) == 0);
    none(x, 0.5, 0.0);
    none(x, sample, 0.0);
    none(x, state, sample);
    none(x, 0.0f, state);
  };
  using Plan = Eigen::Array<float, 8, 1>;
  using Plans = Eigen::Array<float, 8, 4>;
  using Rows = Eigen::Array<float, 4, 8, Eigen::RowMajor>;
  const Plan plan = Plan::Random().abs();
  const Plans plans = Plans::Random().abs();
  every(Plan(), plan, plan);
  every(Plans(), plan, plans);
  every(Rows(), plan, plans.transpose());
  every(Eigen::Array<Eigen::half, 8, 1>(), plan, plan.cast<Eigen::half>());
  every(Plan(), 0.5f * plan, (plan + 1).square());  // expressions of a fixed size
  const Eigen::ArrayXf column = plan;
  const Eigen::ArrayXXf columns = plans;
  every(Eigen::ArrayXXf(8, 4), column, columns);
  every(Eigen::ArrayXXf(8, 4), column.cast<double>().eval(), columns.matrix().eval());
  every(Plans(), columns.col(2), Eigen::Map<const Eigen::ArrayXXf>(columns.data(), 8, 4));
  Eigen::ArrayXXf ring(8, 12);
  every(Eigen::Map<Eigen::ArrayXXf>(ring.data(), 8, 4), plan, columns);
  Eigen::Tensor<float, 2> tensor(8, 4);
  tensor.setConstant(0.5f);
  every(Eigen::Tensor<float, 2>(8, 4), plan, tensor);
  every(Eigen::Tensor<float, 2, Eigen::RowMajor>(4, 8), plan, columns.transpose());
  Plan x = plan;  // the plan before, in the same memory
  CHECK(allocated([&] { sampler.init(x, random, x, 0.0); }) == 0);
}

TEST_CASE("a tick of a controller does not allocate", "[allocation][control]") {
  using namespace azula;
  using Plan = Eigen::Array<float, 8, 1>;
  const MixtureDenoiser policy(Eigen::Array2d(0.5, 0.5), Eigen::MatrixXd::Random(8, 2), Eigen::Array2d(1e-3, 1e-3), schedule);
  const ClampedDenoiser clamped(policy, -1, 1);
  Eigen::ArrayXd mask = Eigen::ArrayXd::Zero(8);
  mask.head(2) = 1;
  MaskedDenoiser masked(clamped, mask, Plan(Plan::Zero()));
  RealTimeChunking chunking(policy, Plan(Plan::Zero()), prefix_weights({.horizon = 8, .delay = 2, .end = 5}), {.jacobian = false});
  const Eigen::ArrayXd later = prefix_weights({.horizon = 8, .delay = 3, .end = 5});
  const GuidedDenoiser guided(std::ref(masked), std::cref(clamped), Eigen::ArrayXd(Eigen::ArrayXd::Constant(1, 2.0)));
  const std::vector<int> seeds{5};
  NormalSource random(7);
  const NormalSource listed(seeds);
  Plan plan = Plan::Zero();
  const auto tick = [&](const auto& model, const auto& method, const auto& prepare) {
    const Sampler sampler(std::cref(model), method, {.start = 0.3, .steps = 3});
    CAPTURE(method.name());
    CHECK(allocated([&] {
      prepare();
      NormalSource own(7), copy = listed;
      own.rewind(3);
      copy.skip(2);
      Plan x;
      sampler.init(x, own, plan, 0.0);
      plan = sampler(x, copy);
      sampler.init(x, random, plan, 0.0);
      auto run = sampler.start(x);  // as in a loop with a deadline
      do {
        model(run.state(), run.time(), run.mean());
        plan = run.mean();
        run.advance(random);
      } while (!run.done());
      plan = run.state();
    }) == 0);
  };
  const auto ticks = [&](const auto& model, const auto& prepare) {
    tick(model, vAB<2>{}, prepare);
    tick(model, DDPM{}, prepare);
    tick(model, Heun{}, prepare);
  };
  ticks(policy, [] {});
  ticks(clamped, [] {});
  ticks(masked, [&] { masked.set_known(plan); });
  ticks(masked, [&] { masked.set_known(mask, plan); });
  ticks(chunking, [&] { chunking.set_previous(plan); });
  ticks(chunking, [&] { chunking.set_previous(plan, later); });
  ticks(guided, [&] { masked.set_known(0.5f * plan); });
  Eigen::ArrayXf dynamic = plan;
  CHECK(allocated([&] { masked.set_known(dynamic); }) == 0);
  const Sampler keeper(masked, vAB<2>{}, {.steps = 2});  // has a copy, which keeps its values
  CHECK(allocated([&] { masked.set_known(plan); }) == 3);
  CHECK(allocated([&] { masked.set_known(plan); }) == 0);
}
