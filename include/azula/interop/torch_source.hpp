#pragma once
/// \file
/// Noise from torch's random generators. Needs LibTorch (its headers and library); not part of azula.hpp.

#include "azula/interop/torch/tensor.hpp"  // before other headers of torch, see there

#include <algorithm>
#include <cstdint>
#include <type_traits>
#include <utility>

#include "azula/interop/torch/scalar.hpp"
#include "azula/random/draw.hpp"

namespace azula {

/// Noise from a torch generator: the values that torch.randn() draws from it.
///
///     azula::TorchSource random(at::make_generator<at::CPUGeneratorImpl>(42));
///     sampler.init(x, random);
///     const torch::Tensor y = sampler(x, random);
///
/// The noise is generated on the generator's device, and copied if the state is elsewhere. For states of 16 bits it is
/// generated in float. A draw advances the generator.
///
/// The values depend on the batch, the device and the version of torch. The values of a NormalSource do not.
class TorchSource {
 public:
  /// \param generator  a generator of any device; copies of the TorchSource share it
  explicit TorchSource(at::Generator generator) : generator_(std::move(generator)) {}

  /// Writes the next out.size() values.
  template <class Out>
  void fill(Out&& out) {
    static_assert(is_fillable<Out>,
                  "azula::TorchSource: fill() takes a contiguous vector, such as Eigen::Map<Eigen::ArrayXf>");
    using T = typename std::remove_cvref_t<Out>::Scalar;
    fill_tensor(at::from_blob(out.data(), {static_cast<std::int64_t>(out.size())}, torch_type<T>));
  }

  /// Writes the next values to a whole tensor.
  void fill_tensor(const at::Tensor& out) {
    const c10::InferenceMode unrecorded;
    if (out.device() == generator_.device()) {
      out.normal_(0, 1, generator_);
    } else {
      out.copy_(at::normal(0, 1, out.sizes(), generator_, out.options().device(generator_.device())));
    }
  }

 private:
  at::Generator generator_;
};

}  // namespace azula
