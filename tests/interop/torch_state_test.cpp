// States that are torch's tensors. Its headers take most of a minute to compile: everything that needs no module is in
// this one file.
#include <azula/denoise/evaluate.hpp>
#include <azula/denoise/function_denoiser.hpp>
#include <azula/denoise/karras_denoiser.hpp>
#include <azula/denoise/network_denoiser.hpp>
#include <azula/guide/guided_denoiser.hpp>
#include <azula/interop/torch_source.hpp>
#include <azula/interop/torch_state.hpp>
#include <azula/method/any_method.hpp>
#include <azula/method/heun.hpp>
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
#include <type_traits>
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
  const double four_units = std::ldexp(4.0, 1 - digits(TestType()));
  for (const GoldenCase& golden : cases) {
    CAPTURE(golden.label);
    const Errors errors = golden_errors<TestType>(golden);
    CHECK(errors.same);
    if constexpr (std::is_same_v<TestType, double>) {
      CHECK(errors.eigen <= 1e-11);
      CHECK(errors.elsewhere <= 1e-11);
    } else {
      // As the tests of Eigen's arrays have it; where these are further off, since terms are many times their sum, so far.
      const double most = std::is_same_v<TestType, float> ? 1e-4 : four_units;
      CHECK(errors.elsewhere <= std::max(most, 4 * errors.eigen));
    }
  }
}

TEMPLATE_TEST_CASE("noise of every kind of source reaches tensors as it does Eigen's arrays", "[torch]", double, float,
                   half, bfloat16) {
  using T = TestType;
  constexpr Eigen::Index size = 1029, count = 3;
  const double unit = std::ldexp(1.0, 1 - digits(T()));
  const auto check = [&](const auto& method, const auto& source) {
    const auto sampler = sampler_of(method);
    const Array<T> expected = drawn(sampler, Array<T>(size, count), source);
    const at::Tensor x = drawn(sampler, at::empty({count, 7, 147}, azula::torch_type<T>), source);
    CHECK(same_bits(x, expected));
    CHECK(x.sizes() == at::IntArrayRef({count, 7, 147}));
    const Elsewhere y = drawn(sampler, Elsewhere{TorchState(tensor(expected))}, source);
    const auto distance = (tensor(expected).to(at::kDouble) - y.values.values().to(at::kDouble)).abs().max();
    CHECK(distance.template item<double>() <= (unit < 1e-6 ? 16 : 3) * unit);
  };
  const azula::AnyMethod sde("DPMSolverMultistepSDE2");
  check(sde, azula::NormalSource(3));
  check(sde, azula::NormalSource(std::vector{5, 5, 2}));
  check(sde, azula::BrownianSource(3, azula::time_clock()));
  check(sde, azula::ReplaySource<double>(Eigen::ArrayXXd::Random(size * count, 12)));
  check(sde, std::mt19937_64(3));
  check(azula::AnyMethod(azula::Heun{.churn = {.s_churn = 3}}), azula::NormalSource(7));
}

TEST_CASE("a tensor is copied, or taken where it is moved in and nobody else holds its memory", "[torch]") {
  const auto sampler = sampler_of(azula::AnyMethod("xEAB3"));
  const at::Tensor x = at::randn({4, 6}), before = x.clone();
  const at::Tensor y = sampler(x);
  CHECK(same_bits(x, before));
  CHECK_FALSE(same_bits(y, before));

  const auto starts_at = [&](at::Tensor&& from) { return sampler.start(std::move(from)).state().values().data_ptr(); };
  at::Tensor moved = x.clone();
  const void* const memory = moved.data_ptr();
  CHECK(starts_at(std::move(moved)) == memory);
  CHECK(starts_at(at::Tensor(x)) != x.data_ptr());
  CHECK(starts_at(x.view({24})) != x.data_ptr());
  CHECK(starts_at(x.slice(0, 1)) != x.slice(0, 1).data_ptr());
  std::array<float, 24> own{};
  CHECK(starts_at(at::from_blob(own.data(), {4, 6})) != own.data());

  // With gaps, in another order, with a record for derivatives.
  const at::Tensor turned = before.t().contiguous().t();
  CHECK(same_bits(sampler(turned), y));
  CHECK(same_bits(sampler(before.clone().set_requires_grad(true)), y));
  at::Tensor leaf = before.clone().set_requires_grad(true);
  const at::Tensor drawn_from = sampler(std::move(leaf));
  CHECK(same_bits(drawn_from, y));
  CHECK_FALSE(drawn_from.requires_grad());
  CHECK_FALSE(drawn_from.is_inference());
}

TEST_CASE("the values of what a sampler returns outlive it", "[torch]") {
  const auto sampler = sampler_of(azula::AnyMethod("DDIM"), 3);
  const at::Tensor x = at::randn({4, 6}), y = sampler(x);
  const at::Tensor& seen = sampler(x).values();
  CHECK(same_bits(seen, y));
  STATIC_CHECK(!std::is_reference_v<decltype(sampler(x).values())>);
}

TEST_CASE("predictions that are cut otherwise than the state are remembered, of 16 bits, too", "[torch]") {
  const azula::Stage stage{.a = 0.5, .b = 0.25, .u = 0.5, .v = 2};
  for (const auto type : {at::kFloat, at::kHalf, at::kBFloat16}) {
    TorchState x(at::full({2, 3, 4}, 2, type)), mean(at::full({2, 12}, 4, type));
    azula::TorchRunMemory memory(x);
    azula::TorchOperations::update(stage, x, mean, {}, {}, memory);
    CHECK(x.values().eq(2).all().item<bool>());
    CHECK(mean.values().eq(9).all().item<bool>());
  }
}

TEST_CASE("handles that are taken from a run are not changed by it", "[torch]") {
  const auto sampler = sampler_of(azula::AnyMethod("zAB3"));
  const auto check = [&](auto start, const auto& values) {
    std::vector<at::Tensor> kept, copies;
    sampler(start, [&](const azula::StepInfo&, const auto& x, const auto& mean) {
      for (const at::Tensor& seen : {values(x), values(mean)}) kept.push_back(seen), copies.push_back(seen.clone());
    });
    REQUIRE(kept.size() == 18);
    for (std::size_t i = 0; i < kept.size(); ++i) CHECK(same_bits(kept[i], copies[i]));
  };
  check(at::randn({4, 6}), [](const TorchState& x) { return x.values(); });
  check(Elsewhere{TorchState(at::randn({4, 6}))}, [](const Elsewhere& x) { return x.values.values(); });
}

TEST_CASE("a copy of a run of a tensor goes its own way", "[torch]") {
  const auto sampler = sampler_of(azula::AnyMethod("DPMSolverMultistepSDE2"));
  const auto check = [&](const auto& start, const auto& values) {
    azula::NormalSource random(4);
    auto run = sampler.start(start);
    const auto step = [&](auto& of, auto& source) {
      if constexpr (requires { of.mean() = Model{}(of.state(), of.time()); }) {
        of.mean() = Model{}(of.state(), of.time());
      } else {
        Model{}(of.state(), of.time(), of.mean());
      }
      of.advance(source);
    };
    for (int i = 0; i < 4; ++i) step(run, random);
    auto fork = run;
    azula::NormalSource same = random;
    const at::Tensor there = values(fork.state()).clone();
    while (!run.done()) step(run, random);
    CHECK(same_bits(values(fork.state()), there));
    while (!fork.done()) step(fork, same);
    CHECK(same_bits(values(fork.state()), values(run.state())));
  };
  check(at::randn({4, 6}), [](const TorchState& x) { return x.values(); });
  check(Elsewhere{TorchState(at::randn({4, 6}))}, [](const Elsewhere& x) { return x.values.values(); });
}

TEST_CASE("what a function of tensors returns is the mean, without a copy if nobody else holds it", "[torch]") {
  const at::Tensor x = at::randn({4, 6}), held = at::randn({4, 6});
  TorchState mean(at::zeros({4, 6}));
  const auto asked = [&](const auto& function) -> const void* {
    azula::evaluate(azula::FunctionDenoiser(function, schedule), TorchState(x), 0.5, mean);
    return mean.values().data_ptr();
  };
  const void* made = nullptr;
  CHECK(asked([&](const at::Tensor& at, double) {
          at::Tensor out = 2 * at;
          made = out.data_ptr();
          return out;
        }) == made);
  CHECK(same_bits(mean, 2 * x));
  CHECK(asked([](const at::Tensor& at, double) { return at; }) != x.data_ptr());
  CHECK(same_bits(mean, x));
  CHECK(asked([&](const at::Tensor&, double) { return held; }) != held.data_ptr());
  CHECK(same_bits(mean, held));
  asked([](const at::Tensor& at, double) { return at.to(at::kDouble); });
  CHECK(same_bits(mean, x));
  CHECK(complaint([&] { asked([](const at::Tensor& at, double) { return at.slice(1, 0, 5); }); }) ==
        "azula::Sampler: the mean must have the shape of the state, 6 x 4, got 5 x 4");

  // Identity, whose mean is the state itself, and a module's own tensor survive a run.
  const azula::FunctionDenoiser same([&](const at::Tensor& at, double t) { return t > 0.5 ? at : held; }, schedule);
  const at::Tensor before = held.clone();
  const azula::Sampler sampler(same, azula::AnyMethod("zAB3"), {.start = 0.9, .stop = 0.1, .steps = 9, .silent = true});
  const azula::FunctionDenoiser by_values(
      [&](const at::Tensor& at, double t) { return t > 0.5 ? at.clone() : held.clone(); }, schedule);
  const azula::Sampler other(by_values, azula::AnyMethod("zAB3"),
                             {.start = 0.9, .stop = 0.1, .steps = 9, .silent = true});
  CHECK(same_bits(sampler(x), other(x)));
  CHECK(same_bits(held, before));
}

TEST_CASE("networks and guidance work on tensors, by kernels and by operations", "[torch]") {
  const auto network = []<class T>(const Array<T>& in, double c, Array<T>& out) { out = T(0.5) * in + T(0.1 * c); };
  const auto of_tensors = [](const at::Tensor& in, double c) { return 0.5 * in + 0.1 * c; };
  const auto of_others = [](const Elsewhere& in, double c) { return Elsewhere{TorchState(0.5 * in.values.values() + 0.1 * c)}; };
  const auto sampler = [](const auto& net) {
    const azula::KarrasDenoiser positive(net, schedule);
    const azula::NetworkDenoiser negative(net, schedule, azula::VelocityPrediction{});
    return azula::Sampler(azula::GuidedDenoiser(positive, negative, 2.5), azula::AnyMethod("DDPM"),
                          {.start = 0.9, .stop = 0.1, .steps = 6, .silent = true});
  };
  const at::Tensor expected = tensor(drawn(sampler(network), Array<double>(21, 3), azula::NormalSource(5)));
  const at::Tensor x = drawn(sampler(of_tensors), at::empty({3, 21}, at::kDouble), azula::NormalSource(5));
  CHECK((x - expected).abs().max().item<double>() < 1e-13);
  const Elsewhere y = drawn(sampler(of_others), Elsewhere{TorchState(expected)}, azula::NormalSource(5));
  CHECK((y.values.values() - expected).abs().max().item<double>() < 1e-13);
  const at::Tensor z = drawn(sampler(of_tensors), at::empty({3, 21}, at::kFloat), azula::NormalSource(5));
  CHECK((z - expected).abs().max().item<double>() < 1e-5);
}

TEMPLATE_TEST_CASE("a mean of a tensor that is not finite is an error, at once or after the run", "[torch]", float,
                   half) {
  const auto type = azula::torch_type<TestType>;
  const auto sampler = sampler_of(azula::AnyMethod("DDIM"), 3);
  const auto what = [&](auto start, const at::Tensor& mean, int stage) {
    auto run = sampler.start(std::move(start));
    return complaint<std::runtime_error>([&] {
      for (int i = 0; !run.done(); ++i) {
        if constexpr (requires { run.mean().values.values(); }) {
          run.mean().values = i == stage ? mean : at::zeros({2, 37}, type);
        } else {
          run.mean() = i == stage ? mean : at::zeros({2, 37}, type);
        }
        auto copy = run;  // which looks at what it has seen, too
        copy.advance();
        run = std::move(copy);
      }
    });
  };
  const at::Tensor x = at::zeros({2, 37}, type);
  for (const float bad : {std::numeric_limits<float>::quiet_NaN(), -std::numeric_limits<float>::infinity()}) {
    for (std::int64_t place = 0; place < 74; place += 9) {
      const at::Tensor mean = at::zeros({2, 37}, type);
      mean.view({74})[place] = bad;
      CHECK(what(x, mean, 1).find("got NaN or infinity in step 1 of DDIM") != std::string::npos);
      CHECK(what(Elsewhere{TorchState(x)}, mean, 1).find("in one of the steps of DDIM, seen after the last") !=
            std::string::npos);
    }
  }
  const at::Tensor large = at::full({2, 37}, static_cast<double>((std::numeric_limits<TestType>::max)()), type);
  CHECK(what(x, large, 2).empty());
  CHECK(what(Elsewhere{TorchState(x)}, large, 2).empty());
}

TEST_CASE("tensors of other kinds, and means that do not fit, are errors that say so", "[torch]") {
  const auto sampler = sampler_of(azula::AnyMethod("DDIM"), 3);
  const std::string rule = "azula::TorchState: values must be of float, double, half or bfloat16, got Long";
  at::Tensor numbers = at::zeros({2, 3}, at::kLong);
  CHECK(complaint<std::invalid_argument>([&] { sampler(numbers); }) == rule);
  CHECK(complaint<std::invalid_argument>([&] { sampler.init(numbers, azula::NormalSource(1)); }) == rule);
  CHECK(complaint<std::invalid_argument>([] { TorchState(at::zeros({2, 3}).to_sparse()); }) ==
        "azula::TorchState: values must be dense, got a sparse tensor");
  auto run = sampler.start(at::zeros({2, 3}));
  run.mean() = TorchState(at::zeros({2, 3}, at::kDouble));
  CHECK(complaint<std::invalid_argument>([&] { run.advance(); }) ==
        "azula::TorchState: the mean must be of the type and on the device of the state, Float on cpu, got Double on cpu");

  const azula::VESchedule wide{.sigma_min = 1e-3, .sigma_max = 1e12};
  const azula::Sampler steep(azula::FunctionDenoiser(Model{}, wide), azula::AnyMethod("zAB2"),
                             std::vector{1.0, 0.95, 0.5});
  CHECK(complaint<std::invalid_argument>([&] { steep.start(at::zeros({2, 3}, at::kHalf)); })
            .find("must fit the scalar of the state, at most 65504, ") != std::string::npos);
  CHECK(complaint([&] { steep.start(at::zeros({2, 3}, at::kBFloat16)); }).empty());
  at::Tensor narrow = at::zeros({2, 3}, at::kHalf);
  CHECK(complaint<std::invalid_argument>([&] { steep.init(narrow, azula::NormalSource(1)); })
            .find("the initial state must fit its scalar") != std::string::npos);
}

TEST_CASE("dimension 0 of a tensor is that of the samples, and an empty one runs through", "[torch]") {
  const auto shape = [](const at::Tensor& x) {
    return std::pair(azula::sample_shape(x).samples, azula::sample_shape(x).size);
  };
  const auto is = [](std::ptrdiff_t samples, std::ptrdiff_t size) { return std::pair(samples, size); };
  CHECK(shape(at::zeros({2, 3, 4})) == is(2, 12));
  CHECK(shape(at::zeros({5})) == is(5, 1));
  CHECK(shape(at::zeros({})) == is(1, 1));
  CHECK(shape(at::zeros({0, 4})) == is(0, 4));
  CHECK(shape(at::Tensor()).first == 0);
  const auto sampler = sampler_of(azula::AnyMethod("DDPM"), 3);
  azula::NormalSource random(1);
  const at::Tensor none = sampler(at::zeros({0, 4}), random);
  CHECK(none.sizes() == at::IntArrayRef({0, 4}));
  CHECK(sampler(Elsewhere{TorchState(at::zeros({0, 4}))}, random).values.values().numel() == 0);
}

TEMPLATE_TEST_CASE("noise of torch's generator is what torch makes of it", "[torch]", double, float) {
  const auto type = azula::torch_type<TestType>;
  const auto check = [&](auto x, const auto& values, const auto& put) {
    azula::TorchSource random(at::detail::createCPUGenerator(9));
    at::Generator same = at::detail::createCPUGenerator(9);
    const auto next = [&] { return at::normal(0, 1, {3, 40}, same, type); };
    const azula::Sampler sampler(Model{}, azula::AnyMethod("DDPM"), std::vector{1.0, 0.5});
    const auto distance = [](const at::Tensor& a, const at::Tensor& b) { return (a - b).abs().max().item<double>(); };
    sampler.init(x, random);
    CHECK(distance(values(x), next()) < 1e-5);  // α² + σ² is 1 there, but for 1e-6
    const at::Tensor start = values(x).clone();
    auto run = sampler.start(std::move(x));
    put(run.mean(), at::zeros({3, 40}, type));
    run.advance(random);
    const azula::Stage& stage = sampler.stages()[0];
    CHECK(distance(values(run.state()), stage.a * start + stage.c * next()) < 1e-6);
  };
  check(at::zeros({3, 40}, type), [](const at::Tensor& of) { return of; }, [](auto& of, const auto& to) { of = to; });
  check(Elsewhere{TorchState(at::zeros({3, 40}, type))}, [](const Elsewhere& of) { return of.values.values(); },
        [](Elsewhere& of, const at::Tensor& to) { of.values = to; });
  // Eigen's arrays are filled by it, too.
  azula::TorchSource random(at::detail::createCPUGenerator(9));
  Eigen::ArrayX<TestType> values(120);
  random.fill(values);
  CHECK(same_bits(at::normal(0, 1, {1, 120}, at::detail::createCPUGenerator(9), type), Array<TestType>(values)));
}
