// States that are torch's tensors. Its headers take most of a minute to compile: everything that needs no module is in
// this one file.
#include <azula/denoise/function_denoiser.hpp>
#include <azula/denoise/gaussian_denoiser.hpp>
#include <azula/denoise/karras_denoiser.hpp>
#include <azula/guide/guided_denoiser.hpp>
#include <azula/interop/torch_source.hpp>
#include <azula/interop/torch_state.hpp>
#include <azula/method/any_method.hpp>
#include <azula/noise/vp_schedule.hpp>
#include <azula/random.hpp>
#include <azula/sample/sampler.hpp>

#include <ATen/CPUGeneratorImpl.h>
#include <Eigen/Core>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstring>
#include <functional>
#include <limits>
#include <random>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "support/complaint.hpp"
#include "support/golden.hpp"
#include "support/golden_run.hpp"

using azula::TorchState;
using Eigen::bfloat16;
using Eigen::half;

namespace {

/// A tensor that samplers treat as if it were on a device: by operations of torch.
struct Elsewhere {
  TorchState values;
};

}  // namespace

template <>
struct azula::StateTraits<Elsewhere> {
  using Torch = StateTraits<TorchState>;
  using Scalar = double;
  using Plain = Elsewhere;
  using Before = std::span<const Elsewhere* const>;
  struct Memory {
    explicit Memory(const Elsewhere& x) : torch(x.values) {}
    TorchRunMemory torch;
  };

  static SampleShape shape(const Elsewhere& x) { return Torch::shape(x.values); }
  static void resize_like(Elsewhere& out, const Elsewhere& x) { Torch::resize_like(out.values, x.values); }
  static auto with_scalar(const Elsewhere& x, const auto& f) { return Torch::with_scalar(x.values, f); }
  static void write(Elsewhere& x, const auto* values) { Torch::write(x.values, values); }

  static bool update(const Stage& stage, Elsewhere& x, Elsewhere& mean, Before before, Memory& memory) {
    return advance(stage, x, mean, before, {}, memory);
  }
  static bool update(const Stage& stage, Elsewhere& x, Elsewhere& mean, Before before, const auto& draw,
                     Memory& memory) {
    const at::Tensor noise = memory.torch.noise(x.values, [&](auto& out) { draw.fill(out, 0); });
    return advance(stage, x, mean, before, noise, memory);
  }
  static void add_whole(Elsewhere& x, double c, auto& source, Memory& memory) {
    TorchOperations::add(x.values, c, memory.torch.noise_of(x.values, source), memory.torch);
  }
  static bool finite(Memory& memory) { return memory.torch.finite(); }

 private:
  static bool advance(const Stage& stage, Elsewhere& x, Elsewhere& mean, Before before, const at::Tensor& noise,
                      Memory& memory) {
    std::vector<const TorchState*> older;
    for (const Elsewhere* const p : before) older.push_back(&p->values);
    TorchOperations::update(stage, x.values, mean.values, older, noise, memory.torch);
    return true;
  }
};

namespace {

template <class T>
using Array = Eigen::ArrayXX<T>;

constexpr int digits(half) { return 11; }
constexpr int digits(bfloat16) { return 8; }
constexpr int digits(auto value) { return std::numeric_limits<decltype(value)>::digits; }

/// The values of an array of a sample per column as a tensor of a sample per row.
template <class T>
at::Tensor tensor(const Array<T>& x) {
  const at::Tensor values = at::empty({x.cols(), x.rows()}, azula::torch_type<T>);
  std::copy_n(x.data(), x.size(), azula::torch_data<T>(values));
  return values;
}

template <class T>
bool same_bits(const at::Tensor& a, const Array<T>& b) {
  return a.is_contiguous() && a.numel() == b.size() && a.scalar_type() == azula::torch_type<T> &&
         std::memcmp(a.data_ptr(), b.data(), static_cast<std::size_t>(b.size()) * sizeof(T)) == 0;
}

bool same_bits(const at::Tensor& a, const at::Tensor& b) {
  return a.is_contiguous() && b.is_contiguous() && a.sizes() == b.sizes() && a.scalar_type() == b.scalar_type() &&
         std::memcmp(a.data_ptr(), b.data_ptr(), a.nbytes()) == 0;
}

template <class T>
Array<T> narrow(const Eigen::ArrayXXd& x) {
  return x.cast<azula::real_t<T>>().template cast<T>();
}

const azula::VPSchedule schedule;

/// A mean that is not linear, calculated in double and rounded, for states of every kind.
struct Model {
  const auto& schedule() const { return ::schedule; }

  template <class T>
  void operator()(const Array<T>& x, double t, Array<T>& mean) const {
    mean = narrow<T>(0.5 * x.template cast<double>().tanh() + 0.2 * t * x.template cast<double>() + 0.1);
  }
  at::Tensor operator()(const at::Tensor& x, double t) const {
    return azula::with_torch_scalar(x.scalar_type(), [&](auto scalar) {
      using T = decltype(scalar);
      const Array<T> values = Eigen::Map<const Array<T>>(azula::torch_data<T>(x), x.numel(), 1);
      Array<T> mean;
      (*this)(values, t, mean);
      return tensor(mean).view(x.sizes());
    });
  }
  void operator()(const Elsewhere& x, double t, Elsewhere& mean) const { mean.values = (*this)(x.values.values(), t); }
};

azula::AnyMethod golden_method(const GoldenCase& golden) {
  std::string name = golden.method;
  azula::MethodOptions options;
  for (const auto& [key, value] : golden.options) {
    if (key == "order") {
      name += std::to_string(static_cast<int>(value));
    } else {
      options[key] = value;
    }
  }
  return azula::AnyMethod(name, options);
}

struct Errors {
  bool same = true;      ///< whether tensors had the bits of Eigen's arrays, all along
  double eigen = 0;      ///< of Eigen's arrays, relative to max(1, |state|)
  double elsewhere = 0;  ///< of torch's operations
};

/// Advances Eigen's array, a tensor by kernels and a tensor by operations of torch, side by side.
template <class T>
Errors golden_errors(const GoldenCase& golden) {
  const AnyGoldenDenoiser denoiser = golden_denoiser(golden);
  const azula::Sampler sampler(std::ref(denoiser), golden_method(golden),
                               {.start = golden.start, .stop = golden.stop, .steps = golden.steps, .silent = true});
  const Array<T> start = narrow<T>(golden.trajectory.col(0));
  azula::ReplaySource noise(golden.noise), again(golden.noise), once_more(golden.noise);
  auto eigen = sampler.start(start);
  auto kernels = sampler.start(tensor(start));
  auto elsewhere = sampler.start(Elsewhere{TorchState(tensor(start))});
  const auto mean_of = [&](const T* x, double t) {
    Eigen::ArrayXd mean(start.size());
    denoiser(Eigen::ArrayXd(Eigen::Map<const Eigen::ArrayX<T>>(x, start.size()).template cast<double>()), t, mean);
    return narrow<T>(mean);
  };
  const auto values = [](const TorchState& x) { return azula::torch_data<T>(x.values()); };
  Errors errors;
  for (Eigen::Index reached = 0; !eigen.done();) {
    const std::ptrdiff_t step = eigen.step();
    eigen.mean() = mean_of(eigen.state().data(), eigen.time());
    kernels.mean() = tensor(mean_of(values(kernels.state()), kernels.time()));
    elsewhere.mean().values = tensor(mean_of(values(elsewhere.state().values), elsewhere.time()));
    eigen.advance(noise);
    kernels.advance(again);
    elsewhere.advance(once_more);
    errors.same = errors.same && same_bits(kernels.state(), eigen.state());
    if (eigen.step() == step) continue;
    const Eigen::ArrayXd expected = golden.trajectory.col(++reached);
    const auto error = [&](const T* x) {
      const auto found = Eigen::Map<const Eigen::ArrayX<T>>(x, start.size()).template cast<double>();
      return ((found - expected).abs() / expected.abs().max(1.0)).maxCoeff();
    };
    errors.eigen = std::max(errors.eigen, error(eigen.state().data()));
    errors.elsewhere = std::max(errors.elsewhere, error(values(elsewhere.state().values)));
  }
  return errors;
}

/// The state after the noise of `random` and all steps.
template <class Sampler, class X, class Source>
auto drawn(const Sampler& sampler, X x, Source random) {
  sampler.init(x, random, 0.3, 0.5);
  return sampler(std::move(x), random);
}

template <class Method>
azula::Sampler<Model, Method> sampler_of(const Method& method, int steps = 9) {
  return azula::Sampler(Model{}, method, {.start = 0.9, .stop = 0.1, .steps = steps, .silent = true});
}

}  // namespace

TEMPLATE_TEST_CASE("golden runs of tensors have the bits of Eigen's, and are met by torch's operations", "[torch]",
                   double, float, half, bfloat16) {
  const auto cases = golden_cases();
  REQUIRE(cases.size() == 295);
  const double unit = std::ldexp(1.0, 1 - digits(TestType()));
  double worst = 0, ratio = 0;
  int beyond = 0, beyond_eigen = 0;
  for (const GoldenCase& golden : cases) {
    CAPTURE(golden.label);
    const Errors errors = golden_errors<TestType>(golden);
    CHECK(errors.same);
    const double most = unit < 1e-15 ? 1e-11 : unit < 1e-6 ? 1e-4 : 4 * unit;
    beyond += errors.elsewhere > most;
    beyond_eigen += errors.eigen > most;
    worst = std::max(worst, errors.elsewhere / unit);
    ratio = std::max(ratio, errors.elsewhere / std::max(errors.eigen, 4 * unit));
  }
  WARN("worst " << worst << " ratio " << ratio << " beyond " << beyond << " eigen " << beyond_eigen);
}
