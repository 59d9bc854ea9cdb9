#pragma once
/// \file
/// Schedules and denoisers behind one type each: a test that loops over them compiles one sampler per
/// method and not one per combination.

#include <functional>
#include <tuple>

#include "azula/noise/scales.hpp"

struct AnySchedule {
  std::function<azula::Scales(double)> scales;

  azula::Scales operator()(double t) const { return scales(t); }
};

/// A denoiser that writes, for states of each of the types X.
template <class... X>
class AnyDenoiser {
 public:
  template <class D>
  explicit AnyDenoiser(const D& denoiser)
      : schedule_{denoiser.schedule()},
        calls_([denoiser](const X& x_t, double t, X& mean) { denoiser(x_t, t, mean); }...) {}

  const AnySchedule& schedule() const { return schedule_; }

  template <class Y>
  requires(std::is_same_v<X, Y> || ...) void operator()(const Y& x_t, double t, Y& mean) const {
    std::get<Call<Y>>(calls_)(x_t, t, mean);
  }

 private:
  template <class Y>
  using Call = std::function<void(const Y&, double, Y&)>;

  AnySchedule schedule_;
  std::tuple<Call<X>...> calls_;
};
