#pragma once
/// \file

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "azula/method/churn.hpp"

namespace azula {

/// Karras' churn around a deterministic method M: before each step the state is made noisier, see Churn:
///
///     azula::Sampler sampler(denoiser, azula::Churned{azula::Euler{}, {.s_churn = 10}}, {.steps = 50});
///
/// Heun and DPM2 have an option of their own: Heun{.churn}. With a fixed s_churn the law of the result is of the order
/// of a one-step M. A multistep M keeps what it remembers across the noise, and is of order 1. Evaluations per step are
/// those of M. Not for methods that count on where the step before led, as those with a corrector.
/// Karras et al., 2022 (https://arxiv.org/abs/2206.00364), algorithm 2.
template <class M>
struct Churned {
  static_assert(!requires(const M& m) { m.churn; },
                "azula::Churned: this method has churn of its own, as Heun{.churn}");
  static_assert(!requires { M::spans_steps; },
                "azula::Churned: the method inside counts on where the step before led, which noise changes");

  M method;
  Churn churn;

  static constexpr int history = M::history;

  std::string name() const { return "Churned " + method.name(); }
  /// \throws std::invalid_argument if an option of the churn or of the method is out of range.
  void check() const {
    method.check();
    churn.check("Churned");
  }

  /// \throws std::invalid_argument if the times rise and there is churn.
  void append(std::vector<Stage>& stages, const TimeGrid& grid, std::size_t i) const {
    if (churn.s_churn == 0) return method.append(stages, grid, i);
    TimeGrid noisier = grid;
    const std::size_t oldest = i - (std::min)(i, static_cast<std::size_t>(history - 1));
    for (std::size_t j = oldest; j < i; ++j) {  // what M remembers was seen at the noisier nodes
      std::vector<Stage> passed;
      noisier = noisier.replaced(j, churn.before_step(passed, grid, j));
    }
    method.append(stages, noisier.replaced(i, churn.before_step(stages, grid, i)), i);
  }
};

template <class M>
Churned(M, Churn) -> Churned<M>;

}  // namespace azula
