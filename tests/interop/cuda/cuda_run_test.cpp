// Whole runs by kernels on the CPU, over a stub of CUDA's runtime: see stub/cuda_runtime.h.
#include "azula/interop/cuda_state.cuh"

#include "azula/azula.hpp"

#include "catch.hpp"
#include "interop/cuda/cpu_sums.hpp"
#include "support/complaint.hpp"
#include "support/golden_run.hpp"

#include <Eigen/Core>

#include <array>
#include <cstddef>
#include <span>
#include <type_traits>
#include <vector>

using azula::CudaState;
using azula::CudaSums;
using azula::SampleShape;
using azula::Stage;

namespace {

/// The loop of docs/engines.md: the state and the predictions in the memory of the GPU.
template <class T>
class Loop {
 public:
  Loop(const Eigen::ArrayXX<T>& start, std::size_t history)
      : x_({start.cols(), start.rows()}), watch_(nullptr), slots_(history, x_) {
    x_.view().read(start.data());
  }

  /// One stage; denoise(x, t, mean) is given Eigen's arrays over the memory, which is the host's here.
  template <CudaSums Sums>
  void advance(const Stage& stage, const auto& denoise, const azula::CudaNoise& noise) {
    const std::size_t history = slots_.size();
    CudaState<T>& mean = slots_[slot_];
    if (stage.evaluates) mean.view().read(denoise(state(), stage.time).data());
    std::vector<const T*> older;
    for (std::size_t j = 1; j < history; ++j) older.push_back(slots_[(slot_ + history - j) % history].data());
    azula::cuda_update<Sums>(stage, x_.data(), mean.data(), std::span<const T* const>(older), x_.shape(), noise,
                             x_.stream(), watch_.mark(stage_++));
    if (stage.evaluates) slot_ = (slot_ + 1 + history - static_cast<std::size_t>(stage.drop)) % history;
  }

  /// x <- x + c ε with noise of somebody else.
  template <CudaSums Sums>
  void add(const Eigen::ArrayX<T>& noise, double c) {
    CudaState<T> values = x_.alike();
    values.view().read(noise.data());
    azula::cuda_update<Sums>(Stage{.a = 1, .b = c}, x_.data(), values.data(), {}, x_.shape(), {}, x_.stream());
  }

  Eigen::ArrayXX<T> state() const {
    Eigen::ArrayXX<T> values(x_.shape().size, x_.shape().samples);
    x_.view().write(values.data());
    return values;
  }
  bool finite() const { return !watch_.first_bad().has_value(); }

 private:
  CudaState<T> x_;
  azula::CudaWatch watch_;
  std::vector<CudaState<T>> slots_;
  std::size_t slot_ = 0, stage_ = 0;
};

/// Runs a golden case beside a run of the library; the largest error, and whether all states had the same bits.
template <CudaSums Sums>
std::pair<double, bool> run(const GoldenCase& golden, auto method) {
  const azula::Sampler sampler(golden_denoiser(golden), method,
                               {.start = golden.start, .stop = golden.stop, .steps = golden.steps});
  const Eigen::ArrayXd start = golden.trajectory.col(0);
  GoldenErrors errors(golden.trajectory);
  auto reference = sampler.start(start);
  azula::ReplaySource noise(golden.noise), same(golden.noise);
  Loop<double> loop(start, decltype(method)::history);
  const auto denoise = [&](const Eigen::ArrayXd& x, double t) {
    Eigen::ArrayXd mean;
    sampler.denoiser()(x, t, mean);
    return mean;
  };
  bool equal = true;
  for (const Stage& stage : sampler.stages()) {
    const std::ptrdiff_t step = reference.step();
    sampler.denoiser()(reference.state(), reference.time(), reference.mean());
    reference.advance(noise);
    Stage quiet = stage;
    quiet.c = 0;
    loop.advance<Sums>(quiet, denoise, {});
    if (stage.c != 0) {
      Eigen::ArrayXd draw(start.size());
      same.fill(draw);
      loop.add<Sums>(draw, stage.c);
    }
    const Eigen::ArrayXd x = loop.state();
    equal = equal && (x == reference.state()).all();
    if (reference.step() > step) errors.add<double>(x);
  }
  return {errors.largest(), equal && loop.finite()};
}

template <CudaSums Sums>
void run_all() {
  const auto cases = golden_cases();
  REQUIRE(cases.size() == 295);
  for (const GoldenCase& golden : cases) {
    CAPTURE(golden.label);
    const auto [error, equal] =
        with_golden_method(golden, [&](const auto& method) { return run<Sums>(golden, method); });
    CHECK(error <= 1e-11);
    if (Sums == cpu_sums<double>()) CHECK(equal);
  }
}

/// Samples of stochastic methods with noise of the kernels, beside the sampler with noise of the CPU.
template <class T, CudaSums Sums>
bool same_samples(auto method, const SampleShape& shape) {
  const azula::Sampler sampler(azula::GaussianDenoiser(0.3, 0.25, azula::VPSchedule{}), method, {.steps = 7});
  Eigen::ArrayXX<T> x(shape.size, shape.samples);
  azula::NormalSource host(11, 5);
  sampler.init(x, host);
  azula::CudaSource kernel(11, 5);
  kernel.skip(host.draw());
  Loop<T> loop(x, decltype(method)::history);
  const auto denoise = [&](const Eigen::ArrayXX<T>& state, double t) {
    Eigen::ArrayXX<T> mean;
    sampler.denoiser()(state, t, mean);
    return mean;
  };
  for (const Stage& stage : sampler.stages()) {
    loop.template advance<Sums>(stage, denoise, stage.c != 0 ? kernel.next(shape) : azula::CudaNoise{});
  }
  const Eigen::ArrayXX<T> expected = sampler(x, host);
  return host.draw() == kernel.draw() && (loop.state() == expected).all();
}

template <class T, CudaSums Sums>
void check_samples() {
  for (const SampleShape& shape : {SampleShape{1, 1}, {5, 7}, {3, 64}, {2, 1001}}) {
    CAPTURE(shape.samples, shape.size);
    CHECK(same_samples<T, Sums>(azula::DDPM{}, shape));
    CHECK(same_samples<T, Sums>(azula::DPMSolverMultistepSDE<2>{}, shape));
    CHECK(same_samples<T, Sums>(azula::SASolver<3>{}, shape));
    CHECK(same_samples<T, Sums>(azula::Heun{.churn = {.s_churn = 3}}, shape));
    CHECK(same_samples<T, Sums>(azula::UniPC<3>{}, shape));
  }
}

}  // namespace

TEST_CASE("kernels meet every state of every golden run to 1e-11, with the bits of the CPU", "[cuda][golden]") {
  for (const unsigned blocks : {0U, 1U}) {
    stub_blocks = blocks;
    run_all<CudaSums::fused>();
    run_all<CudaSums::separate>();
    stub_blocks = 0;
  }
}

TEMPLATE_TEST_CASE("samples drawn by kernels are those of the CPU, to the bit", "[cuda]", float, double) {
  if (cpu_sums<TestType>() == CudaSums::fused) {
    check_samples<TestType, CudaSums::fused>();
  } else {
    check_samples<TestType, CudaSums::separate>();
  }
}

TEST_CASE("a run by kernels takes memory at its start and waits at its end only", "[cuda]") {
  const SampleShape shape{4, 33};
  const azula::Sampler sampler(azula::GaussianDenoiser(0.3, 0.25, azula::VPSchedule{}), azula::SASolver<3>{},
                               {.steps = 9});
  CudaState<float> x(shape), mean = x.alike(), before = x.alike();
  azula::CudaSource source(std::array<int, 4>{4, 3, 2, 1});
  azula::CudaWatch watch(x.stream());
  azula::cuda_fill_noise(x.data(), shape, source.next(shape), x.stream());
  std::fill_n(mean.data(), x.size(), 0.0F);
  std::fill_n(before.data(), x.size(), 0.0F);
  const std::vector<const float*> older(azula::max_older, before.data());
  const int allocations = stub_allocations, waits = stub_waits, launches = stub_launches;
  std::size_t k = 0;
  for (const Stage& stage : sampler.stages()) {
    azula::cuda_update(stage, x.data(), mean.data(), std::span<const float* const>(older), shape, source.next(shape),
                       x.stream(), watch.mark(k++));
  }
  CHECK(stub_allocations == allocations);
  CHECK(stub_waits == waits);
  CHECK(stub_launches == launches + static_cast<int>(k));  // one for each stage, its noise included
  CHECK_FALSE(watch.first_bad().has_value());
  CHECK(stub_waits == waits + 1);
}

TEST_CASE("a copy of a CUDA state has values of its own, a view has not", "[cuda]") {
  CudaState<float> x({2, 3});
  const std::array<float, 6> values{1, 2, 3, 4, 5, 6};
  x.view().read(values.data());
  CudaState<float> copy = x;
  const azula::CudaView<float> view = x.view();
  azula::cuda_add_noise(x.data(), 1, x.shape(), azula::CudaNoise{.seed = 1}, nullptr);
  CHECK(view.data()[5] == x.data()[5]);
  CHECK(copy.data()[5] == 6);
  CHECK(x.data()[5] != 6);
  const float* memory = copy.data();
  const CudaState<float> moved = std::move(copy);
  CHECK(moved.data() == memory);
  copy = moved;
  CHECK(copy.data() != memory);
  CHECK(copy.shape().size == 3);
  CHECK(copy.data()[4] == 5);
  CHECK(CudaState<float>().size() == 0);
}

TEST_CASE("a CUDA state says when there is too little memory", "[cuda]") {
  stub_memory = 100;
  CHECK(complaint<std::runtime_error>([] {
          CudaState<double>({2, 7});
        }) == "azula::CudaState: cudaMalloc: out of memory");
  stub_memory = ~std::size_t{0};
}
