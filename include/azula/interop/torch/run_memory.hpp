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

/// The working memory of a run on torch tensors: temporary tensors, and a check that all means are finite.
///
/// Temporary tensors are allocated when they are first needed. A copy has tensors and a check of its own.
class TorchRunMemory {
 public:
  explicit TorchRunMemory(const TorchState&) {}
  TorchRunMemory(const TorchRunMemory& other) : watch_(other.watch_.defined() ? other.watch_.clone() : at::Tensor()) {}
  TorchRunMemory(TorchRunMemory&&) noexcept = default;
  TorchRunMemory& operator=(TorchRunMemory&&) noexcept = default;
  TorchRunMemory& operator=(const TorchRunMemory& other) { return *this = TorchRunMemory(other); }
  ~TorchRunMemory() = default;

  enum class Use { sum, prediction, noise, host_noise };

  /// A temporary tensor of the shape of `like`, with undefined values.
  at::Tensor& scratch(Use use, const at::Tensor& like, const at::TensorOptions& options) {
    at::Tensor& values = scratch_[static_cast<std::size_t>(use)];
    if (!TorchState::is_alone(values) || values.sizes() != like.sizes() || values.dtype() != options.dtype()) {
      values = at::empty(like.sizes(), options);
    }
    return values;
  }

  /// Noise for a state, in float or double, on the device of the state.
  /// \param fill  generates the noise on the host; it is called with an Eigen::Map
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

  /// A whole draw of a source for a state. A TorchSource generates it on its own device, other sources on the host.
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

  /// Checks a mean without waiting: keeps the largest absolute value of all means on the device. NaN and infinity stay
  /// in it.
  void watch(const at::Tensor& mean) {
    if (mean.numel() == 0) return;
    const at::Tensor largest = at::linalg_vector_norm(mean, largest_size);
    watch_ = watch_.defined() ? at::maximum(watch_, largest) : largest;
  }

  /// Whether all means were finite. Waits for the device.
  bool finite() const { return !watch_.defined() || is_finite(watch_.item<double>()); }

 private:
  static bool is_double(const at::Tensor& values) { return values.scalar_type() == at::kDouble; }

  static constexpr double largest_size = std::numeric_limits<double>::infinity();  // order of the maximum norm

  std::array<at::Tensor, 4> scratch_;
  at::Tensor watch_;  // a scalar
};

}  // namespace azula
