// expect: it needs schedule() const that returns a reference
#include <azula/azula.hpp>

struct ByValue {
  azula::VPSchedule schedule() const { return {}; }
  template <class X>
  void operator()(const X& x, double, X& mean) const { mean = 0.5f * x; }
};

int main() { azula::Sampler sampler(ByValue{}, azula::DDIM{}, {.steps = 4}); }
