// expect: azula: this denoiser combines states that the host cannot read, and takes none that shows memory of somebody else
#include <azula/azula.hpp>

#include <span>

struct OnDevice {};
struct View {
  explicit operator OnDevice() const { return {}; }
};

template <class X>
struct Traits {
  using Scalar = float;
  using Plain = OnDevice;
  static constexpr bool view = std::is_same_v<X, View>;
  static azula::SampleShape shape(const X&) { return {1, 1}; }
  static void resize_like(OnDevice&, const X&) {}
  static bool update(const azula::Stage&, X&, OnDevice&, std::span<const OnDevice* const>) { return true; }
  static void write(X&, const float*) {}
};

template <>
struct azula::StateTraits<OnDevice> : Traits<OnDevice> {};
template <>
struct azula::StateTraits<View> : Traits<View> {};

int main() {
  const auto network = [](const OnDevice&, double, OnDevice&) {};
  const azula::KarrasDenoiser denoiser(network, azula::VPSchedule{});
  azula::Sampler(denoiser, azula::DDIM{}, {.steps = 4})(OnDevice{});  // which is fine
  azula::Sampler(denoiser, azula::DDIM{}, {.steps = 4})(View{});
}
