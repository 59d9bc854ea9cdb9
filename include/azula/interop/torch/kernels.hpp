#pragma once
/// \file
/// Needs LibTorch (its headers and library); not part of azula.hpp.

#include "azula/interop/torch/tensor.hpp"  // before other headers of torch, see there

#include <Eigen/Core>

#include <cstddef>
#include <span>

#include "azula/interop/torch/scalar.hpp"
#include "azula/interop/torch/state.hpp"
#include "azula/plan/stage.hpp"
#include "azula/sample/block_update.hpp"

namespace azula {

/// Updates torch tensors on the CPU with the library's own kernels.
///
/// The results have the same bits as updates of Eigen arrays with the same values.
class TorchKernels {
 public:
  /// Carries out one stage.
  /// \param draw  optional: noise, generated during the update
  /// \return whether the mean was finite
  template <class... Draw>
  static bool update(const Stage& stage, TorchState& x, TorchState& mean, std::span<const TorchState* const> before,
                     const Draw&... draw) {
    const at::Tensor& values = x.writable();
    return with_torch_scalar(values.scalar_type(), [&](auto scalar) {
      using T = decltype(scalar);
      const Slots<T> slots{torch_data<T>(mean.writable()), before};
      return Block<T>::run(stage, torch_data<T>(values), slots, 0, values.numel(), draw...);
    });
  }

  /// Adds noise, x <- x + c ε, given as a tensor of float or double on the CPU.
  static void add(TorchState& x, double c, const at::Tensor& noise) {
    const at::Tensor& values = x.writable();
    with_torch_scalar(values.scalar_type(), [&](auto scalar) {
      using T = decltype(scalar);
      Block<T>::add(torch_data<T>(values), torch_data<real_t<T>>(noise), c, values.numel());
    });
  }

 private:
  template <class T>
  using Block = BlockUpdate<T, T, max_older + 1, Eigen::Dynamic>;

  template <class T>
  struct Slots {
    T* values;
    std::span<const TorchState* const> older;
    T* mean() const { return values; }
    const T* before(std::size_t j) const { return torch_data<T>(older[j]->values()); }
  };
};

}  // namespace azula
