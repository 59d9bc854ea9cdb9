#include <Eigen/Core>
#include <unsupported/Eigen/CXX11/Tensor>

#include <algorithm>
#include <cstddef>
#include <cstring>

#include "azula/denoise/evaluate.hpp"
#include "azula/denoise/gaussian_denoiser.hpp"
#include "azula/method.hpp"
#include "azula/noise.hpp"
#include "azula/random/normal_source.hpp"
#include "azula/sample/sampler.hpp"
#include "azula/sample/saved_run.hpp"
#include "azula/state/float_predictions.hpp"
#include "catch.hpp"

namespace {

const azula::GaussianDenoiser gaussian(2.0, 0.25, azula::VPSchedule{});

/// Whether two states, or what they show, have the same bits.
bool same_bits(const auto& a, const auto& b) {
  const auto* const of_a = azula::host_data(a);
  const auto* const of_b = azula::host_data(b);
  const auto count = static_cast<std::size_t>(azula::value_count(a)) * sizeof *of_a;
  return azula::value_count(a) == azula::value_count(b) && std::memcmp(of_a, of_b, count) == 0;
}

/// Whether a run in x goes on as it would have, in the memory of `place` if that is a view.
template <class X>
bool resumes(const X& x, const X& place) {
  const azula::Sampler sampler(gaussian, azula::DPMSolverMultistepSDE<2>{}, {.start = 0.9, .stop = 0.1, .steps = 5, .silent = true});
  azula::NormalSource random(3), other(4);
  auto run = sampler.start(x);
  const auto step = [](auto& of, auto& source) {
    azula::evaluate(gaussian, of.state(), of.time(), of.mean());
    of.advance(source);
  };
  for (int k = 0; k < 3; ++k) step(run, random);
  auto again = azula::resume(sampler, place, azula::save(run, random), other);
  while (!run.done()) step(run, random);
  while (!again.done()) step(again, other);
  return same_bits(run.state(), again.state());
}

template <class T>
bool resumes_in_every_type() {
  using Array = Eigen::ArrayXX<T>;
  const Array x = Array::Random(6, 4), other = Array::Zero(6, 4);
  Array memory = x, place = other;
  Eigen::Tensor<T, 3> cube(2, 3, 4), empty(2, 3, 4);
  std::copy_n(x.data(), x.size(), cube.data());
  empty.setZero();
  bool good = resumes(x, other) && resumes(cube, empty);
  const Eigen::Map<Array> shown(memory.data(), 6, 4), here(place.data(), 6, 4);
  good = good && resumes(shown, here) && same_bits(memory, place);
  if constexpr (azula::is_half<T>) {
    good = good && resumes(azula::FloatPredictions{x}, azula::FloatPredictions{other});
  }
  return good;
}

}  // namespace

TEST_CASE("a run is resumed in every type of state", "[saved]") {
  CHECK(resumes_in_every_type<float>());
  CHECK(resumes_in_every_type<double>());
  CHECK(resumes_in_every_type<Eigen::half>());
  CHECK(resumes_in_every_type<Eigen::bfloat16>());
}
