// Samplers of CUDA states, whose kernels run on the CPU, over a stub of CUDA's runtime: see stub/cuda_runtime.h.
#include "azula/interop/cuda_sampler.cuh"

#include <Eigen/Core>
#include <array>
#include <cstddef>
#include <limits>
#include <span>
#include <stdexcept>
#include <utility>
#include <vector>

#include "azula/azula.hpp"
#include "azula/guide/guided_denoiser.hpp"
#include "azula/random/shard_source.hpp"
#include "catch.hpp"
#include "support/complaint.hpp"

using azula::CudaState;
using azula::SampleShape;
using azula::Stage;

namespace {

/// A closed form, over memory that is the host's here.
template <class T>
struct Denoiser {
  azula::VPSchedule vp{};
  const azula::VPSchedule& schedule() const { return vp; }
  void operator()(const CudaState<T>& x, double t, CudaState<T>& mean) const {
    const auto [alpha, sigma] = vp(t);
    const auto weight = static_cast<float>(alpha / (alpha * alpha + 4 * sigma * sigma));
    using Scalar = azula::CudaScalar<T>;
    for (std::size_t i = 0; i < x.size(); ++i) {
      mean.data()[i] = Scalar::narrow(static_cast<typename Scalar::Compute>(weight) * Scalar::widen(x.data()[i]));
    }
  }
};

template <class T>
std::vector<float> values(const CudaState<T>& x) {
  std::vector<float> result;
  for (std::size_t i = 0; i < x.size(); ++i) {
    result.push_back(static_cast<float>(azula::CudaScalar<T>::widen(x.data()[i])));
  }
  return result;
}

/// The stages by hand, with draws of a CudaSource.
template <class T>
CudaState<T> by_hand(const auto& sampler, std::size_t history, CudaState<T> x, azula::CudaSource source) {
  std::vector<CudaState<T>> slots(history, x);
  std::size_t slot = 0;
  for (const Stage& stage : sampler.stages()) {
    if (stage.evaluates) sampler.denoiser()(x, stage.time, slots[slot]);
    std::vector<const T*> older;
    for (std::size_t j = 1; j < history; ++j) older.push_back(slots[(slot + history - j) % history].data());
    const azula::CudaNoise noise = stage.c != 0 ? source.next(x.shape()) : azula::CudaNoise{};
    azula::cuda_update(stage, x.data(), slots[slot].data(), std::span<const T* const>(older), x.shape(), noise,
                       nullptr);
    if (stage.evaluates) slot = (slot + 1 + history - static_cast<std::size_t>(stage.drop)) % history;
  }
  return x;
}

template <class T>
CudaState<T> start(const SampleShape& shape) {
  CudaState<T> x(shape);
  azula::cuda_fill_noise(x.data(), shape, {.seed = 99}, nullptr);
  return x;
}

template <class T>
void compare(auto method) {
  const SampleShape shape{3, 21};
  const azula::Sampler sampler(Denoiser<T>{}, method, {.steps = 7, .silent = true});
  const CudaState<T> x = start<T>(shape);
  azula::NormalSource one(5, 8);
  CHECK(values(sampler(x, one)) == values(by_hand(sampler, method.history, x, azula::CudaSource(5, 8))));
  const std::vector<int> seeds{4, 4, 9};
  azula::NormalSource each(seeds);
  CHECK(values(sampler(x, each)) == values(by_hand(sampler, method.history, x, azula::CudaSource(seeds))));
  azula::NormalSource all(std::vector<int>{1, 2, 4, 4, 9});
  azula::ShardSource part(all, {5, 21}, 2);
  CHECK(values(sampler(x, part)) == values(by_hand(sampler, method.history, x, azula::CudaSource(seeds))));
}

}  // namespace

TEMPLATE_TEST_CASE("a sampler of CUDA states applies its stages by kernels", "[cuda]", float, double, __half,
                   __nv_bfloat16) {
  compare<TestType>(azula::SASolver<3>{});
  compare<TestType>(azula::Heun{.churn = {.s_churn = 3}});
  compare<TestType>(azula::UniPC<3>{});
}

TEST_CASE("a run of a CUDA state is a kernel per stage, and waits at its end only", "[cuda]") {
  const azula::Sampler sampler(Denoiser<float>{}, azula::SASolver<3>{}, {.steps = 9, .silent = true});
  azula::NormalSource random(std::vector<int>{4, 3, 2, 1});
  auto run = sampler.start(start<float>({4, 33}));
  const int allocations = stub_allocations, waits = stub_waits, launches = stub_launches;
  while (!run.done()) {
    CHECK(stub_waits == waits);
    sampler.denoiser()(run.state(), run.time(), run.mean());
    run.advance(random);
  }
  CHECK(stub_allocations == allocations);
  CHECK(stub_launches == launches + static_cast<int>(sampler.stages().size()));
  CHECK(stub_waits == waits + 1);
}

TEST_CASE("a copy of a run of a CUDA state goes on alone", "[cuda]") {
  const azula::Sampler sampler(Denoiser<float>{}, azula::DPMSolverMultistepSDE<2>{}, {.steps = 6, .silent = true});
  azula::NormalSource random(std::vector<int>{4, 3}), same = random;
  auto run = sampler.start(start<float>({2, 9}));
  const auto advance = [&](auto& of, auto& source) {
    sampler.denoiser()(of.state(), of.time(), of.mean());
    of.advance(source);
  };
  for (int i = 0; i < 3; ++i) advance(run, random);
  auto fork = run;
  const std::vector<float> before = values(fork.state());
  while (!run.done()) advance(run, random);
  CHECK(values(fork.state()) == before);
  same.skip(random.draw() - static_cast<std::uint64_t>(sampler.stages().size()) + 3);
  while (!fork.done()) advance(fork, same);
  CHECK(values(fork.state()) == values(run.state()));
}

TEST_CASE("denoisers around networks and guidance work on CUDA states", "[cuda]") {
  const auto of_arrays = [](const Eigen::ArrayXXd& in, double c, Eigen::ArrayXXd& out) { out = 0.5 * in + 0.1 * c; };
  const auto of_cuda = [](const CudaState<double>& in, double c, CudaState<double>& out) {
    for (std::size_t i = 0; i < in.size(); ++i) out.data()[i] = 0.5 * in.data()[i] + 0.1 * c;
  };
  const auto draw = [](const auto& network, auto x) {
    const azula::VPSchedule vp;
    const azula::GuidedDenoiser guided(azula::KarrasDenoiser(network, vp),
                                       azula::NetworkDenoiser(network, vp, azula::VelocityPrediction{}), 2.5);
    const azula::Sampler sampler(guided, azula::DDPM{}, {.start = 0.9, .stop = 0.1, .steps = 6, .silent = true});
    azula::NormalSource random(3);
    sampler.init(x, random);
    return sampler(std::move(x), random);
  };
  const Eigen::ArrayXXd expected = draw(of_arrays, Eigen::ArrayXXd(9, 2));
  const CudaState<double> found = draw(of_cuda, CudaState<double>({2, 9}));
  CHECK((Eigen::Map<const Eigen::ArrayXXd>(found.data(), 9, 2) - expected).abs().maxCoeff() < 1e-13);
}

TEST_CASE("a view of CUDA memory is advanced in place", "[cuda]") {
  const azula::Sampler sampler(Denoiser<float>{}, azula::xEAB<2>{}, {.steps = 6, .silent = true});
  const CudaState<float> x = start<float>({2, 9});
  CudaState<float> memory = x;
  auto run = sampler.start(memory.view());
  while (!run.done()) {
    sampler.denoiser()(memory, run.time(), run.mean());
    run.advance();
  }
  CHECK(values(memory) == values(sampler(x)));
  CHECK(values(memory) != values(x));
}

TEST_CASE("a mean of a CUDA state that is not finite is an error at the end", "[cuda]") {
  const azula::Sampler sampler(Denoiser<float>{}, azula::xEAB<2>{}, {.steps = 6, .silent = true});
  CudaState<float> x = start<float>({2, 9});
  x.data()[7] = std::numeric_limits<float>::quiet_NaN();
  CHECK(complaint<std::runtime_error>([&] { sampler(x); }).find("the mean must be finite") != std::string::npos);
}

TEST_CASE("a sampler starts CUDA states as it does Eigen's", "[cuda]") {
  const azula::Sampler sampler(Denoiser<float>{}, azula::xEAB<2>{}, {.steps = 6, .silent = true});
  CudaState<float> x({2, 9});
  Eigen::ArrayXXf y(9, 2);
  azula::NormalSource random(3), same(3);
  sampler.init(x, random);
  sampler.init(y, same);
  CHECK((Eigen::Map<Eigen::ArrayXXf>(x.data(), 9, 2) == y).all());
}
