// expect: azula::save: the values of this state are not in memory of the host
#include <azula/azula.hpp>
#include <azula/sample/saved_run.hpp>

#include <span>

struct OnDevice {};

template <>
struct azula::StateTraits<OnDevice> {
  using Scalar = float;
  using Plain = OnDevice;
  static SampleShape shape(const OnDevice&) { return {1, 1}; }
  static void resize_like(OnDevice&, const OnDevice&) {}
  static bool update(const Stage&, OnDevice&, OnDevice&, std::span<const OnDevice* const>) { return true; }
  static void write(OnDevice&, const float*) {}
};

struct Model {
  azula::VPSchedule vp;
  const auto& schedule() const { return vp; }
  void operator()(const OnDevice&, double, OnDevice&) const {}
};

int main() {
  azula::Sampler sampler(Model{}, azula::DDIM{}, {.steps = 4});
  azula::save(sampler.start(OnDevice{}));
}
