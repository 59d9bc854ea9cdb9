#pragma once
/// \file
/// Needs LibTorch (its headers and library); not part of azula.hpp.

#include "azula/interop/torch/tensor.hpp"  // before other headers of torch, see there

#include <Eigen/Core>

#include <array>
#include <cstddef>
#include <limits>

#include "azula/interop/torch/scalar.hpp"
#include "azula/interop/torch/state.hpp"
#include "azula/is_finite.hpp"

namespace azula {

/// What a run of a TorchState keeps besides its state and predictions: tensors for what is calculated on the way, made
/// when they are needed first, and the watch for means that are not finite. A copy has a watch and tensors of its own.
class TorchRunMemory {
 public:
  explicit TorchRunMemory(const TorchState&) {}
  TorchRunMemory(const TorchRunMemory& other) : watch_(other.watch_.defined() ? other.watch_.clone() : at::Tensor()) {}
  TorchRunMemory(TorchRunMemory&&) noexcept = default;
  TorchRunMemory& operator=(TorchRunMemory&&) noexcept = default;
  TorchRunMemory& operator=(const TorchRunMemory& other) { return *this = TorchRunMemory(other); }
  ~TorchRunMemory() = default;

  enum class Use { sum, prediction, noise, host_noise };

  /// A tensor of the shape of another one, with values of no meaning.
  at::Tensor& scratch(Use use, const at::Tensor& like, const at::TensorOptions& options) {
    at::Tensor& values = scratch_[static_cast<std::size_t>(use)];
    if (!TorchState::is_alone(values) || values.sizes() != like.sizes() || values.dtype() != options.dtype()) {
      values = at::empty(like.sizes(), options);
    }
    return values;
  }

  /// Noise for a state, in float or double, where the state is: made on the host by fill(an Eigen::Map).
  template <class Fill>
  const at::Tensor& noise(const TorchState& x, const Fill& fill) {
    const at::Tensor& values = x.values();
    const at::TensorOptions options = values.options().dtype(is_double(values) ? at::kDouble : at::kFloat);
    const at::Tensor& host = scratch(Use::host_noise, values, options.device(at::kCPU));
    const auto fill_as = [&]<class T>(T*) {
      Eigen::Map<Eigen::ArrayX<T>> out(torch_data<T>(host), host.numel());
      fill(out);
    };
    is_double(values) ? fill_as(static_cast<double*>(nullptr)) : fill_as(static_cast<float*>(nullptr));
    return values.is_cpu() ? host : scratch(Use::noise, values, options).copy_(host);
  }

  /// A whole draw of a source, which one of torch's makes where the state is.
  template <class Source>
  const at::Tensor& noise_of(const TorchState& x, Source& source) {
    if constexpr (requires(const at::Tensor& out) { source.fill_tensor(out); }) {
      const at::Tensor& values = x.values();
      const at::Tensor& out =
          scratch(Use::noise, values, values.options().dtype(is_double(values) ? at::kDouble : at::kFloat));
      source.fill_tensor(out);
      return out;
    } else {
      return noise(x, [&](auto& out) { source.fill(out); });
    }
  }

  /// Looks at a mean, where it is: the largest size of all values stays on the device, and NaN and infinity stay in it.
  void watch(const at::Tensor& mean) {
    if (mean.numel() == 0) return;
    const at::Tensor largest = at::linalg_vector_norm(mean, largest_size);
    watch_ = watch_.defined() ? at::maximum(watch_, largest) : largest;
  }

  /// Whether all means were finite: waits for the device.
  bool finite() const { return !watch_.defined() || is_finite(watch_.item<double>()); }

 private:
  static bool is_double(const at::Tensor& values) { return values.scalar_type() == at::kDouble; }

  static constexpr double largest_size = std::numeric_limits<double>::infinity();  // the norm of that order

  std::array<at::Tensor, 4> scratch_;
  at::Tensor watch_;  // of no dimensions
};

}  // namespace azula
