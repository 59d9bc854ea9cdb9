// Shows how to use a tensor type of your own as a state, by a specialisation of StateTraits.
//
// The specialisation says where the values are; every sampler then accepts the type. For tensors on a device, whose
// values the host cannot read, see the comment in azula/state/state_traits.hpp.
#include <azula/azula.hpp>

#include <cstddef>
#include <cstdio>
#include <numeric>
#include <vector>

struct Images {
  std::size_t count = 0, pixels = 0;
  std::vector<float> values = std::vector<float>(count * pixels);
};

template <>
struct azula::StateTraits<Images> {
  using Scalar = float;
  using Plain = Images;
  static SampleShape shape(const Images& x) {
    return {static_cast<std::ptrdiff_t>(x.count), static_cast<std::ptrdiff_t>(x.pixels)};
  }
  static void resize_like(Images& out, const Images& x) {
    out.count = x.count, out.pixels = x.pixels;
    out.values.resize(x.values.size());
  }
  static auto* data(auto& x) { return x.values.data(); }
};

// The exact E[X | x_t] of X ~ N(2, 1/4).
struct Model {
  azula::VPSchedule vp;
  const auto& schedule() const { return vp; }
  void operator()(const Images& x_t, double t, Images& mean) const {
    const auto [alpha, sigma] = vp(t);
    const double gain = alpha / (alpha * alpha + 4 * sigma * sigma);
    for (std::size_t i = 0; i < x_t.values.size(); ++i) {
      mean.values[i] = static_cast<float>(2 + gain * (static_cast<double>(x_t.values[i]) - 2 * alpha));
    }
  }
};

int main() {
  const azula::Sampler sampler(Model{}, azula::EulerAncestral{}, {.steps = 32});
  azula::NormalSource random(42);
  Images x{.count = 64, .pixels = 784};
  sampler.init(x, random);
  const Images done = sampler(x, random, [](const azula::StepInfo& step, const Images& x_s) {
    if (step.index % 8 == 7) std::printf("step %2td: value 0 is %6.3f\n", step.index + 1, double(x_s.values[0]));
  });
  const double sum = std::accumulate(done.values.begin(), done.values.end(), 0.0);
  std::printf("%zu images, mean %.3f\n", done.count, sum / static_cast<double>(done.values.size()));
}
