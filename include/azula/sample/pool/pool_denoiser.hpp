#pragma once
/// \file

#include <concepts>
#include <functional>
#include <memory>
#include <span>
#include <type_traits>
#include <utility>

#include "azula/concepts.hpp"
#include "azula/denoise/evaluate.hpp"
#include "azula/sample/pool/pool_request.hpp"

namespace azula {

/// The denoiser of a Pool behind one type: a denoiser, or a callable that makes one for the conditions of a batch.
template <State X, class Condition>
class PoolDenoiser {
 public:
  template <class D>
  explicit PoolDenoiser(D denoiser) {
    constexpr bool makes = std::invocable<const D&, std::span<const Condition>>;
    static_assert(HasSchedule<D> || makes,
                  "azula::Pool: the first argument must be a denoiser, or a callable that makes one for a "
                  "std::span<const Condition> with the condition of each sample");
    static_assert(makes || std::same_as<Condition, NoCondition>,
                  "azula::Pool: this denoiser would never see the conditions; pass a callable that makes one for a "
                  "std::span<const Condition>");
    if constexpr (makes) {
      make_ = [make = std::move(denoiser)](std::span<const Condition> conditions, const X& like) {
        return asking(std::make_shared<Asked<std::remove_cvref_t<decltype(make(conditions))>>>(make(conditions), like));
      };
    } else {
      const auto held = std::make_shared<const D>(std::move(denoiser));  // shared, as it may be too large to copy
      make_ = [held](std::span<const Condition>, const X& like) {
        const denoiser_t<D>& target = *held;
        return asking(std::make_shared<Asked<decltype(std::cref(target))>>(std::cref(target), like));
      };
    }
  }

  /// Prepares for a batch with these conditions and the shape of `like`.
  void prepare(std::span<const Condition> conditions, const X& like) { ask_ = make_(conditions, like); }

  /// Writes E[X | x_t] into `mean`, with one time per sample.
  void operator()(const X& x_t, const SampleTimes& times, X& mean) const { ask_(x_t, times, mean); }

 private:
  using Ask = std::function<void(const X&, const SampleTimes&, X&)>;

  template <class D>
  struct Asked {
    Asked(D the_denoiser, const X& like) : denoiser(std::move(the_denoiser)), evaluation(like) {}
    D denoiser;
    Evaluation<denoiser_t<D>, X> evaluation;
  };

  template <class D>
  static Ask asking(std::shared_ptr<Asked<D>> asked) {
    return [asked = std::move(asked)](const X& x_t, const SampleTimes& times, X& mean) {
      const denoiser_t<D>& denoiser = asked->denoiser;
      asked->evaluation(denoiser, x_t, times, mean);
    };
  }

  std::function<Ask(std::span<const Condition>, const X&)> make_;
  Ask ask_;
};

}  // namespace azula
