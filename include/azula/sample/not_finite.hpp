#pragma once
/// \file

#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "azula/error.hpp"
#include "azula/is_finite.hpp"
#include "azula/state.hpp"

namespace azula {

/// The number of the first sample of a state that contains NaN or infinity; the number of samples if all are finite.
template <HostState X>
std::ptrdiff_t first_not_finite(const X& x) {
  const auto columns = samples(x);
  Eigen::Index j = 0;
  while (j < columns.cols() && all_finite(columns.col(j))) ++j;
  return j;
}

/// The exception of a run whose mean contains NaN or infinity.
///
/// Its message says in which step and, if there are several samples, in which sample. The run no longer knows whether
/// the state was finite before the step, because the step has overwritten it. A caller that has kept the initial state
/// calls started().
///
///     try {
///       x0 = sampler(x);
///     } catch (const azula::NotFinite& error) {
///       std::cerr << error.what() << '\n';   // "… in step 0 of DDIM, at time 1, in sample 3; sample 3 of the state …"
///     }
class NotFinite : public std::runtime_error {
 public:
  /// \param place  the step, the method and the time
  /// \param sample  the number of the sample, if there are several `samples`
  NotFinite(std::string place, std::ptrdiff_t sample, std::ptrdiff_t samples, std::string_view remark = "")
      : std::runtime_error(join({"azula::Sampler: the mean must be finite, got NaN or infinity in ", place,
                                 sample < samples && samples > 1 ? ", in sample " + std::to_string(sample) : "",
                                 remark})),
        place_(std::move(place)),
        sample_(sample) {}

  /// The same error for the batch `initial`, which is unchanged, and of which the run had the samples from `first` on.
  template <HostState X>
  NotFinite started(const X& initial, std::ptrdiff_t first = 0) const {
    const std::ptrdiff_t count = sample_shape(initial).samples, bad = first_not_finite(initial);
    const std::string which = count > 1 ? "sample " + std::to_string(bad) + " of " : "";
    return {place_, first + sample_, count,
            bad < count ? join({"; ", which, "the state passed to the sampler is not finite either"}) :
                          "; the state passed to the sampler is finite"};
  }

 private:
  std::string place_;
  std::ptrdiff_t sample_;
};

}  // namespace azula
