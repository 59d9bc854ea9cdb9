// expect: azula: StateTraits of this state needs data(), or update() and write(), see state/state_traits.hpp
#include <azula/azula.hpp>

struct Tensor {};

template <>
struct azula::StateTraits<Tensor> {
  using Scalar = float;
  using Plain = Tensor;
  static SampleShape shape(const Tensor&) { return {1, 1}; }
  static void resize_like(Tensor&, const Tensor&) {}
};

struct Model {
  azula::VPSchedule vp;
  const auto& schedule() const { return vp; }
  void operator()(const Tensor&, double, Tensor&) const {}
};

int main() { azula::Sampler(Model{}, azula::DDIM{}, {.steps = 4})(Tensor{}); }
